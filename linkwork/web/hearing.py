"""What is heard in a note while it is written: needs and interests to say yes or no to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from linkwork.casework import interests
from linkwork.casework.lexicon import lexicon
from linkwork.forms.contacts import LONGEST_NOTE, USUAL, ConversationForm
from linkwork.matching import Kind, Proposal
from linkwork.matching.concept_files import KEPT_FOR_SAFETY
from linkwork.models import NEED_LABELS, Need, SupportCase

CONCEPT_OF = {need: interests.PLAINEST.get(need, need.value) for need in Need}
NEED_OF = {concept: need for need, concept in CONCEPT_OF.items()}
MOST_QUOTED = 2
MOST_LETTERS = 80


@dataclass(frozen=True, slots=True)
class Chip:
    """Something to say yes or no to: a need, or a concept beside the needs."""

    concept: str
    label: str
    need: Need | None = None
    words: tuple[str, ...] = ()
    """What it was heard in, as it was written; empty where it was not heard."""


@dataclass(frozen=True, slots=True)
class Chips:
    """What to choose from: what is at hand first, and all other needs."""

    at_hand: Sequence[Chip]
    others: Sequence[Chip]


def chips(heard: Iterable[Proposal], form: ConversationForm, case: SupportCase) -> Chips:
    """What was heard, surest first, then what is answered and the needs the case is known for."""
    at_hand = {one.concept: _chip(one.concept, one.words) for one in heard}
    known = [need.need for need in case.needs if need.resolved_at is None]
    answered = [*known_codes(form.yes.data), *known_codes(form.no.data)]
    for concept in (*(CONCEPT_OF[need] for need in (*form.needs.data, *known)), *answered):
        at_hand.setdefault(concept, _chip(concept))
    others = [_chip(concept) for concept in NEED_OF if concept not in at_hand]
    return Chips(list(at_hand.values()), others)


def _chip(concept: str, words: Sequence[str] = ()) -> Chip:
    need = NEED_OF.get(concept)
    label = lexicon().label(concept)
    shown = NEED_LABELS[need] if need else label[:1].upper() + label[1:]
    return Chip(concept, shown, need, tuple(words[:MOST_QUOTED]))


def known_codes(codes: Iterable[str]) -> list[str]:
    """Those of the codes that are concepts: what was ticked may be older than the files.

    Help in a crisis is none to tick: safety comes before any list.
    """
    known = lexicon().concepts
    return [code for code in codes if code in known and code != KEPT_FOR_SAFETY]


def wanted(form: ConversationForm) -> frozenset[str]:
    """The concepts that are ticked, and those of the needs that are."""
    needs = {CONCEPT_OF[need] for need in form.needs.data}
    return frozenset(needs.union(known_codes(form.yes.data)))


def unwanted(form: ConversationForm) -> frozenset[str]:
    """The concepts said no to; a yes to the same one counts before it."""
    return frozenset(known_codes(form.no.data)) - wanted(form)


def needs_ticked(form: ConversationForm) -> dict[Need, int]:
    """The needs that came up, with those that a ticked concept is one of: how much each matters."""
    of_concepts = (lexicon().concepts[code] for code in known_codes(form.yes.data))
    named = {Need(one.need): USUAL for one in of_concepts if one.kind is Kind.NEED and one.need}
    return {**named, **form.needs.data}


def take_words(form: ConversationForm) -> str:
    """Tick what was typed in own words, and empty their box; what to say where that cannot be.

    Words about danger are no need to search with: they stay where they are, and are said back.
    """
    words = (form.words.data or "")[:MOST_LETTERS]
    if not words:
        return ""
    if danger := interests.speaks_of_danger(words):
        return f"“{'”, “'.join(danger)}”: {interests.IN_DANGER}"
    found = interests.find(words)
    if found is None:
        return _unknown(words)
    form.words.data = ""
    tick(form, found.id)
    return ""


def danger_in_words(form: ConversationForm) -> tuple[str, ...]:
    """The words about danger in the box for words of one’s own, and help in a crisis ticked."""
    typed = interests.speaks_of_danger((form.words.data or "")[:LONGEST_NOTE])
    is_ticked = KEPT_FOR_SAFETY in form.yes.data
    return (*typed, lexicon().label(KEPT_FOR_SAFETY)) if is_ticked else typed


def tick(form: ConversationForm, concept: str) -> None:
    """Say yes to a concept in the form, as the need it stands for where there is one."""
    need = NEED_OF.get(concept)
    if need is not None:
        form.needs.data = {**form.needs.data, need: form.needs.data.get(need, USUAL)}
    else:
        form.yes.data = tuple(dict.fromkeys((*form.yes.data, concept)))
    form.no.data = tuple(code for code in form.no.data if code != concept)


def _unknown(words: str) -> str:
    meant = [label for _, label in interests.meant(words)]
    said = f"“{words}” is not among the needs and interests we know."
    if meant:
        return f"{said} Did you mean {' or '.join(meant)}? Or try another word for it."
    return f"{said} Try another word for it."


def words_of(form: ConversationForm) -> str:
    """What was typed so far, however long: it may not have been checked yet."""
    typed = (form.what_matters.data, form.notes.data, form.strengths.data)
    return "\n".join(words[:LONGEST_NOTE] for words in typed if words)
