"""When an import waits for a person."""

import pytest

from linkwork.exchange.import_holding import hold_reason
from linkwork.models import HoldReason


@pytest.mark.parametrize(
    ("rows", "before", "newly_gone", "held"),
    [
        (0, None, 0, HoldReason.EMPTY),
        (0, 50, 50, HoldReason.EMPTY),
        (1, None, 0, None),
        (80, 100, 20, None),
        (79, 100, 21, HoldReason.SHRUNK),
        (100, 100, 21, HoldReason.STRANGE),
        (100, 100, 20, None),
        (8, 8, 5, None),
        (8, 8, 6, HoldReason.STRANGE),
        (500, 100, 0, None),
    ],
)
def test_a_feed_that_lost_more_than_a_fifth_waits_for_a_person(
    rows: int, before: int | None, newly_gone: int, held: HoldReason | None
) -> None:
    assert hold_reason(rows=rows, before=before, newly_gone=newly_gone) is held


def test_only_what_changed_is_never_a_loss() -> None:
    assert hold_reason(rows=0, before=100, newly_gone=0, is_partial=True) is None
