"""Shares: with their interval where they may be shown, and withheld with what would tell them."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.reports import disclosure, shares
from linkwork.reports.disclosure import WITHHELD
from linkwork.reports.shares import Share

# Of each line: turned down, taken up and not arrived, arrived and not stayed, stayed.
World = list[list[int]]
WORLDS = st.lists(st.lists(st.integers(0, 12), min_size=4, max_size=4), max_size=5)


def test_a_share_says_how_many_of_how_many_and_how_sure_that_is() -> None:
    share = Share(29, 47)
    assert (share.text, share.basis) == ("62%", "29 of 47, 47 to 74%")
    assert (Share(0, 0).text, Share(0, 0).basis) == ("None yet", "")
    assert (Share(3, 9, WITHHELD).text, Share(3, 9, WITHHELD).basis) == (WITHHELD, "")


@pytest.mark.parametrize(
    ("pairs", "steads"),
    [
        ([(20, 40), (9, 30)], [None, None]),
        ([(0, 40), (40, 40)], [None, None]),
        ([(3, 40), (9, 30)], [WITHHELD, None]),
        ([(37, 40), (9, 30)], [WITHHELD, None]),
    ],
)
def test_a_small_part_and_a_small_rest_are_withheld(
    pairs: list[tuple[int, int]], steads: list[str | None]
) -> None:
    assert [one.stead for one in shares.column(pairs, sees=False)] == steads
    assert {one.stead for one in shares.column(pairs, sees=True)} == {None}


def test_what_is_a_share_of_something_withheld_is_withheld_too() -> None:
    [one] = shares.column([(9, 30)], sees=False, already=[WITHHELD])
    assert one.stead == WITHHELD


def steps(world: World) -> list[list[tuple[int, int]]]:
    return [[(sum(line[n + 1 :]), sum(line[n:])) for line in world] for n in range(3)]


def told(world: World, steads: list[list[bool]], sums: list[bool]) -> list[object]:
    """What a reader knows: shown shares, shown sums, and which hidden lines are not empty."""
    every = steps(world)
    lines = [
        [any(pair) if is_hidden else pair for pair, is_hidden in zip(*both, strict=True)]
        for both in zip(every[:1], steads[:1], strict=True)
    ] + [
        [None if is_hidden else pair for pair, is_hidden in zip(*both, strict=True)]
        for both in zip(every[1:], steads[1:], strict=True)
    ]
    totals = [
        tuple(map(sum, zip(*pairs, strict=True))) if is_shown else None
        for pairs, is_shown in zip(every, sums, strict=True)
    ]
    return [lines, totals]


def others(world: World) -> list[World]:
    """Worlds that are one step away: somebody moved, or two changed places, or one more."""
    found = []
    for i, j in [(i, i) for i in range(len(world))] + list(permutations(range(len(world)), 2)):
        for k in range(4):
            for other in range(4):
                swapped, moved, more = ([list(line) for line in world] for _ in range(3))
                for line, gone, come in ((i, k, other), (j, other, k)):
                    swapped[line][gone] -= 1
                    swapped[line][come] += 1
                moved[i][k] -= 1
                moved[j][other] += 1
                more[i][k] += 1
                found += [swapped, moved, more]
    return [one for one in found if min(map(min, one)) >= 0]


def protected(world: World) -> dict[tuple[int, int, str], int]:
    counts: dict[tuple[int, int, str], int] = {}
    for n, pairs in enumerate(steps(world)):
        for i, (part, whole) in enumerate(pairs):
            counts |= {(n, i, "part"): part, (n, i, "rest"): whole - part, (n, i, "all"): whole}
    return counts


@given(WORLDS)
def test_nothing_withheld_can_be_computed_from_what_is_shown(world: World) -> None:
    found = shares.together(steps(world))
    steads = [[share.stead is not None for share in column] for column, _ in found]
    sums = [whole.stead is None for _, whole in found]
    seen = told(world, steads, sums)
    alike = [protected(one) for one in others(world) if told(one, steads, sums) == seen]
    for which, count in protected(world).items():
        if disclosure.is_small(count):
            assert any(one[which] != count for one in alike), (which, count)


@given(WORLDS)
def test_no_sum_that_is_shown_leaves_a_small_number(world: World) -> None:
    for column, whole in shares.together(steps(world)):
        if whole.stead is None:
            rest = [share for share in column if share.stead]
            sums = (sum(s.part for s in rest), sum(s.whole - s.part for s in rest))
            assert not any(map(disclosure.is_small, sums))


@given(st.integers(0, 500))
def test_a_reason_is_told_in_tens(count: int) -> None:
    text = disclosure.in_tens(count)
    assert (text == "") == (count < 10)
    assert not text or int(text.split()[0]) <= count < int(text.split()[0]) + 10
