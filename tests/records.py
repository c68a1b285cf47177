"""Records for tests, each with whatever the test does not care about filled in.

They are reached through tests/cast.py: ``make.case(...)`` where that is imported as ``make``.
"""

import secrets
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import select

from linkwork import clock
from linkwork.casework import answer_links, messages, onward_referrals, shared_links
from linkwork.database import db
from linkwork.models import (
    Contact,
    ContactKind,
    ContactMode,
    ContactOutcome,
    Message,
    MessageKind,
    OnwardReferral,
    Organisation,
    OrganisationKind,
    Person,
    PersonMerge,
    Post,
    PostState,
    Provider,
    PublicReferral,
    Question,
    Referral,
    ReferralSource,
    Service,
    SupportCase,
    Task,
    User,
)

NUMBERS = count(1)


def person(given: str = "Rosa", family: str = "Quill", **facts: Any) -> Person:
    """Make somebody to be supported: 72 years old, with a synthetic NHS number and a phone."""
    usual = {
        "given_name": given,
        "family_name": family,
        "given_name_folded": given.lower(),
        "family_name_folded": family.lower(),
        "nhs_number": nhs_number(),
        "date_of_birth": date(1954, 3, 12),
        "phone": "07700 900123",
        "postcode": "ZZ1 1AA",
    }
    made = Person(**{**usual, **facts})
    db.session.add(made)
    return made


def nhs_number() -> str:
    """The next valid number of the range kept for people who do not exist."""
    while True:
        nine = f"999{next(NUMBERS):06}"
        check = -sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11
        if check < 10:
            return f"{nine}{check}"


def case(pcn: Organisation, *, worker: User | None = None, **facts: Any) -> SupportCase:
    """Make a case: new where nobody works on it, else accepted and on the worker's caseload.

    ``person=`` for whom it is; anybody where a test does not mind.
    """
    opened = clock.now() - timedelta(days=10)
    usual: dict[str, Any] = {"person": facts.pop("person", None) or person(), "opened_at": opened}
    if worker is not None:
        usual |= {"accepted_at": opened + timedelta(days=1), "accepted_by_id": worker.id}
    made = SupportCase(**{**usual, **facts})
    made.organisation, made.worker = pcn, worker
    db.session.add(made)
    db.session.flush()
    return made


def referral(practice: Organisation, *, by: User | None = None, **facts: Any) -> Referral:
    """Make a referral that a practice sent, with its case (``case=``) in the practice's PCN."""
    pcn = practice.parent
    assert pcn is not None
    of = facts.pop("case", None) or case(pcn)
    whom = of.person
    usual = {
        "source": ReferralSource.GP,
        "referrer_name": by.name if by else "Dr Hale",
        "reasons": ["loneliness"],
        "note": "Lives alone since her husband died. Would like company.",
        "consented_at": of.opened_at,
        "referred_at": of.opened_at,
        "received_at": of.opened_at,
    }
    made = Referral(**{**usual, **facts})
    made.person, made.practice, made.organisation, made.referrer = whom, practice, pcn, by
    made.case = of
    db.session.add(made)
    db.session.flush()
    return made


def question(about: Referral, *, by: User, **facts: Any) -> Question:
    """Make a question of a practice about its referral."""
    usual = {"body": "Has somebody called her?", "asked_at": clock.now()}
    made = Question(**{**usual, **facts})
    made.referral, made.case, made.asked_by = about, about.case, by
    db.session.add(made)
    db.session.flush()
    return made


def person_merge(into: SupportCase, *, by: User, **facts: Any) -> PersonMerge:
    """Make a merge, into the person of a case, of a record that had nothing."""
    made = PersonMerge(**{"merged_at": clock.now(), **facts})
    made.kept, made.merged, made.merged_by = into.person, person(), by
    db.session.add(made)
    db.session.flush()
    return made


