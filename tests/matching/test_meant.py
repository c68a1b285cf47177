"""What a model takes a note to mean: proposed with its sentence, wanted least, never certain."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwork.matching import NO_MEANING, Meaning, attend, propose
from linkwork.matching.proposals import Proposal
from tests.matching.ranked import SHIPPED, ids, ranking, service

SENTENCE = "The days are all the same length now"


def meant(*concepts: str, said: str = SENTENCE, share: float = 0.9) -> Meaning:
    return Meaning(dict.fromkeys(concepts, share), {}, dict.fromkeys(concepts, said))


def proposed(note: str, meaning: Meaning) -> dict[str, Proposal]:
    return {one.concept: one for one in propose(note, SHIPPED, meaning=meaning)}


def test_a_need_of_which_no_word_was_heard_is_proposed_with_its_sentence() -> None:
    found = proposed(f"{SENTENCE}. He gardens.", meant("loneliness"))
    assert found["loneliness"].words == (SENTENCE,)
    assert found["loneliness"].is_meant
    assert not found["gardening"].is_meant


def test_what_was_heard_comes_before_what_is_only_meant() -> None:
    found = propose("Bailiffs. " + SENTENCE, SHIPPED, meaning=meant("loneliness", share=1.0))
    assert [one.concept for one in found] == ["debt", "loneliness"]


def test_what_was_heard_and_is_meant_as_well_stands_first() -> None:
    note = "She likes gardening and dancing."
    assert propose(note, SHIPPED)[0].concept == "dancing"
    both = propose(note, SHIPPED, meaning=meant("gardening", said=note))
    assert (both[0].concept, both[0].is_meant) == ("gardening", False)


@pytest.mark.parametrize("concept", sorted(SHIPPED.sensitive))
def test_nothing_sensitive_is_ever_guessed(concept: str) -> None:
    meaning = meant(concept, share=1.0)
    assert concept not in proposed(SENTENCE, meaning)
    only = service("a", concept)
    assert ids(ranking(only, meaning=Meaning({concept: 1.0}, {"a": 1.0}))) == []


@pytest.mark.parametrize(
    ("note", "concept"),
    [
        ("She is not interested in choirs.", "singing"),
        ("She is not interested in choirs.", "music"),
        ("He is no longer lonely.", "loneliness"),
        ("He is no longer lonely.", "befriending"),
        ("Her husband loves fishing.", "fishing"),
        ("Her husband loves fishing.", "nature"),
        ("Mum is anxious.", "anxiety"),
        ("Doesn't want anything at weekends.", "social_club"),
    ],
)
def test_a_sentence_that_is_denied_or_another_s_means_nothing(note: str, concept: str) -> None:
    meaning = meant(concept, said=note)
    assert proposed(note, meaning) == {}
    assert attend(note, SHIPPED, meaning).concepts == {}


def test_what_is_denied_is_not_guessed_from_another_sentence_either() -> None:
    note = f"{SENTENCE}. She says she isn't lonely, and gardens."
    assert "loneliness" not in proposed(note, meant("loneliness"))
    assert "low_mood" in proposed(note, meant("low_mood"))


def test_what_is_answered_is_not_guessed() -> None:
    meaning = meant("loneliness", "low_mood")
    found = attend(SENTENCE, SHIPPED, meaning, {"loneliness"})
    assert (set(found.concepts), set(found.said)) == ({"low_mood"}, {"low_mood"})
    assert attend(SENTENCE, SHIPPED, Meaning(likeness={"a": 1.0})).likeness == {"a": 1.0}


def test_a_note_in_another_language_means_nothing() -> None:
    note = "Elle est seule depuis la mort de son mari et elle a du pain."
    meaning = Meaning({"loneliness": 1.0}, {"a": 1.0}, {"loneliness": note})
    assert attend(note, SHIPPED, meaning) == NO_MEANING
    assert propose(note, SHIPPED, meaning=meaning) == ()


def test_a_concept_that_no_file_knows_is_passed_over() -> None:
    meaning = meant("no_such_concept")
    assert proposed(SENTENCE, meaning) == {}
    assert ids(ranking(service("a", "gardening"), meaning=meaning)) == []


def test_what_is_meant_finds_services_and_says_from_which_sentence() -> None:
    found = ranking(service("a", "gardening"), meaning=meant("gardening"))
    (match,) = found.matches
    assert match.band == "possible"
    assert f"gardening (from “{SENTENCE}”)" in match.reasons


def test_a_long_sentence_is_shortened_in_a_reason() -> None:
    (match,) = ranking(
        service("a", "gardening"), meaning=meant("gardening", said="word " * 30)
    ).matches
    assert len(match.reasons[0].split()) < 20
    assert "…" in match.reasons[0]


def test_what_was_heard_counts_for_more_than_what_is_meant() -> None:
    heard, guessed = service("heard", "gardening"), service("guessed", "dancing")
    found = ranking(guessed, heard, cues={"gardening": 0.65}, meaning=meant("dancing", share=1.0))
    assert ids(found) == ["heard", "guessed"]


def test_a_service_that_only_sounds_like_the_note_is_shown_from_a_certain_likeness_on() -> None:
    offers = [service("near", "choir"), service("far", "choir")]
    found = ranking(*offers, meaning=Meaning(likeness={"near": 0.5, "far": 0.49}))
    assert ids(found) == ["near"]
    assert found.matches[0].band == "possible"


def test_what_is_sensitive_or_about_nothing_known_is_never_shown_for_its_sound_or_words() -> None:
    hinted = service("hinted", concepts={"choir": 1.0, "gambling": 0.3})
    offers = [service("unknown"), hinted, service("plain", "choir")]
    near = dict.fromkeys(("unknown", "hinted", "plain"), 1.0)
    assert ids(ranking(*offers, meaning=Meaning(likeness=near))) == ["plain"]
    assert ids(ranking(*offers, text_scores=near)) == ["plain"]


SHARES = st.dictionaries(st.sampled_from(sorted(SHIPPED.concepts)), st.floats(0, 1), max_size=15)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200), SHARES)
def test_any_note_and_any_meaning_give_at_most_eight_and_always_the_same(
    note: str, shares: dict[str, float]
) -> None:
    meaning = Meaning(shares, {}, dict.fromkeys(shares, note))
    found = propose(note, SHIPPED, meaning=meaning)
    assert len(found) <= 8
    assert found == propose(note, SHIPPED, meaning=meaning)
    assert all(0 < one.strength <= 1 for one in found)
    assert all(one.concept not in SHIPPED.sensitive for one in found if one.is_meant)
