"""Turns the stories of the demo into sentences about one person.

A text may hold ``[this|that]``, of which one is taken, and names and pronouns such as ``{name}``
and ``{they}``, with ``{are}``, ``{s}`` and the like to agree with them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

CHOICE = re.compile(r"\[([^\[\]]*)\]")
START = re.compile(r"(^|[.!?]\s+)([a-z])")
SPACES = re.compile(r"\s+")

SHE = {"they": "she", "them": "her", "their": "her", "man_woman": "woman"}
HE = {"they": "he", "them": "him", "their": "his", "man_woman": "man"}
THEY = {"they": "they", "them": "them", "their": "their", "man_woman": "person"}
ONE = {"are": "is", "were": "was", "have": "has", "do": "does", "s": "s", "es": "es"}
MANY = {"are": "are", "were": "were", "have": "have", "do": "do", "s": "", "es": ""}
PRONOUNS = {"female": SHE | ONE, "male": HE | ONE}


@dataclass(frozen=True, slots=True)
class Voice:
    """How one person is spoken of."""

    words: dict[str, str]
    rng: Random

    def say(self, *texts: str) -> str:
        """Return the texts as one paragraph about this person."""
        text = " ".join(self._filled(text) for text in texts if text)
        return START.sub(lambda at: at[1] + at[2].upper(), SPACES.sub(" ", text)).strip()

    def one_of(self, texts: Sequence[str]) -> str:
        """Return one of the texts, said about this person."""
        return self.say(self.rng.choice(texts))

    def _filled(self, text: str) -> str:
        chosen = CHOICE.sub(lambda at: self.rng.choice(at[1].split("|")), text)
        for word, said in self.words.items():
            chosen = chosen.replace(f"{{{word}}}", said)
        return chosen


def voice_of(name: str, gender: str, partner: str, child: str, rng: Random) -> Voice:
    """Return the voice for somebody called ``name``; ``gender`` is female, male or anything."""
    words = dict(PRONOUNS.get(gender, THEY | MANY))
    words |= {"They": words["they"].capitalize(), "name": name}
    return Voice(words | {"partner": partner, "child": child}, rng)
