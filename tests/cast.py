"""The people every test may call on: two PCNs of one board, who works there, and who is helped.

The fixture ``cast`` (tests/conftest.py) makes them all and commits them. None of them exists.

    cast.northside, cast.southside          two PCNs of cast.board
    cast.birch, cast.quay                   a practice of each
    cast.amina, cast.ben, cast.supervisor, cast.lead   work for Northside; cast.cath for Southside
    cast.dev (Birch), cast.quinn (Quay)     refer from their practices
    cast.editor, cast.admin, cast.caldicott, cast.hub_worker, cast.peer_coordinator   the board's

    sign_in(client, cast.amina)             a real session, without hashing a password
    person(...), case(...), referral(...), contact(...), service(...), onward_referral(...),
    task(...), post(...), message(...)
                                            make a record with whatever a test does not care about:
                                            see tests/records.py
"""

import secrets
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import insert

from linkwork import clock
from linkwork.casework import sessions
from linkwork.database import db
from linkwork.models import (
    Organisation,
    OrganisationKind,
    Role,
    User,
    UserRole,
    UserSession,
)
from linkwork.web import gate
from tests.records import (
    NUMBERS,
    address_to_answer,
    answer_link,
    case,
    contact,
    message,
    nhs_number,
    onward_referral,
    person,
    person_merge,
    post,
    public_referral,
    question,
    referral,
    service,
    task,
)

__all__ = [
    "KEPT",
    "PASSWORD",
    "WORKING_FOR",
    "Cast",
    "address_to_answer",
    "answer_link",
    "assemble",
    "case",
    "clock",
    "contact",
    "message",
    "nhs_number",
    "onward_referral",
    "organisation",
    "person",
    "person_merge",
    "post",
    "public_referral",
    "question",
    "referral",
    "service",
    "sign_in",
    "task",
    "user",
]
PASSWORD = "three ravens knitting"  # what every member of the cast signs in with, if asked to
# argon2id of PASSWORD with the least work the scheme allows, so that a test can check it quickly.
KEPT = (
    "$argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$WAvBSvUy9SDI++RDvuQNABH2hxSowTE/7gtrJd8ewr0"
)


@dataclass
class Cast:
    """Everybody, by name."""

    board: Organisation
    northside: Organisation
    southside: Organisation
    birch: Organisation
    quay: Organisation
    users: dict[str, User] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        if name in self.users:
            return self.users[name]
        raise AttributeError(name)


WORKING_FOR = {
    "amina": ("Amina Okafor", "northside", [Role.LINK_WORKER]),
    "ben": ("Ben Harte", "northside", [Role.LINK_WORKER]),
    "supervisor": ("Sunita Rao", "northside", [Role.SUPERVISOR]),
    "lead": ("Leo Marsh", "northside", [Role.PCN_LEAD]),
    "cath": ("Cath Doyle", "southside", [Role.LINK_WORKER]),
    "dev": ("Dev Anand", "birch", [Role.PRACTICE]),
    "quinn": ("Quinn Ash", "quay", [Role.PRACTICE]),
    "editor": ("Edith Vale", "board", [Role.DIRECTORY_EDITOR]),
    "admin": ("Adam Stone", "board", [Role.ADMIN]),
    "caldicott": ("Clara Finch", "board", [Role.CALDICOTT]),
    "hub_worker": ("Hugo Webb", "board", [Role.HUB_WORKER]),
    "peer_coordinator": ("Petra Lund", "board", [Role.PEER_COORDINATOR]),
}


def assemble() -> Cast:
    """Make the cast in the present session."""
    board = organisation("Moor and Vale", OrganisationKind.ICB)
    northside = organisation("Northside PCN", OrganisationKind.PCN, parent=board)
    southside = organisation("Southside PCN", OrganisationKind.PCN, parent=board)
    birch = organisation("Birch Road Surgery", OrganisationKind.PRACTICE, parent=northside)
    quay = organisation("Quay Street Practice", OrganisationKind.PRACTICE, parent=southside)
    cast = Cast(board, northside, southside, birch, quay)
    for key, (name, place, roles) in WORKING_FOR.items():
        cast.users[key] = user(name, getattr(cast, place), *roles)
    db.session.flush()
    return cast


def organisation(
    name: str, kind: OrganisationKind, *, parent: Organisation | None = None, **facts: Any
) -> Organisation:
    """Make an organisation."""
    given = {"ods_code": f"Z{next(NUMBERS):05}", **facts}
    made = Organisation(name=name, kind=kind, parent=parent, **given)
    db.session.add(made)
    return made


def user(name: str, where: Organisation, *roles: Role, **facts: Any) -> User:
    """Make somebody who can sign in with ``PASSWORD``."""
    email = f"{name.lower().replace(' ', '.')}@moorvale.example"
    made = User(**{"name": name, "email": email, "password_hash": KEPT, **facts})
    made.organisation = where
    made.grants = [UserRole(role=role) for role in roles]
    db.session.add(made)
    return made


def sign_in(client: FlaskClient, who: User) -> FlaskClient:
    """Give ``client`` a session of ``who``, as if they had just signed in."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    # Not by the ORM: a user who is held elsewhere in the test stays as they are.
    row = {"token_hash": sessions.token_hash(token), "user_id": who.id}
    db.session.execute(insert(UserSession).values(**row, started_at=now, last_seen_at=now))
    db.session.commit()
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"], cookie["_fresh"] = token, True
        cookie["csrf_token"] = gate.OWNER_MARK + who.key
    return client
