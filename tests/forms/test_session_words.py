"""Opening times typed in words come back as boxes to check, and nothing unsure is filled in."""

from typing import Any

import pytest

from linkwork.forms.service_facts import session_facts
from linkwork.forms.session_words import understand

NEW: dict[str, Any] = {}


@pytest.mark.parametrize(
    ("words", "boxes"),
    [
        ("Tuesdays 10am to 12 noon", [("1", ["TU"], [], "")]),
        ("first Tuesday of the month 1pm", [("month", ["TU"], ["1"], "")]),
        (
            "Mon-Fri 9-5, Sat 10-12",
            [("1", ["MO", "TU", "WE", "TH", "FR"], [], ""), ("1", ["SA"], [], "")],
        ),
        ("every other Monday 2pm to 4pm", [("2", ["MO"], [], "")]),
        (
            "Tuesdays and Thursdays 10-12, last Thursday closed",
            [("1", ["TU"], [], ""), ("1", ["TH"], [], "-1")],
        ),
    ],
)
def test_words_become_the_boxes_of_sessions(words: str, boxes: list[Any]) -> None:
    read = understand(words)
    found = [(row["often"], row["days"], row["weeks"], row["leaves_out"]) for row in read.rows]
    assert found == boxes
    assert (len(read.times), read.reason) == (len(boxes), "")
    assert [row["words"] for row in read.rows] == [words, *[None] * (len(boxes) - 1)]


def test_boxes_filled_in_from_words_are_facts_again() -> None:
    row = understand("Thursdays 10am to 12 noon, last Thursday closed").rows[0]
    facts = session_facts(row, NEW)
    assert (facts["byday"], facts["closed_byday"]) == ("TH", "-1TH")
    assert (facts["opens_at"], facts["closes_at"]) == ("10:00:00", "12:00:00")


@pytest.mark.parametrize("words", ["Ring us", "", "10am to noon", "?" * 5000])
def test_what_says_no_times_says_why_and_fills_in_nothing(words: str) -> None:
    read = understand(words)
    assert (read.rows, read.times) == ([], [])
    assert read.reason
