"""Section 3: shares that sum exactly to the target."""

from itertools import pairwise
from random import Random
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.capacity.shares import (
    Claim,
    ShareRefused,
    apportion,
    by_deprivation,
    by_list,
    by_wte,
    inherit,
)

LISTS = {"U1": 52_000, "U2": 31_000, "U3": 74_000, "U4": 43_000}
PROFILES = {
    "U1": (0.5, 0.3, 0.1, 0.1, 0.0),
    "U2": (0.0, 0.1, 0.2, 0.3, 0.4),
    "U3": (0.2, 0.2, 0.2, 0.2, 0.2),
    "U4": (0.1, 0.2, 0.3, 0.2, 0.2),
}
FOUR = [Claim(code, size, quintiles=PROFILES[code]) for code, size in LISTS.items()]

sizes = st.lists(st.integers(1, 100_000), max_size=40)
totals = st.integers(0, 1_000_000)


def claims_of(lists: list[int]) -> list[Claim]:
    return [Claim(f"U{n:04}", size) for n, size in enumerate(lists)]


def test_section_3_four_lists_have_their_shares_and_the_rest_of_england_the_rest() -> None:
    shares = by_list(125_000, FOUR)
    assert [row.people for row in shares.rows] == [108, 65, 154, 90]
    assert shares.rest.people == 124_583


def test_section_3_target_a_is_2_082_for_each_thousand_registered() -> None:
    assert by_list(125_000, [Claim("U1", 1000)]).rows[0].exact == pytest.approx(2.082, abs=0.0005)


def test_section_3_a_deprived_list_has_more() -> None:
    exact = [row.exact for row in by_deprivation(125_000, FOUR).rows]
    assert exact == pytest.approx([134.3, 51.6, 154.1, 86.0], abs=0.05)


def test_section_3_without_tilt_deprivation_is_exactly_list() -> None:
    level, plain = by_deprivation(125_000, FOUR, tilt=0), by_list(125_000, FOUR)
    assert (level.rows, level.rest) == (plain.rows, plain.rest)


def test_section_3_shares_by_wte_follow_additional_wte() -> None:
    shares = by_wte(125_000, [Claim("U1", wte=1.0), Claim("U2", wte=0.6), Claim("U3", wte=0)])
    assert [row.people for row in shares.rows] == [250, 150, 0]
    assert shares.rest.people == 124_600


def test_section_3_a_missing_list_is_named_and_never_a_silent_nought() -> None:
    shares = by_list(125_000, [*FOUR, Claim("U5"), Claim("U6", 0)])
    assert [(out.code, out.reason) for out in shares.excluded] == [
        ("U5", "no list size"),
        ("U6", "no list size"),
    ]
    assert "U5" not in {row.code for row in shares.rows}
    assert shares.of("U5").text() == "-"
    assert shares.of("U5").reason == "There is no share for U5: no list size."


@pytest.mark.parametrize(
    ("profile", "reason"),
    [
        (None, "no deprivation profile"),
        ((0.5, 0.1, 0.1, 0.0, 0.0), "a deprivation profile that does not add up to 100%"),
        ((1.5, -0.5, 0.0, 0.0, 0.0), "a deprivation profile that does not add up to 100%"),
    ],
)
def test_a_share_by_deprivation_says_what_is_wrong_with_a_profile(
    profile: tuple[float, float, float, float, float] | None, reason: str
) -> None:
    shares = by_deprivation(125_000, [Claim("U1", 1000, quintiles=profile)])
    assert shares.excluded[0].reason == reason


def test_a_missing_wte_is_named_too() -> None:
    assert by_wte(100, [Claim("U1", 9)]).excluded[0].reason == "no additional WTE recorded"


def test_section_3_equal_remainders_go_to_the_larger_list_then_the_lower_code() -> None:
    even = by_list(3, [Claim("U2", 10), Claim("U1", 10)], national_list=20)
    assert {row.code: row.people for row in even.rows} == {"U1": 2, "U2": 1}
    uneven = by_list(2, [Claim("U1", 10), Claim("U2", 30)], national_list=40)
    assert {row.code: row.people for row in uneven.rows} == {"U1": 0, "U2": 2}


def test_section_3_the_successor_of_a_merger_inherits_the_sum() -> None:
    merged = inherit(by_list(125_000, FOUR), "U9", ["U1", "U2"])
    assert merged.of("U9").value == 108 + 65
    assert not merged.of("U1").known
    assert sum(row.people for row in merged.rows) + merged.rest.people == 125_000


