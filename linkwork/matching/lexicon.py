"""The words of the field: concepts, how people speak of them and how directories do.

The concepts are data files that a service can edit (``seed_data/concepts/*.toml``): one file for
each kind, one table for each concept. People's words are looked for in notes only, directory
words in services only, so that a synonym of the one never bends the meaning of the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from linkwork.matching import concept_files
from linkwork.matching.concept_files import LexiconError
from linkwork.matching.concepts import NEEDS, Concept, Kind, names_of
from linkwork.matching.words import Phrases, parts

__all__ = ["NEEDS", "Concept", "Kind", "Lexicon", "LexiconError", "names_of", "plain"]

WORDS_REMEMBERED = 20_000
READING = "1"
"""Changed when ``describe`` reads the same words in another way."""


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
    terms: Mapping[str, tuple[str, ...]]
    """Terms of taxonomies in comparable form, and the concepts that each means."""
    mark: str
    """The same for two lexicons that would find the same concepts in every service."""

    @classmethod
    def load(cls, *folders: Path) -> Lexicon:
        """Read every ``*.toml`` of the folders, each laid over those before it.

        Raises ``LexiconError`` with a sentence for everything that is wrong.
        """
        return cls.of(concept_files.read(*folders))

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
            _by_term(every),
            _mark(every),
        )

    def label(self, concept: str) -> str:
        """Return the plain words for a concept; its id where the lexicon does not know it."""
        known = self.concepts.get(concept)
        return known.label if known else concept.replace("_", " ")


def plain(name: str) -> str:
    """Return a name as it is compared: its words in lower case."""
    return " ".join(parts(name))


def _by_term(concepts: Iterable[Concept]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for concept in concepts:
        for term in dict.fromkeys(map(plain, concept.terms)):
            found[term] = (*found.get(term, ()), concept.id)
    return MappingProxyType(found)


def _mark(concepts: Iterable[Concept]) -> str:
    """A digest of what services are described by, whatever order it was read in."""
    said = sorted((c.id, sorted(c.directories_say), sorted(map(plain, c.terms))) for c in concepts)
    return hashlib.sha256(repr((READING, said)).encode()).hexdigest()[:16]
