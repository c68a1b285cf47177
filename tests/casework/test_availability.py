"""What is said of places, waits, first days, and the next time on somebody’s own days."""

from datetime import date, datetime, time, timedelta

import pytest

from linkwork.casework import availability, offers
from linkwork.casework.offers import Meeting
from linkwork.database import db
from linkwork.matching import Limits
from linkwork.models import CapacityStatus, Schedule
from linkwork.timetable.slots import Slot
from tests import cast as people
from tests.conftest import NOW, TODAY

TUESDAYS_AND_SATURDAYS = Slot("TU,SA", time(10), time(12))


def said(limits, slot=TUESDAYS_AND_SATURDAYS, *, opens_on=None, ends_on=None, at=NOW):
    return availability.next_words(Meeting((slot,), opens_on, ends_on), limits, at=at)


@pytest.mark.one_engine
def test_the_next_time_is_one_of_the_persons_own_days():
    assert said(Limits()) == "Saturday 21 November, 10am to 12 noon"
    assert said(Limits(days=frozenset({1}))) == "Tuesday 24 November, 10am to 12 noon"
    assert said(Limits(from_time=time(13))) == ""
    evenings = {"days": frozenset({1}), "from_time": time(17), "more_days": frozenset({5})}
    assert said(Limits(**evenings)) == "Saturday 21 November, 10am to 12 noon"


@pytest.mark.one_engine
def test_what_is_closed_over_or_not_begun_is_passed_over():
    shut = Slot("FR", time(10), time(12), closed_bank_holidays=True, closed_on=("12-18",))
    before_christmas = datetime.combine(date(2026, 12, 12), time(9), NOW.tzinfo)
    # 18 December is named, and 25 December and 1 January are bank holidays.
    assert said(Limits(), shut, at=before_christmas) == "Friday 8 January, 10am to 12 noon"
    assert said(Limits(), ends_on=date(2026, 11, 20)) == ""
    assert said(Limits(), opens_on=date(2027, 1, 4)).startswith("Tuesday 5 January")


def test_places_waits_and_days_are_told_in_words(cast):
    waiting, silent, full, free, plain = (
        people.service(name=name, **facts)
        for name, facts in {
            "Waiting": {"capacity_status": CapacityStatus.WAITLIST},
            "Silent": {"capacity_status": CapacityStatus.WAITLIST},
            "Full": {"capacity_status": CapacityStatus.NO_CAPACITY, "capacity_confirmed_at": NOW},
            "Free": {"places": 4, "opens_on": date(2027, 1, 4)},
            "Plain": {"ends_on": TODAY + timedelta(days=20)},
        }.items()
    )
    case = people.case(cast.northside, worker=cast.amina)
    for service, days_ago, weeks in ((silent, 300, 40), (waiting, 60, 9), (waiting, 10, 6)):
        told = NOW - timedelta(days=days_ago)
        people.onward_referral(
            case, by=cast.amina, service=service, wait_weeks=weeks, waitlisted_at=told
        )
    services = (waiting, silent, full, free, plain)
    db.session.commit()

    found = availability.of([one.key for one in services], {}, Limits(), at=NOW)

    assert [found[one.key].places for one in services] == [
        "waiting list, about 6 weeks",
        "",
        "full since 18 November",
        "4 places",
        "",
    ]
    assert found[free.key].starts == "starts on 4 January 2027"
    assert found[plain.key].ends_soon == "ends soon, on 8 December"


def test_an_offer_knows_its_language_and_that_its_course_is_over(app):
    course = people.service(name="Urdu course", languages=["Urdu", "English"])
    for valid_to in (date(2026, 9, 1), date(2026, 10, 1)):
        db.session.add(Schedule(service_id=course.id, byday="TU", freq="WEEKLY", valid_to=valid_to))
    db.session.commit()

    [offer] = offers.directory().offers

    assert (offer.languages, offer.ends_on) == ({"ur", "en"}, date(2026, 10, 1))


def test_whom_it_is_for_is_read_from_its_words_again_only_when_they_change(app, monkeypatch):
    people.service(name="Choir", description="Singing for women")
    db.session.commit()
    [offer] = offers.directory().offers
    assert offer.gender == "women"

    read = []
    reading = offers.for_whom
    monkeypatch.setattr(
        offers, "for_whom", lambda **said: read.append(said["name"]) or reading(**said)
    )
    people.service(name="Walk", description="Walking for anybody")
    db.session.commit()

    assert [offer.gender for offer in offers.directory().offers].count("women") == 1
    assert read == ["Walk"]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("status", "wait_weeks", "next_in_days", "soonness"),
    [
        (None, None, 0, "now"),
        (None, None, 7, "now"),
        (None, None, 8, "month"),
        (None, None, 31, "month"),
        (None, None, 32, "longer"),
        (None, None, None, "unknown"),
        (None, 6, 2, "now"),
        (CapacityStatus.WAITLIST, None, 2, "unknown"),
        (CapacityStatus.WAITLIST, 1, 2, "now"),
        (CapacityStatus.WAITLIST, 4, 2, "month"),
        (CapacityStatus.WAITLIST, 6, None, "longer"),
        (CapacityStatus.NO_CAPACITY, None, 2, "unknown"),
    ],
)
def test_how_soon_is_the_next_day_after_the_wait(status, wait_weeks, next_in_days, soonness):
    next_on = None if next_in_days is None else TODAY + timedelta(days=next_in_days)

    assert availability.soonness(status, wait_weeks, next_on, today=TODAY) == soonness
