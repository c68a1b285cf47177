"""Sheets of posts, absences and deprivation profiles: what is unclear in a cell is refused."""

import pytest

from linkwork.exchange import profile_sheets, staff_sheets


@pytest.mark.parametrize("cell", ["2026118", "04/01/0026", "01/04/1926", "soon"])
def test_a_date_that_may_mean_another_is_refused_in_words(cell: str) -> None:
    [post] = staff_sheets.posts(f"wte,additional,start\n0.6,yes,{cell}\n")
    [absence] = staff_sheets.absences(f"kind,email,start\nparental,a@b.example,{cell}\n")
    [profile] = profile_sheets.profiles(f"pcn,q1,q2,q3,q4,q5,as_of\nU1,1,1,1,1,1,{cell}\n")
    for row in (post, absence, profile):
        assert f"“{cell}” is no date" in row.problem


@pytest.mark.parametrize("cell", ["20261108", "2026-11-08", "08/11/2026", "8 Nov 2026"])
def test_a_date_that_is_clear_is_read(cell: str) -> None:
    [post] = staff_sheets.posts(f"wte,additional,start\n0.6,yes,{cell}\n")
    assert (str(post.start_on), post.problem) == ("2026-11-08", "")


def test_a_decimal_comma_is_refused_and_commas_between_thousands_are_read() -> None:
    head = "pcn,q1,q2,q3,q4,q5\n"
    [decimal] = profile_sheets.profiles(f'{head}U1,"30,5",20,"19,5",20,10\n')
    assert "“30,5” under q1 is no number" in decimal.problem
    [thousands] = profile_sheets.profiles(f'{head}U1,"1,234","12,345.5",30.5%,20,10\n')
    assert (thousands.parts, thousands.problem) == ((1234, 12345.5, 30.5, 20, 10), "")
