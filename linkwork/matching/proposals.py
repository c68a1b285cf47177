"""From what was said to proposed needs: each with the very words that caused it.

Proposals are for a worker to confirm. Crisis words are kept apart (``crisis``): they open the
safety step and never a ranked list.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from linkwork.matching.context import counts, says_no
from linkwork.matching.languages import is_other_language
from linkwork.matching.lexicon import Lexicon
from linkwork.matching.meant import NO_MEANING, Meaning
from linkwork.matching.words import Hit, Text

AT_MOST = 8
MOST_WORDS_SHOWN = 3
ENOUGH = 20
WEAK, ONE_WORD, SEVERAL_WORDS, EACH_FURTHER = 0.3, 0.65, 0.8, 0.15
MEANT_LEAST, MEANT_EACH = 0.1, 0.3
"""Strength of what only a model hears: at its plainest a little more than a hint of a word."""
MEANT_TOO = 0.3
"""How far what a model hears as well brings words forward among words."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A concept heard in a note; ``strength`` from 0 to 1, ``words`` exactly as written."""

    concept: str
    label: str
    need: str | None
    words: tuple[str, ...]
    strength: float
    is_meant: bool = False
    """No word of it was heard: a model takes the sentence in ``words`` to mean it."""


def propose(
    note: str, lexicon: Lexicon, *, meaning: Meaning = NO_MEANING, at_most: int = AT_MOST
) -> tuple[Proposal, ...]:
    """Return the concepts heard in the note, strongest first, at most ``at_most`` of them.

    Words that are denied, said of another person or that are somebody's name do not count. What
    only a model takes the note to mean comes after the words that were heard, and is never a
    sensitive need. A note in another language gives nothing. Time is proportional to the length
    of the note.
    """
    text = Text.of(note)
    if is_other_language(text.words):
        return ()
    heard, denied = _heard(text, lexicon)
    found = [_proposal(text, concept, hits, lexicon) for concept, hits in heard.items()]
    certain = [p for p in found if p.strength > WEAK or not lexicon.concepts[p.concept].sensitive]
    guessed = _attended(meaning, denied - heard.keys(), lexicon)
    meant = [_meant(c, guessed, lexicon) for c in guessed.concepts.keys() - heard.keys()]
    certain += [proposal for proposal in meant if proposal.concept not in lexicon.sensitive]
    certain.sort(key=lambda p: (-_weight(p, meaning), p.concept))
    return tuple(certain[:at_most])


def _weight(proposal: Proposal, meaning: Meaning) -> float:
    too = 0.0 if proposal.is_meant else MEANT_TOO * meaning.concepts.get(proposal.concept, 0.0)
    return proposal.strength + too


def attend(
    note: str, lexicon: Lexicon, meaning: Meaning, answered: Collection[str] = ()
) -> Meaning:
    """Return what a model makes of the note without what it cannot know.

    A model does not hear a "not" or a "her son": it says nothing of a concept that was denied or
    is another's, nor of a sentence in which every word that was heard is. What was ``answered``
    needs no guess, and notes in another language are not guessed at.
    """
    text = Text.of(note)
    if is_other_language(text.words):
        return NO_MEANING
    heard, denied = _heard(text, lexicon) if meaning.concepts else ({}, set())
    return _attended(meaning, (denied - heard.keys()) | set(answered), lexicon)


def _heard(text: Text, lexicon: Lexicon) -> tuple[dict[str, list[Hit]], set[str]]:
    """The hits that speak for the person, by concept, and the concepts of those that do not."""
    heard: dict[str, list[Hit]] = {}
    denied: set[str] = set()
    for hit in lexicon.people.find(text):
        hits = heard.get(hit.concept, [])
        if len(hits) >= ENOUGH:
            continue
        if counts(text, hit, lexicon.concepts[hit.concept]):
            heard[hit.concept] = [*hits, hit]
        else:
            denied.add(hit.concept)
    return heard, denied


def _attended(meaning: Meaning, silent: Collection[str], lexicon: Lexicon) -> Meaning:
    sentences = frozenset(meaning.said.values())
    refused = {sentence for sentence in sentences if _is_refused(sentence, lexicon)}
    kept = {
        concept: share
        for concept, share in meaning.concepts.items()
        if concept in lexicon.concepts
        and concept not in silent
        and meaning.said.get(concept) not in refused
    }
    said = {concept: words for concept, words in meaning.said.items() if concept in kept}
    return Meaning(kept, meaning.likeness, said)


def _is_refused(sentence: str, lexicon: Lexicon) -> bool:
    """Say whether nothing in a sentence speaks for the person, and something against it."""
    text = Text.of(sentence)
    heard, denied = _heard(text, lexicon)
    return not heard and (bool(denied) or says_no(text))


def _meant(concept: str, meaning: Meaning, lexicon: Lexicon) -> Proposal:
    known, said = lexicon.concepts[concept], meaning.said.get(concept)
    strength = round(MEANT_LEAST + MEANT_EACH * meaning.concepts[concept], 2)
    return Proposal(concept, known.label, known.need, (said,) if said else (), strength, True)


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
