"""A note is cut into sentences: few, short, in their order, whatever it is."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.meaning import sentences
from linkwork.meaning.sentences import MOST_SENTENCES, MOST_WORDS


def test_a_note_is_cut_where_one_thing_ends() -> None:
    note = "Lonely since Ann died. “Can’t sleep!” she says; no car\n- misses choir – and the shop"

    assert sentences(note) == [
        "Lonely since Ann died.",
        "“Can’t sleep!",
        "she says;",
        "no car",
        "- misses choir",
        "and the shop",
    ]


def test_what_is_said_twice_is_read_once() -> None:
    assert sentences("Tired. Tired. Tired. Cold.") == ["Tired.", "Cold."]


def test_a_sentence_without_an_end_is_cut_in_windows() -> None:
    found = sentences("word " * 100)

    assert found == [" ".join(["word"] * 40), " ".join(["word"] * 20)]


def test_of_fifty_thousand_words_the_beginning_is_read() -> None:
    found = sentences("\n".join(f"Line {number} of a very long note." for number in range(8000)))

    assert len(found) == MOST_SENTENCES
    assert found[0] == "Line 0 of a very long note."


@given(st.text(max_size=2000))
def test_any_text_gives_few_short_sentences(text: str) -> None:
    found = sentences(text)

    assert len(found) <= MOST_SENTENCES
    assert all(one.strip() and len(one.split()) <= MOST_WORDS for one in found)


@pytest.mark.parametrize("blank", [" ", "\t", " \n", "– ", ". "])
def test_a_run_of_blanks_takes_no_time(blank: str) -> None:
    started = time.perf_counter()
    sentences(blank * 20_000)
    assert time.perf_counter() - started < 1
