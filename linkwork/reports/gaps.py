"""What is missing where: gaps of a month by need and place, beside how many people have the need.

A place is an outward code. Demand is people with the need open, in a case open, on any day of the
month at the reader’s PCNs. A gap of a case is a person too: small counts of either are withheld
where the reader may not see the people (``disclosure``).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select

from linkwork import access, geography
from linkwork.access import Permission, may
from linkwork.database import db
from linkwork.models import (
    CaseNeed,
    CloseReason,
    Gap,
    GapReason,
    Need,
    Person,
    ServiceFacet,
    SupportCase,
    User,
)
from linkwork.models.service_facet import CHANNELS, NEEDS, bits
from linkwork.permissions import in_own_pcns
from linkwork.reports import disclosure
from linkwork.reports.frames import midnight

NEAR_MILES = 3
NEAR_KM = NEAR_MILES * 1.609344
MOST_LINES, MOST_BARE = 100, 20
INWARD = 3
"""Letters of the second half of a postcode."""
ANYWHERE = bits(("phone", "online", "text", "home"), CHANNELS)
Where = tuple[Need, str | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One need in one place. People are as they may be printed; without a place, of any other."""

    need: Need
    place: str | None
    people: str
    people_before: str
    gaps: str
    gaps_before: str
    reasons: tuple[tuple[GapReason, str], ...]
    nearby: int | None
    """Activities within three miles of the middle of the place; None where that is not known."""
    anywhere: int
    """Activities that come home, or are by phone, online or text."""


@dataclass(frozen=True, slots=True)
class Report:
    """One month, and how many more lines there would be of each kind."""

    month: date
    lines: tuple[Line, ...]
    """With a gap this month or the last, most gaps first."""
    bare: tuple[Line, ...]
    """Without, but with people who have the need and nothing within three miles, most first."""
    left_out: int
    gaps: int | None
    """None where the sum would tell what is withheld."""
    gaps_before: int | None
    is_withholding: bool


def months(on: date, *, most: int = 13) -> list[date]:
    """The first days of the months that may be asked for, the present one first."""
    found = [on.replace(day=1)]
    while len(found) < most:
        found.append(_before(found[-1]))
    return found


def of_month(user: User, month: date, *, on: date) -> Report:
    """The gaps and the demand of a month, as ``user`` may see them. Five queries.

    Each need and place stands in one line, of one kind or the other.
    """
    found = _Month(user, month, on)
    noted, bare = sorted(found.noted(), key=found.order), sorted(found.bare(), key=found.order)
    return Report(
        month,
        tuple(found.line(where) for where in noted[:MOST_LINES]),
        tuple(found.line(where) for where in bare[:MOST_BARE]),
        max(0, len(noted) - MOST_LINES) + max(0, len(bare) - MOST_BARE),
        found.sum_of(found.now),
        found.sum_of(found.then),
        found.is_withholding,
    )


class _Month:
    """What is known of a month and the one before, by need and place."""

    def __init__(self, user: User, month: date, on: date) -> None:
        before = _before(month)
        self.is_withholding = not may(user, Permission.WORK_CASES)
        self.now, self.then = _noted(user, month), _noted(user, before)
        self._demand = _demand(user, month)
        self._people = _printed(self._demand, user)
        self._people_before = _printed(_demand(user, before), user)
        needs = {need for need, _ in (*self.now, *self.then, *self._demand)}
        self._exists = _Existing(needs, on)

    def noted(self) -> set[Where]:
        """Where a gap was noted, in either month."""
        return self.now.keys() | self.then.keys()

    def bare(self) -> set[Where]:
        """Where none was, and people have a need that nothing near answers."""
        return {where for where in self._demand if self._exists.near(*where) == 0} - self.noted()

    def order(self, where: Where) -> tuple[int, int, str, str]:
        """Most gaps first, then most people, as far as their number may be printed."""
        people = self._people.get(where, "0").replace(",", "")
        shown = int(people) if people.isdigit() else disclosure.SMALLEST_SHOWN - 1
        return (-self._gaps(where).total(), -shown, where[0], where[1] or "")

    def line(self, where: Where) -> Line:
        """All that is known of one need in one place."""
        return Line(
            need=where[0],
            place=where[1],
            people=self._people.get(where, "0"),
            people_before=self._people_before.get(where, "0"),
            gaps=self._sum_text(self._gaps(where)),
            gaps_before=self._sum_text(self.then.get(where, Counter())),
            reasons=self._reasons(self._gaps(where)),
            nearby=self._exists.near(*where),
            anywhere=self._exists.anywhere[where[0]],
        )

    def sum_of(self, noted: Mapping[Where, Counter[GapReason]]) -> int | None:
        """All gaps of a month; None where one line is withheld, which they would tell."""
        if any(not self._sum_text(one).replace(",", "").isdigit() for one in noted.values()):
            return None
        return sum(one.total() for one in noted.values())

    def _sum_text(self, gaps: Counter[GapReason]) -> str:
        if self.is_withholding:
            return disclosure.total_text(list(gaps.values()))
        return f"{gaps.total():,}"

    def _reasons(self, gaps: Counter[GapReason]) -> tuple[tuple[GapReason, str], ...]:
        most = gaps.most_common()
        counts = [times for _, times in most]
        texts = [f"{times:,}" for times in counts]
        if self.is_withholding:
            texts = disclosure.texts(counts, with_total=True)
        return tuple((reason, text) for (reason, _), text in zip(most, texts, strict=True))

    def _gaps(self, where: Where) -> Counter[GapReason]:
        return self.now.get(where, Counter())