def public_referral(pcn: Organisation, **facts: Any) -> PublicReferral:
    """Make a request of the public that nobody has looked at."""
    usual = {
        "reference": f"REF-{next(NUMBERS):05}",
        "token": secrets.token_hex(32),
        "content": secrets.token_hex(32),
        "source": ReferralSource.SELF,
        "given_name": "Rosa",
        "family_name": "Quill",
        "date_of_birth": date(1954, 3, 12),
        "phone": "07700 900123",
        "reasons": ["loneliness"],
        "note": "I would like to meet people.",
        "share_with_gp": False,
        "received_at": clock.now(),
    }
    made = PublicReferral(**{**usual, **facts})
    made.organisation = pcn
    db.session.add(made)
    db.session.flush()
    return made


def contact(of: SupportCase, *, by: User, **facts: Any) -> Contact:
    """Make a conversation that took place today."""
    usual = {
        "at": clock.now(),
        "kind": ContactKind.CONVERSATION,
        "mode": ContactMode.PHONE,
        "outcome": ContactOutcome.ATTENDED,
    }
    made = Contact(**{**usual, **facts})
    made.case, made.worker = of, by
    db.session.add(made)
    db.session.flush()
    return made


def service(name: str = "Riverside choir", **facts: Any) -> Service:
    """Make an entry of the directory."""
    made = Service(name=name, **facts)
    if "provider" not in facts:
        made.provider = Provider(name="Riverside Community Association")
    db.session.add(made)
    db.session.flush()
    return made


def onward_referral(of: SupportCase, *, by: User, **facts: Any) -> OnwardReferral:
    """Make an onward referral that was agreed now."""
    where = facts.pop("service", None) or service()
    made = OnwardReferral(**{"agreed_at": clock.now(), **facts})
    made.case, made.made_by, made.service = of, by, where
    db.session.add(made)
    db.session.flush()
    return made


def message(of: SupportCase, *, by: User, **facts: Any) -> Message:
    """Send a message about a case that has started to the practice of its person."""
    of.first_conversation_at = of.first_conversation_at or clock.now()
    if of.person.practice is None and not of.referrals:
        of.person.practice = db.session.scalars(
            select(Organisation).where(
                Organisation.parent_id == of.organisation_id,
                Organisation.kind == OrganisationKind.PRACTICE,
            )
        ).first()
    db.session.flush()
    kind = facts.pop("kind", MessageKind.UPDATE)
    return messages.send(of, kind, by=by, at=clock.now(), **facts)


def task(of: SupportCase, *, owner: User | None = None, **facts: Any) -> Task:
    """Make a task that is due today: of the case’s worker, unless somebody is named."""
    whose = owner or of.worker
    assert whose is not None
    today = clock.london(clock.now()).date()
    usual = {"what": "Send the form", "due_on": today, "promised_at": clock.now()}
    made = Task(**{**usual, **facts})
    made.case, made.owner, made.promised_by_id = of, whose, whose.id
    db.session.add(made)
    db.session.flush()
    return made


def post(worker: User, wte: str = "1.0", **facts: Any) -> Post:
    """Make a post that somebody has held since 2025."""
    usual = {"start_on": date(2025, 1, 6), "additional": True, "state": PostState.STARTED}
    made = Post(**{**usual, **facts}, wte=Decimal(wte))
    made.worker, made.organisation = worker, worker.organisation
    db.session.add(made)
    db.session.flush()
    return made


def answer_link(cast: Any) -> str:
    """Make an onward referral that was sent, and return what a provider’s address ends with."""
    of = case(cast.northside, worker=cast.amina, first_conversation_at=clock.now())
    onward = onward_referral(of, by=cast.amina)
    onward_referrals.send(onward, by=cast.amina, at=clock.now())
    return address_to_answer(onward).removeprefix("/answer/")


def address_to_answer(onward: OnwardReferral) -> str:
    """Where a provider answers an onward referral that was sent."""
    return f"/answer/{shared_links.token(answer_links.present(onward, at=clock.now()))}"
