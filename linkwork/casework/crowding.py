"""How many people we have sent to one activity, so that nobody sends it one too many.

Counts only, over every PCN of the installation: who they are is nobody’s business here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select

from linkwork.casework import service_merges
from linkwork.database import db
from linkwork.models import OnwardReferral, Service

LATELY = timedelta(days=28)
MANY = 3
"""So many of ours without an answer are too many where nobody said how many places there are."""


@dataclass(frozen=True, slots=True)
class Crowding:
    """Ours at one activity. ``sent_since`` counts from when its places were last stated."""

    unanswered: int
    on_their_list: int
    sent_lately: int
    sent_since: int
    places: int | None

    @property
    def is_too_many(self) -> bool:
        """Whether one more wants a word first."""
        if self.places is None:
            return self.unanswered >= MANY
        return self.sent_since >= self.places or self.unanswered >= max(self.places, 1)


def at_service(service: Service, *, at: datetime) -> Crowding:
    """Count ours at an activity: without an answer, on its waiting list, sent in 28 days."""
    unanswered = OnwardReferral.is_open & OnwardReferral.sent_at.is_not(None)
    unanswered &= OnwardReferral.accepted_at.is_(None) & OnwardReferral.waitlisted_at.is_(None)
    unanswered &= OnwardReferral.first_attended_at.is_(None)
    waiting = OnwardReferral.is_open & (OnwardReferral.state == "waitlisted")
    lately = OnwardReferral.sent_at > at - LATELY
    since = OnwardReferral.sent_at > (service.capacity_confirmed_at or at)
    kept = OnwardReferral.cancelled_at.is_(None)
    sums = [
        func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
        for condition in (unanswered, waiting, lately & kept, since & kept)
    ]
    here = OnwardReferral.service_id.in_(service_merges.all_of(service))
    row = db.session.execute(select(*sums).where(here)).one()
    waiting_for_answer, listed, sent, counted = map(int, row)
    return Crowding(waiting_for_answer, listed, sent, counted, service.places)
