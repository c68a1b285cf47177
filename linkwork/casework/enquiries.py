"""A note and some limits held against the directory without a case: nothing of it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from linkwork.casework import interests, meanings, offers
from linkwork.casework.lexicon import lexicon
from linkwork.errors import RuleBroken
from linkwork.matching import (
    Limits,
    Meaning,
    Proposal,
    Ranking,
    attend,
    crisis_words,
    propose,
    rank,
)

LONGEST = 20_000
MOST_PROPOSED, IMPORTANCE = 8, 3


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What was heard in a note, what was named besides, and what follows from both."""

    crisis: tuple[str, ...]
    """Words that open the safety step, which comes before any list."""
    proposals: tuple[Proposal, ...]
    named: tuple[tuple[str, str], ...]
    """Concepts that were asked for by name, as (concept, label)."""
    ranking: Ranking
    is_shortened: bool
    """Whether the note was longer than is read: 20,000 characters."""


def ask(note: str, needs: Sequence[str], limits: Limits, *, on: date) -> Enquiry:
    """Hear the note, take the needs as confirmed, and rank the directory for both.

    It is the engine and the directory that the page of a case has. Raises ``RuleBroken`` where
    there is neither note nor need, where nobody knows a need, and for an empty directory.
    """
    named = _named(needs)
    said = note.strip()
    if not said and not named:
        raise RuleBroken("The note is empty. Write what the person said, or name a need.")
    known = offers.directory(on=on)
    if not known.offers:
        raise RuleBroken("The directory is empty. Bring one in first: linkwork import directory.")
    read = said[:LONGEST]
    meaning = attend(
        read, lexicon(), meanings.of_note(read, known, wished=[*named.values()]), named
    )
    proposals = _proposals(read, meaning, named)
    heard = [one for one in proposals if not one.is_meant]
    return Enquiry(
        crisis_words(said),
        proposals,
        tuple(named.items()),
        rank(
            known.prepared,
            confirmed=dict.fromkeys(named, IMPORTANCE),
            cues={one.concept: one.strength for one in heard},
            text_scores=known.mentions.scores([*named.values(), *(one.label for one in heard)]),
            limits=limits,
            lexicon=known.prepared.lexicon,
            on=on,
            cue_words={one.concept: one.words for one in heard},
            meaning=meaning,
            busy=offers.busy(known.keys),
        ),
        len(said) > LONGEST,
    )


def _proposals(note: str, meaning: Meaning, named: Mapping[str, str]) -> tuple[Proposal, ...]:
    found = propose(note, lexicon(), meaning=meaning, at_most=MOST_PROPOSED + len(named))
    return tuple(one for one in found if one.concept not in named)[:MOST_PROPOSED]


def _named(needs: Sequence[str]) -> dict[str, str]:
    if danger := [said for words in needs for said in interests.speaks_of_danger(words)]:
        raise RuleBroken(
            f"“{danger[0]}” is no need to look for activities by. Ask about safety first: 999 in "
            "an emergency, 111 option 2 at any hour. Then name what else they need."
        )
    found: dict[str, str] = {}
    for words in needs:
        concept = interests.find(words)
        if concept is None:
            meant = [label for _, label in interests.meant(words)]
            instead = f"Did you mean {' or '.join(meant)}?" if meant else "Try another word for it."
            raise RuleBroken(f"“{words}” is not among the needs and interests we know. {instead}")
        found[concept.id] = concept.label
    return found
