"""Times for a calendar, and times that an editor confirms, through the pages."""

from datetime import date, time
from typing import Any

import pytest
from flask.testing import FlaskClient

from linkwork import clock
from linkwork.casework import goals, interests, plan_links, plans, shared_links
from linkwork.database import db
from linkwork.models import Schedule, Service, SupportCase
from tests import cast as make
from tests.cast import Cast, sign_in

pytestmark = pytest.mark.one_engine


def choir(**facts: Any) -> Service:
    service: Service = make.service("Riverside choir")
    usual = {"freq": "WEEKLY", "byday": "TH", "opens_at": time(14), "closes_at": time(16)}
    service.schedules = [Schedule(**usual | facts)]
    db.session.commit()
    return service


def planned(cast: Cast) -> SupportCase:
    case = make.case(cast.northside, worker=cast.amina, first_conversation_at=clock.now())
    goals.write(case, "Sing again", by=cast.amina, at=clock.now())
    today = clock.today()
    plans.agree(case, on=today, review_on=date(2026, 12, 18), by=cast.amina, now=clock.now())
    make.onward_referral(case, by=cast.amina, service=choir(), first_attended_at=clock.now())
    waiting = make.service("Full house")
    waiting.schedules = [Schedule(freq="WEEKLY", byday="MO")]
    make.onward_referral(case, by=cast.amina, service=waiting, waitlisted_at=clock.now())
    db.session.commit()
    return case


def test_the_times_of_an_activity_are_saved_for_a_calendar(client: FlaskClient, cast: Cast) -> None:
    service = choir()
    sign_in(client, cast.amina)
    page = client.get(f"/services/{service.key}").text
    assert "Tomorrow, 2pm to 4pm" in page
    answer = client.get(f"/services/{service.key}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="activity.ics"'
    assert "SUMMARY:Riverside choir" in answer.text


def test_a_plan_is_saved_with_what_they_go_to_and_without_their_name(
    client: FlaskClient, cast: Cast
) -> None:
    case = planned(cast)
    sign_in(client, cast.amina)
    answer = client.get(f"/cases/{case.key}/plan.ics")
    assert "SUMMARY:Riverside choir" in answer.text
    assert "Full house" not in answer.text
    assert case.person.family_name not in answer.text
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plan.ics"'


def test_a_link_gives_the_times_to_whoever_knows_the_date_of_birth(
    client: FlaskClient, cast: Cast
) -> None:
    case = planned(cast)
    link = plan_links.share(case, by=cast.amina, at=clock.now())
    address = f"/plan/{shared_links.token(link)}"
    db.session.commit()
    assert client.get(f"{address}/plan.ics").status_code == 302
    client.post(address, data={"born_on": "12/3/1954"})
    assert "SUMMARY:Riverside choir" in client.get(f"{address}/plan.ics").text


def test_an_editor_sees_what_was_not_read_and_confirms_the_rest(
    client: FlaskClient, cast: Cast
) -> None:
    service = choir(doubt="partly", reading="abc", description="Thurs 2-4 at the mill")
    sign_in(client, cast.editor)
    address = f"/services/{service.key}"
    page = client.get(address).text
    assert "Are these times right?" in page
    assert "“Thurs 2-4 at the mill”, in the provider’s own words" in page
    assert "Tomorrow" not in page
    page = client.post(f"{address}/confirm-times", follow_redirects=True).text
    assert "The times are confirmed." in page
    assert "Are these times right?" not in page
    assert "Tomorrow, 2pm to 4pm" in page


def test_a_match_says_when_it_meets_next_unless_that_is_in_doubt(
    client: FlaskClient, cast: Cast
) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    for name, doubt in (("Sure choir", None), ("Doubtful choir", "differs")):
        service = make.service(name, description="Singing together", concepts={"singing": 1.0})
        one = Schedule(freq="WEEKLY", byday="TH", opens_at=time(14), doubt=doubt)
        one.reading = "abc" if doubt else None
        service.schedules = [one]
    interests.confirm(case, "singing", by=cast.amina, at=clock.now())
    db.session.commit()
    sign_in(client, cast.amina)
    page = client.get(f"/cases/{case.key}/matches/").text
    assert "Sure choir" in page
    assert "Doubtful choir" in page
    assert page.count("Next: Tomorrow, from 2pm") == 1
