"""A number, or the reason why there is none."""

import math

import pytest

from linkwork.capacity.figure import Figure, counted, missing, people, ratio


@pytest.mark.parametrize("wrong", [math.inf, -math.inf, math.nan])
def test_a_figure_is_never_infinite(wrong: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        Figure(wrong)


def test_a_missing_figure_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        Figure(None)


def test_a_missing_figure_is_shown_as_a_dash_and_keeps_its_reason() -> None:
    figure = ratio(3, 0, "Nobody was there.")
    assert (figure.text(), figure.known, figure.scaled(100).reason) == ("-", False, figure.reason)


def test_a_figure_is_shown_with_thousands_and_without_a_negative_nothing() -> None:
    assert Figure(124583.04).text() == "124,583"
    assert Figure(-0.04).text(1) == "0.0"
    assert Figure(-4.26).text(1) == "-4.3"
    assert Figure(0.424).scaled(100).text() == "42"
    assert missing("x").text(2) == "-"


def test_one_person_is_not_one_people() -> None:
    assert (people(1), people(0), people(1204)) == ("1 person", "0 people", "1,204 people")
    assert (counted(1, "week"), counted(14, "week")) == ("1 week", "14 weeks")
