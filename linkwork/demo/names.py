"""Names for very many people, drawn from those of the demo’s people."""

from random import Random
from typing import Any, NamedTuple

from linkwork.casework.people import folded
from linkwork.demo.content import content

MALE_SHARE = 0.4


class Name(NamedTuple):
    """A name, as it is written and as it is compared, and whose it could be."""

    given: str
    family: str
    given_folded: str
    family_folded: str
    gender: str
    group: str


class Names:
    """Names by group and gender, as often as the demo’s people have them."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._groups = list(content("people")["groups"].values())
        self._weights = [group["weight"] for group in self._groups]
        self._given = {
            (group["label"], gender): [(name, folded(name)) for name in _all(group[gender])]
            for group in self._groups
            for gender in ("female", "male")
        }
        self._family = {
            group["label"]: [(name, folded(name)) for name in group["family"]]
            for group in self._groups
        }

    def draw(self) -> Name:
        """Draw a name."""
        rng = self._rng
        group: str = rng.choices(self._groups, self._weights)[0]["label"]
        gender = "male" if rng.random() < MALE_SHARE else "female"
        given, family = rng.choice(self._given[group, gender]), rng.choice(self._family[group])
        return Name(given[0], family[0], given[1], family[1], gender, group)


def _all(names: list[str] | dict[str, Any]) -> list[str]:
    if isinstance(names, list):
        return names
    return sorted({name for some in names.values() for name in some})
