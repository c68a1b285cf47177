"""Who went where in the demo, and what is still to come of the onward referrals that are open."""

from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from linkwork import clock
from linkwork.casework import attendances, sent_details, shared_links
from linkwork.database import db
from linkwork.demo.days import Days
from linkwork.models import Absent, LinkPurpose, OnwardReferral, SupportCase, User

MOST_NOTED = 3
LATELY_DAYS = 14


class Sessions:
    """Goes through the open onward referrals, as their workers did."""

    def __init__(self, days: Days) -> None:
        self._days, self._rng = days, Random(1966)  # noqa: S311 - the same demo each time

    def live(self) -> None:
        """Send links, book first sessions, and note who came."""
        query = select(OnwardReferral).where(
            OnwardReferral.is_open, OnwardReferral.sent_at.is_not(None)
        )
        known = query.options(joinedload(OnwardReferral.case).joinedload(SupportCase.person))
        for onward in db.session.scalars(known.order_by(OnwardReferral.id)).unique().all():
            if onward.sent_at is not None:
                self._send(onward, onward.sent_at)
            if onward.first_attended_at is not None:
                self._go(onward, clock.london(onward.first_attended_at).date())
            elif onward.accepted_at is not None:
                self._book(onward, onward.accepted_at)

    def _send(self, onward: OnwardReferral, at: datetime) -> None:
        """Give it the link and the wording that it would have been sent with."""
        sent_details.freeze(onward)
        by = db.session.get_one(User, onward.made_by_id)
        purpose = LinkPurpose.ANSWER
        shared_links.make(onward.case, purpose, onward=onward, by=by, at=at)

    def _go(self, onward: OnwardReferral, first_on: date) -> None:
        by = db.session.get_one(User, onward.made_by_id)
        on = first_on + timedelta(days=7)
        for _ in range(self._rng.randint(0, MOST_NOTED)):
            if on >= self._days.today:
                return
            came = self._rng.random() < 0.8
            reason = None if came else self._rng.choice((Absent.UNWELL, Absent.NERVOUS))
            attendances.note(onward, on=on, came=came, reason=reason, by=by, now=self._days.cutoff)
            on += timedelta(days=7)

    def _book(self, onward: OnwardReferral, at: datetime) -> None:
        """Some first sessions lie ahead; of some nobody has said yet whether they went."""
        on = clock.london(at).date() + timedelta(days=self._rng.randint(3, 14))
        if on > self._days.today - timedelta(days=LATELY_DAYS):
            by = db.session.get_one(User, onward.made_by_id)
            attendances.book(onward, on, by=by, at=at)
