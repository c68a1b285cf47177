"""The pages of the main job, each with its address here and at the floor, and who asks for it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy import func, select

from linkwork import clock
from linkwork.database import db
from linkwork.models import Contact, Referral, Role, SupportCase, User
from tests.benchmarks.measuring import Asking, Connection, request

WORDS = "group"
TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
COOKIE = "linkwork"
OPEN = (SupportCase.closed_at.is_(None), SupportCase.declined_at.is_(None))


@dataclass(frozen=True, slots=True)
class Page:
    """A page: what each client sends, to Linkwork and to the floor, and how to ask it here."""

    name: str
    ours: list[Asking]
    floor: list[Asking]
    answer_here: Callable[[], int]
    """Answers once in this process and returns the status."""
    status: int = 200


@dataclass(frozen=True, slots=True)
class Known:
    """What an address says of a record; the record itself would hold its transaction open."""

    id: int
    key: str
    organisation_id: int


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody of the demo, signed in: here, and by the same cookie at the server."""

    user: Known
    client: FlaskClient
    cookie: str

    def ask_here(self, path: str, form: dict[str, str] | None = None) -> int:
        """Ask in this process, in a context of its own as at the server; return the status."""
        with self.client.application.app_context():
            if form is None:
                return self.client.get(path).status_code
            return self.client.post(path, data=form).status_code


def journeys(port: int, *, most: int) -> list[Page]:
    """Return the pages of the main job, for as many as ``most`` clients at once."""
    found = [_busiest(role) for role in (Role.LINK_WORKER, Role.PCN_LEAD, Role.PRACTICE)]
    cases = _open_cases(found[0], most)
    db.session.remove()  # nothing is read here while somebody writes
    worker, lead, practice = map(signed_in, found)
    key, number = cases[0].key, cases[0].id
    search = urlencode({"words": WORDS})
    reading = [
        ("caseload", worker, "/cases/?view=open", f"/caseload/{worker.user.id}"),
        ("case", worker, f"/cases/{key}", f"/case/{number}"),
        ("matches", worker, f"/cases/{key}/matches/", f"/matches/{number}"),
        ("service search", worker, f"/services/?{search}", f"/search/{WORDS.replace(' ', '%20')}"),
        ("capacity", lead, "/capacity", f"/capacity/{lead.user.organisation_id}"),
        ("practice list", practice, "/referrals/", f"/practice/{practice.user.organisation_id}"),
    ]
    # Saving comes last: it adds to what the other pages show.
    return [*(_reading(most, *one) for one in reading), _saving(port, worker, cases, most)]


def _reading(most: int, name: str, who: Visitor, ours: str, floor: str) -> Page:
    return Page(
        name,
        [partial(_same, request(ours, cookie=who.cookie))] * most,
        [partial(_same, request(floor))] * most,
        lambda: who.ask_here(ours),
    )


def _same(asked: bytes, _number: int) -> bytes:
    return asked


def _saving(port: int, worker: Visitor, cases: list[Known], most: int) -> Page:
    """Save a contact: each client in a case of its own, each time another note."""
    ours: list[Asking] = []
    floor: list[Asking] = []
    for client in range(most):
        case = cases[client % len(cases)]
        path = f"/cases/{case.key}/contacts/new"
        form = {**_note(), "csrf_token": _token(port, path, worker.cookie)}
        ours.append(_sending(path, form, client, cookie=worker.cookie))
        floor.append(_sending(f"/case/{case.id}/contact/{worker.user.id}", _note(), client))
    here, turn = f"/cases/{cases[0].key}/contacts/new", iter(range(1000))

    def answer_here() -> int:
        form = {**_note(), "once": "here", "notes": f"Said here, {next(turn)}."}
        return worker.ask_here(here, form)

    return Page("save a contact", ours, floor, answer_here, status=303)


def _sending(path: str, form: dict[str, str], client: int, *, cookie: str = "") -> Asking:
    turns = iter(range(1_000_000))

    def ask(_number: int) -> bytes:
        turn = f"{client}-{next(turns)}"
        note = f"Talked about walking and the garden again, {turn}."
        filled = urlencode({**form, "once": f"benchmark-{turn}", "notes": note})
        return request(path, cookie=cookie, form=filled)

    return ask


def _note() -> dict[str, str]:
    """A conversation just now, as the form is filled in."""
    now = clock.london(clock.now())
    return {
        "mode": "phone",
        "on": now.date().isoformat(),
        "at": f"{now:%H:%M}",
        "minutes": "20",
        "notes": "",
        "next_action": "Ring again",
        "next_action_on": "",
    }


def _token(port: int, path: str, cookie: str) -> str:
    connection = Connection(port)
    page = connection.ask(request(path, cookie=cookie))
    connection.close()
    found = TOKEN.search(page.body)
    assert found, (page.status, page.body[:2000])
    return found[1].decode()


def signed_in(user: Known) -> Visitor:
    """Sign somebody in, with one click: here, and so at a server with the same database."""
    client = current_app.test_client()
    with client.application.app_context():
        client.post(f"/demo/{user.key}")
    cookie: Any = client.get_cookie(COOKIE)
    return Visitor(user, client, f"{COOKIE}={cookie.value}")


def _busiest(role: Role) -> Known:
    """The user of a role with most to see: open cases, or referrals of their practice."""
    everybody = db.session.scalars(select(User).order_by(User.id)).unique()
    holding = [user for user in everybody if user.is_active and role in user.roles]
    found = max(holding, key=lambda user: (-len(user.roles), _seen_by(user, role)))
    return known(found)


def known(record: User | SupportCase) -> Known:
    """What an address says of a record."""
    return Known(record.id, record.key, record.organisation_id)


def _seen_by(user: User, role: Role) -> int:
    counted = {
        Role.LINK_WORKER: select(func.count(SupportCase.id)).where(
            SupportCase.worker_id == user.id, *OPEN
        ),
        Role.PCN_LEAD: select(func.count(SupportCase.id)).where(
            SupportCase.organisation_id == user.organisation_id
        ),
        Role.PRACTICE: select(func.count(Referral.id)).where(
            Referral.practice_id == user.organisation_id
        ),
    }
    return db.session.scalar(counted[role]) or 0


def _open_cases(worker: Known, most: int) -> list[Known]:
    """The worker’s open cases, the one with most contacts first."""
    contacts = select(func.count(Contact.id)).where(Contact.case_id == SupportCase.id)
    query = (
        select(SupportCase)
        .where(SupportCase.worker_id == worker.id, SupportCase.accepted_at.is_not(None), *OPEN)
        .order_by(contacts.scalar_subquery().desc(), SupportCase.id)
        .limit(most)
    )
    return [known(case) for case in db.session.scalars(query).unique()]
