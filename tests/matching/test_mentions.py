"""Services that use the words a concept is called by, whatever the endings."""

import pytest

from linkwork.matching.mentions import Mentions, roots
from tests.matching.ranked import SHIPPED

LABELS = {code: concept.label for code, concept in SHIPPED.concepts.items()}


def mentions(**texts: str) -> Mentions:
    return Mentions.of(((code, name, "") for code, name in texts.items()), SHIPPED)


@pytest.mark.parametrize(
    "words", ["walk walks walking walkers", "house houses housing", "swim swims swimming swimmers"]
)
def test_endings_make_no_other_word(words: str) -> None:
    assert len(roots(words)) == 1


def test_small_words_are_not_looked_for() -> None:
    assert roots("A chat for people at home with others") == {"chat", "hom"}


def test_a_service_is_found_by_a_word_of_a_label() -> None:
    found = mentions(a="Gardeners’ lunch", b="Chess club").scores([LABELS["gardening"]])
    assert list(found) == ["a"]


def test_words_that_nobody_can_look_for_are_not_kept() -> None:
    assert not mentions(a="Xylotomy", b="The").heard


def test_a_rare_word_and_one_in_the_name_count_most() -> None:
    texts = [
        ("a", "Gardening", "A group."),
        ("b", "Monday group", "Some gardening, a group."),
        ("c", "Debt group", ""),
        ("d", "Group", "A group for all."),
    ]
    found = Mentions.of(texts, SHIPPED).scores([LABELS["gardening"], LABELS["debt"]])
    assert max(found, key=found.__getitem__) == "c"
    assert found["a"] > found["b"] > 0
    assert "d" not in found


def test_of_too_many_the_best_are_kept_and_equals_of_the_first_left_out_are_not() -> None:
    every = {f"n{number}": "Debt" for number in range(5)} | {"m": "Debt, debt advice on debt"}
    assert list(mentions(**every).scores([LABELS["debt"]], at_most=3)) == ["m"]
    assert len(mentions(**every).scores([LABELS["debt"]], at_most=6)) == 6


def test_nothing_is_found_for_nothing() -> None:
    assert mentions().scores(["debt"]) == mentions(a="Debt").scores([]) == {}
