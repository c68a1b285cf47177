"""What a model is taught of the concepts, and what it then takes sentences to mean."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwork.matching import Lexicon
from linkwork.meaning import DIMENSIONS, Taught, lessons, nothing, rows_of, taught, understand
from linkwork.paths import SEED_DATA
from tests.meaning.stand_in import StandIn

SHIPPED = Lexicon.load(SEED_DATA / "concepts")
SOME = [SHIPPED.concepts[one] for one in ("gardening", "debt", "loneliness")]
LESSONS = lessons(SOME)
LEARNT = taught([one for one, _ in LESSONS], StandIn().encode([text for _, text in LESSONS]))


def encoded(*texts: str) -> Any:
    return StandIn().encode(texts)


def understood(*said: str) -> Any:
    return understand(encoded(*said), LEARNT, nothing(), said=said)


def test_what_is_taught_are_whole_phrases_and_no_hints() -> None:
    of_loneliness = [text for concept, text in LESSONS if concept == "loneliness"]
    assert {"loneliness", "no friends"} <= set(of_loneliness)
    assert not any(mark in text for text in of_loneliness for mark in ("*", "?", "_"))
    hints = {phrase for phrase in SOME[2].people_say if phrase.startswith("?")}
    assert hints
    assert {"alone", "shy"}.isdisjoint(of_loneliness)


def test_a_sentence_means_the_concept_that_is_spoken_of_so_and_is_given_back() -> None:
    found = understood("he has no friends at all", "the bailiffs came with debt letters")
    assert max(found.concepts, key=lambda one: found.concepts[one]) in ("debt", "loneliness")
    assert found.said["loneliness"] == "he has no friends at all"
    assert found.said["debt"] == "the bailiffs came with debt letters"


@pytest.mark.parametrize("said", ["Telephone call, no answer.", "Left a message.", "Debt", "no"])
def test_small_talk_and_single_words_mean_nothing(said: str) -> None:
    assert understood(said).concepts == {}


def test_nothing_said_and_nothing_taught_mean_nothing() -> None:
    empty = np.zeros((0, DIMENSIONS), dtype=np.float32)
    assert understand(empty, LEARNT, nothing()).concepts == {}
    assert understand(encoded("no friends at all"), None, nothing()).concepts == {}


def test_the_same_lessons_teach_the_same_whatever_their_number_is_called() -> None:
    again = Taught.from_bytes(LEARNT.ids, LEARNT.to_bytes())
    vectors = encoded("he has no friends at all")
    assert (again.scores(vectors) == LEARNT.scores(vectors)).all()
    with pytest.raises(ValueError, match="as many concepts"):
        Taught.from_bytes(LEARNT.ids[:-1], LEARNT.to_bytes())


def test_a_concept_counts_the_same_however_many_texts_it_has() -> None:
    texts = ["gardening in a plot", "debt and bailiffs"]
    few = taught(["a", "b"], encoded(*texts))
    many = taught(["a"] * 20 + ["b"], encoded(*texts[:1] * 20, texts[1]))
    asked = encoded("a plot with bailiffs")
    assert np.allclose(few.weights.sum(axis=1), 0, atol=1e-5)
    assert few.scores(asked).argmax() == many.scores(asked).argmax()


SERVICES = rows_of(
    ["choir", "garden", "advice"],
    encoded("a choir that sings old songs", "a garden with beds and tools", "advice on debt"),
)


def test_services_stand_out_by_the_note_and_by_what_was_confirmed() -> None:
    said = ["he likes old songs"]
    note = understand(encoded(*said), None, SERVICES, said=said).likeness
    both = understand(
        encoded(*said), None, SERVICES, said=said, wished=encoded("garden tools")
    ).likeness
    assert max(note, key=lambda one: note[one]) == "choir"
    assert both.get("garden", 0) > note.get("garden", 0)
    alone = understand(encoded(), None, SERVICES, wished=encoded("garden tools")).likeness
    assert max(alone, key=lambda one: alone[one]) == "garden"


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=60), max_size=6))
def test_any_sentences_give_shares_from_0_to_1_and_always_the_same(said: list[str]) -> None:
    found = understand(encoded(*said), LEARNT, SERVICES, said=said)
    assert all(0 < share <= 1 for share in (*found.concepts.values(), *found.likeness.values()))
    assert set(found.said) == set(found.concepts)
    assert "" not in found.concepts
    assert found == understand(encoded(*said), LEARNT, SERVICES, said=said)
