"""The words of the field: concepts, how people speak of them and how directories do.

The concepts are data files that a service can edit (``seed_data/concepts/*.toml``): one file for
each kind, one table for each concept. People's words are looked for in notes only, directory
words in services only, so that a synonym of the one never bends the meaning of the other.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any

from linkwork.matching.words import Phrases, parts

NEEDS = frozenset(
    "loneliness bereavement low_mood anxiety carer_stress money_debt benefits food housing work "
    "skills_learning physical_activity weight healthy_eating long_term_condition memory "
    "alcohol_drugs safety_abuse family_parenting language digital transport purpose_volunteering "
    "culture_faith work_stress".split()
)
"""The codes of the needs a worker records, in the words of the models."""

WORDS_REMEMBERED = 20_000
KEYS = frozenset(
    {
        "label",
        "need",
        "people_say",
        "directories_say",
        "also",
        "near",
        "sensitive",
        "of_others",
        "open_to_all",
    }
)


class Kind(StrEnum):
    """What a concept is: something needed, liked, lived with, belonged to or required."""

    NEED = "need"
    INTEREST = "interest"
    CONDITION = "condition"
    GROUP = "group"
    ACCESS = "access"


class LexiconError(ValueError):
    """A concept file cannot be used; the message names the file and the concept."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that a person may want and a service may offer."""

    id: str
    label: str
    kind: Kind
    need: str | None
    people_say: tuple[str, ...]
    directories_say: tuple[str, ...]
    also: tuple[str, ...]
    near: Mapping[str, float]
    """Concepts that help as well, with weights from 0 to 1."""
    sensitive: bool
    """Shown only on an explicit cue or a confirmed need."""
    of_others: bool
    """Said of somebody else it still concerns the person (a death, a parent's dementia)."""
    open_to_all: bool
    """Services that speak of this group take others too (older people, a church hall)."""

    @property
    def is_audience(self) -> bool:
        """Say whether a service that is mainly about this is for these people only."""
        return self.kind in (Kind.GROUP, Kind.CONDITION) and not self.open_to_all


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All concepts with their phrases compiled; made once, never changed."""

    concepts: Mapping[str, Concept]
    people: Phrases
    directories: Phrases
    names: Phrases
    titles: Mapping[str, tuple[str, ...]]
    """What a worker may type for each concept, in comparable form."""
    sensitive: frozenset[str]

    @classmethod
    def load(cls, folder: Path) -> Lexicon:
        """Read every ``*.toml`` of the folder; raise LexiconError naming what is wrong."""
        found: dict[str, Concept] = {}
        for file in sorted(folder.glob("*.toml")):
            for concept in _concepts(file):
                if concept.id in found:
                    raise LexiconError(f"{file.name}: {concept.id} is defined twice")
                found[concept.id] = concept
        if not found:
            raise LexiconError(f"No concept files (*.toml) in {folder}")
        _check_near(found)
        return cls.of(found)

    @classmethod
    def of(cls, concepts: Mapping[str, Concept]) -> Lexicon:
        """Compile the phrases of these concepts."""
        every = concepts.values()
        return cls(
            MappingProxyType(dict(concepts)),
            Phrases((c.id, phrase) for c in every for phrase in c.people_say),
            Phrases(
                ((c.id, phrase) for c in every for phrase in c.directories_say),
                remembers=WORDS_REMEMBERED,
            ),
            Phrases((c.id, phrase) for c in every for phrase in names_of(c)),
            MappingProxyType({c.id: tuple(map(plain, names_of(c))) for c in every}),
            frozenset(c.id for c in every if c.sensitive),
        )

    def label(self, concept: str) -> str:
        """Return the plain words for a concept; its id where the lexicon does not know it."""
        known = self.concepts.get(concept)
        return known.label if known else concept.replace("_", " ")


def names_of(concept: Concept) -> tuple[str, ...]:
    """Return what a worker may type to mean this concept: label, id and other names."""
    return (concept.label, concept.id.replace("_", " "), *concept.also)


def plain(name: str) -> str:
    """Return a name as it is compared: its words in lower case."""
    return " ".join(parts(name))


def _concepts(file: Path) -> Iterator[Concept]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        kind = Kind(content["kind"])
        tables = content.get("concept", {}).items()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, ValueError) as error:
        raise LexiconError(f"{file.name}: {error}") from error
    for name, table in tables:
        yield _concept(file.name, name, kind, table)


def _concept(file: str, name: str, kind: Kind, table: Mapping[str, Any]) -> Concept:
    unknown = set(table) - KEYS
    if unknown or "label" not in table:
        fault = f"unknown key {sorted(unknown)[0]}" if unknown else "no label"
        raise LexiconError(f"{file}: {name}: {fault}")
    need = table.get("need")
    if need is not None and need not in NEEDS:
        raise LexiconError(f"{file}: {name}: no need is called {need}")
    return Concept(
        id=name,
        label=table["label"],
        kind=kind,
        need=need,
        people_say=_phrases(table.get("people_say", "")),
        directories_say=_phrases(table.get("directories_say", "")),
        also=_phrases(table.get("also", "")),
        near=MappingProxyType(dict(table.get("near", {}))),
        sensitive=bool(table.get("sensitive", False)),
        of_others=bool(table.get("of_others", False)),
        open_to_all=bool(table.get("open_to_all", False)),
    )


def _phrases(listed: str) -> tuple[str, ...]:
    return tuple(
        phrase.strip() for phrase in listed.replace("\n", " ").split(",") if phrase.strip()
    )


def _check_near(concepts: Mapping[str, Concept]) -> None:
    for concept in concepts.values():
        for other, weight in concept.near.items():
            if other not in concepts:
                raise LexiconError(f"{concept.id}: near unknown concept {other}")
            if not 0 < weight <= 1:
                raise LexiconError(f"{concept.id}: weight of {other} is not between 0 and 1")
