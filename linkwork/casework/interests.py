"""What a worker confirmed that somebody wants help with or likes, as concepts."""

from datetime import datetime

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework import cases
from linkwork.casework.lexicon import lexicon
from linkwork.errors import RuleBroken
from linkwork.matching import Concept, Kind, crisis_words, find_concept
from linkwork.matching.concept_files import KEPT_FOR_SAFETY
from linkwork.matching.lexicon import plain
from linkwork.matching.nearest import nearest
from linkwork.models import CaseInterest, CaseNeed, Need, SupportCase, User

USUAL, MOST = 2, 3
SHORTEST_OF_DANGER = 5
"""Fewer letters are the beginning of many other words."""
IN_DANGER = (
    "if somebody is in danger now, call 999. For urgent mental health help, call 111 and choose "
    "option 2. No activity is looked for by these words; record what was said and what you did. "
    "For help after a death by suicide, type “loss by suicide”."
)
# Where a need’s own name is not that of a concept, the concept that says it most plainly.
PLAINEST: dict[Need, str] = {
    Need.CARER_STRESS: "carers",
    Need.MONEY_DEBT: "debt",
    Need.FOOD: "food_help",
    Need.WORK: "employment",
    Need.SKILLS_LEARNING: "learning",
    Need.PHYSICAL_ACTIVITY: "exercise",
    Need.MEMORY: "dementia",
    Need.ALCOHOL_DRUGS: "alcohol",
    Need.SAFETY_ABUSE: "domestic_abuse",
    Need.FAMILY_PARENTING: "parenting",
    Need.LANGUAGE: "esol",
    Need.DIGITAL: "digital_skills",
    Need.PURPOSE_VOLUNTEERING: "volunteering",
    Need.CULTURE_FAITH: "faith",
}


def confirmed(
    case: SupportCase, *, yes: frozenset[str] = frozenset(), no: frozenset[str] = frozenset()
) -> dict[str, int]:
    """Concepts to how much they matter: what was confirmed, and the needs of the case (1 to 3).

    A need that no confirmed concept speaks for stands for its plainest concept. ``yes`` and
    ``no`` are answers that are not saved yet; they go before those that are.
    """
    answers = {i.concept: i.confirmed for i in case.interests}
    answers |= dict.fromkeys(sorted(yes), True) | dict.fromkeys(sorted(no), False)
    answers.pop(KEPT_FOR_SAFETY, None)
    chosen = {concept: MOST for concept, is_wanted in answers.items() if is_wanted}
    refused = answers.keys() - chosen.keys()
    spoken_for = {lexicon().concepts[c].need for c in chosen if c in lexicon().concepts}
    for need in case.needs:
        concept = PLAINEST.get(need.need, need.need.value)
        if need.resolved_at is None and need.need not in spoken_for and concept not in refused:
            chosen.setdefault(concept, need.importance)
    return {c: weight for c, weight in chosen.items() if c in lexicon().concepts}


def confirm(case: SupportCase, concept: str, *, by: User, at: datetime) -> None:
    """Say yes to a concept: it counts most from now on, and a need joins the case’s needs."""
    cases.hold(case)
    _answer(case, concept, yes=True)
    known = lexicon().concepts[concept]
    if known.kind is Kind.NEED and known.need is not None:
        _add_need(case, Need(known.need), at)
    audit.record(Event.INTEREST_CONFIRMED, case, by=by, concept=concept)


def refuse(case: SupportCase, concept: str, *, by: User) -> None:
    """Say no to a concept: it is not proposed again, and no longer counts."""
    cases.hold(case)
    _answer(case, concept, yes=False)
    audit.record(Event.INTEREST_REFUSED, case, by=by, concept=concept)


def add(case: SupportCase, words: str, *, by: User, at: datetime) -> str:
    """Confirm what a worker typed, and return its label.

    Raises ``RuleBroken`` where no concept is known by these words, and where they speak of danger:
    that is answered by what to do now, never by a list of activities.
    """
    danger = speaks_of_danger(words)
    if danger:
        raise RuleBroken(f"“{'”, “'.join(danger)}”: {IN_DANGER}")
    found = find(words)
    if found is None:
        raise RuleBroken(
            f"“{words}” is not among the needs and interests we know. Try another word for it."
        )
    confirm(case, found.id, by=by, at=at)
    return found.label


def find(words: str) -> Concept | None:
    """The need or interest that the words most likely mean; help in a crisis is never one."""
    found = find_concept(words, lexicon(), at_most=2)
    return next((concept for concept in found if concept.id != KEPT_FOR_SAFETY), None)


def speaks_of_danger(words: str) -> tuple[str, ...]:
    """The words of danger in what a worker types as a need; none where it is a need’s own name.

    "Loss by suicide" is help after a death, and says so. Whoever asks for help in a crisis by any
    of its names is answered with what to do, too.
    """
    if len(words) >= SHORTEST_OF_DANGER:
        found = find_concept(words, lexicon(), at_most=1)
        if found and found[0].id == KEPT_FOR_SAFETY:
            return crisis_words(words) or (words,)
    named = any(plain(words) == plain(one.label) for one in lexicon().concepts.values())
    return () if named else crisis_words(words)


def meant(words: str) -> tuple[tuple[str, str], ...]:
    """What words that nobody knows may have been meant as: at most three (concept, label)."""
    if not words or speaks_of_danger(words) or find(words):
        return ()
    found = nearest(words, lexicon())
    return tuple((one.id, one.label) for one in found if one.id != KEPT_FOR_SAFETY)


def _answer(case: SupportCase, concept: str, *, yes: bool) -> None:
    if concept not in lexicon().concepts:
        raise RuleBroken("This need or interest is not known. Choose one from the list.")
    if yes and concept == KEPT_FOR_SAFETY:
        raise RuleBroken(f"“{lexicon().label(concept)}”: {IN_DANGER}")
    if not case.is_open:
        raise RuleBroken("This case has ended. Open it again first.")
    for interest in case.interests:
        if interest.concept == concept:
            interest.confirmed = yes
            return
    case.interests.append(CaseInterest(concept=concept, confirmed=yes))


def _add_need(case: SupportCase, need: Need, at: datetime) -> None:
    if all(known.need != need for known in case.needs):
        case.needs.append(CaseNeed(need=need, importance=USUAL, seen_at=at))
