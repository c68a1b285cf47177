"""What there is to say of a match, worked out when it is first asked for.

A ranking holds forty matches and a page beside a note shows four: putting the others in words
would take longer than finding them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from linkwork.matching.limits import Check


@dataclass(frozen=True, slots=True)
class Told:
    """What speaks for a match, what to be careful about, and how it stands to each limit."""

    because: tuple[str, ...]
    """The terms that scored."""
    facts: tuple[str, ...]
    """How far, when, for how much."""
    cautions: tuple[str, ...]
    checks: tuple[Check, ...]

    def and_also(self, facts: tuple[str, ...], cautions: tuple[str, ...]) -> Told:
        """The same with more facts and cautions after its own."""
        return replace(self, facts=self.facts + facts, cautions=self.cautions + cautions)


class Telling:
    """What will be told when it is asked for; two are equal when they tell the same."""

    __slots__ = ("_tell", "_told")

    def __init__(self, tell: Callable[[], Told]) -> None:
        """Take how to find what there is to say, which is asked at most once."""
        self._tell = tell
        self._told: Told | None = None

    @property
    def told(self) -> Told:
        """What there is to say."""
        if self._told is None:
            self._told = self._tell()
        return self._told

    def __eq__(self, other: object) -> bool:
        """Whether both tell the same."""
        return isinstance(other, Telling) and self.told == other.told

    def __hash__(self) -> int:
        """As what it tells."""
        return hash(self.told)

    def __repr__(self) -> str:
        """What it tells."""
        return repr(self.told)
