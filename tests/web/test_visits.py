"""Home visits on the page: planned, started and ended with one press, and seen when overdue."""

from datetime import timedelta

import pytest

from linkwork.casework import visits
from linkwork.database import db
from linkwork.models import SupportCase, User, Visit, VisitState
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW, TODAY, Clock
from tests.pages import Reader
from tests.statements import watching

# What is kept is asked on both engines: tests/casework/test_visits.py.
pytestmark = pytest.mark.one_engine

HOUR = timedelta(hours=1)


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina, person=make.person(address="1 Elm Lane"))


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    sign_in(client, cast.amina)
    return client


def planned(case: SupportCase, by: User) -> Visit:
    visit = visits.plan(case, planned_at=NOW + HOUR, by=by, at=NOW)
    db.session.commit()
    return visit


def press(client: Reader, visit: Visit, what: str, **typed: str) -> int:
    return client.post(f"/visits/{visit.key}/{what}", data=typed).status_code


def test_a_visit_is_planned_from_its_case_and_stands_on_the_list_of_the_day(
    amina: Reader, case: SupportCase
) -> None:
    typed = {"on": "2026-11-18", "at": "14:00", "minutes": "45", "once": "one"}
    for _ in range(2):
        answer = amina.post(f"/cases/{case.key}/visits/new", data=typed)
        assert (answer.status_code, answer.location) == (303, "/visits")
    text = amina.page("/visits").text
    assert text.count("14:00, 45 minutes") == 1
    assert "1 Elm Lane" in text
    assert "14:00, 45 minutes" in amina.page(f"/cases/{case.key}").text


def test_a_visit_is_started_and_ended_with_one_press_each(
    amina: Reader, case: SupportCase, cast: Cast, clock: Clock
) -> None:
    visit = planned(case, cast.amina)
    for _ in range(2):
        assert press(amina, visit, "start") == 303
    assert visit.state is VisitState.UNDER_WAY
    assert "I am safe" in amina.page("/visits").text
    clock.advance(minutes=40)
    sign_in(amina, cast.amina)
    for _ in range(2):
        assert press(amina, visit, "safe") == 303
    assert visit.safe_at == NOW + timedelta(minutes=40)
    assert "Home visit" in amina.page(f"/cases/{case.key}").text


def test_half_an_hour_more_is_half_an_hour_however_often_it_is_pressed(
    amina: Reader, case: SupportCase, cast: Cast
) -> None:
    visit = planned(case, cast.amina)
    press(amina, visit, "start")
    until = (NOW + HOUR + timedelta(minutes=30)).isoformat()
    assert until in amina.get("/visits").text.replace("&#43;", "+")
    for _ in range(2):
        press(amina, visit, "extend", until=until)
    assert visit.expected_end_at == NOW + HOUR + timedelta(minutes=30)
    assert press(amina, visit, "extend", until="soon") == 303
    assert "Choose how much longer" in amina.page("/visits").text


def test_nobody_starts_alone_where_nobody_should(
    amina: Reader, case: SupportCase, cast: Cast
) -> None:
    case.person.lone_worker_reason, case.person.lone_worker_review_on = "Threats", TODAY
    visit = planned(case, cast.amina)
    assert "Say who goes with you" in amina.page("/visits").text
    refused = amina.post(f"/visits/{visit.key}/start", data={"once": "one"})
    assert refused.status_code == 409
    assert "Nobody should visit this person alone" in refused.text
    assert press(amina, visit, "start", companion="Ben Harte", minutes="30") == 303
    assert (visit.companion, visit.expected_end_at) == ("Ben Harte", NOW + HOUR / 2)


def test_an_overdue_visit_stands_on_every_page_of_the_team_and_of_nobody_else(
    client: Reader, case: SupportCase, cast: Cast, clock: Clock
) -> None:
    visit = planned(case, cast.amina)
    visits.start(visit, by=cast.amina, at=NOW)
    clock.advance(hours=1, minutes=1)
    for who in (cast.ben, cast.supervisor):
        sign_in(client, who)
        for address in ("/cases/", "/services", "/help"):
            text = client.page(address).text
            assert "Amina Okafor has not said “I am safe”" in text
            assert case.person.family_name not in text or address == "/cases/"
    for who in (cast.lead, cast.dev, cast.cath, cast.admin):
        sign_in(client, who)
        assert "not said" not in client.page("/services").text
    sign_in(client, cast.amina)
    assert "You have not said “I am safe”" in client.page("/services").text


def test_a_colleague_finds_at_once_where_somebody_overdue_is(
    client: Reader, case: SupportCase, cast: Cast, clock: Clock
) -> None:
    visit = planned(case, cast.amina)
    visits.start(visit, by=cast.amina, at=NOW)
    db.session.commit()
    sign_in(client, cast.ben)
    assert "/cover" in client.get(f"/visits/{visit.key}").location, "not overdue: give a reason"
    clock.advance(hours=2)
    sign_in(client, cast.ben)
    text = client.page(f"/visits/{visit.key}").text
    assert "1 Elm Lane" in text
    assert "Ring them now" in text
    assert press(client, visit, "safe") == 303
    assert visit.safe_by == cast.ben
    assert "not said" not in client.page("/visits").text


def test_the_warning_costs_every_page_one_query(
    amina: Reader, case: SupportCase, cast: Cast
) -> None:
    planned(case, cast.amina)
    with watching() as asked:
        amina.get("/help")
    assert len([s for s, _ in asked if "FROM visit" in s]) == 1


def test_a_visit_is_called_off_once(amina: Reader, case: SupportCase, cast: Cast) -> None:
    visit = planned(case, cast.amina)
    for _ in range(2):
        assert press(amina, visit, "cancel") == 303
    assert visit.state is VisitState.CANCELLED
    assert press(amina, visit, "safe") == 303
    assert "has not been started" in amina.page("/visits").text


def test_the_list_on_paper_has_what_a_visitor_needs_and_no_more(
    amina: Reader, case: SupportCase, cast: Cast
) -> None:
    case.person.alert, case.person.safe_to_contact = "Large dog", "No voicemail"
    planned(case, cast.amina)
    text = amina.page("/visits/day-list").text
    for words in ("Rosa Quill", "1 Elm Lane", "07700 900123", "Large dog", "No voicemail", "shred"):
        assert words in text
    assert str(case.person.nhs_number)[:3] + " " not in text
    assert "1954" not in text
