"""Every route, as every role and as nobody, with one’s own records and with another PCN’s.

A route that takes a key says in tests/web/addresses.py what it is the key of.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from linkwork import access
from linkwork.database import db
from linkwork.models import (
    AuditEntry,
    CaseOpening,
    CoverReason,
    OrganisationKind,
    Role,
    SupportCase,
    User,
)
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import TODAY
from tests.pages import Reader, without_tokens
from tests.web.addresses import KEYS, OTHERS, QUERIES

ROLES = {
    Role.LINK_WORKER: "amina",
    Role.SUPERVISOR: "supervisor",
    Role.PRACTICE: "dev",
    Role.PCN_LEAD: "lead",
    Role.DIRECTORY_EDITOR: "editor",
    Role.PEER_COORDINATOR: "peer_coordinator",
    Role.HUB_WORKER: "hub_worker",
    Role.CALDICOTT: "caldicott",
    Role.ADMIN: "admin",
}
SEES_EVERY = {"/services/<key>": access.Permission.EDIT_DIRECTORY}
UNKNOWN = "AAAAAAAAAAAA"
SHOWN = {200, 302, 303}
CARRIED_OUT_OR_EXPLAINED = {*SHOWN, 204, 400, 409, 422}


@dataclass(frozen=True)
class Call:
    """One way to use a route."""

    method: str
    address: str
    rule: Rule
    needs: frozenset[access.Permission]

    @property
    def name(self) -> str:
        return f"{self.method} {self.rule.rule}"

    def allowed(self, user: User | None) -> bool:
        return not self.needs or (
            user is not None and any(access.may(user, permission) for permission in self.needs)
        )


@pytest.fixture
def app(make_app) -> Iterator[Flask]:
    """The app with the demonstration’s routes, which exist nowhere else."""
    app = make_app(DEMO=True, PUBLIC_REFERRALS="all")
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def place_of(rule: Rule) -> str | None:
    """The address of a rule up to the key in it."""
    found = re.match(r".*?<key>", rule.rule)
    return found[0] if found else None


def calls(app: Flask, cast: Cast, keys: dict[str, str]) -> list[Call]:
    """Every way to use every route with these keys: first all that read, then all that change."""
    arguments = {name: value(cast) for name, value in OTHERS.items()}
    queries = {endpoint: value(cast) for endpoint, value in QUERIES.items()}
    db.session.commit()
    found = [
        Call(method, address_of(app, rule, {**arguments, **keys}, queries), rule, needs)
        for rule in app.url_map.iter_rules()
        for needs in [app.view_functions[rule.endpoint].requires]
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return sorted(found, key=lambda call: (call.method != "GET", call.rule.rule))


def address_of(
    app: Flask, rule: Rule, values: dict[str, str], queries: dict[str, dict[str, str]]
) -> str:
    given = {name: values[name] for name in rule.arguments if name in values}
    place = place_of(rule)
    if place:
        given["key"] = values[place]
    with app.test_request_context():
        return str(app.url_for(rule.endpoint, **given, **queries.get(rule.endpoint, {})))


def own(cast: Cast, user: User | None = None) -> dict[str, str]:
    """Keys of records of Northside, with a reason for ``user`` to open a colleague’s case."""
    cast.users["me"] = user or cast.amina  # some records are of one user alone
    made = {place: factory(cast) for place, (factory, _) in KEYS.items()}
    db.session.flush()
    if user is not None:
        cases = [getattr(record, "case", record) for record in made.values()]
        cases = [case for case in cases if isinstance(case, SupportCase)]
        for case in cases:
            given = {"user_id": user.id, "opened_on": TODAY, "reason": CoverReason.COVER}
            db.session.add(CaseOpening(case_id=case.id, **given))
    return {place: record.key for place, record in made.items()}


def ask(client: Reader, call: Call, user: User | None) -> TestResponse:
    """Use a route in a session of its own: another call may have ended the last one."""
    if user is not None:
        sign_in(client, user)
    with client.open(call.address, method=call.method) as answer:
        answer.get_data()
        return answer


def fault(call: Call, answer: TestResponse, user: User | None) -> str | None:
    """What is wrong with an answer, if anything is."""
    status, to = answer.status_code, answer.location or ""
    if call.allowed(user):
        expected = SHOWN if call.method == "GET" else CARRIED_OUT_OR_EXPLAINED
        turned_away = to.startswith("/sign-in") and call.rule.endpoint != "account.sign_out"
        return f"{call.name}: {status} {to}" if status not in expected or turned_away else None
    if user is not None:
        return f"{call.name}: {status}, not 403" if status != 403 else None
    asked = to.startswith("/sign-in") if 300 <= status < 400 else status == 401
    return None if asked else f"{call.name}: {status} {to}, not asked to sign in"


def test_every_key_in_an_address_is_explained_here(app: Flask) -> None:
    rules = list(app.url_map.iter_rules())
    places = {place for rule in rules if (place := place_of(rule))}
    names = {name for rule in rules for name in rule.arguments} - {"key"}
    assert (places, names) == (set(KEYS), set(OTHERS))


def test_every_role_is_walked() -> None:
    assert set(ROLES) == set(Role)


@pytest.mark.one_engine
def test_nobody_is_asked_to_sign_in_wherever_it_is_declared(
    app: Flask, client: Reader, cast: Cast
) -> None:
    every = calls(app, cast, own(cast))
    faults = [fault(call, ask(app.test_client(), call, None), None) for call in every]
    assert "\n".join(text for text in faults if text) == ""


@pytest.mark.one_engine
@pytest.mark.parametrize("role", ROLES)
def test_every_role_may_do_what_is_declared_and_nothing_else(
    app: Flask, client: Reader, cast: Cast, role: Role
) -> None:
    user = cast.users[ROLES[role]]
    every = calls(app, cast, own(cast, user))
    faults = [fault(call, ask(client, call, user), user) for call in every]
    assert "\n".join(text for text in faults if text) == ""


@pytest.mark.parametrize(
    ("engine", "role"),
    [
        *(("sqlite", role) for role in ROLES),
        # The two that may see most: what is asked of the database differs by permission only.
        ("postgresql", Role.SUPERVISOR),
        ("postgresql", Role.PCN_LEAD),
    ],
)
def test_a_record_of_another_pcn_is_answered_as_one_that_never_existed(
    app: Flask, client: Reader, cast: Cast, role: Role
) -> None:
    user = cast.users[ROLES[role]]
    kept = own(cast, user)
    if user.organisation.kind is OrganisationKind.ICB:
        far = make.organisation("Far Board", OrganisationKind.ICB)
        cast.southside.parent = far  # a board’s own people know all of its PCNs
    hidden = {place: foreign(cast) for place, (_, foreign) in KEYS.items() if foreign}
    db.session.flush()
    theirs = {place: record.key for place, record in hidden.items()}
    elsewhere = calls(app, cast, {**kept, **theirs})
    nowhere = calls(app, cast, {**kept, **dict.fromkeys(theirs, UNKNOWN)})
    before, differing = entries(), []
    for foreign_call, unknown_call in zip(elsewhere, nowhere, strict=True):
        if not (hides(foreign_call, theirs, user) and foreign_call.allowed(user)):
            continue
        answers = [ask(client, call, user) for call in (foreign_call, unknown_call)]
        if not alike(*answers):
            differing.append(f"{foreign_call.name}: {[a.status for a in answers]}")
    assert differing == []
    assert entries() == before


def hides(call: Call, theirs: dict[str, str], user: User) -> bool:
    """Whether a call is for a record that ``user`` must not know of."""
    place = place_of(call.rule) or ""
    sees_all = place in SEES_EVERY and access.may(user, SEES_EVERY[place])
    return place in theirs and not sees_all


def alike(foreign: TestResponse, unknown: TestResponse) -> bool:
    """Whether nothing tells the two apart, and both are not found."""
    return (
        foreign.status_code == unknown.status_code == 404
        and without_tokens(foreign.text) == without_tokens(unknown.text)
        and headers(foreign) == headers(unknown)
    )


def headers(answer: TestResponse) -> dict[str, str]:
    return {name: value for name, value in answer.headers if name != "Set-Cookie"}


def entries() -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0
