"""Visits without a network: a page that holds nobody’s name, and what it brings back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from linkwork.casework import cases, visits
from linkwork.database import db
from linkwork.models import CoverReason, Draft, SupportCase, Visit, VisitState
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW, TODAY, Clock
from tests.pages import Reader

HOUR = timedelta(hours=1)
DRAFT = "v1234567890abcdef"
NOTE = {"draft": DRAFT, "what_matters": "Her garden", "notes": "Misses company", "minutes": "45"}


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    person = make.person(address="1 Elm Lane", alert="Large dog", next_of_kin="Ada")
    return make.case(cast.northside, worker=cast.amina, person=person)


@pytest.fixture
def visit(case: SupportCase, cast: Cast) -> Visit:
    made = visits.plan(case, planned_at=NOW, by=cast.amina, at=NOW - HOUR)
    db.session.commit()
    return made


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    sign_in(client, cast.amina)
    return client


def sync(client: Reader, visit: Visit, status: int = 200, **sent: str) -> dict[str, Any]:
    answer = client.post(f"/visits/{visit.key}/sync", data={**NOTE, **sent})
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json
    return found


def drafts() -> list[Draft]:
    db.session.rollback()
    return list(db.session.scalars(select(Draft).order_by(Draft.id)))


def test_the_page_is_the_same_for_everybody_and_names_nobody(
    client: Reader, cast: Cast, visit: Visit
) -> None:
    nobody = client.get("/visits/offline").text
    sign_in(client, cast.amina)
    assert client.get("/visits/offline").text == nobody
    assert "csrf" not in nobody
    assert "Amina" not in nobody


def test_the_worker_may_serve_visits_and_is_never_kept(client: Reader) -> None:
    with client.get("/visits/sw.js") as answer:
        assert answer.mimetype == "text/javascript"
        assert answer.headers["Service-Worker-Allowed"] == "/visits/"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "/visits/offline" in answer.text


def test_what_is_taken_is_what_a_visitor_needs_and_no_more(amina: Reader, visit: Visit) -> None:
    taken = amina.post("/visits/offline/take").json
    [one] = taken["visits"]
    assert one["ask_for"] == "Rosa Quill"
    assert one["place"] == "1 Elm Lane\nZZ1 1AA"
    assert taken["expires_at"] == "2026-11-19T00:00:00+00:00"
    assert set(one) == {
        *("key", "at", "minutes", "ask_for", "place", "phone", "safe_to_contact", "language"),
        *("access_needs", "alert", "lone_worker", "companion", "next_action", "started_at"),
    }
    assert visit.case.person.nhs_number not in str(taken)
    assert "Ada" not in str(taken)


def test_a_note_becomes_a_draft_of_its_writer_with_the_times_of_the_visit(
    amina: Reader, visit: Visit
) -> None:
    times = {"started_at": (NOW - HOUR).isoformat(), "safe_at": NOW.isoformat()}
    for _ in range(2):
        answer = sync(amina, visit, **times)
    assert answer["sentences"] == []
    assert visit.state is VisitState.SAFE
    [draft] = drafts()
    assert draft.fields["notes"] == ["Misses company"]
    assert (draft.fields["on"], draft.fields["at"]) == (["2026-11-18"], ["09:30"])
    page = amina.get(answer["address"]).text
    for words in ("Her garden", "Misses company", 'value="45"', 'value="09:30"'):
        assert words in page


def test_times_without_a_note_leave_no_draft(amina: Reader, visit: Visit) -> None:
    empty = dict.fromkeys(("what_matters", "notes", "minutes"), "")
    sync(amina, visit, started_at=NOW.isoformat(), **empty)
    assert drafts() == []
    assert visit.started_at == NOW


def test_words_that_are_newer_here_are_shown_beside_and_both_are_kept(
    amina: Reader, visit: Visit
) -> None:
    first = sync(amina, visit)
    sync(amina, visit, seen=str(first["seen"]), notes="Written at the desk")
    answer = sync(amina, visit, seen=str(first["seen"]), notes="Written on the way")
    assert "Written at the desk" in answer["beside"][0]["text"]
    assert [d.fields["notes"] for d in drafts()] == [
        ["Written at the desk"],
        ["Written on the way"],
    ]


@pytest.mark.parametrize(
    ("meanwhile", "sentence"),
    [
        (lambda case, cast: setattr(case, "closed_at", NOW), "This case has ended meanwhile"),
        (lambda case, cast: setattr(case, "worker", cast.ben), "is with Ben Harte now"),
        (
            lambda case, cast: visits.stop(case, by=cast.ben, at=NOW),
            "This visit was cancelled at 10:30",
        ),
    ],
)
def test_what_happened_meanwhile_is_said_and_the_note_is_kept(
    amina: Reader, visit: Visit, cast: Cast, meanwhile: Callable[..., Any], sentence: str
) -> None:
    meanwhile(visit.case, cast)
    answer = sync(amina, visit, started_at=NOW.isoformat())
    assert sentence in " ".join(answer["sentences"])
    assert [d.fields["notes"] for d in drafts()] == [["Misses company"]]


def test_a_clock_that_is_ahead_is_said(amina: Reader, visit: Visit) -> None:
    answer = sync(amina, visit, started_at=(NOW + HOUR).isoformat())
    assert "clock of this device is ahead" in answer["sentences"][0]
    assert visit.started_at == NOW


@pytest.mark.parametrize(
    "sent",
    [{"started_at": "soon"}, {"draft": "x"}, {"minutes": "a while"}, {"notes": "x" * 20_001}],
)
def test_what_cannot_be_is_answered_with_sentences(
    amina: Reader, visit: Visit, sent: dict[str, str]
) -> None:
    assert sync(amina, visit, status=422, **sent)["problems"]
    assert drafts() == []


@pytest.mark.parametrize(
    "wrong",
    [
        *(
            {"draft": "x"},
            {"minutes": "a while"},
            {"notes": "x" * 20_001},
            {"companion": "x" * 101},
        ),
        {"started_at": "soon"},
        {"started_at": "0001-01-01T00:00:00+00:00"},
    ],
)
def test_who_is_safe_is_safe_whatever_is_wrong_with_the_rest(
    amina: Reader, visit: Visit, wrong: dict[str, str]
) -> None:
    times = {"started_at": (NOW - HOUR).isoformat(), "safe_at": NOW.isoformat()}
    assert sync(amina, visit, status=422, **{**times, **wrong})["problems"]
    db.session.rollback()
    assert (visit.state, visit.safe_at) == (VisitState.SAFE, NOW)
    assert drafts() == []


def test_who_is_safe_is_safe_where_the_note_finds_no_room(amina: Reader, visit: Visit) -> None:
    for number in range(10):
        sync(amina, visit, draft=f"{DRAFT}{number}", notes=f"Note {number}")
    times = {"started_at": (NOW - HOUR).isoformat(), "safe_at": NOW.isoformat()}
    answer = sync(amina, visit, status=409, draft=f"{DRAFT}x", notes="One more", **times)
    assert "ten unsaved notes" in answer["problems"][0]
    db.session.rollback()
    assert visit.state is VisitState.SAFE


def test_the_visit_of_a_colleague_is_left_alone_until_a_reason_is_given(
    client: Reader, visit: Visit, cast: Cast
) -> None:
    sign_in(client, cast.ben)
    times = {"started_at": (NOW - HOUR).isoformat(), "safe_at": NOW.isoformat()}
    answer = sync(client, visit, **times)
    assert "This visit is with Amina Okafor, so your times were not saved" in answer["sentences"][0]
    assert [(d.fields["notes"], d.user_id) for d in drafts()] == [(["Misses company"], cast.ben.id)]
    assert (visit.state, visit.worker) == (VisitState.PLANNED, cast.amina)
    assert "not saved" not in str(sync(client, visit))
    cases.cover(visit.case, CoverReason.COVER, by=cast.ben, on=TODAY)
    db.session.commit()
    assert "not saved" not in str(sync(client, visit, **times))
    db.session.rollback()
    assert (visit.state, visit.worker) == (VisitState.SAFE, cast.ben)


def test_a_report_without_a_session_asks_to_sign_in_and_changes_nothing(
    client: Reader, visit: Visit
) -> None:
    answer = client.post(f"/visits/{visit.key}/sync", data=NOTE)
    assert answer.status_code == 401
    assert drafts() == []


def test_who_is_here_is_told_to_nobody(client: Reader, cast: Cast) -> None:
    assert client.get("/visits/offline/me").status_code == 302
    sign_in(client, cast.amina)
    assert client.get("/visits/offline/me").json["user"] == cast.amina.key


def test_a_clock_that_asks_who_is_here_keeps_no_session_alive(
    amina: Reader, cast: Cast, clock: Clock
) -> None:
    amina.get("/visits/offline/me")
    for minutes in (10, 4):
        clock.advance(minutes=minutes)
        assert amina.get("/visits/offline/me?by=clock").json["user"] == cast.amina.key
    clock.advance(minutes=1)
    assert amina.get("/visits/offline/me?by=clock").status_code == 302


def test_every_file_the_page_needs_is_named_on_it(client: Reader, app: Flask) -> None:
    html = client.get("/visits/offline").text
    for name in ("vault.js", "taken-visits.js", "visit-card.js", "offline.js", "linkwork.css"):
        assert name in html
