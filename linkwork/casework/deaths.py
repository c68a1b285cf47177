"""Deaths: that somebody died is noted once their case has ended, too. See ``episodes.close``."""

from datetime import datetime

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework import episodes, people
from linkwork.casework.cases import hold
from linkwork.errors import RuleBroken
from linkwork.models import SupportCase, User


def record(case: SupportCase, *, by: User, at: datetime) -> None:
    """Note that the person of a case that has ended died: links, emails and notices of all their
    cases stop, and what is open at another PCN closes.

    Raises ``RuleBroken`` where it is known already, or the case is open: a death closes that.
    """
    people.hold(case.person)
    hold(case)
    if case.person.died_on is not None:
        raise RuleBroken("This death has been recorded already.")
    if case.is_open:
        raise RuleBroken("This case is open. Close it, with their death as the reason.")
    episodes.end_everything(case.person, by=by, at=at)
    audit.record(Event.DEATH_RECORDED, case.person, by=by, person_id=case.person_id)
