"""The pages where a supervisor gives cases to colleagues."""

import pytest
from sqlalchemy import select

from linkwork.database import db
from linkwork.models import AuditEntry
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.pages import Reader


@pytest.fixture
def supervisor(client: Reader, cast: Cast) -> Reader:
    """The supervisor, signed in."""
    sign_in(client, cast.supervisor)
    return client


def test_the_page_says_how_full_everybody_is_and_proposes_one_with_the_reason(
    supervisor: Reader, cast: Cast
) -> None:
    make.post(cast.ben)
    birch = {"person": make.person(practice=cast.birch)}
    make.case(cast.northside, worker=cast.ben, **birch)
    case = make.case(cast.northside, person=make.person(practice=cast.birch))
    page = supervisor.get(f"/cases/{case.key}/allocate").text
    assert "Ben Harte (1 of 40 points, 1 person, 1 from Birch Road Surgery)" in page
    assert "already works with somebody from Birch Road Surgery, and has room" in page
    assert f'value="{cast.ben.key}" checked' in page


def test_where_nobody_has_room_the_page_says_so_and_still_lets_one_choose(
    supervisor: Reader, cast: Cast
) -> None:
    case = make.case(cast.northside)
    assert (
        "Nobody has room for one more case now"
        in supervisor.page(f"/cases/{case.key}/allocate").text
    )
    sent = {"worker": cast.ben.key, "note": "Ring first."}
    assert supervisor.post(f"/cases/{case.key}/allocate", data=sent).status_code == 303
    sign_in(supervisor, cast.ben)
    assert "Ring first." in supervisor.page(f"/cases/{case.key}").text


def test_ticked_cases_are_given_once_however_often_it_is_sent(
    supervisor: Reader, cast: Cast
) -> None:
    cases = [make.case(cast.northside, worker=cast.amina) for _ in range(3)]
    listed = supervisor.page("/cases/?whose=team&view=open")
    assert "Give the ticked cases to a colleague" in listed.text
    keys = [case.key for case in cases[:2]]
    shown = supervisor.page("/cases/reassign?" + "&".join(f"case={key}" for key in keys))
    assert "2 cases" in shown.text
    sent = {"case": keys, "worker": cast.ben.key, "note": "Ring first.", "once": "a"}
    for _ in range(2):
        answer = supervisor.post("/cases/reassign", data=sent)
        assert answer.location == "/cases/?whose=team&view=open"
    assert "2 cases given to Ben Harte." in supervisor.page(answer.location).text
    db.session.expire_all()
    amina, ben = cast.amina.id, cast.ben.id
    assert [case.worker_id for case in cases] == [ben, ben, amina]
    assert [len(case.handovers) for case in cases] == [1, 1, 0]


def test_a_key_of_another_pcn_among_the_ticked_is_not_found_and_gives_nothing(
    supervisor: Reader, cast: Cast
) -> None:
    own = make.case(cast.northside, worker=cast.amina)
    foreign = make.case(cast.southside, worker=cast.cath)
    sent = {"case": [own.key, foreign.key], "worker": cast.ben.key, "note": "Ring first."}
    assert supervisor.post("/cases/reassign", data=sent).status_code == 404
    db.session.expire_all()
    assert own.worker_id == cast.amina.id


def test_without_a_note_or_a_tick_nothing_is_given_and_the_page_says_what_to_do(
    supervisor: Reader, cast: Cast
) -> None:
    assert "Tick the cases" in supervisor.get("/cases/reassign", follow_redirects=True).text
    case = make.case(cast.northside, worker=cast.amina)
    said = supervisor.post("/cases/reassign", data={"case": case.key}).text
    assert "Choose a link worker." in said
    assert "Write what the new worker should know." in said
    assert case.key in said


def test_only_a_supervisor_ticks_and_never_among_closed_cases(client: Reader, cast: Cast) -> None:
    make.case(cast.northside, worker=cast.amina)
    sign_in(client, cast.amina)
    assert "ticked cases" not in client.page("/cases/?whose=team&view=open").text
    assert client.get("/cases/reassign").status_code == 403
    sign_in(client, cast.supervisor)
    assert "ticked cases" not in client.page("/cases/?whose=team&view=closed").text


def test_who_was_shown_the_ticked_cases_is_noted(supervisor: Reader, cast: Cast) -> None:
    keys = [make.case(cast.northside, worker=cast.amina).key for _ in range(2)]
    db.session.commit()
    supervisor.page("/cases/reassign?" + "&".join(f"case={key}" for key in keys))
    supervisor.post("/cases/reassign", data={"case": keys[0]})
    query = select(AuditEntry.details).where(AuditEntry.event == "cases.listed")
    noted = [details["shown"] for details in db.session.scalars(query.order_by(AuditEntry.number))]
    assert noted == [2, 1]
