"""Which activities fit a case, and why: the records on one side, pure matching on the other."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from linkwork.casework import case_memory, interests, limits, match_answers, meanings, offers
from linkwork.casework.case_memory import Remembered
from linkwork.casework.lexicon import lexicon
from linkwork.casework.limits import Kept
from linkwork.casework.offers import Directory, Meeting
from linkwork.database import db
from linkwork.matching import (
    NO_MEANING,
    Limits,
    Meaning,
    Offer,
    Proposal,
    Ranking,
    attend,
    propose,
    rank,
    refusals,
)
from linkwork.matching.duplicates import near_duplicates
from linkwork.models import Contact, MatchAnswer, RejectReason, Service, SupportCase

NOTES_READ = 3
ANYWHERE = frozenset(
    {RejectReason.DOES_NOT_WANT, RejectReason.NOT_FOR_THEM, RejectReason.TRIED_BEFORE}
)
"""Reasons that are as good wherever and whenever the provider holds the same activity."""
MOST_PROPOSED, MOST_OLDER = 8, 4
MOST_NAMED = 20
LONGEST_READ = 20_000


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What was heard, what is confirmed, and what follows from it."""

    proposals: tuple[Proposal, ...]
    confirmed: tuple[tuple[str, str], ...]
    """Concepts a worker confirmed, as (concept, label)."""
    ranking: Ranking
    has_place: bool
    """Whether the person’s postcode is known, so that distances can be given."""
    meetings: Mapping[str, Meeting]
    """When the services of the directory meet, by their keys."""
    limits: Limits
    """What the ranking kept to."""
    kept: Kept
    """What was asked of that, as it is kept."""
    rank_with: Callable[[Limits], Ranking]
    """The same ranking, were the limits others: for what would change it."""
    note: str
    """What it was heard in: what is typed, the latest conversations and the referral."""
    turned_down: tuple[MatchAnswer, ...]
    """What was said no to and not put back, the newest first: no match, and nowhere counted."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Services that answer the need and break one limit, some of them with their own reason."""

    words: str
    count: int
    limit: str
    services: tuple[tuple[Offer, str], ...]


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands on a page and is not saved: words of a note, and concepts answered there."""

    text: str = ""
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()


NOTHING_TYPED = Typed()


def suggest(case: SupportCase, *, on: date, typed: Typed | None = None) -> Suggestions:
    """Propose needs from the latest notes, and rank the directory for what is confirmed.

    ``typed`` counts as if it were saved: its text is read first, and its answers go before those
    of the case. A concept it answers stays among the proposals where it was heard, so that a page
    can show the words beside the answer. The same case and directory give the same answer, in the
    same order, on either engine.
    """
    typed = typed or NOTHING_TYPED
    note, known = _note(case, typed), offers.directory(on=on)
    confirmed = interests.confirmed(case, yes=typed.yes, no=typed.no)
    meaning = _meaning(case, typed, note, known, confirmed)
    proposals = _proposals(case, typed, note, meaning)
    heard = [p for p in proposals if p.concept not in typed.yes | typed.no and not p.is_meant]
    turned_down = tuple(match_answers.rejected(case))
    remembered = case_memory.of_case(case, confirmed, on=on)
    rank_with = _ranker(known, confirmed, heard, turned_down, meaning, remembered, on)
    kept = limits.kept_of(case)
    asked = limits.made_of(case.person, kept.values, on=on)
    return Suggestions(
        proposals=proposals,
        confirmed=_labelled(case, typed),
        ranking=rank_with(asked),
        has_place=asked.origin is not None,
        meetings=known.meetings,
        limits=asked,
        kept=kept,
        rank_with=rank_with,
        note=note,
        turned_down=turned_down,
    )


def left_out(found: Suggestions, *, on: date) -> tuple[LeftOut, ...]:
    """What is not shown and why, most first: of each group at most 20 services, by name."""
    return tuple(
        LeftOut(
            group.words,
            group.count,
            group.limit,
            tuple(
                (offer, refusals.why(offer, group.limit, found.ranking.limits, on=on))
                for offer in group.offers[:MOST_NAMED]
            ),
        )
        for group in found.ranking.not_shown
    )


def _ranker(
    known: Directory,
    confirmed: Mapping[str, int],
    heard: Sequence[Proposal],
    turned_down: Sequence[MatchAnswer],
    meaning: Meaning,
    remembered: Remembered,
    on: date,
) -> Callable[[Limits], Ranking]:
    """Everything asked of the database once, so that it can be ranked again for other limits."""
    away = _away(known, turned_down)
    busy = offers.busy(known.keys)
    text_scores = known.mentions.scores(_labels(confirmed, heard))

    def rank_with(limits: Limits) -> Ranking:
        ranking = rank(
            known.prepared,
            confirmed=confirmed,
            cues={proposal.concept: proposal.strength for proposal in heard},
            text_scores=text_scores,
            limits=limits,
            lexicon=known.prepared.lexicon,
            on=on,
            cue_words={proposal.concept: proposal.words for proposal in heard},
            meaning=meaning,
            busy=busy,
            without=away,
            lifts=remembered.factors,
        )
        return remembered.told(ranking)

    return rank_with


def _away(known: Directory, turned_down: Sequence[MatchAnswer]) -> set[str]:
    """The keys of what was said no to; and where that was to the thing itself, of its likes.

    An entry that was merged into another meanwhile stays away under the other’s key.
    """
    said_no = [(_now(answer.service, known), answer.reason) for answer in turned_down]
    away = {key for key, _ in said_no}
    anywhere = {key for key, reason in said_no if reason in ANYWHERE}
    for offer in [offer for offer in known.offers if offer.id in anywhere] if anywhere else ():
        away |= {other.id for other in near_duplicates(offer, known.offers)}
    return away


def _now(service: Service, known: Directory) -> str:
    """The key under which a service stands in the directory today."""
    return known.keys.get(service.merged_into_id or service.id, service.key)


def proposed(case: SupportCase, text: str, meaning: Meaning = NO_MEANING) -> tuple[Proposal, ...]:
    """What is heard in a text and has no answer in the case yet, at most eight.

    What has an answer takes nobody’s place.
    """
    answered = {interest.concept for interest in case.interests}
    heard = propose(text, lexicon(), meaning=meaning, at_most=MOST_PROPOSED + len(answered))
    return tuple(p for p in heard if p.concept not in answered)[:MOST_PROPOSED]


def _proposals(
    case: SupportCase, typed: Typed, note: str, meaning: Meaning
) -> tuple[Proposal, ...]:
    """What is heard in all that was read; what is being typed is not crowded out by older notes."""
    first = proposed(case, typed.text, meaning) if typed.text else ()
    known = {proposal.concept for proposal in first}
    older = [p for p in proposed(case, note, meaning) if p.concept not in known]
    return (*first, *older[: MOST_OLDER if first else MOST_PROPOSED])


def _meaning(
    case: SupportCase, typed: Typed, note: str, known: Directory, confirmed: Iterable[str]
) -> Meaning:
    """What a model makes of the note, without what was answered, denied or said of others."""
    wished = [lexicon().label(concept) for concept in confirmed]
    answered = {interest.concept for interest in case.interests} | typed.yes | typed.no
    meant = meanings.of_note(note, known, wished=wished)
    return attend(note, lexicon(), meant, answered)


def _note(case: SupportCase, typed: Typed) -> str:
    """What is typed, the last conversations and the referral’s words, newest first, in bounds."""
    query = (
        select(Contact.what_matters, Contact.notes)
        .where(Contact.case_id == case.id)
        .order_by(Contact.at.desc(), Contact.id.desc())
        .limit(NOTES_READ)
    )
    said = [typed.text] if typed.text else []
    said += [text for row in db.session.execute(query) for text in row if text]
    said += [referral.note for referral in case.referrals]
    return "\n".join(said)[:LONGEST_READ]


def _labels(confirmed: Iterable[str], heard: Iterable[Proposal]) -> list[str]:
    """What is called by its name in the entries of the directory, for all that is wanted."""
    return [lexicon().label(one) for one in confirmed] + [one.label for one in heard]


def _labelled(case: SupportCase, typed: Typed) -> tuple[tuple[str, str], ...]:
    said_yes = [i.concept for i in case.interests if i.confirmed and i.concept not in typed.no]
    known = lexicon().concepts
    every = dict.fromkeys([*said_yes, *sorted(typed.yes)])
    return tuple((concept, known[concept].label) for concept in every if concept in known)
