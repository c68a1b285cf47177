"""The PCNs that generated people are supported by: their boards, practices and list sizes.

PCNs that are known are used as they are, in order of their codes; what they lack is made up. Where
there are too few, more are made up with codes that the Organisation Data Service never gives.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from random import Random
from statistics import NormalDist
from typing import Any

from sqlalchemy import func, select

from linkwork.capacity.calendar import FinancialYear
from linkwork.database import db
from linkwork.demo.rows import Rows
from linkwork.demo.workforce import Spell, Workforce, midnight
from linkwork.models import (
    ListProfile,
    ListSize,
    Organisation,
    OrganisationKind,
    OrganisationParent,
    Role,
)

PCNS_A_BOARD = 30
REGIONS = (
    "East of England", "London", "Midlands", "North East and Yorkshire", "North West",
    "South East", "South West",
)  # fmt: skip
PLACES = (
    "Ash", "Beck", "Crag", "Dale", "Elm", "Fell", "Glen", "Heath", "Ings", "Kirk", "Lea",
    "Moss", "Nook", "Oak", "Pike", "Rigg", "Stone", "Thorn", "Wharf", "Yew",
)  # fmt: skip
PCN_CODE, BOARD_CODE, ENGLAND = "ZP", "ZB", "ZE1"
STARTS_PER_WTE = 215
STARTED_OF_REFERRED = 0.8
SPREAD = 2.0
"""Deciles that the areas of a PCN lie from its own, as a standard deviation."""


@dataclass(slots=True)
class Network:
    """A PCN as far as people’s lives need it."""

    id: int
    board_id: int | None
    name: str
    practices: list[tuple[int, int]]
    """Number and patients of each."""
    decile: float
    """What the areas of its people are around: 1 (most deprived) to 10."""
    keenness: float
    """How much more or less it is referred to than its list would say."""
    spells: list[Spell] = field(default_factory=list)

    @property
    def weight(self) -> float:
        """Its part of all referrals."""
        return self.keenness * max(1, sum(patients for _, patients in self.practices))


class Networks:
    """Finds or makes them, each with list sizes as of every 1 April from ``first_on`` on."""

    def __init__(
        self, rng: Random, rows: Rows, staff: Workforce, first_on: date, today: date
    ) -> None:
        self._rng, self._rows, self._staff = rng, rows, staff
        self._first_on, self._today, self._at = first_on, today, midnight(first_on)
        self._profiled = set(db.session.scalars(select(ListProfile.organisation_id)))

    def all(self, wanted: int, people_a_year: float) -> list[Network]:
        """So many networks, with staff for so many referrals a year among them all."""
        found = self._known(wanted)
        self._rows.write()
        found += self._made_up(wanted - len(found))
        self._national()
        self._rows.write()
        total = sum(network.weight for network in found)
        for network in found:
            started = people_a_year * STARTED_OF_REFERRED * network.weight / total
            network.spells = self._staff.team(network.id, started / STARTS_PER_WTE)
        self._rows.write()
        return found

    def _known(self, wanted: int) -> list[Network]:
        pcns = db.session.scalars(
            select(Organisation).where(
                Organisation.kind == OrganisationKind.PCN, Organisation.is_open(self._today)
            )
        ).all()
        pcns = sorted(pcns, key=lambda pcn: pcn.ods_code or pcn.key)[:wanted]
        members = _members(self._today)
        sizes = _newest_sizes()
        return [self._of_known(pcn, members[pcn.id], sizes) for pcn in pcns]

    def _of_known(self, pcn: Organisation, members: list[int], sizes: dict[int, int]) -> Network:
        if not members:
            members = [self._practice(pcn.id, pcn.name, number) for number in range(3)]
        lists = [(one, sizes.get(one) or self._list_size(one)) for one in members]
        if pcn.id not in sizes:
            self._list_size(pcn.id, sum(patients for _, patients in lists))
        return self._network(pcn.id, pcn.parent_id, pcn.name, lists)

    def _made_up(self, wanted: int) -> list[Network]:
        found = []
        before, boards = _codes_like(PCN_CODE), _codes_like(BOARD_CODE)
        board: int | None = None
        for number in range(wanted):
            if number % PCNS_A_BOARD == 0:
                self._rows.write()
                board = self._board(boards + number // PCNS_A_BOARD + 1)
            found.append(self._one(before + number + 1, board))
        return found

    def _board(self, number: int) -> int:
        region = REGIONS[(number - 1) % len(REGIONS)]
        board = self._organisation(
            OrganisationKind.ICB, f"Board {number} (made up)", f"{BOARD_CODE}{number}", None, region
        )
        self._staff.user(board, f"Lead of board {number}", Role.PCN_LEAD)
        return board

    def _one(self, number: int, board: int | None) -> Network:
        name = f"{self._rng.choice(PLACES)}{self._rng.choice(PLACES).lower()} {number} PCN"
        pcn = self._organisation(OrganisationKind.PCN, name, f"{PCN_CODE}{number:05d}", board)
        practices = [self._practice(pcn, name, one) for one in range(self._rng.randint(3, 7))]
        lists = [(one, self._list_size(one)) for one in practices]
        self._list_size(pcn, sum(patients for _, patients in lists))
        return self._network(pcn, board, name, lists)

    def _network(
        self, pcn: int, board: int | None, name: str, lists: list[tuple[int, int]]
    ) -> Network:
        rng = self._rng
        self._staff.user(pcn, f"Lead of {name}", Role.PCN_LEAD)
        decile = rng.uniform(2, 9)
        if pcn not in self._profiled:
            fifths = [NormalDist(decile, SPREAD).pdf(one) for one in (1.5, 3.5, 5.5, 7.5, 9.5)]
            parts = {f"q{n}": part / sum(fifths) for n, part in enumerate(fifths, start=1)}
            day = FinancialYear.containing(self._first_on).start
            self._rows.add(ListProfile, midnight(day), organisation_id=pcn, as_of=day, **parts)
        return Network(pcn, board, name, lists, decile, rng.uniform(0.7, 1.3))

    def _practice(self, pcn: int, of: str, number: int) -> int:
        name = f"{self._rng.choice(PLACES)} Street Surgery {number + 1}, {of.removesuffix(' PCN')}"
        return self._organisation(OrganisationKind.PRACTICE, name, None, pcn)

    def _national(self) -> None:
        """Somebody who sees the figures of England, where nobody does yet."""
        there = select(Organisation.id).where(Organisation.kind == OrganisationKind.NATIONAL)
        if db.session.scalar(there.limit(1)) is None:
            england = self._organisation(
                OrganisationKind.NATIONAL, "England (made up)", ENGLAND, None
            )
            self._staff.user(england, "Lead for England", Role.PCN_LEAD)

    def _organisation(
        self,
        kind: OrganisationKind,
        name: str,
        code: str | None,
        parent: int | None,
        region: str | None = None,
    ) -> int:
        columns = {"kind": kind, "name": name, "ods_code": code, "parent_id": parent}
        number = self._rows.add(Organisation, self._at, region=region, **columns)
        if parent:
            stay: dict[str, Any] = {"parent_id": parent, "start_on": self._first_on}
            self._rows.add(OrganisationParent, self._at, organisation_id=number, **stay)
        return number

    def _list_size(self, organisation: int, patients: int | None = None) -> int:
        """Keep its list as of every 1 April of the time; it grows by about 1 % a year."""
        patients = patients or round(self._rng.triangular(2500, 22000, 8000))
        year = FinancialYear.containing(self._first_on)
        while year.start <= self._today:
            one = {"organisation_id": organisation, "as_of": year.start, "patients": patients}
            self._rows.add(ListSize, midnight(year.start), **one)
            patients, year = round(patients * 1.01), year.next
        return patients


def _members(on: date) -> dict[int, list[int]]:
    """The practices of each PCN, by number."""
    found: dict[int, list[int]] = defaultdict(list)
    query = select(Organisation.id, Organisation.parent_id).where(
        Organisation.kind == OrganisationKind.PRACTICE, Organisation.is_open(on)
    )
    for number, parent in db.session.execute(query.order_by(Organisation.id)):
        if parent:
            found[parent].append(number)
    return found


def _newest_sizes() -> dict[int, int]:
    query = select(ListSize.organisation_id, ListSize.patients).order_by(ListSize.as_of)
    return {row.organisation_id: row.patients for row in db.session.execute(query)}


def _codes_like(beginning: str) -> int:
    """How many organisations were made up before with such a code."""
    made = select(func.count()).where(Organisation.ods_code.like(f"{beginning}%"))
    return db.session.scalar(made) or 0
