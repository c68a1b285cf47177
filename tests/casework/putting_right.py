"""How a contact is put right or taken out, for random sequences of verbs.

put_right(case, "correct", by, at, now, choice)     one of ``VERBS``
"""

from datetime import datetime

from linkwork.casework import contacts, corrections
from linkwork.casework.corrections import Wording
from linkwork.errors import RuleBroken
from linkwork.models import ContactMode, SupportCase, User

VERBS = "correct strike".split()


def put_right(
    case: SupportCase, verb: str, by: User, at: datetime, now: datetime, choice: int
) -> None:
    """Move a contact to another moment and mode, or take it out."""
    found = contacts.of_case(case)
    if not found:
        raise RuleBroken("There is nothing to put right.")
    contact = found[choice % len(found)]
    if verb == "strike":
        corrections.strike(contact, reason="The wrong person", by=by, at=now)
        return
    wording = Wording(
        at=at,
        mode=list(ContactMode)[choice % len(ContactMode)],
        minutes=choice,
        what_matters=None,
        notes="Put right.",
        strengths=None,
        share_with_gp=contact.share_with_gp,
    )
    corrections.correct(contact, wording, reason="A slip", seen=contact.version, by=by, at=now)
