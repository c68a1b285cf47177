"""Shares: with their interval where they may be shown, and withheld with what would tell them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.reports import disclosure, shares
from linkwork.reports.disclosure import ALSO_WITHHELD, WITHHELD
from linkwork.reports.shares import Share


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
        ([(3, 40), (9, 30)], [WITHHELD, ALSO_WITHHELD]),
        ([(37, 40), (9, 30)], [WITHHELD, ALSO_WITHHELD]),
    ],
)
def test_a_small_part_and_a_small_rest_are_withheld_and_what_would_tell_them(
    pairs: list[tuple[int, int]], steads: list[str | None]
) -> None:
    assert [one.stead for one in shares.column(pairs, sees=False, with_total=True)] == steads
    assert {one.stead for one in shares.column(pairs, sees=True, with_total=True)} == {None}


def test_what_is_a_share_of_something_withheld_is_withheld_too() -> None:
    [one] = shares.column([(9, 30)], sees=False, with_total=False, already=[WITHHELD])
    assert one.stead == WITHHELD
    assert shares.total([(9, 30)], sees=False, already=WITHHELD).stead == WITHHELD
    assert shares.total([(3, 30), (2, 30)], sees=False).stead == WITHHELD
    assert shares.total([(27, 30), (28, 30)], sees=False).stead == WITHHELD
    assert shares.total([(9, 30), (9, 30)], sees=False) == Share(18, 60)


def test_a_small_count_takes_others_of_its_row_and_its_column_and_leaves_the_sums() -> None:
    table = disclosure.of_table([[3, 40, 50], [30, 41, 51], [60, 70, 80]])
    also = ALSO_WITHHELD
    assert table.cells == [[WITHHELD, also, None], [also, None, None], [None, None, None]]
    assert (table.row_sums, table.column_sums) == ([None] * 3, [None] * 3)


TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 20), min_size=width, max_size=width), min_size=1, max_size=4
    )
)


@given(TABLES)
def test_no_row_or_column_of_a_table_gives_a_small_count_away(counts: list[list[int]]) -> None:
    table = disclosure.of_table(counts)
    for i, row in enumerate(counts):
        for j, count in enumerate(row):
            assert (table.cells[i][j] == WITHHELD) == disclosure.is_small(count)
    lines = list(zip(counts, table.cells, table.row_sums, strict=True))
    columns = (zip(*counts, strict=True), zip(*table.cells, strict=True), table.column_sums)
    for numbers, cells, stead in (*lines, *zip(*columns, strict=True)):
        hidden = [n for n, cell in zip(numbers, cells, strict=True) if cell]
        if stead is None and any(cell == WITHHELD for cell in cells):
            assert len(hidden) > 1, "one alone would be found by subtraction"