def _noted(user: User, month: date) -> dict[Where, Counter[GapReason]]:
    """Gaps of a month that ``user`` may see, by need and place. One query."""
    which = (Gap.need, Gap.place, Gap.reason)
    query = (
        access.gaps(user)
        .where(Gap.undone_at.is_(None), *_within(Gap.at, month))
        .group_by(*which)
        .with_only_columns(*which, func.count())
        .order_by(*which)
    )
    found: dict[Where, Counter[GapReason]] = defaultdict(Counter)
    for need, place, reason, times in db.session.execute(query):
        found[need, place][reason] += times
    return dict(found)


def _demand(user: User, month: date) -> Counter[Where]:
    """People with each need open in each place on any day of a month. One query."""
    start, end = midnight(month), midnight(_after(month))
    letters = func.length(Person.postcode)
    half = case((letters > INWARD, func.substr(Person.postcode, 1, letters - INWARD)), else_=None)
    query = (
        select(CaseNeed.need, half, func.count(SupportCase.person_id.distinct()))
        .join(SupportCase, SupportCase.id == CaseNeed.case_id)
        .join(Person, Person.id == SupportCase.person_id)
        .where(
            in_own_pcns(user, SupportCase.organisation_id),
            CaseNeed.seen_at < end,
            or_(CaseNeed.resolved_at.is_(None), CaseNeed.resolved_at >= start),
            SupportCase.opened_at < end,
            or_(SupportCase.closed_at.is_(None), SupportCase.closed_at >= start),
            SupportCase.declined_at.is_(None),
            func.coalesce(SupportCase.close_reason, "") != CloseReason.OPENED_IN_ERROR.value,
        )
        .group_by(CaseNeed.need, half)
    )
    found: Counter[Where] = Counter()
    for need, place, people in db.session.execute(query):
        found[need, geography.outcode_of(place)] += people
    return found


def _printed(demand: Mapping[Where, int], user: User) -> dict[Where, str]:
    """People by need and place as ``user`` may see them; the places of a need add up to it."""
    if may(user, Permission.WORK_CASES):
        return {where: f"{people:,}" for where, people in demand.items()}
    found: dict[Where, str] = {}
    for need in {need for need, _ in demand}:
        places = [where for where in demand if where[0] is need]
        counts = [demand[where] for where in places]
        found |= zip(places, disclosure.texts(counts, with_total=True), strict=True)
    return found


class _Existing:
    """The activities that answer some needs: where they are, read once."""

    def __init__(self, needs: Collection[Need], on: date) -> None:
        self._spots: dict[Need, list[tuple[int, geography.Place]]] = defaultdict(list)
        self._known: dict[Where, int | None] = {}
        self.anywhere: Counter[Need] = Counter()
        facet = ServiceFacet
        columns = (facet.service_id, facet.spot, facet.needs, facet.channels)
        query = select(*columns, facet.latitude, facet.longitude).where(
            facet.listed,
            facet.running,
            or_(facet.ends_on.is_(None), facet.ends_on >= on),
            facet.needs.op("&")(bits(needs, NEEDS)) != 0,
        )
        masks = {need: bits([need], NEEDS) for need in needs}
        for row in db.session.execute(query.order_by(facet.service_id, facet.spot)):
            for need in (one for one, mask in masks.items() if row.needs & mask):
                self.anywhere[need] += row.spot == 0 and bool(row.channels & ANYWHERE)
                if row.latitude is not None and row.longitude is not None:
                    place = geography.Place(row.latitude, row.longitude)
                    self._spots[need].append((row.service_id, place))

    def near(self, need: Need, place: str | None) -> int | None:
        """How many are within three miles of the middle of a place; None where that is unknown."""
        if (need, place) not in self._known:
            middle = geography.place_of(place) if place else None
            self._known[need, place] = None if middle is None else len(self._within(need, middle))
        return self._known[need, place]

    def _within(self, need: Need, middle: geography.Place) -> set[int]:
        spots = self._spots[need]
        return {one for one, at in spots if geography.distance_km(at, middle) <= NEAR_KM}


def _within(at: Any, month: date) -> Sequence[ColumnElement[bool]]:
    return (at >= midnight(month), at < midnight(_after(month)))


def _before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


def _after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)
