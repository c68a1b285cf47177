"""Text as words with places, and a set of phrases looked for in one pass.

Phrases are written by people who edit the concept files: ``garden*`` stands for every word that
begins so, ``_`` for any one word (``lost _ husband``), a leading ``?`` for a weak hint.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
PART = re.compile(r"_|[^\W_]+(?:['’][^\W_]+)*\*?")
SENTENCE_END = re.compile(r"[.!?;:\n]|\s[-–—]+\s|—")
COMMA = re.compile(r"[,()/]")
JOINED, COMMA_BREAK, SENTENCE_BREAK = 0, 1, 2
JOINTS = frozenset((" ", "-", ""))
LONGEST_WORD = 40


def folded(word: str) -> str:
    """Return the word as it is compared: lower case, straight apostrophe, no accents."""
    lowered = word[:LONGEST_WORD].lower().replace("’", "'")
    if lowered.isascii():
        return lowered
    apart = unicodedata.normalize("NFKD", lowered)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@dataclass(frozen=True, slots=True)
class Text:
    """A text cut into words; ``breaks[i]`` says what stands between word i - 1 and word i."""

    source: str
    words: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    breaks: tuple[int, ...]

    @classmethod
    def of(cls, source: str) -> Text:
        """Cut the source into words; linear in its length, whatever it holds."""
        spans = tuple([found.span() for found in WORD.finditer(source)])
        lowered = source.lower().replace("’", "'")
        if lowered.isascii():  # at once, as most texts are
            words = tuple([lowered[start:end][:LONGEST_WORD] for start, end in spans])
        else:
            words = tuple([folded(source[start:end]) for start, end in spans])
        return cls(source, words, spans, _breaks(source, spans))

    def written(self, first: int, after: int) -> str:
        """Return the exact characters of the words first..after - 1."""
        return " ".join(self.source[self.spans[first][0] : self.spans[after - 1][1]].split())

    def back(self, index: int, reach: int, *, over_commas: bool = False) -> int:
        """Return the first word of the clause of word ``index``, at most ``reach`` words before."""
        limit = SENTENCE_BREAK if over_commas else COMMA_BREAK
        furthest = max(0, index - reach)
        while index > furthest and self.breaks[index] < limit:
            index -= 1
        return index


def _breaks(source: str, spans: tuple[tuple[int, int], ...]) -> tuple[int, ...]:
    before, breaks = 0, []
    for start, end in spans:
        said = source[before:start]
        before = end
        if not start:
            breaks.append(SENTENCE_BREAK)
        else:
            breaks.append(JOINED if said in JOINTS else _break(said))
    return tuple(breaks)


def _break(said: str) -> int:
    if SENTENCE_END.search(said):
        return SENTENCE_BREAK
    return COMMA_BREAK if COMMA.search(said) else JOINED


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of ``concept`` at the words first..after - 1; a weak one is only a hint."""

    concept: str
    first: int
    after: int
    weak: bool = False


@dataclass(slots=True)
class _Node:
    exact: dict[str, _Node] = field(default_factory=dict)
    begins: dict[str, _Node] = field(default_factory=dict)
    lengths: tuple[int, ...] = ()
    anything: _Node | None = None
    ends: list[tuple[str, bool]] = field(default_factory=list)

    def child(self, part: str) -> _Node:
        """The node for one part of a phrase: a word, ``begin*``, or ``_`` for any word."""
        if part == "_":
            self.anything = self.anything or _Node()
            return self.anything
        if part.endswith("*"):
            node = self.begins.setdefault(part[:-1], _Node())
            self.lengths = tuple(sorted({len(begin) for begin in self.begins}))
            return node
        return self.exact.setdefault(part, _Node())

    def after(self, word: str) -> list[_Node]:
        """Every node that ``word`` leads to."""
        found = [self.exact[word]] if word in self.exact else []
        if self.lengths:
            begins = [word[:n] for n in self.lengths if n <= len(word)]
            found += [self.begins[begin] for begin in begins if begin in self.begins]
        if self.anything:
            found.append(self.anything)
        return found


class Phrases:
    """Phrases of many concepts in one tree, read-only once it is made."""

    def __init__(self, phrases: Iterable[tuple[str, str]], *, remembers: int = 0) -> None:
        """Take pairs of concept and phrase; a phrase without a single word is passed over.

        It ``remembers`` so many words of the texts it has seen, and what may begin with each:
        that is for texts of directories, never for what is said of somebody.
        """
        self._phrases = tuple(phrases)
        self._beginnings: dict[str, list[_Node]] = {}
        self._most = remembers

    @cached_property
    def _root(self) -> _Node:
        """The tree, made when it is first needed: an import asks for one sort of phrases only."""
        root = _Node()
        for concept, phrase in self._phrases:
            node = root
            for part in parts(phrase):
                node = node.child(part)
            if node is not root:
                node.ends.append((concept, phrase.startswith("?")))
        return root

    def find(self, text: Text) -> list[Hit]:
        """Return every phrase in the text in order of place; time grows with its length only."""
        hits: list[Hit] = []
        root, known = self._root, self._beginnings if self._most else {}
        for first, word in enumerate(text.words):
            nodes = known.get(word)
            if nodes is None:
                nodes = root.after(word)
                if not self._most or len(known) < self._most:
                    known[word] = nodes
            if nodes:
                _follow(text, first, nodes, hits)
        return hits


def parts(phrase: str) -> list[str]:
    """Return the words of a written phrase, with its ``*`` and ``_`` kept."""
    return [folded(part) for part in PART.findall(phrase.lstrip("?"))]


def _follow(text: Text, first: int, nodes: list[_Node], hits: list[Hit]) -> None:
    """Add the phrases that begin with the word ``first``, which leads to ``nodes``."""
    after, words, breaks = first + 1, text.words, text.breaks
    while nodes:
        for node in nodes:
            for concept, weak in node.ends:
                hits.append(Hit(concept, first, after, weak))
        if after >= len(words) or breaks[after] == SENTENCE_BREAK:
            return
        word = words[after]
        if len(nodes) == 1:
            nodes = nodes[0].after(word)
        else:
            nodes = [child for node in nodes for child in node.after(word)]
        after += 1
