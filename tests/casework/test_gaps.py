"""Gaps: what was missed, where and why, counted without anybody in it."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect

from linkwork import access
from linkwork.casework import gaps
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import Gap, GapReason, Need, User
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW

FOOD, NONE = Need.FOOD, GapReason.NONE


def noted(user: User) -> list[tuple[Need, str | None, GapReason, int]]:
    found = gaps.counts(user, at=NOW + timedelta(minutes=1))
    return [(c.need, c.place, c.reason, c.times) for c in found]


def test_no_column_holds_words_and_a_postcode_is_cut_to_its_first_half(cast: Cast) -> None:
    gap = gaps.note(FOOD, NONE, postcode="zz1 1aa", by=cast.amina, at=NOW)
    assert gap.place == "ZZ1"
    assert gaps.note(FOOD, NONE, postcode="Rosa Quill", by=cast.amina, at=NOW).place is None
    assert {column.key for column in inspect(Gap).columns} == {
        "id", "created_at", "key", "organisation_id", "user_id", "case_id", "need", "place",
        "reason", "at", "undone_at",
    }  # fmt: skip


def test_a_case_counts_once_for_each_need_and_reason(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    for hours in (0, 30):
        at = NOW - timedelta(hours=hours)
        gaps.note(FOOD, NONE, postcode="ZZ1", case=case, by=cast.amina, at=at)
    gaps.note(FOOD, GapReason.COST, postcode="ZZ1", case=case, by=cast.amina, at=NOW)
    assert sorted(noted(cast.supervisor), key=str) == sorted(
        [(FOOD, "ZZ1", NONE, 1), (FOOD, "ZZ1", GapReason.COST, 1)], key=str
    )


def test_a_second_press_within_ten_seconds_is_none(cast: Cast) -> None:
    first = gaps.note(FOOD, NONE, by=cast.amina, at=NOW)
    assert gaps.note(FOOD, NONE, by=cast.amina, at=NOW + timedelta(seconds=9)) is first
    gaps.note(FOOD, NONE, by=cast.amina, at=NOW + timedelta(seconds=11))
    assert noted(cast.supervisor) == [(FOOD, None, NONE, 2)]


def test_those_who_plan_see_their_own_pcns_and_the_rest_what_they_noted(cast: Cast) -> None:
    gaps.note(FOOD, NONE, postcode="ZZ1", by=cast.amina, at=NOW)
    gaps.note(FOOD, NONE, postcode="ZZ1", by=cast.dev, at=NOW)  # a practice counts for its PCN
    gaps.note(FOOD, NONE, postcode="ZZ9", by=cast.cath, at=NOW)
    for who in (cast.lead, cast.supervisor):
        assert noted(who) == [(FOOD, "ZZ1", NONE, 2)]
    assert sum(row[3] for row in noted(cast.editor)) == 3  # of the whole board
    assert noted(cast.amina) == [(FOOD, "ZZ1", NONE, 1)]
    assert noted(cast.ben) == []


def test_it_is_taken_back_within_ten_minutes_by_whoever_noted_it(cast: Cast) -> None:
    gap = gaps.note(FOOD, NONE, by=cast.amina, at=NOW)
    db.session.flush()
    with pytest.raises(RuleBroken, match="Only whoever"):
        gaps.undo(gap, by=cast.supervisor, at=NOW)
    with pytest.raises(NotYours):
        access.find(Gap, gap.key, user=cast.ben)
    with pytest.raises(RuleBroken, match="ten minutes"):
        gaps.undo(gap, by=cast.amina, at=NOW + timedelta(minutes=11))
    for _ in range(2):
        gaps.undo(gap, by=cast.amina, at=NOW + timedelta(minutes=9))
    assert noted(cast.supervisor) == []


@pytest.mark.parametrize(
    ("words", "need"),
    [("food bank", Need.FOOD), ("debt", Need.MONEY_DEBT), ("zzzz", None), ("", None)],
)
def test_the_words_of_a_search_tell_the_need_where_we_know_them(
    words: str, need: Need | None
) -> None:
    assert gaps.need_in(words) == need
