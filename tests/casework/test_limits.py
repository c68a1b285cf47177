"""A person’s limits: from their record, asked once, kept, and gone on with in the next episode."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from linkwork.casework import limits
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import OnwardOutcome
from tests import cast as people
from tests.conftest import TODAY

EARLIER = TODAY - timedelta(days=200)


@pytest.fixture
def case(cast):
    return people.case(cast.northside, worker=cast.amina)


def kept(case, by, **values):
    limits.keep(case, values, by=by, on=TODAY)
    return limits.limits_of(case, on=TODAY)


def test_what_the_record_says_is_not_asked_again(cast, case):
    case.person.gender, case.person.carer = "Female", True
    case.person.language, case.person.interpreter = "Urdu", True

    found = limits.limits_of(case, on=TODAY)

    assert (found.age, found.gender, found.groups) == (72, "women", {"carers"})
    assert (found.languages, found.interpreter) == ({"ur"}, True)
    assert not found.all_groups  # nobody asked for the others
    assert kept(case, cast.amina, housebound=True).groups == {"carers", "housebound"}


def test_a_language_without_an_interpreter_is_no_limit(cast, case):
    case.person.language = "Urdu"
    assert limits.limits_of(case, on=TODAY).languages == frozenset()

    case.person.language, case.person.interpreter = "English and some Welsh", True
    assert limits.limits_of(case, on=TODAY).languages == frozenset()


def test_a_language_of_the_record_stays_a_limit_until_somebody_says_any_will_do(cast, case):
    case.person.language, case.person.interpreter = "Urdu", True

    assert kept(case, cast.amina, miles="2").languages == {"ur"}
    assert kept(case, cast.amina, any_language=True).languages == frozenset()


def test_what_was_asked_becomes_hard_limits(cast, case):
    asked = {"miles": "2", "max_cost": "3.50", "days": [0, 1], "from_time": "10:00:00",
             "more_days": [5], "more_to": "12:00:00", "access": ["seat"], "ways": ["in_person"],
             "language": "Punjabi", "interpreter": "no"}  # fmt: skip

    found = kept(case, cast.amina, **asked)

    assert found.max_km == pytest.approx(3.22, abs=0.01)
    assert (found.max_cost, found.days, found.from_time) == (Decimal("3.50"), {0, 1}, time(10))
    assert (found.more_days, found.more_to) == ({5}, time(12))
    assert (found.access, found.ways) == ({"seat"}, {"in_person"})
    assert (found.languages, found.interpreter) == ({"pa"}, False)


def test_minutes_become_miles_by_the_fastest_way_they_travel(cast, case):
    on_foot = kept(case, cast.amina, minutes=40, means=["walking"])
    by_bus = kept(case, cast.amina, minutes=40, means=["walking", "bus"])

    assert on_foot.max_km == pytest.approx(2 * 1.609, abs=0.01)
    assert by_bus.max_km == pytest.approx(5 * 1.609, abs=0.01)


def test_what_was_kept_before_there_were_ways_still_holds(case):
    case.limits = {"not_online": True, "not_phone": True, "miles": "1"}

    assert limits.limits_of(case, on=TODAY).ways == {"in_person", "home"}


def test_a_new_episode_begins_with_the_limits_of_the_last_one(cast, case):
    person = case.person
    old = people.case(cast.northside, worker=cast.amina, person=person)
    old.limits = {"miles": "3", "kept_on": EARLIER.isoformat()}
    db.session.flush()

    found = limits.kept_of(case)
    assert (found.values["miles"], found.kept_on, found.is_earlier) == ("3", EARLIER, True)

    limits.confirm(case, by=cast.amina, on=TODAY)
    found = limits.kept_of(case)
    assert (found.values["miles"], found.kept_on, found.is_earlier) == ("3", TODAY, False)


def test_one_change_confirms_nothing_else_of_an_earlier_episode(cast, case):
    old = people.case(cast.northside, worker=cast.amina, person=case.person)
    old.limits = {"miles": "3", "kept_on": EARLIER.isoformat()}
    service = people.service("Men’s shed")
    db.session.flush()

    limits.never_again(case, service, by=cast.amina, on=TODAY)

    found = limits.kept_of(case)
    assert (found.kept_on, found.is_earlier) == (EARLIER, True)
    assert found.values["not_again"] == [service.key]
    limits.confirm(case, by=cast.amina, on=TODAY)
    found = limits.kept_of(case)
    assert (found.kept_on, found.is_earlier, found.values["miles"]) == (TODAY, False, "3")


def test_limits_kept_at_another_pcn_stay_there(cast, case):
    there = people.case(cast.southside, worker=cast.cath, person=case.person)
    there.limits = {"miles": "3", "kept_on": EARLIER.isoformat()}
    db.session.flush()

    assert limits.kept_of(case).is_empty


def test_limits_taken_back_do_not_come_again_from_the_last_episode(cast, case):
    old = people.case(cast.northside, worker=cast.amina, person=case.person)
    old.limits = {"miles": "3"}
    db.session.flush()

    assert kept(case, cast.amina).max_km is None


def test_limits_that_leave_nothing_are_refused_in_a_sentence(cast, case):
    with pytest.raises(RuleBroken, match="15:00 or later and be over by 10:00"):
        kept(case, cast.amina, from_time="15:00:00", to_time="10:00:00")


def test_limits_of_a_case_that_has_ended_stay_as_they_are(cast, case):
    case.declined_at = case.opened_at
    with pytest.raises(RuleBroken, match="declined"):
        kept(case, cast.amina, miles="1")


NOTE = "No car, can't do stairs. On Tuesdays she has dialysis. Skint. Her son is housebound."


def asked(case, note=NOTE):
    return [one.hint.code for one in limits.questions(case, note, limits.kept_of(case))]


def test_words_in_a_note_only_lead_to_a_question(cast, case):
    assert asked(case) == ["bus", "step_free", "free", "not_day_1"]
    assert limits.kept_of(case).is_empty

    limits.answer(case, "not_day_1", yes=True, by=cast.amina, on=TODAY)
    limits.answer(case, "free", yes=False, by=cast.amina, on=TODAY)

    found = limits.limits_of(case, on=TODAY)
    assert (found.days, found.max_cost) == ({0, 2, 3, 4, 5, 6}, None)
    assert asked(case) == ["bus", "step_free"]


def test_words_about_access_on_the_record_are_asked_about_too(case):
    case.person.access_needs = "Wheelchair user"

    assert asked(case, "In a wheelchair") == ["step_free"]
    [question] = limits.questions(case, "", limits.kept_of(case))
    assert question.on_record


@pytest.mark.parametrize(
    ("yes", "languages", "would_do"), [(True, {"ur"}, True), (False, set(), None)]
)
def test_a_language_on_the_record_is_asked_about_once(cast, case, yes, languages, would_do):
    case.person.language = "Urdu"
    assert asked(case, "") == ["language"]

    limits.answer(case, "language", yes=yes, by=cast.amina, on=TODAY)

    found = limits.limits_of(case, on=TODAY)
    assert (found.languages, found.interpreter) == (languages, would_do)
    assert asked(case, "") == []


def test_a_question_is_not_asked_where_the_answer_is_kept(cast, case):
    kept(case, cast.amina, max_cost="0", access=["step_free"], means=["bus"], days=[0])

    assert asked(case) == []


def test_an_answer_that_leaves_no_day_is_refused(cast, case):
    kept(case, cast.amina, days=[1])

    with pytest.raises(RuleBroken, match="No day would be left"):
        limits.answer(case, "not_day_1", yes=True, by=cast.amina, on=TODAY)
    with pytest.raises(RuleBroken, match="no longer asked"):
        limits.answer(case, "'; drop table", yes=True, by=cast.amina, on=TODAY)


def test_evenings_leave_the_weekend_its_own_hours(cast, case):
    limits.answer(case, "evenings", yes=True, by=cast.amina, on=TODAY)

    found = limits.limits_of(case, on=TODAY)
    assert (found.days, found.from_time) == ({0, 1, 2, 3, 4}, time(17))
    assert (found.more_days, found.more_from) == ({5, 6}, None)


def test_what_came_to_nothing_is_offered_to_be_left_out(cast, case):
    for name, outcome in [("Choir", OnwardOutcome.DID_NOT_HELP), ("Garden", OnwardOutcome.HELPED)]:
        service = people.service(name=name)
        people.onward_referral(case, by=cast.amina, service=service, outcome=outcome)

    [choir] = limits.tried(case)
    assert choir.name == "Choir"

    limits.never_again(case, choir, by=cast.amina, on=TODAY)
    assert limits.limits_of(case, on=TODAY).not_again == {choir.key}

    limits.once_more(case, choir, by=cast.amina, on=TODAY)
    assert limits.limits_of(case, on=TODAY).not_again == frozenset()


def test_a_service_that_was_merged_stays_away_under_its_new_key(cast, case):
    old, new = people.service(name="Choir"), people.service(name="Town choir")
    db.session.flush()
    limits.never_again(case, old, by=cast.amina, on=TODAY)
    old.merged_into_id = new.id
    db.session.flush()

    assert limits.limits_of(case, on=TODAY).not_again == {old.key, new.key}


def test_an_age_in_years_is_taken_on_the_day_asked(case):
    case.person.date_of_birth = date(TODAY.year - 18, TODAY.month, TODAY.day) + timedelta(days=1)

    assert limits.limits_of(case, on=TODAY).age == 17
    assert limits.limits_of(case, on=TODAY + timedelta(days=1)).age == 18
