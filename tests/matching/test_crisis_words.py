"""Crisis words open the safety step: better one question too many than one too few."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.matching import Lexicon, crisis_words, propose


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("Says she can't see a way through tonight.", ("can't see a way through",)),
        ("Low mood, some suicidal thoughts, no plan.", ("suicidal",)),
        ("He took an overdose in May.", ("took an overdose",)),
        ("She’d sooner not wake up.", ("not wake up",)),
        ("“I don’t want to be here”, he said", ("don’t want to be here",)),
        ("Wants to end her life.", ("end her life",)),
        ("She is not sure she won't kill herself.", ("kill herself",)),
        ("No one knows that he is suicidal.", ("suicidal",)),
        ("Her daughter is suicidal.", ("suicidal",)),
    ],
)
def test_crisis_words_are_found_as_written(note: str, words: tuple[str, ...]) -> None:
    assert crisis_words(note) == words


@pytest.mark.parametrize(
    "note",
    [
        "",
        "No suicidal thoughts.",
        "Denies any current thoughts of suicide.",
        "Denies suicidal ideation.",
        "She is not suicidal.",
        "Likes gardening.",
    ],
)
def test_a_plain_denial_does_not_open_the_safety_step(note: str) -> None:
    assert crisis_words(note) == ()


def test_crisis_words_never_become_a_proposal(lexicon: Lexicon) -> None:
    assert propose("Can't see a way through. Suicidal. Wants to end it all.", lexicon) == ()


@given(st.text(max_size=300))
def test_any_text_is_searched_without_error(note: str) -> None:
    assert isinstance(crisis_words(note), tuple)


@given(st.text(alphabet="abc ,.", max_size=40))
def test_words_around_it_do_not_hide_a_crisis(note: str) -> None:
    assert crisis_words(f"{note}. He is going to kill himself. {note}")
