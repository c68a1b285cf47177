"""How a case may end and what its practice is told, for random sequences of verbs; what then holds.

end(case, "finish", by, now, choice)     one of ``VERBS``
of_ending(case)                          pairs of a rule and whether it holds
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import select

from linkwork.casework import closings, episodes, messages, shared_links, tasks
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
)

VERBS = "finish refuse tell undie".split()


def end(case: SupportCase, verb: str, by: User, now: datetime, choice: int) -> None:
    """End a case with all its answers, refuse it, tell its practice, or take its death back."""
    verbs: dict[str, Callable[[], object]] = {
        "finish": lambda: _finish(case, by, now, choice),
        "refuse": lambda: closings.decline(
            case, list(DeclineReason)[choice % len(DeclineReason)], by=by, at=now
        ),
        "tell": lambda: messages.send(case, messages.due(messages.of_case(case)), by=by, at=now),
        "undie": lambda: episodes.take_death_back(case, DeathMistake.SLIP, by=by, at=now),
    }
    verbs[verb]()


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
    links = shared_links.of_case(case, LinkPurpose.ANSWER, at=now)
    yield "nobody answers for a closed case", case.closed_at is None or not links
