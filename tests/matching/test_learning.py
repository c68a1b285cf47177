"""What became of earlier people: bounded, fair to what is rarely offered, neutral without data."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.matching import learning
from linkwork.matching.learning import CAP, EXPLORED, LEAST_CASES, Told

TOLD = st.builds(
    Told,
    person=st.integers(0, 60),
    service=st.sampled_from("abcdef"),
    concepts=st.lists(st.sampled_from(["gardening", "debt", "grief"]), max_size=3).map(tuple),
    went=st.booleans(),
)
ALL = ("gardening", "debt", "grief")


def told(service: str, offered: int, went: int, *, first: int = 0) -> list[Told]:
    return [Told(first + n, service, ("grief",), n < went) for n in range(offered)]


def factors(*many: list[Told]) -> dict[str, float]:
    memory = learning.remember([one for some in many for one in some])
    return {service: lift.factor for service, lift in learning.lifts(memory, ["grief"]).items()}


@given(st.lists(TOLD, max_size=300))
def test_no_service_gains_or_loses_more_than_the_cap(many: list[Told]) -> None:
    for lift in learning.lifts(learning.remember(many), ALL).values():
        assert (1 - CAP) * (1 - EXPLORED) <= lift.factor <= 1 + CAP
        assert 0 <= lift.record.went <= lift.record.offered


@given(st.lists(TOLD, max_size=120), st.randoms())
def test_the_order_of_what_was_told_changes_nothing(many: list[Told], chance: object) -> None:
    mixed = sorted(many, key=lambda _: chance.random())  # type: ignore[attr-defined]
    one, other = (learning.lifts(learning.remember(some), ALL) for some in (many, mixed))
    assert one == other


@given(st.lists(TOLD, max_size=200))
def test_too_few_closed_cases_teach_nothing(many: list[Told]) -> None:
    memory = learning.remember(many)
    for lift in learning.lifts(memory, ALL).values():
        assert memory.cases[lift.concept] >= LEAST_CASES
    few = [one for one in many if one.person < LEAST_CASES - 1]
    assert learning.lifts(learning.remember(few), ALL) == {}


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_exploring_lifts_nothing_above_what_is_clearly_better(
    much: int, went: int, little: int, came: int
) -> None:
    """Where the record itself says nothing, what is best by more than the bonus stays first."""
    found = learning.lifts(
        learning.remember(
            told("often", much, went % (much + 1))
            + told("rare", little, came % (little + 1), first=1000)
        ),
        ["grief"],
    )
    silent = [lift.factor for lift in found.values() if lift.acts == 0]
    better, worse = 1.0, (1 - EXPLORED) * 0.999
    assert all(better * mine > worse * other for mine in [*silent, 1.0] for other in [*silent, 1.0])


def test_what_most_went_to_is_lifted_and_what_few_went_to_is_lowered() -> None:
    found = factors(told("good", 30, 28), told("bad", 30, 4, first=100))
    assert found["good"] > 1.03
    assert found["bad"] < 0.95


def test_even_what_everybody_went_to_gains_no_more_than_the_cap() -> None:
    found = factors(told("all", 2000, 2000), told("none", 2000, 0, first=5000))
    assert 1.1 < found["all"] <= (1 + CAP) * (1 - EXPLORED) + 0.001
    assert (1 - CAP) * (1 - EXPLORED) <= found["none"] < 0.9


def test_being_offered_often_is_no_merit() -> None:
    """Of two with the same share neither gains, and the one offered all the time is after."""
    found = factors(told("popular", 200, 100), told("small", 10, 5, first=500))
    assert 1 - EXPLORED <= found["popular"] < found["small"] < 1
    assert "new" not in found, "what was never offered keeps its place: a factor of 1"


def test_few_people_prove_little() -> None:
    usual = told("usual", 100, 50)
    sure, hardly = (factors(usual, told("x", n, n, first=500))["x"] for n in (20, 2))
    assert sure > 1.05
    assert hardly < 1, "two of two who went may be luck"


def test_a_person_counts_once_for_a_service_and_as_gone_if_they_ever_went() -> None:
    twice = [Told(1, "a", ("grief",), went=False), Told(1, "a", ("debt",), went=True)]
    for told_so in (twice, twice[::-1]):
        memory = learning.remember(told_so)
        assert memory.records["grief"]["a"] == learning.Record(1, 1)
        assert memory.cases == Counter(grief=1, debt=1)


def test_it_is_said_in_words() -> None:
    memory = learning.remember(told("a", 25, 24) + told("b", 25, 5, first=100))
    lift = learning.lifts(memory, ["grief"])["a"]
    assert (
        lift.words("Parkinson’s")
        == "24 of 25 people here with Parkinson’s who were offered this went"
    )


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # The textbook’s own: Newcombe 1998, Stat. Med. 17, table I.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
     (1, 29, 0.0061, 0.1718), (0, 0, 0.0, 1.0), (29, 29, 0.8830, 1.0)],
)  # fmt: skip
def test_the_interval_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    assert learning.wilson(part, whole) == pytest.approx((low, high), abs=0.0001)


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_an_interval_holds_its_share(part: int, whole: int) -> None:
    low, high = learning.wilson(min(part, whole), whole)
    assert 0 <= low <= min(part, whole) / whole <= high <= 1
