"""What columns of spreadsheets can mean at all: names, contents, vocabularies.

A name is compared without case, punctuation and year: ``Post Code``, ``post_code`` and
``POSTCODE`` are one. The order of names is their preference; the order of meanings that of the
page on which they are chosen.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from linkwork.exchange.tables import folded


class Content(StrEnum):
    """What the cells of a column look like."""

    POSTCODE = "postcodes"
    PHONE = "phone numbers"
    EMAIL = "email addresses"
    WEB = "web addresses"
    NHS_NUMBER = "NHS numbers"
    DATE = "dates"
    LATITUDE = "latitudes"
    LONGITUDE = "longitudes"
    TIMES = "opening times"
    MONEY = "prices"
    YES_NO = "yes or no"
    AGES = "ages"
    PRACTICE_CODE = "practice codes"
    AREA_CODE = "codes of areas"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing a column can say.

    ``names`` are folded headers that carry it, ``last`` names that do where no other column does,
    and ``content`` what its cells look like, where that can be told. ``tells`` is whether content
    alone is enough to guess it. ``many`` columns may say it together, in their order.
    """

    code: str
    label: str
    names: tuple[str, ...]
    last: tuple[str, ...] = ()
    content: Content | None = None
    tells: bool = False
    many: bool = False
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All that the columns of one kind of list may mean."""

    noun: str
    meanings: tuple[Meaning, ...]
    either: tuple[tuple[str, ...], ...] = ()
    """Of each of these groups at least one is needed."""
    by_code: Mapping[str, Meaning] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_code", {one.code: one for one in self.meanings})

    def named(self, header: str) -> Meaning | None:
        """The meaning a header names exactly, in one of the usual ways."""
        plain = plain_name(header)
        return next((one for one in self.meanings if plain in one.names), None)


def plain_name(header: str) -> str:
    """A header as it is compared with the names here."""
    return re.sub(r"_(?:of|the|a|an|and|or|for)(?=_)", "", folded(re.sub("['’]", "", header)))


def meaning(code: str, label: str, names: str, *, last: str = "", **more: Any) -> Meaning:
    """A meaning whose names are written in one text, with spaces between them."""
    return Meaning(code, label, _folded(names), _folded(last), **more)


def _folded(names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(plain_name, names.split())))
