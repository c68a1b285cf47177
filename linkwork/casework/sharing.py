"""Sharing with the practice: agreed to by the person, and stopped whenever they say so."""

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework.cases import hold, must_be_open
from linkwork.models import SupportCase, User


def start(case: SupportCase, *, by: User) -> None:
    """Note that the person agreed to their practice being told. Doing it twice is doing it once.

    Raises ``RuleBroken`` for a case that has ended.
    """
    _change(case, Event.SHARING_STARTED, shared=True, by=by)


def stop(case: SupportCase, *, by: User) -> None:
    """Note that the practice is told no more: neither by messages nor beside its own referral.

    What it was told before stays with it. Doing it twice is doing it once. Raises ``RuleBroken``
    for a case that has ended.
    """
    _change(case, Event.SHARING_STOPPED, shared=False, by=by)


def _change(case: SupportCase, event: Event, *, shared: bool, by: User) -> None:
    hold(case)
    must_be_open(case)
    if case.share_with_gp != shared:
        case.share_with_gp = shared
        audit.record(event, case, by=by)