def test_a_pcn_that_takes_another_in_keeps_its_own_share() -> None:
    assert inherit(by_list(125_000, FOUR), "U1", ["U2"]).of("U1").value == 108 + 65


def test_a_successor_cannot_inherit_from_a_pcn_without_a_share() -> None:
    with pytest.raises(ShareRefused, match="U7 has no share to hand on"):
        inherit(by_list(125_000, FOUR), "U9", ["U1", "U7"])


def test_section_3_a_share_keeps_the_inputs_it_was_worked_out_from() -> None:
    shares = by_deprivation(125_000, FOUR)
    assert (shares.claims, shares.base, shares.tilt) == (tuple(FOUR), 60_025_000, 0.4)


def test_lists_that_exceed_the_national_list_say_so() -> None:
    with pytest.raises(ShareRefused, match="add up to 200,000, more than the national figure"):
        by_list(125_000, FOUR, national_list=100_000)


@pytest.mark.parametrize(
    ("total", "claims", "words"),
    [
        (-1, FOUR, "from 0 upwards"),
        (10, [Claim("U1", 1), Claim("U1", 2)], "U1 is listed more than once"),
        (10, [Claim("", 1)], "needs a code"),
    ],
)
def test_shares_say_what_they_cannot_be_worked_out_from(
    total: int, claims: list[Claim], words: str
) -> None:
    with pytest.raises(ShareRefused, match=words):
        by_list(total, claims)


def test_a_tilt_outside_0_to_1_is_refused() -> None:
    with pytest.raises(ShareRefused, match="from 0 to 1"):
        by_deprivation(10, FOUR, tilt=1.1)


def test_nothing_can_be_divided_over_nobody() -> None:
    with pytest.raises(ShareRefused, match="nothing to divide"):
        by_list(10, [], national_list=0)


@given(totals, sizes)
def test_shares_sum_exactly_to_the_target(total: int, lists: list[int]) -> None:
    shares = by_list(total, claims_of(lists))
    assert sum(row.people for row in shares.rows) + shares.rest.people == total


@given(totals, sizes, st.floats(0, 1), st.data())
def test_tilted_shares_sum_exactly_to_the_target(
    total: int, lists: list[int], tilt: float, data: st.DataObject
) -> None:
    parts = st.tuples(*[st.integers(1, 99)] * 5)
    profiles = [data.draw(parts) for _ in lists]
    claims = [
        Claim(f"U{n:04}", size, quintiles=tuple(part / sum(found) for part in found))
        for n, (size, found) in enumerate(zip(lists, profiles, strict=True))
    ]
    shares = by_deprivation(total, claims, tilt=tilt)
    assert len(shares.rows) == len(claims)
    assert sum(row.people for row in shares.rows) + shares.rest.people == total


@given(totals, sizes, st.randoms())
def test_the_order_of_the_pcns_does_not_matter(
    total: int, lists: list[int], shuffle: Random
) -> None:
    claims = claims_of(lists)
    other = list(claims)
    shuffle.shuffle(other)
    assert set(by_list(total, claims).rows) == set(by_list(total, other).rows)


@given(totals, sizes)
def test_a_larger_list_never_has_a_smaller_share(total: int, lists: list[int]) -> None:
    rows = sorted(by_list(total, claims_of(lists)).rows, key=lambda row: row.list_size)
    for smaller, larger in pairwise(rows):
        assert smaller.people <= larger.people or smaller.list_size == larger.list_size


@given(totals, st.lists(st.integers(0, 1000), min_size=1).filter(any))
def test_no_share_is_a_whole_person_away_from_its_exact_one(total: int, weights: list[int]) -> None:
    people = apportion(total, weights, range(len(weights)))
    assert sum(people) == total
    for got, weight in zip(people, weights, strict=True):
        assert abs(got - total * weight / sum(weights)) < 1 + 1e-9


def test_shares_over_every_pcn_of_england_take_milliseconds() -> None:
    claims = [
        Claim(f"U{n:05}", 20_000 + 37 * n, quintiles=(0.3, 0.3, 0.2, 0.1, 0.1))
        for n in range(1_254)
    ]
    before = perf_counter()
    shares = by_deprivation(125_000, claims, national_list=70_000_000)
    assert perf_counter() - before < 0.25, "a generous ceiling: it takes about 10 ms"
    assert len(shares.rows) == 1_254
