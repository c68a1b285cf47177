"""A note cut into what is said one thing at a time: a vector of everything says nothing."""

from __future__ import annotations

import re

MOST_SENTENCES = 16
MOST_WORDS = 40
LONGEST_READ = 20_000
END = re.compile(r"(?<=[.!?;])[\s”’\")]+|[\r\n]+|(?<!\s)\s+[–—]\s+")
WORD = re.compile(r"\S+")


def sentences(text: str, *, at_most: int = MOST_SENTENCES) -> list[str]:
    """The sentences of a text in their order, each of at most 40 words, without repeats.

    Bounded in number, and so in the time a model takes: of a long text its beginning is read,
    for what is newest stands first in what a case says. Longer sentences are cut in windows.
    """
    found: dict[str, None] = {}
    for part in END.split(text[:LONGEST_READ]):
        words = WORD.findall(part)
        for start in range(0, len(words), MOST_WORDS):
            sentence = " ".join(words[start : start + MOST_WORDS])
            if any(letter.isalpha() for letter in sentence):
                found.setdefault(sentence)
            if len(found) == at_most:
                return list(found)
    return list(found)
