"""What the words about access say of a building: only what it has, never what it lacks.

Whoever cannot manage a step must not be sent to one, so that words in doubt count for nothing.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

# As a person’s limits and a filter of the search ask for it.
ACCESS_WORDS = {
    "step_free": ("step-free", "step free", "wheelchair", "level access", "ramp"),
    "toilet": ("accessible toilet", "disabled toilet", "accessible wc"),
    "hearing_loop": ("hearing loop", "induction loop"),
    "parking": ("parking", "blue badge", "blue-badge"),
    "quiet": ("quiet",),
    "seat": ("seat", "seating", "chairs", "somewhere to sit"),
}
KINDS = {
    code: re.compile(rf"\b(?:{'|'.join(words)})(?:s|ed)?\b") for code, words in ACCESS_WORDS.items()
}
SENTENCE = re.compile(r"[.;!?\n|]+")
CLAUSE = re.compile(r"\bbut\b|\bhowever\b")
PART = re.compile(r"[,()]| [-–—] ")
NO_STEPS = re.compile(r"\b(?:no|without(?: any)?) (?:steps?|stairs)\b")
DENIED = re.compile(
    r"\b(?:no|not|non|none|nor|neither|never|n|false|nil|without|cannot|unable|lacks?|lacking"
    r"|unavailable|unsuitable|inaccessible|limited|partial|partially|restricted|unknown|unsure|tbc"
    r"|unfortunately|except)\b|n't\b|n/a|\bto be confirmed\b|: (?:ask|enquire|contact|0\b)"
)
KEPT = 20_000


def told(notes: Iterable[str]) -> frozenset[str]:
    """The codes of ``ACCESS_WORDS`` that some notes of one building say that it has."""
    return frozenset().union(*(_told(note) for note in notes))


@lru_cache(maxsize=KEPT)
def _told(note: str) -> frozenset[str]:
    plain = NO_STEPS.sub(" ", note.lower().replace("’", "'"))
    return frozenset().union(*(_of_sentence(sentence) for sentence in SENTENCE.split(plain)))


def _of_sentence(sentence: str) -> set[str]:
    """What a sentence says is there; a “no” holds for the rest of its clause."""
    has: set[str] = set()
    lacks: set[str] = set()
    for clause in CLAUSE.split(sentence):
        is_denied = False
        for part in PART.split(clause):
            named = {code for code, words in KINDS.items() if words.search(part)}
            if DENIED.search(part):
                is_denied = True
                if not named:  # “there is a loop, but it is not working”
                    has.clear()
            (lacks if is_denied else has).update(named)
    return has - lacks
