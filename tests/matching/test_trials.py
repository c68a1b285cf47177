"""Trying a phrase out: what it catches, in pieces that make up the text again, and why not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.matching import Lexicon
from linkwork.matching.trials import WhyNot, caught, found, pieces, plainest, stands_in, with_phrase

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    ("note", "why"),
    [
        ("He misses the allotment.", None),
        ("He hates the allotment.", WhyNot.DENIED),
        ("Her brother has an allotment.", WhyNot.ANOTHERS),
        ("Moja siostra ma allotment i bardzo lubi tam być z nami", WhyNot.LANGUAGE),
    ],
)
def test_it_is_said_why_a_phrase_does_not_count(
    note: str, why: WhyNot | None, lexicon: Lexicon
) -> None:
    [only] = caught("allotment*", note, lexicon.concepts["gardening"])
    assert (only.why_not, note[only.start : only.end]) == (why, "allotment")


def test_a_name_is_told_as_one(lexicon: Lexicon) -> None:
    assert {one.why_not for one in found("Mrs Walker called.", lexicon)} <= {WhyNot.NAME}


def test_a_phrase_is_tried_with_all_others(lexicon: Lexicon) -> None:
    tried = with_phrase(lexicon, "tiddlywink*", "games")
    assert [one.concept for one in found("Good at tiddlywinks", tried)] == ["games"]
    assert not found("Good at tiddlywinks", lexicon)


@given(st.text(st.sampled_from("he misses gardening, his tea - ’é.\n"), max_size=80))
def test_the_pieces_make_up_the_note_again(lexicon: Lexicon, note: str) -> None:
    assert "".join(text for text, _ in pieces(note, found(note, lexicon))) == note


@given(
    st.lists(st.sampled_from(["garden*", "_", "café", "o'clock", "tea"]), min_size=1, max_size=4),
    st.lists(st.sampled_from(["Gardens", "my", "cafe", "O’Clock", "Tea", "-"]), max_size=8),
)
def test_what_is_looked_for_first_stands_wherever_the_phrase_does(
    phrase: list[str], words: list[str]
) -> None:
    text = " ".join(words)
    if stands_in(" ".join(phrase), [text]) == [True]:
        assert plainest(" ".join(phrase)) in text.lower()
