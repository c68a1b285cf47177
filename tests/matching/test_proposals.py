"""What is heard in a note, and what is rightly not."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwork.matching import Lexicon, propose
from linkwork.paths import SEED_DATA

SHIPPED = Lexicon.load(SEED_DATA / "concepts")
MOST_SECONDS = 3.0


def heard(note: str) -> dict[str, tuple[str, ...]]:
    return {proposal.concept: proposal.words for proposal in propose(note, SHIPPED)}


@pytest.mark.parametrize(
    ("note", "concept", "words"),
    [
        ("Lonely since his wife died in the spring.", "bereavement", "died"),
        ("Lonely since his wife died in the spring.", "loneliness", "Lonely"),
        ("Used to love gardening.", "gardening", "gardening"),
        ("Letters piling up, bailiffs at the door.", "debt", "Letters piling"),
        ("She would like a knitting group.", "craft", "knitting"),
        ("Recently lost his wife’s company, lost his wife in May.", "bereavement", "lost his wife"),
        ("Struggles to read the letters.", "literacy", "Struggles to read"),
        ("Can no longer garden.", "gardening", "garden"),
        ("He cannot dance any more.", "dancing", "dance"),
        ("Not sleeping, not coping.", "sleep", "Not sleeping"),
        ("Doesn't know anyone here.", "loneliness", "Doesn't know anyone"),
        ("She is not only lonely but hungry.", "loneliness", "lonely"),
        ("Doesn't like gyms but loves swimming.", "swimming", "swimming"),
        ("No car, lonely.", "loneliness", "lonely"),
        ("Lives with her husband and is very lonely.", "loneliness", "lonely"),
        ("Her son visits; she is anxious.", "anxiety", "anxious"),
        ("Looks after her mum, who has dementia.", "dementia", "dementia"),
        ("LONELY AND ANXIOUS", "loneliness", "LONELY"),
    ],
)
def test_a_need_is_proposed_with_the_exact_words_that_caused_it(
    note: str, concept: str, words: str
) -> None:
    assert words in heard(note)[concept]


@pytest.mark.parametrize(
    ("note", "concept"),
    [
        ("Not interested in choirs.", "singing"),
        ("Not interested in choirs, bingo or walking groups.", "games"),
        ("Not interested in choirs, bingo or walking groups.", "walking"),
        ("She is no longer lonely.", "loneliness"),
        ("He isn't lonely.", "loneliness"),
        ("Denies any anxiety.", "anxiety"),
        ("Does not want counselling.", "talking_therapy"),
        ("Hates gardening.", "gardening"),
        ("No debts.", "debt"),
        ("Never been interested in football or cricket.", "sports_team"),
    ],
)
def test_what_is_denied_or_disliked_is_not_proposed(note: str, concept: str) -> None:
    assert concept not in heard(note)


@pytest.mark.parametrize(
    ("note", "concept"),
    [
        ("Her son drinks too much.", "alcohol"),
        ("Her son's drinking too much.", "alcohol"),
        ("Mum is anxious.", "anxiety"),
        ("His wife has diabetes.", "diabetes"),
        ("Lives with a brother who is unemployed.", "employment"),
        ("Her husband loves fishing.", "fishing"),
    ],
)
def test_what_is_said_of_somebody_else_is_not_proposed(note: str, concept: str) -> None:
    assert concept not in heard(note)


@pytest.mark.parametrize(
    "note",
    [
        "Came in with Joy and Hope today.",
        "Saw Rose last week.",
        "Rose has rung twice.",
        "Lives near Mr Baker.",
        "Sister of Mrs Cook.",
        "Talked to Faith about it.",
        "Moved from Reading.",
        "Met Art outside.",
    ],
)
def test_a_name_that_is_also_a_word_is_not_a_need(note: str) -> None:
    assert heard(note) == {}


@pytest.mark.parametrize(
    "note",
    [
        "Elle est seule depuis la mort de son mari et elle a du pain et des amis.",
        "Sie ist einsam und hat Angst, ihr Mann ist nicht da, ein Film hilft.",
        "Ona jest bardzo samotna i nie ma z kim rozmawiać.",
        "Mae hi'n unig ac mae ei gŵr wedi marw yn y gwanwyn.",
        "وہ بہت اکیلی ہے اور اسے مدد چاہیے",
        "她很孤独",
        "Vive sola y no tiene a nadie con quien hablar, le gusta el arte.",
    ],
)
def test_a_note_in_another_language_proposes_nothing(note: str) -> None:
    assert propose(note, SHIPPED) == ()


@pytest.mark.parametrize("note", ["", " ", "\n", ".", "x", "\x00", "😀", "'", "_", "*"])
def test_a_note_with_nothing_in_it_proposes_nothing(note: str) -> None:
    assert propose(note, SHIPPED) == ()


def test_one_word_is_enough() -> None:
    assert list(heard("gardening")) == ["gardening"]


def test_at_most_eight_are_proposed_the_strongest_first() -> None:
    note = " ".join(f"Likes {c.label}." for c in SHIPPED.concepts.values())
    strengths = [proposal.strength for proposal in propose(note, SHIPPED)]
    assert len(strengths) == 8
    assert strengths == sorted(strengths, reverse=True)


def test_a_hint_alone_never_opens_a_sensitive_need() -> None:
    assert "alcohol" not in heard("Meets a friend in the pub.")


def test_a_proposal_carries_its_need_code_and_label() -> None:
    (proposal,) = propose("Bailiffs.", SHIPPED)
    assert (proposal.need, proposal.label) == ("money_debt", "debt")


@pytest.mark.parametrize(
    "note",
    [
        "lonely widow who loves gardening and dancing, " * 7_000,
        "not " * 50_000,
        "her son " * 25_000,
        "not interested in lonely, " * 12_500,
        "a" * 300_000,
        "lost his " * 25_000,
        "…,;- " * 50_000,
    ],
)
def test_fifty_thousand_words_take_bounded_time(note: str) -> None:
    started = time.perf_counter()
    propose(note, SHIPPED)
    assert time.perf_counter() - started < MOST_SECONDS


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_any_text_gives_at_most_eight_proposals_whose_words_stand_in_it(note: str) -> None:
    proposals = propose(note, SHIPPED)
    squeezed = " ".join(note.split())
    assert len(proposals) <= 8
    assert all(0 < proposal.strength <= 1 for proposal in proposals)
    assert all(words in squeezed for proposal in proposals for words in proposal.words)


PHRASES = st.sampled_from(
    [
        phrase.lstrip("?").replace("*", "ing").replace("_", "her")
        for concept in SHIPPED.concepts.values()
        for phrase in concept.people_say
    ]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(PHRASES, max_size=30))
def test_the_same_note_gives_the_same_proposals(phrases: list[str]) -> None:
    note = ". ".join(phrases)
    assert propose(note, SHIPPED) == propose(note, SHIPPED)
