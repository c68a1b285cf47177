"""What a worker confirmed that somebody wants help with or likes, as concepts."""

from linkwork.casework.lexicon import lexicon
from linkwork.models import Need, SupportCase

MOST = 3
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
    chosen = {concept: MOST for concept, is_wanted in answers.items() if is_wanted}
    refused = answers.keys() - chosen.keys()
    spoken_for = {lexicon().concepts[c].need for c in chosen if c in lexicon().concepts}
    for need in case.needs:
        concept = PLAINEST.get(need.need, need.need.value)
        if need.resolved_at is None and need.need not in spoken_for and concept not in refused:
            chosen.setdefault(concept, need.importance)
    return {c: weight for c, weight in chosen.items() if c in lexicon().concepts}
