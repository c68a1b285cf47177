"""What is typed on the referral form: dates as people write them, names without traps."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from linkwork.forms.referrals import one_line, typed_date, without_unseen
from tests.conftest import TODAY


@given(st.dates(min_value=TODAY.replace(year=1906)))
def test_a_date_is_read_in_every_usual_way(born: Any) -> None:
    ways = (
        f"{born.day}/{born.month}/{born.year}",
        f"{born.day:02}.{born.month:02}.{born.year}",
        f"{born:%d%m%Y}",
        f"{born.day} {born.month} {born.year}",
        f" {born.day} {born:%B} {born.year} ",
        f"{born.day}th {born:%b}, {born.year}",
        born.isoformat(),
    )
    assert {typed_date(way) for way in ways} == {born}


@given(st.text())
def test_any_text_is_a_date_or_a_sentence(typed: str) -> None:
    said = "A date was read."
    try:
        typed_date(typed)
    except ValueError as error:
        said = str(error)
    assert re.fullmatch(r"[A-Z][A-Za-z0-9 ,/]+\.( [A-Z][a-z ]+\.)?", said)


@given(st.text())
def test_a_name_on_one_line_holds_nothing_unseen(typed: str) -> None:
    once = one_line(without_unseen(typed))
    assert one_line(without_unseen(once)) == once
    assert not set(once or "") & set("\n\t\x00\u202e\u200b")
