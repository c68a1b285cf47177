"""How many of the people counted may be somebody else who was counted too.

Nobody is named or merged here. Pairs are looked for among the people whom one PCN started in the
year: born on the same day, with a name or the NHS number the same, and alike by the rules that a
link worker is shown (``matching.likeness``). How much that could take off the count is at most
what is left over when everybody alike is one person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from linkwork.capacity.figure import counted
from linkwork.casework import starts
from linkwork.database import db
from linkwork.matching.likeness import Known, compare
from linkwork.models import Organisation, Person, SupportCase
from linkwork.reports.basis import Basis
from linkwork.reports.blanks import BEGIN, END, PCN, blanks

COLUMNS = (
    "id",
    "given_name_folded",
    "family_name_folded",
    "date_of_birth",
    "nhs_number",
    "postcode",
    "phone",
)


@dataclass(frozen=True, slots=True)
class Duplicates:
    """``pairs`` of records that may be of one person; ``fewer`` people at most if all are."""

    pairs: int
    fewer: int

    @property
    def text(self) -> str:
        """In short: "3 possible duplicates, at most -3"."""
        return f"{counted(self.pairs, 'possible duplicate')}, at most {-self.fewer}"

    @property
    def sentence(self) -> str:
        """What it means for the people started, and what to do; empty where there is none."""
        if not self.pairs:
            return ""
        return (
            f"People started: {self.text}. Ask the link workers to look at who was entered twice."
        )


def of_pcn(pcn: Organisation, basis: Basis) -> Duplicates:
    """Possible duplicates among the people started to ``basis.as_of``. One query.

    All link workers; cases that were opened in error are not counted.
    """
    alike = [pair for *pair, one, other in _pairs(pcn.id, basis) if compare(one, other)]
    return Duplicates(len(alike), len({who for pair in alike for who in pair}) - _groups(alike))


def _pairs(pcn_id: int, basis: Basis) -> list[tuple[int, int, Known, Known]]:
    """People who share a birthday, and a name or a number, each pair once. One query."""
    half = len(COLUMNS)
    rows = (tuple(row) for row in db.session.execute(_statement(), blanks(pcn_id, basis)))
    return [(row[0], row[half], _known(row[1:half]), _known(row[half + 1 :])) for row in rows]


@cache
def _statement() -> Select[Any]:
    begun = (
        select(*(getattr(Person, name) for name in COLUMNS))
        .where(
            Person.id.in_(
                select(SupportCase.person_id).where(
                    SupportCase.organisation_id == PCN,
                    SupportCase.first_conversation_at >= BEGIN,
                    SupportCase.first_conversation_at < END,
                    starts.counts(),
                )
            )
        )
        .cte("begun")
    )
    one, other = aliased(begun, name="one"), aliased(begun, name="other")
    return select(*_columns(one), *_columns(other)).where(
        one.c.id < other.c.id,
        one.c.date_of_birth == other.c.date_of_birth,
        or_(
            one.c.family_name_folded == other.c.family_name_folded,
            one.c.given_name_folded == other.c.given_name_folded,
            one.c.nhs_number == other.c.nhs_number,
        ),
    )


def _columns(of: Any) -> list[Any]:
    return [of.c[name] for name in COLUMNS]


def _known(row: Sequence[Any]) -> Known:
    given, family, born, number, postcode, phone = row
    places = frozenset({"".join(postcode.split()).upper()} if postcode else ())
    digits = "".join(c for c in phone or "" if c.isascii() and c.isdigit())[-10:]
    return Known(given, family, born, number, places, digits or None)


def _groups(pairs: Sequence[Sequence[int]]) -> int:
    """How many people there are if everybody in a chain of pairs is one."""
    groups: list[set[int]] = []
    for pair in pairs:
        joined = set(pair).union(*(group for group in groups if group & set(pair)))
        groups = [group for group in groups if not group & joined] + [joined]
    return len(groups)
