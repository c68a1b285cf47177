"""The concepts: their words, the services that carry them, and trying a phrase out."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, may, me, requires
from linkwork.casework import concepts, meanings, offers
from linkwork.casework.concepts import PeopleCaught, ServicesCaught
from linkwork.casework.lexicon import SHIPPED, lexicon
from linkwork.database import reads_only
from linkwork.errors import NotYours
from linkwork.forms.concepts import KIND_LABELS, ConceptSearchForm, TrialForm
from linkwork.matching import (
    Concept,
    Kind,
    Lexicon,
    Meaning,
    Proposal,
    attend,
    find_concept,
    propose,
    trials,
)
from linkwork.matching.trials import Found, WhyNot
from linkwork.models import NEED_LABELS, Need
from linkwork.web import gate

bp = Blueprint("concepts", __name__, url_prefix="/concepts")

MOST_FOUND, MOST_NAMED = 60, 40
OPENACTIVE = "https://openactive.io/activity-list#"
WHY_NOT = {
    WhyNot.NAME: "it stands where somebody’s name would",
    WhyNot.DENIED: "it is denied, or said not to be wanted",
    WhyNot.ANOTHERS: "it is said of somebody else",
    WhyNot.LANGUAGE: "the note is in another language",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a trial."""

    pieces: Sequence[tuple[str, bool]]
    """The note in pieces, each with whether it was caught."""
    caught: Sequence[Found]
    passed_over: Sequence[tuple[str, str, str]]
    """What stands in the note and does not count: the words, the concept’s label, and why not."""
    proposals: Sequence[Proposal]
    people: PeopleCaught | None
    services: ServicesCaught | None


@bp.get("")
@requires(Permission.SEE_DIRECTORY)
def index() -> ResponseReturnValue:
    form = ConceptSearchForm(request.args)
    form.validate()
    kind = form.kind.data if form.kind.data in set(Kind) else ""
    words = (form.q.data or "")[:100]
    found = _found(words, kind)
    return render_template(
        "concepts/index.html",
        form=form,
        searched=bool(words or kind),
        groups=[(label, [c for c in found if c.kind is k]) for k, label in KIND_LABELS.items()],
        total=len(found),
        carried=concepts.counts(),
        waiting=concepts.waiting() if may(me(), Permission.EDIT_DIRECTORY) else 0,
    )


@bp.get("/<concept>")
@requires(Permission.SEE_DIRECTORY)
def show(concept: str) -> ResponseReturnValue:
    known = lexicon().concepts.get(concept)
    if known is None:
        raise NotYours(concept)
    carriers = concepts.carriers(concept)
    return render_template(
        "concepts/show.html",
        concept=known,
        people_say=_sorted(known.people_say),
        directories_say=_sorted(known.directories_say),
        kind=KIND_LABELS[known.kind],
        need=NEED_LABELS[Need(known.need)] if known.need else "None of them",
        near=[
            (lexicon().concepts[other], weight)
            for other, weight in sorted(known.near.items(), key=lambda one: (-one[1], one[0]))
        ],
        openactive={name: OPENACTIVE + code for name, code in known.openactive.items()},
        carriers=carriers[:MOST_NAMED],
        total=len(carriers),
        is_own=any(not (SHIPPED / name).exists() for name in known.file.split(", ")),
    )


@bp.route("/try", methods=["GET", "POST"])
@requires(Permission.SEE_DIRECTORY)
@reads_only
def trial() -> ResponseReturnValue:
    form = TrialForm(lexicon().concepts.values(), data={"concept": request.args.get("concept")})
    outcome = _tried(form) if form.is_ready() else None
    return (
        render_template("concepts/try.html", form=form, outcome=outcome, label=lexicon().label),
        form.status,
    )


@dataclass(frozen=True, slots=True)
class Words:
    """Phrases by how much each tells."""

    sure: Sequence[str]
    hints: Sequence[str]


def _sorted(phrases: Sequence[str]) -> Words:
    sure = [phrase for phrase in phrases if not phrase.startswith("?")]
    return Words(sure, [phrase[1:] for phrase in phrases if phrase.startswith("?")])


def _found(words: str, kind: str) -> list[Concept]:
    known = lexicon()
    if words:
        found = list(find_concept(words, known, at_most=MOST_FOUND))
    else:
        found = sorted(known.concepts.values(), key=lambda one: one.label.lower())
    return [one for one in found if not kind or one.kind == kind]


def _tried(form: TrialForm) -> Outcome:
    """What the phrase would catch, or what all words do where there is none."""
    note, phrase, name = form.note.data or "", form.phrase.data or "", form.concept.data or None
    known = lexicon().concepts.get(name) if name else None
    words = trials.with_phrase(lexicon(), phrase, name) if phrase and name else lexicon()
    every = trials.caught(phrase, note, known or ANYTHING) if phrase else trials.found(note, words)
    counted = [one for one in every if one.why_not is None]
    return Outcome(
        pieces=trials.pieces(note, counted),
        caught=counted,
        passed_over=_passed_over(every, words),
        proposals=propose(note, words, meaning=_meant(note, words)),
        people=_people(phrase),
        services=concepts.services_caught(phrase, name) if phrase else None,
    )


def _people(phrase: str) -> PeopleCaught | None:
    found = concepts.people_caught(phrase, user=me(), at=clock.now()) if phrase else None
    if found is not None:
        gate.note_if_shown(lambda: concepts.note_count(by=me()))
    return found


def _meant(note: str, words: Lexicon) -> Meaning:
    return attend(note, words, meanings.of_note(note, offers.directory()))


ANYTHING = Concept("tried", "this phrase", Kind.NEED, None, (), (), (), {}, False, False, False)
"""Stands for a concept where none was chosen."""


def _passed_over(every: Sequence[Found], words: Lexicon) -> list[tuple[str, str, str]]:
    known = {**{c: one.label for c, one in words.concepts.items()}, ANYTHING.id: ANYTHING.label}
    lines = [(one.words, known[one.concept], WHY_NOT[one.why_not]) for one in every if one.why_not]
    return list(dict.fromkeys(lines))
