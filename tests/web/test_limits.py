"""The panel and the page of what an activity must keep to: kept, asked, refused, widened."""

import re

import pytest

from linkwork.casework import limits
from linkwork.casework.lexicon import concepts_of
from linkwork.database import db
from linkwork.models import OnwardOutcome, service_text
from tests import cast as people
from tests.cast import sign_in
from tests.conftest import TODAY
from tests.pages import read

NOTE = "No car since the stroke. Used to love gardening."


@pytest.fixture
def case(cast):
    found = people.case(cast.northside, worker=cast.amina)
    people.contact(found, by=cast.amina, notes=NOTE)
    db.session.commit()
    return found


@pytest.fixture
def amina(client, cast):
    return sign_in(client, cast.amina)


def address(case, more=""):
    return f"/cases/{case.key}/limits/{more}"


def send(amina, case, more="", **data):
    return amina.post(address(case, more), data={"once": "1", **data})


def panel(amina, case):
    return read(amina.get(f"/cases/{case.key}/matches/").text).text


def test_limits_are_asked_once_kept_and_listed(amina, case):
    assert "Nothing asked yet." in panel(amina, case)
    answer = send(amina, case, miles="2", max_cost="3.50", days=["1", "3"], from_time="10:00",
                  more_days=["5"], means=["bus"], not_alone="y", goes_with="her sister",
                  access=["step_free", "seat"], language="urdu", interpreter="yes")  # fmt: skip

    assert answer.location.endswith(f"/cases/{case.key}/matches/")
    shown = panel(amina, case)
    for words in ("By bus", "Up to 2 miles", "Not alone: with her sister", "Up to £3.50 each time",
                  "Tuesday and Thursday from 10am", "Saturday", "Step-free, somewhere to sit",
                  "Urdu, or with an interpreter"):  # fmt: skip
        assert words in shown
    again = amina.get(address(case)).text
    assert 'value="3.50"' in again
    assert 'value="her sister"' in again


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"max_cost": "lots"}, "decimal"),
        ({"miles": "900"}, "choice"),
        ({"from_time": "25:00"}, "Enter a real time"),
        ({"days": "9"}, "choice"),
        ({"max_cost": "-1"}, "from 0 to 1,000"),
        ({"max_cost": "5", "free_only": "y"}, "Take one away"),
        ({"miles": "2", "minutes": "20"}, "not both"),
        ({"minutes": "900"}, "from 5 to 180"),
        ({"interpreter": "yes"}, "Enter the language first"),
        ({"not_again": "nobody-tried-this"}, "choice"),
    ],
)
def test_a_limit_that_makes_no_sense_is_sent_back(amina, case, wrong, sentence):
    answer = send(amina, case, goes_with="Kit <b>", **wrong)

    assert answer.status_code == 422
    assert sentence in read(answer.text).text
    assert 'value="Kit &lt;b&gt;"' in answer.text
    assert case.limits == {}


def test_limits_that_leave_nothing_are_said_and_what_was_typed_survives(amina, case):
    answer = send(amina, case, goes_with="her sister", housebound="y", ways=["in_person"])

    assert answer.status_code == 409
    assert "only in person suits them" in read(answer.text).text
    assert 'value="her sister"' in answer.text


def test_an_older_tab_overwrites_nothing_and_what_was_kept_meanwhile_is_shown(amina, case, cast):
    garden = people.service(name="Mill Lane")
    limits.keep(case, {"miles": "1"}, by=cast.amina, on=TODAY)
    db.session.commit()
    seen = seen_in(amina.get(address(case)).text)
    limits.never_again(case, garden, by=cast.amina, on=TODAY)
    db.session.commit()

    older = send(amina, case, seen=seen, miles="5", goes_with="her sister")
    assert older.status_code == 409
    page = read(older.text).text
    assert "changed meanwhile" in page
    assert "Mill Lane" in page.split("What is kept now")[1].split("Getting there")[0]
    assert 'value="her sister"' in older.text
    assert limits.kept_of(case).values["miles"] == "1"

    now = seen_in(older.text)
    assert send(amina, case, seen=now, miles="5", not_again=[garden.key]).status_code == 303
    assert limits.kept_of(case).values["not_again"] == [garden.key]


def seen_in(page):
    found = re.search(r'name="seen"[^>]*value="(\w+)"', page)
    return found[1] if found else ""


def test_what_is_heard_is_asked_and_a_yes_is_kept(amina, case):
    assert "Heard: “No car” . Do they travel by bus?" in panel(amina, case)

    send(amina, case, "answer", question="bus", answer="yes")

    shown = panel(amina, case)
    assert "Heard: “No car”" not in shown
    assert "By bus" in shown


def test_limits_of_the_last_episode_are_marked_until_somebody_says_they_are_right(
    amina, case, cast
):
    old = people.case(cast.northside, worker=cast.amina, person=case.person)
    old.limits = {"miles": "3", "kept_on": "2026-02-04"}
    db.session.commit()
    assert "From 4 February 2026: still right?" in panel(amina, case)

    send(amina, case, "still-right")

    shown = panel(amina, case)
    assert "still right?" not in shown
    assert "Up to 3 miles" in shown


def test_what_was_tried_and_is_not_wanted_says_so_under_not_shown(amina, case, cast):
    words = "Gardening on a shared allotment"
    garden = people.service(name="Mill <i>Lane</i>", concepts=concepts_of("", words, []))
    people.onward_referral(case, by=cast.amina, service=garden, outcome=OnwardOutcome.DID_NOT_HELP)
    service_text.reindex([garden.id])
    db.session.commit()
    assert "Mill &lt;i&gt;Lane" in amina.get(address(case)).text

    send(amina, case, not_again=[garden.key])

    assert "1 tried before and not wanted again" in panel(amina, case)


def test_something_tried_is_kept_in_a_workers_own_words(amina, case):
    send(amina, case, unwanted_words="gardening")
    assert "Gardening" in panel(amina, case).split("Not again")[1]

    answer = send(amina, case, unwanted_words="xylophagous quandary")
    assert answer.status_code == 409
    assert 'value="xylophagous quandary"' in answer.text


def test_one_press_takes_a_limit_further_and_nonsense_is_refused(amina, case, cast):
    limits.keep(case, {"miles": "1"}, by=cast.amina, on=TODAY)
    db.session.commit()

    assert send(amina, case, "widen", step="distance:5").status_code == 303
    assert send(amina, case, "widen", step="age:5").status_code == 409
    assert "Up to 5 miles" in panel(amina, case)


def test_who_cannot_travel_alone_has_somebody_go_along_the_first_time(amina, case, cast):
    new = f"/cases/{case.key}/onward-referrals/new?service={people.service().key}"
    db.session.commit()
    ticked = re.compile(r'<input[^>]*checked[^>]*name="needs_accompanying"')
    assert not ticked.search(amina.get(new).text)

    send(amina, case, not_alone="y")

    assert ticked.search(amina.get(new).text)


def test_the_ways_that_are_left_are_listed(amina, case, cast):
    case.limits = {"housebound": True, "not_online": True}
    db.session.commit()

    assert "Cannot leave home: at their home, by phone or by text" in panel(amina, case)


def test_without_a_postcode_no_distance_is_stated_and_said_once(amina, case):
    case.person.postcode = None
    db.session.commit()

    assert panel(amina, case).count("no distance is stated") == 1


def test_another_pcns_worker_finds_nothing(client, cast, case):
    sign_in(client, cast.cath)

    assert client.get(address(case)).status_code == 404
    assert client.post(address(case, "widen"), data={"step": "day:1"}).status_code == 404
