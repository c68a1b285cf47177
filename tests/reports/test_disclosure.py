"""No small count is printed, and none can be worked out from what is."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.reports.disclosure import (
    ALSO_WITHHELD,
    WITHHELD,
    is_small,
    texts,
    total_text,
    withheld,
)


@pytest.mark.parametrize(
    ("counts", "with_total", "expected"),
    [
        ([0, 7, 8], False, ["0", WITHHELD, "8"]),
        ([1, 1_200], False, [WITHHELD, "1,200"]),
        ([3, 40, 20], True, [WITHHELD, "40", ALSO_WITHHELD]),
        ([3, 4, 40], True, [WITHHELD, WITHHELD, ALSO_WITHHELD]),
        ([6, 5, 40], True, [WITHHELD, WITHHELD, "40"]),
        ([7, 7, 40], True, [WITHHELD, WITHHELD, ALSO_WITHHELD]),
        ([1, 8, 20, 30], True, [WITHHELD, ALSO_WITHHELD, ALSO_WITHHELD, "30"]),
        ([20, 40], True, ["20", "40"]),
        ([3, 0, 0], True, [WITHHELD, "0", "0"]),
        ([], True, []),
    ],
)
def test_counts_are_printed_as(counts: list[int], with_total: bool, expected: list[str]) -> None:
    assert texts(counts, with_total=with_total) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([3, 0], WITHHELD),
        ([0, 0], "0"),
        ([5, 5], "10"),
        ([1, 8], ALSO_WITHHELD),
        ([7, 7], ALSO_WITHHELD),
        ([8, 1_200], "1,208"),
    ],
)
def test_a_total_that_would_tell_is_withheld_too(counts: list[int], expected: str) -> None:
    assert total_text(counts) == expected


@given(counts=st.lists(st.integers(0, 12), max_size=4))
def test_whoever_subtracts_and_knows_the_rules_finds_more_than_one_possibility(
    counts: list[int],
) -> None:
    printed = withheld(counts, with_total=True)
    small = [i for i, stead in enumerate(printed) if stead == WITHHELD]
    assert small == [i for i, count in enumerate(counts) if is_small(count)]
    if not total_text(counts).isdigit():
        return
    hidden = [i for i, stead in enumerate(printed) if stead]
    smallest = min(
        (counts[i] for i in range(len(counts)) if not printed[i] and counts[i]), default=24
    )
    ranges = [range(1, 8) if i in small else range(8, smallest + 1) for i in hidden]
    left = sum(counts[i] for i in hidden)
    possible = [way for way in product(*ranges) if sum(way) == left]
    for place, which in enumerate(hidden):
        if which in small:
            assert len({way[place] for way in possible}) > 1
