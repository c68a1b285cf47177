"""How a case may end and what its practice is told, for random sequences of verbs; what then holds.

end(case, "finish", by, now, choice)     one of ``VERBS``
of_ending(case)                          pairs of a rule and whether it holds
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from linkwork import clock
from linkwork.casework import closings, episodes, messages, shared_links, tasks, visits
from linkwork.casework.closings import Closing
from linkwork.casework.episodes import DeathMistake
from linkwork.database import db
from linkwork.models import (
    CloseReason,
    DeclineReason,
    LinkPurpose,
    Message,
    SnomedCode,
    SupportCase,
    User,
    Visit,
)

VERBS = "finish refuse tell undie promise visit".split()


def end(case: SupportCase, verb: str, by: User, now: datetime, choice: int) -> None:
    """End a case with all its answers, refuse it, tell its practice, take its death back, or begin
    something that its end must stop.
    """
    verbs: dict[str, Callable[[], object]] = {
        "finish": lambda: _finish(case, by, now, choice),
        "refuse": lambda: closings.decline(
            case, list(DeclineReason)[choice % len(DeclineReason)], by=by, at=now
        ),
        "tell": lambda: messages.send(case, messages.due(messages.of_case(case)), by=by, at=now),
        "promise": lambda: _promise(case, by, now, choice),
        "visit": lambda: _visit(case, by, now, choice),
        "undie": lambda: episodes.take_death_back(case, DeathMistake.SLIP, by=by, at=now),
    }
    verbs[verb]()


def _promise(case: SupportCase, by: User, now: datetime, choice: int) -> None:
    due_on = clock.london(now).date() + timedelta(days=choice)
    tasks.promise(case, "Ring the surgery", due_on, owner=by, by=by, at=now)


def _visit(case: SupportCase, by: User, now: datetime, choice: int) -> None:
    then = now + timedelta(days=choice, hours=1)
    visits.plan(case, planned_at=then, place="The library", by=by, at=now)


def _finish(case: SupportCase, by: User, now: datetime, choice: int) -> None:
    possible = {o.key: [code for code, _ in closings.choices(o)] for o in episodes.unanswered(case)}
    said = {key: codes[choice % len(codes)] for key, codes in possible.items()}
    reason = list(CloseReason)[choice % len(CloseReason)]
    details = {"stepped_up_to": "Elsewhere", "told": "Dr Hale", "handed_over": False}
    closings.close(case, Closing(reason, answers=said, **details), by=by, at=now)


def of_ending(case: SupportCase, now: datetime) -> Iterator[tuple[str, bool]]:
    """What holds of the end of a case, whatever was done to it."""
    told = list(db.session.scalars(select(Message).where(Message.case_id == case.id)).unique())
    codes = [message.code for message in told if message.code]
    yield "a case is coded once with each code", len(codes) == len(set(codes))
    coded = SnomedCode.REFERRED in codes or SnomedCode.DECLINED in codes
    yield "what is coded was noted", coded == (case.coded_in_gp_record_at is not None)
    died = case.close_reason is CloseReason.DIED and case.closed_at
    yield "nothing is told after a death", not died or all(m.sent_at <= died for m in told)
    yield "nothing is promised in an ended case", case.is_open or not tasks.of_case(case)
    coming = select(Visit.id).where(
        Visit.case_id == case.id, Visit.started_at.is_(None), Visit.cancelled_at.is_(None)
    )
    yield "nobody visits in an ended case", case.is_open or not db.session.scalar(coming.limit(1))
    links = shared_links.of_case(case, LinkPurpose.ANSWER, at=now)
    yield "nobody answers for a closed case", case.closed_at is None or not links
