"""From what was said to proposed needs: each with the very words that caused it.

Proposals are for a worker to confirm. Crisis words are kept apart: they open the safety step and
never a ranked list, so their list is code and cannot be switched off by editing a concept file.
"""

from __future__ import annotations

from dataclasses import dataclass

from linkwork.matching.context import counts
from linkwork.matching.languages import is_other_language
from linkwork.matching.lexicon import Lexicon
from linkwork.matching.words import Hit, Phrases, Text

AT_MOST = 8
MOST_WORDS_SHOWN = 3
ENOUGH = 20
WEAK, ONE_WORD, SEVERAL_WORDS, EACH_FURTHER = 0.3, 0.65, 0.8, 0.15

CRISIS_WORDS = (
    "suicid*", "kill himself", "kill herself", "kill myself", "kill themselves", "killing himself",
    "killing herself", "killing myself", "end it all", "ending it all", "end _ life", "ending it",
    "end it", "ending _ life", "take _ own life", "taking _ own life", "better off dead",
    "better off without me", "better off without him", "better off without her", "wish _ was dead",
    "wishes _ was dead", "wants to die", "want to die", "wanting to die", "not want to be here",
    "doesn't want to be here", "don't want to be here", "didn't want to be here",
    "not wake up", "never wake up", "don't wake up", "no point in living", "no reason to live",
    "nothing to live for", "can't go on", "cannot go on", "can't see a way through",
    "can't see a way out", "no way out", "doesn't trust herself", "doesn't trust himself",
    "don't trust myself", "overdos*", "took _ overdose", "self harm*", "selfharm*",
    "cutting herself", "cutting himself", "cutting myself", "hurt herself", "hurt himself",
    "hurting herself", "hurting himself", "hurting myself", "marks on _ arms",
    "marks on _ wrists", "a noose", "jump off", "going to kill", "threatened to kill",
    "tried to kill", "strangled", "has a knife",
)  # fmt: skip
CRISIS = Phrases(("crisis", phrase) for phrase in CRISIS_WORDS)
DENIED_BEFORE = frozenset("no denies denied denying without".split())
BETWEEN = frozenset("any current active thoughts of ideas plans or about being feeling".split())


@dataclass(frozen=True, slots=True)
class Proposal:
    """A concept heard in a note; ``strength`` from 0 to 1, ``words`` exactly as written."""

    concept: str
    label: str
    need: str | None
    words: tuple[str, ...]
    strength: float


def propose(note: str, lexicon: Lexicon, *, at_most: int = AT_MOST) -> tuple[Proposal, ...]:
    """Return the concepts heard in the note, strongest first, at most ``at_most`` of them.

    Words that are denied, said of another person or that are somebody's name do not count. A
    note in another language gives nothing. Time is proportional to the length of the note.
    """
    text = Text.of(note)
    if is_other_language(text.words):
        return ()
    heard: dict[str, list[Hit]] = {}
    for hit in lexicon.people.find(text):
        hits = heard.get(hit.concept, [])
        if len(hits) < ENOUGH and counts(text, hit, lexicon.concepts[hit.concept]):
            heard[hit.concept] = [*hits, hit]
    found = [_proposal(text, concept, hits, lexicon) for concept, hits in heard.items()]
    certain = [p for p in found if p.strength > WEAK or not lexicon.concepts[p.concept].sensitive]
    return tuple(sorted(certain, key=lambda p: (-p.strength, p.concept))[:at_most])


def crisis_words(note: str) -> tuple[str, ...]:
    """Return the words in the note that should open the safety step, as written, once each.

    Only a denial straight before them ("no suicidal thoughts") is left out: here a false alarm
    costs a question and a miss may cost a life.
    """
    text = Text.of(note)
    hits = _longest(CRISIS.find(text))
    return tuple(
        dict.fromkeys(text.written(hit.first, hit.after) for hit in hits if _stands(text, hit))
    )


def _stands(text: Text, hit: Hit) -> bool:
    index = hit.first - 1
    if index >= 0 and text.words[index] == "not" and text.words[hit.first].startswith("suicid"):
        return False
    while index >= 0 and text.words[index] in BETWEEN:
        index -= 1
    return index < 0 or text.words[index] not in DENIED_BEFORE


def _proposal(text: Text, concept: str, hits: list[Hit], lexicon: Lexicon) -> Proposal:
    kept = _longest(hits)
    words = tuple(dict.fromkeys(text.written(hit.first, hit.after) for hit in kept))
    known = lexicon.concepts[concept]
    strength = _strength(kept, len({word.lower() for word in words}))
    return Proposal(concept, known.label, known.need, words[:MOST_WORDS_SHOWN], strength)


def _strength(hits: list[Hit], different: int) -> float:
    certain = [hit for hit in hits if not hit.weak]
    if not certain:
        return WEAK
    single = all(hit.after - hit.first == 1 for hit in certain)
    start = ONE_WORD if single else SEVERAL_WORDS
    return round(min(1.0, start + EACH_FURTHER * (different - 1)), 2)


def _longest(hits: list[Hit]) -> list[Hit]:
    """Leave out the hits that begin inside a longer one of the same concept."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.first, -hit.after, hit.weak)):
        if not kept or hit.first >= kept[-1].after:
            kept.append(hit)
    return kept
