"""The concept files, read once, and what they say of a service."""

from collections.abc import Iterable
from functools import lru_cache

from linkwork import paths
from linkwork.matching.descriptions import describe
from linkwork.matching.lexicon import Kind, Lexicon

SURE_ENOUGH = 0.5
MOST_NEEDS = 4


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The concepts that ship with Linkwork; they do not change while it runs."""
    return Lexicon.load(paths.SEED_DATA / "concepts")


def concepts_of(name: str, description: str | None, terms: Iterable[str]) -> dict[str, float]:
    """The concepts of a service, each with a weight from 0 to 1."""
    return describe(name=name, description=description or "", taxonomy=terms, lexicon=lexicon())


def needs_of(concepts: dict[str, float]) -> list[str]:
    """The needs that these concepts serve, surest first: at most four of them.

    Only concepts with a weight of at least a half count, so that a word in passing does not.
    """
    weights: dict[str, float] = {}
    for concept, weight in concepts.items():
        need = lexicon().concepts[concept].need
        if need is not None and weight >= SURE_ENOUGH:
            weights[need] = max(weight, weights.get(need, 0))
    return sorted(weights, key=lambda need: (-weights[need], need))[:MOST_NEEDS]


def groups() -> dict[str, str]:
    """The groups of people that an activity may be made for, but women and men, by code."""
    found = (one for one in lexicon().concepts.values() if one.kind == Kind.GROUP)
    return {one.id: one.label for one in found if one.id not in ("women", "men")}
