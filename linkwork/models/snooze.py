"""Rows of Today that a user has put off, why, and until when."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Record
from linkwork.models.case import SupportCase


class TodayList(StrEnum):
    """The lists of Today, in the order they are shown."""

    NEW = "new"
    OVER_TARGET = "over_target"
    CALL_BACK = "call_back"
    TASK = "task"
    PLAN_ACTION = "plan_action"
    NOTHING_BOOKED = "nothing_booked"
    SILENT = "silent"
    GOING_ALONG = "going_along"
    PERHAPS_GONE = "perhaps_gone"
    REVIEW = "review"
    SUPERVISION = "supervision"


class SnoozeReason(StrEnum):
    """Why a row is put off."""

    ASKED_LATER = "asked_later"
    AWAY = "away"
    WAITING_FOR_ANSWER = "waiting_for_answer"
    IN_HAND = "in_hand"
    NO_TIME_TODAY = "no_time_today"


SNOOZE_LABELS = {
    SnoozeReason.ASKED_LATER: "They asked for a later day",
    SnoozeReason.AWAY: "They are away or in hospital",
    SnoozeReason.WAITING_FOR_ANSWER: "I am waiting for an answer from somebody else",
    SnoozeReason.IN_HAND: "Somebody is doing it",
    SnoozeReason.NO_TIME_TODAY: "There is no time for it today",
}


class Snooze(Record):
    """One row that one user does not want to see before a day. It comes back by itself."""

    __tablename__ = "snooze"
    __table_args__ = (Index(None, "user_id", "until_on"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("support_case.id"), index=True)
    """None for a row that is about oneself: supervision."""
    on_list: Mapped[TodayList]
    subject: Mapped[str] = mapped_column(String(36))
    """The key of what the row is about: the case, something in it, or the user."""
    reason: Mapped[SnoozeReason]
    put_off_at: Mapped[datetime]
    until_on: Mapped[date]
    """The day it is shown again."""
    ended_at: Mapped[datetime | None]
    """When it was brought back before its day."""

    case: Mapped[SupportCase | None] = relationship()
