"""What is heard in a note while it is written: needs to tick, and words about danger."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from linkwork.casework import lexicon
from linkwork.forms.contacts import LONGEST_NOTE, ConversationForm
from linkwork.matching import propose
from linkwork.models import NEED_LABELS, Need, SupportCase


@dataclass(frozen=True, slots=True)
class Heard:
    """Something heard, with the very words: a need, or (``need`` None) what a search can use."""

    need: Need | None
    label: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chips:
    """The needs to choose from: those at hand first, with the words they were heard in."""

    at_hand: Sequence[tuple[Need, tuple[str, ...]]]
    others: Sequence[Need]


def hear(text: str) -> tuple[Heard, ...]:
    """Everything heard in a text, surest first; a need is named once, with all its words."""
    found: dict[str, Heard] = {}
    for proposal in propose(text, lexicon.lexicon()):
        need = Need(proposal.need) if proposal.need else None
        name = need or proposal.label
        before = found[name].words if name in found else ()
        words = tuple(dict.fromkeys((*before, *proposal.words)))
        found[name] = Heard(need, NEED_LABELS[need] if need else proposal.label, words)
    return tuple(found.values())


def chips(heard: Iterable[Heard], ticked: Mapping[Need, int], case: SupportCase) -> Chips:
    """Needs heard, then those ticked, then those the case is known for; all others apart."""
    at_hand: dict[Need, tuple[str, ...]] = {h.need: h.words for h in heard if h.need}
    known = [need.need for need in case.needs if need.resolved_at is None]
    for need in (*ticked, *known):
        at_hand.setdefault(need, ())
    return Chips(list(at_hand.items()), [need for need in Need if need not in at_hand])


def words_of(form: ConversationForm) -> str:
    """What was typed so far, however long: it may not have been checked yet."""
    typed = (form.what_matters.data, form.notes.data, form.strengths.data)
    return "\n".join(words[:LONGEST_NOTE] for words in typed if words)
