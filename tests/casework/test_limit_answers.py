"""What a yes to a question, or one step further, makes of kept limits; and what leaves nothing."""

from datetime import time
from decimal import Decimal

import pytest

from linkwork.casework import limit_answers
from linkwork.casework.limits import made_of
from linkwork.errors import RuleBroken
from linkwork.matching import hints
from linkwork.matching.contradictions import contradictions
from linkwork.models import Person
from tests.conftest import TODAY

MONDAY = {"miles": "1", "max_cost": "0", "days": [0], "from_time": "11:00:00",
          "to_time": "14:00:00", "ways": ["phone"], "language": "Urdu", "interpreter": "no",
          "single_sex": True}  # fmt: skip


def made(values, **facts):
    person = Person(date_of_birth=TODAY, **{"gender": "female", "carer": False, **facts})
    return made_of(person, values, on=TODAY)


@pytest.mark.parametrize(
    ("step", "name", "value"),
    [
        ("distance:5", "max_km", 5 * 1.609344),
        ("distance:", "max_km", None),
        ("cost:3", "max_cost", Decimal(3)),
        ("day:5", "days", {0, 5}),
        ("from:09:00", "from_time", time(9)),
        ("to:", "to_time", None),
        ("way:online", "ways", {"phone", "online"}),
        ("interpreter:", "interpreter", True),
        ("mixed:", "single_sex", False),
    ],
)
def test_one_press_takes_one_limit_further(step, name, value):
    assert getattr(made(limit_answers.widened(MONDAY, step)), name) == value


@pytest.mark.parametrize("step", ["distance:1", "cost:1", "day:0", "from:12:00", "to:13:00"])
def test_a_step_of_a_page_that_is_out_of_date_never_narrows(step):
    wide = {**MONDAY, "miles": "10", "max_cost": "5"}

    assert limit_answers.widened(wide, step) == wide
    assert limit_answers.widened({}, step) == {}


@pytest.mark.parametrize("step", ["", "distance:900", "day:9", "age:", "cost:NaN", "from:9"])
def test_a_step_that_is_none_of_ours_is_refused(step):
    with pytest.raises(RuleBroken, match="no longer asked"):
        limit_answers.widened(MONDAY, step)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"housebound": True, "ways": ["in_person"]}, "only in person suits them"),
        ({"single_sex": True}, "does not say women or men"),
        ({"more_days": [5], "more_from": "20:00:00", "more_to": "20:00:00"}, "over by 20:00"),
        ({"from_time": "23:45:00"}, "over by midnight"),
    ],
)
def test_limits_that_leave_nothing_are_said_in_a_sentence(values, sentence):
    [said] = contradictions(made(values, gender=None))
    assert sentence in said


@pytest.mark.parametrize("code", sorted(hints.EVERY))
def test_every_question_is_settled_by_its_yes_and_leaves_something(code):
    values = limit_answers.after({}, code, yes=True)

    assert code in limit_answers.settled(values)
    assert contradictions(made(values)) == ()
    assert limit_answers.after({}, code, yes=False) == {}


def test_days_taken_away_keep_the_other_hours_of_those_that_stay():
    values = {"days": [0], "from_time": "10:00:00", "more_days": [5, 6], "more_from": "17:00:00"}

    left = made(limit_answers.after(values, "not_day_0", yes=True))

    assert (left.days, left.from_time, left.more_days) == ({5, 6}, time(17), frozenset())
