"""What is wanted: concepts with weights, each remembering where it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from linkwork.matching.lexicon import Lexicon
from linkwork.matching.limits import Limits
from linkwork.matching.meant import NO_MEANING, Meaning
from linkwork.matching.weights import FITTED, Weights

CONFIRMED = 2.5
IMPORTANCE = {1: 0.8, 2: 1.0, 3: 1.2}
ON_THE_FORM = 0.3
MEANT_LEAST, MEANT_PLAIN = 0.11, 0.67
"""What only a model takes a note to mean: its least share, and from where on it is said plainly."""
SHORTENED = 12
"""Words of a sentence that a reason repeats."""
EXPLICIT = 0.5
"""A cue of at least this strength is explicit; weaker ones are only hints."""


class Source(StrEnum):
    """Where a wish came from, the surest first."""

    CONFIRMED = "confirmed"
    HEARD = "heard"
    FORM = "form"
    MEANT = "meant"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Want:
    """One concept wanted, with its weight and the reason in words for people."""

    concept: str
    weight: float
    source: Source
    reason: str
    is_explicit: bool


def wants(
    confirmed: Mapping[str, int],
    cues: Mapping[str, float],
    cue_words: Mapping[str, Sequence[str]],
    limits: Limits,
    lexicon: Lexicon,
    meaning: Meaning = NO_MEANING,
    weights: Weights = FITTED,
) -> dict[str, Want]:
    """Return each wanted concept once, by its surest source, then what is near to those.

    Score of the trial: 2.5 for what a worker confirmed, 0.6 for what was heard; concepts near to a
    wanted one count for 0.7 of that times how near they are.
    """
    wanted: dict[str, Want] = {}
    for want in _direct(confirmed, cues, cue_words, limits, lexicon, weights):
        wanted.setdefault(want.concept, want)
    for want in _meant(meaning, lexicon, weights.meant):
        wanted.setdefault(want.concept, want)
    for want in _near(dict(wanted), lexicon, weights.near):
        if want.concept not in wanted or wanted[want.concept].weight < want.weight:
            wanted[want.concept] = _kept(wanted.get(want.concept), want)
    return wanted


def _kept(before: Want | None, near: Want) -> Want:
    """What was heard and is near to a confirmed need keeps its reason, at the higher weight."""
    if before is None or before.source is Source.NEAR:
        return near
    return Want(before.concept, near.weight, before.source, before.reason, before.is_explicit)


def _direct(
    confirmed: Mapping[str, int],
    cues: Mapping[str, float],
    cue_words: Mapping[str, Sequence[str]],
    limits: Limits,
    lexicon: Lexicon,
    weights: Weights,
) -> Iterator[Want]:
    for concept, importance in sorted(confirmed.items()):
        weight = CONFIRMED * IMPORTANCE[max(1, min(3, importance))]
        reason = f"{lexicon.label(concept)} (confirmed)"
        yield Want(concept, weight, Source.CONFIRMED, reason, True)
    for concept, strength in sorted(cues.items()):
        reason = _heard(lexicon.label(concept), cue_words.get(concept, ()))
        yield Want(concept, weights.heard * strength, Source.HEARD, reason, strength >= EXPLICIT)
    for group in sorted(limits.groups or ()):
        reason = f"{lexicon.label(group)} (on the form)"
        yield Want(group, ON_THE_FORM, Source.FORM, reason, False)


def _heard(label: str, words: Sequence[str]) -> str:
    quoted = ", ".join(f"“{word}”" for word in words[:2])
    return f"{label} ({quoted})" if quoted else f"{label} (heard)"


def _meant(meaning: Meaning, lexicon: Lexicon, most: float) -> Iterator[Want]:
    """What a model takes the note to mean; never what is sensitive, for it only guesses."""
    for concept, share in sorted(meaning.concepts.items()):
        if concept in lexicon.concepts and concept not in lexicon.sensitive:
            weight = most * min(1.0, MEANT_LEAST + (1 - MEANT_LEAST) * share / MEANT_PLAIN)
            reason = _from(lexicon.label(concept), meaning.said.get(concept, ""))
            yield Want(concept, weight, Source.MEANT, reason, False)


def _from(label: str, sentence: str) -> str:
    words = sentence.split()
    shown = " ".join(words[:SHORTENED]) + ("…" if len(words) > SHORTENED else "")
    return f"{label} (from “{shown}”)" if shown else f"{label} (from the note)"


def _near(wanted: Mapping[str, Want], lexicon: Lexicon, share: float) -> Iterator[Want]:
    for concept, want in wanted.items():
        known = lexicon.concepts.get(concept)
        for other, nearness in known.near.items() if known else ():
            reason = f"{lexicon.label(other)} (goes with {lexicon.label(concept)})"
            yield Want(other, share * nearness * want.weight, Source.NEAR, reason, False)
