"""The pages of supervision, and what they show to whom."""

from typing import Any

import pytest
from sqlalchemy import select

from linkwork.casework import emotional_loads
from linkwork.database import db
from linkwork.models import AuditEntry, Feeling, Role, Supervision, User
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW
from tests.pages import Reader

# What is kept is asked on both engines: tests/casework/test_supervisions.py.
pytestmark = pytest.mark.one_engine

SECRET = "We spoke about Tuesday’s visit"


def form(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "one_to_one",
        "held_on": "2026-11-18",
        "next_due_on": "2026-12-16",
        "supervisor": cast.supervisor.key,
        "with_whom": "",
        "notes": SECRET,
        **changes,
    }


def latest() -> Supervision:
    return db.session.scalars(select(Supervision).order_by(Supervision.id.desc())).first()  # type: ignore[return-value]


def test_a_worker_records_their_own_and_both_read_it(client: Reader, cast: Cast) -> None:
    sign_in(client, cast.amina)
    assert "Never held" in client.page("/supervision").text
    assert client.post("/supervision/new", data=form(cast)).location == "/supervision"
    assert "16 December 2026" in client.page("/supervision").text
    for who in (cast.amina, cast.supervisor):
        sign_in(client, who)
        assert SECRET in client.page(f"/supervision/{latest().key}").text


def test_a_supervisor_records_it_for_a_worker_of_theirs(client: Reader, cast: Cast) -> None:
    sign_in(client, cast.supervisor)
    assert "Ben Harte" in client.page("/supervision").text
    address = f"/supervision/workers/{cast.ben.key}"
    assert client.post(f"{address}/new", data=form(cast)).location == address
    assert "16 December 2026" in client.page(address).text
    assert latest().worker_id == cast.ben.id


def test_another_supervisor_sees_that_it_was_held_and_not_what_was_said(
    client: Reader, cast: Cast
) -> None:
    other = make.user("Sam Pike", cast.northside, Role.SUPERVISOR)
    sign_in(client, cast.amina)
    client.post("/supervision/new", data=form(cast))
    sign_in(client, other)
    page = client.page(f"/supervision/{latest().key}").text
    assert SECRET not in page
    assert "Only the worker and the supervisor named can read the notes" in page
    assert client.get(f"/supervision/{latest().key}/edit").status_code == 409


def test_what_is_refused_keeps_everything_that_was_typed(client: Reader, cast: Cast) -> None:
    sign_in(client, cast.amina)
    answer = client.post("/supervision/new", data=form(cast, next_due_on="2026-11-18"))
    assert answer.status_code == 409
    assert SECRET in answer.text
    assert "must be after this one" in answer.text
    nobody = form(cast, supervisor=cast.cath.key)
    assert "same PCN" in client.post("/supervision/new", data=nobody).text
    assert db.session.scalar(select(Supervision.id)) is None


def test_a_correction_over_somebody_elses_is_shown_first(client: Reader, cast: Cast) -> None:
    sign_in(client, cast.amina)
    client.post("/supervision/new", data=form(cast))
    address = f"/supervision/{latest().key}/edit"
    opened = {"version": "1"}
    assert client.post(address, data=form(cast, notes="First", **opened)).status_code == 303
    second = client.post(address, data=form(cast, notes="Second", **opened))
    assert second.status_code == 409
    assert "Second" in second.text
    assert latest().notes == "First"


PLACES = {
    "ben": ("/supervision", "/cases/?whose=team", "/notifications", "CASE", "CASE/load"),
    "lead": ("/capacity", "/gaps", "/notifications"),
    "admin": ("/users", "/notifications"),
    "caldicott": ("/audit-trail", "/notifications"),
    "dev": ("/referrals/", "/signposts"),
    "cath": ("/supervision", "/cases/?whose=team"),
}


@pytest.mark.parametrize("name", PLACES)
def test_how_a_case_lies_on_its_worker_is_on_no_page_of_anybody_else(
    client: Reader, cast: Cast, name: str
) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    emotional_loads.mark(case, 3, feeling=Feeling.CLOSE_TO_HOME, by=cast.amina, at=NOW)
    db.session.commit()
    who: User = cast.users[name]
    sign_in(client, who)
    if name == "ben":
        client.post(f"/cases/{case.key}/cover", data={"reason": "cover"})
    for place in PLACES[name]:
        text = client.page(place.replace("CASE", f"/cases/{case.key}")).text
        assert "heavy" not in text.lower()
        assert "Close to home" not in text
        assert "lie on you" not in text


def test_the_worker_and_their_supervisor_see_it_on_the_agenda(client: Reader, cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina, person=make.person("Odette", "Marl"))
    sign_in(client, cast.amina)
    client.post(f"/cases/{case.key}/load", data={"weight": "3", "feeling": "close_to_home"})
    assert "Very heavy: close to home" in client.page("/supervision").text
    assert "heavy" not in client.page(f"/cases/{case.key}").text.lower()
    client.post("/supervision/new", data=form(cast))
    assert latest().agenda == []  # a load is no reason that is kept
    sign_in(client, cast.supervisor)
    page = client.page(f"/supervision/workers/{cast.amina.key}").text
    assert "Odette Marl" in page
    assert "Very heavy: close to home" in page
    sign_in(client, cast.amina)
    client.post(f"/cases/{case.key}/load/clear")
    assert "heavy" not in client.page("/supervision").text.lower()


def test_reading_an_agenda_with_names_is_noted(client: Reader, cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    emotional_loads.mark(case, 1, by=cast.amina, at=NOW)
    sign_in(client, cast.supervisor)
    client.get(f"/supervision/workers/{cast.amina.key}")
    details = db.session.scalars(
        select(AuditEntry.details).where(AuditEntry.event == "cases.listed")
    ).all()
    assert details == [{"shown": 1, "view": "supervision"}]
