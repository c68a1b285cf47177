"""A post is what can be true, or it is refused with what to do."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from linkwork.casework import post_changes
from linkwork.casework.post_changes import Terms
from linkwork.errors import RuleBroken
from linkwork.models import PostState, User

ON = date(2026, 11, 18)
USUAL = Terms(User(name="Ben"), Decimal("0.6"), date(2026, 10, 1), None, True, PostState.STARTED)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"end_on": date(2026, 9, 30)}, "ends before it starts"),
        ({"wte": Decimal(0)}, "above 0"),
        ({"wte": Decimal("-0.2")}, "above 0"),
        ({"wte": Decimal("NaN")}, "above 0"),
        ({"wte": Decimal("Infinity")}, "above 0"),
        ({"wte": Decimal("0.333")}, "two decimals"),
        ({"wte": Decimal("2.5")}, "at most 2 WTE"),
        ({"worker": None}, "Say who holds the post"),
        ({"state": PostState.ADVERTISED}, "not vacant"),
        ({"state": PostState.ENDED}, "Enter the last day"),
        ({"state": PostState.ENDED, "end_on": date(2026, 12, 1)}, "still to come"),
        ({"start_on": None}, "Enter the first day"),
    ],
)
def test_a_post_that_cannot_be_true_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        post_changes.check(replace(USUAL, **changes), on=ON)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"wte": Decimal("1.5")},
        {"worker": None, "start_on": None, "state": PostState.APPROVED},
        {"start_on": date(2027, 1, 4), "state": PostState.APPOINTED},
        {"start_on": date(2024, 2, 29), "end_on": date(2024, 2, 29), "state": PostState.ENDED},
    ],
)
def test_what_can_be_true_is_kept(changes: dict[str, Any]) -> None:
    post_changes.check(replace(USUAL, **changes), on=ON)
