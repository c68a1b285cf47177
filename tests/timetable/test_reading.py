"""Opening times read from words: never another time than the words say."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwork.timetable.reading import Outcome, read
from tests.timetable.council_words import LABELLED
from tests.timetable.notation import compact
from tests.timetable.writers import ASIDES, JOINS, WRITERS, Line, timetables

SCRAPS = (
    "Mon Tuesdays wed. thurs 10 10.30 10am 2pm 12noon midnight - to until and , & + / : ( ) . \n "
    "1st last every other alternate fortnightly monthly closed except not daily weekdays 24/7 "
    "24 hours from between at 5 Jan 2026 August term time only by appointment bank holidays "
    "mornings evening group £2 50+ aged 8-11 or if phone"
).split(" ")


@pytest.mark.parametrize(("words", "label"), LABELLED)
def test_times_in_the_styles_of_councils_are_read_as_labelled(words: str, label: str) -> None:
    assert compact(read(words)) == label


@settings(max_examples=400)
@given(
    timetables(),
    st.lists(st.sampled_from(sorted(WRITERS)), min_size=3, max_size=3),
    st.sampled_from(JOINS),
    st.sampled_from(ASIDES),
)
def test_what_somebody_writes_is_read_as_they_meant_it_or_refused(
    lines: list[Line], writers: list[str], join: str, aside: str
) -> None:
    if len({bool(line.hours) for line in lines}) > 1:
        # "Mondays, Tuesdays 10-12" says 10 to 12 on both days, whatever was meant.
        join = "; "
    said = [WRITERS[writer](line) for writer, line in zip(writers, lines, strict=False)]
    words = join.join(said) + aside
    truth = set().union(*(line.truth for line in lines))
    reading = read(words)
    found = {
        (code, slot.interval, slot.opens_at, slot.closes_at)
        for slot in reading.slots
        for code in slot.byday.split(",")
    }
    # Words left over are shown, so less may be read than was meant; never anything else.
    assert found == truth or (found < truth and reading.unread) or not found


@given(timetables(), st.sampled_from(["plain", "whole day"]))
def test_nearly_all_that_is_written_with_care_is_read(lines: list[Line], writer: str) -> None:
    with_hours = [line for line in lines if line.hours and line.is_long]
    words = "; ".join(WRITERS[writer](line) for line in with_hours)
    assert read(words).outcome in (Outcome.READ, Outcome.NOTHING), words


@given(st.text() | st.lists(st.sampled_from(SCRAPS)).map(" ".join))
def test_any_text_is_read_or_refused_and_nothing_read_is_senseless(words: str) -> None:
    reading = read(words)
    for slot in reading.slots:
        assert slot.byday
        assert slot.opens_at is None or slot.closes_at is None or slot.opens_at < slot.closes_at
    assert not (reading.slots and reading.reason)
    kept = "".join(words.split())
    assert all("".join(left.split()) in kept for left in reading.unread)


def test_a_text_without_end_is_refused_at_once() -> None:
    assert read("Monday 10-12 " * 1_000).reason is not None
    assert read("and " * 400 + "Monday 10-12").outcome is Outcome.READ
