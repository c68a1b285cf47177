"""The stories of the demo are said about one person, in whole sentences."""

from random import Random

import pytest

from linkwork.demo.wording import Voice, voice_of


def voice(gender: str = "female") -> Voice:
    return voice_of("Jean", gender, "Bill", "Zara", Random(1))


@pytest.mark.parametrize(
    ("gender", "said"),
    [
        ("female", "She was sure she knows her own mind."),
        ("male", "He was sure he knows his own mind."),
        ("other", "They were sure they know their own mind."),
    ],
)
def test_pronouns_and_verbs_agree(gender: str, said: str) -> None:
    text = "{They} {were} sure {they} know{s} {their} own mind."
    assert voice(gender).say(text) == said


def test_one_of_the_choices_is_taken() -> None:
    assert voice().say("Likes [tea|cake].") in {"Likes tea.", "Likes cake."}


def test_texts_join_into_one_paragraph_and_empty_ones_leave_no_gap() -> None:
    assert voice().say("Rang {name}.", "", "{their} sister answered.") == (
        "Rang Jean. Her sister answered."
    )


def test_nothing_is_capitalised_after_a_colon() -> None:
    assert voice().say("Asked about sleep: all as before.") == "Asked about sleep: all as before."
