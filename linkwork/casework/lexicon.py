"""The lexicon in use: the concepts that ship, with what a service’s own files say of them."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from linkwork import paths
from linkwork.errors import SettingsWrong
from linkwork.matching.descriptions import describe
from linkwork.matching.lexicon import Kind, Lexicon, LexiconError

SHIPPED = paths.SEED_DATA / "concepts"
SURE_ENOUGH = 0.5
MOST_NEEDS = 4
READ_AT_ONCE = 4


class _Chosen:
    """Which folder is laid over the files that ship; one for a process."""

    folder: Path | None = None


def use(folder: Path | None) -> None:
    """Lay the concept files of this folder over those that ship from now on; None for no others.

    Raises ``SettingsWrong`` with a sentence for everything that is wrong in them.
    """
    if folder is not None:
        try:
            _read(folder)
        except LexiconError as error:
            raise SettingsWrong(
                f"LINKWORK_CONCEPTS is {folder}, and its concept files cannot be used:\n{error}"
            ) from error
    _Chosen.folder = folder


def lexicon() -> Lexicon:
    """The concepts in use; they do not change while Linkwork runs."""
    return _read(_Chosen.folder)


def folders(own: Path | None) -> tuple[Path, ...]:
    """The folders of concept files in the order they are read: ours, then a service’s own."""
    return (SHIPPED,) if own is None else (SHIPPED, own)


@lru_cache(maxsize=READ_AT_ONCE)
def _read(own: Path | None) -> Lexicon:
    return Lexicon.load(*folders(own))


def concepts_of(name: str, description: str | None, terms: Iterable[str]) -> dict[str, float]:
    """The concepts of a service, each with a weight from 0 to 1."""
    return describe(name=name, description=description or "", taxonomy=terms, lexicon=lexicon())


def needs_of(concepts: dict[str, float]) -> list[str]:
    """The needs that these concepts serve, surest first: at most four of them.

    Only concepts with a weight of at least a half count, so that a word in passing does not.
    """
    weights: dict[str, float] = {}
    for concept, weight in concepts.items():
        known = lexicon().concepts.get(concept)
        need = known.need if known else None
        if need is not None and weight >= SURE_ENOUGH:
            weights[need] = max(weight, weights.get(need, 0))
    return sorted(weights, key=lambda need: (-weights[need], need))[:MOST_NEEDS]


def groups() -> dict[str, str]:
    """The groups of people that an activity may be made for, but women and men, by code."""
    found = (one for one in lexicon().concepts.values() if one.kind == Kind.GROUP)
    return {one.id: one.label for one in found if one.id not in ("women", "men")}
