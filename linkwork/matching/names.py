"""How alike two names are: of people, of organisations, of activities.

The comparing itself is rapidfuzz's: Jaro–Winkler for the names of people, where the beginning
counts most; the ratio of the sorted words for names of several words, where their order does not.
"""

from collections.abc import Mapping

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Jaro

from linkwork.matching.words import WORD

NEAR = 88.0
BEGINNING, BONUS = 4, 0.1


def similarity(one: str, other: str) -> float:
    """How alike two names of a person are, from 0 (nothing in common) to 1 (the same).

    The similarity of Jaro (1989) with the bonus of Winkler (1990) for a common beginning.
    """
    jaro = float(Jaro.similarity(*sorted((one, other))))
    common = 0
    for left, right in zip(one[:BEGINNING], other[:BEGINNING], strict=False):
        if left != right:
            break
        common += 1
    return jaro + BONUS * common * (1 - jaro)


def plain_words(name: str) -> str:
    """A name as it is compared: its words in small letters, with single spaces."""
    return " ".join(WORD.findall(name.casefold().replace("&", " and ")))


def likeness(one: str, other: str) -> float:
    """How alike two names of several words are, from 0 to 1; the order of the words is nothing.

    Both as ``plain_words`` gives them.
    """
    return float(fuzz.token_sort_ratio(one, other)) / 100


def nearest(name: str, names: Mapping[int, str], *, most: int) -> list[int]:
    """The numbers of the names that are nearly this one, the nearest first, at most ``most``."""
    found = process.extract(
        plain_words(name),
        names,
        scorer=fuzz.token_set_ratio,
        processor=plain_words,
        score_cutoff=NEAR,
        limit=most,
    )
    return [number for _, _, number in found]
