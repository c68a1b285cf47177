"""Onward referrals of the demo: agreed, sent, answered or not, attended or not."""

from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar

from linkwork.demo.days import Days, in_office_hours
from linkwork.demo.services import Activity
from linkwork.models import OnwardDecline, OnwardOutcome

T = TypeVar("T")
NOTHING = dict.fromkeys(
    "sent_at waitlisted_at accepted_at first_attended_at declined_at decline_reason "
    "cancelled_at ended_at outcome".split()
)
# What becomes of an onward referral that was sent, and how often.
FATES = {"attended": 62, "silent": 9, "declined": 8, "cancelled": 8, "no_show": 13}
ENDINGS = {
    OnwardOutcome.HELPED: 66,
    OnwardOutcome.STOPPED_GOING: 20,
    OnwardOutcome.DID_NOT_HELP: 8,
    OnwardOutcome.NOT_KNOWN: 6,
}
DECLINES = {
    OnwardDecline.FULL: 45,
    OnwardDecline.NOT_ELIGIBLE: 20,
    OnwardDecline.TRAVEL: 12,
    OnwardDecline.COST: 8,
    OnwardDecline.ACCESS: 8,
    OnwardDecline.CLOSED: 7,
}


class Connection:
    """One onward referral: all that is going to happen, of which time reveals a part."""

    def __init__(self, activity: Activity, agreed_at: datetime, days: Days, rng: Random) -> None:
        self.activity = activity
        self.agreed_at = agreed_at
        self.made: dict[str, Any] = {}
        """Who made it, and what the provider was told."""
        self._days, self._rng = days, rng
        self._at = agreed_at
        self._events: dict[str, datetime] = {}
        self._outcome = _weighted(ENDINGS, rng)
        self._decline = _weighted(DECLINES, rng)
        self._foresee()

    def attended_by(self, at: datetime) -> bool:
        """Whether the person had been there by then."""
        return self._events.get("first_attended_at", at) < at

    def accepted_by(self, at: datetime) -> bool:
        """Whether the provider had said yes by then."""
        return self._events.get("accepted_at", at) < at

    def fell_through_by(self, at: datetime) -> bool:
        """Whether it had come to nothing by then."""
        over = (self._events.get("declined_at"), self._events.get("cancelled_at"))
        return any(moment is not None and moment < at for moment in over)

    def row(self, until: datetime, *, closed: bool, died: bool = False) -> dict[str, Any]:
        """Return the columns as they stand at ``until``; a closed case leaves none open."""
        so_far = {name: at for name, at in self._events.items() if at <= until}
        row = {**NOTHING, **self.made, "agreed_at": self.agreed_at, **so_far}
        if row["declined_at"]:
            row["decline_reason"] = self._decline
        if row["ended_at"]:
            row["outcome"] = self._outcome
        answered = row["declined_at"] or row["cancelled_at"] or row["ended_at"]
        return row if answered or not closed else {**row, **self._answer(row, until, died)}

    def _foresee(self) -> None:
        fate = _weighted(FATES, self._rng)
        self._happens("sent_at", 0, 3)
        if fate == "silent":
            return
        if fate == "cancelled":
            self._happens("cancelled_at", 4, 25)
        elif fate == "declined":
            self._happens("declined_at", 2, 16)
        else:
            self._go(goes=fate == "attended")

    def _go(self, *, goes: bool) -> None:
        if self.activity.waits or self._rng.random() < 0.06:
            self._happens("waitlisted_at", 1, 6)
            self._happens("accepted_at", 12, 45)
        else:
            self._happens("accepted_at", 1, 9)
        if goes:
            self._happens("first_attended_at", 2, 18)
            if self._rng.random() < 0.55:
                self._happens("ended_at", 30, 120)

    def _happens(self, name: str, least: int, most: int) -> None:
        days = self._rng.randint(least, most)
        if days == 0:
            self._at += timedelta(minutes=self._rng.randint(10, 55))
        else:
            self._at = in_office_hours(self._days.after(self._at.date(), days), self._rng)
        self._events[name] = self._at

    def _answer(self, row: dict[str, Any], closed_at: datetime, died: bool) -> dict[str, Any]:
        """Closing a case asks what became of each onward referral that is still open."""
        if died:
            return {"cancelled_at": closed_at}
        if row["first_attended_at"]:
            return {"ended_at": closed_at, "outcome": self._outcome}
        if row["accepted_at"]:
            return {"ended_at": closed_at, "outcome": OnwardOutcome.NEVER_WENT}
        return {"cancelled_at": closed_at}


def _weighted(weights: dict[T, int], rng: Random) -> T:
    return rng.choices(list(weights), list(weights.values()))[0]
