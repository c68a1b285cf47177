"""What happened in a case, newest first: one list of everything, whatever table it is in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from linkwork.models import Concern, Contact, Message, OnwardReferral, Referral, SupportCase, Visit


@dataclass(frozen=True, slots=True)
class Happening:
    """One entry: what kind it is (a template’s name for it), when, and the record it tells of."""

    kind: str
    at: datetime
    record: object


def of_case(
    case: SupportCase,
    referrals: Iterable[Referral],
    contacts: Iterable[Contact],
    onward: Iterable[OnwardReferral],
    messages: Iterable[Message] = (),
) -> Sequence[Happening]:
    """Everything that happened, newest first; of one moment, what came last in life first."""
    happened = [
        *(Happening("referral", r.referred_at, r) for r in referrals),
        *(Happening("contact", c.at, c) for c in contacts),
        *(entry for record in onward for entry in _onward(record)),
        *(Happening("message", m.sent_at, m) for m in messages),
        *(entry for concern in case.concerns for entry in _concern(concern)),
        *(Happening("handover", handover.at, handover) for handover in case.handovers),
        *(Happening("visit", v.started_at or v.planned_at, v) for v in case.visits if _told(v)),
        *_plan(case),
        *_ends(case),
    ]
    order = {"referral": 0, "contact": 1, "agreed": 2, "sent": 3}
    return sorted(happened, key=lambda h: (h.at, order.get(h.kind, 4)), reverse=True)


def _onward(record: OnwardReferral) -> Iterator[Happening]:
    moments = {
        "agreed": record.agreed_at,
        "sent": record.sent_at,
        "chased": record.chased_at,
        "attended": record.first_attended_at,
        "accompanied": record.accompanied_at,
        "cancelled": record.cancelled_at,
        "ended": record.ended_at,
    }
    if not record.answers:  # one that was answered before what was said was kept
        moments["waitlisted"] = record.waitlisted_at
        moments["accepted_onward"] = record.accepted_at
        moments["declined_onward"] = record.declined_at
    yield from (Happening(kind, at, record) for kind, at in moments.items() if at is not None)
    yield from (Happening("answered", answer.at, answer) for answer in record.answers)
    yield from (Happening("missed", row.said_at, row) for row in record.attendances if not row.came)


def _told(visit: Visit) -> bool:
    """A visit to come stands in its own place; one that was begun or called off has happened."""
    return visit.started_at is not None or visit.cancelled_at is not None


def _concern(concern: Concern) -> Iterator[Happening]:
    yield Happening("concern", concern.raised_at, concern)
    if concern.closed_at is not None:
        yield Happening("concern_closed", concern.closed_at, concern)


def _plan(case: SupportCase) -> Iterator[Happening]:
    if case.plan is not None:
        yield Happening("plan_agreed", case.plan.agreed_at, case.plan)
        yield from (Happening("plan_reviewed", r.at, r) for r in case.plan.reviews)
    yield from (Happening("goal_met", g.met_at, g) for g in case.goals if g.met_at is not None)


def _ends(case: SupportCase) -> Iterator[Happening]:
    if case.declined_at is not None:
        yield Happening("declined", case.declined_at, case)
    if case.closed_at is not None:
        yield Happening("closed", case.closed_at, case)
