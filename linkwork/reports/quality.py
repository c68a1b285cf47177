"""How suggestions fare: taken up, turned down and why, arrived, stayed, over twelve months.

Of services and concepts, never of workers: nothing here asks who answered. Counts of people are
withheld from readers who may not see the people (``disclosure``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from linkwork.casework import service_blanks
from linkwork.casework.lexicon import lexicon
from linkwork.database import db
from linkwork.models import REJECT_LABELS, RejectReason, Service, User
from linkwork.permissions import Permission, may
from linkwork.reports import disclosure, match_counts, shares
from linkwork.reports.match_counts import Counts
from linkwork.reports.shares import Share

MONTHS = 12
MOST_SERVICES, MOST_CONCEPTS = 12, 40
NOTHING_GOOD = 33
"""Per cent: little is right for a concept of which at most this much is surely taken up."""


@dataclass(frozen=True, slots=True)
class Line:
    """Suggestions of one month or one concept, or of all: how many were answered, and how."""

    name: str
    answered: str
    accepted: Share
    arrived: Share
    stayed: Share
    mostly: str = ""
    """Why they were turned down most often, in words."""

    @property
    def has_nothing_good(self) -> bool:
        """Whether suggestions are, as far as can be known, mostly turned down."""
        return self.accepted.is_shown and self.accepted.bounds[1] <= NOTHING_GOOD


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """How often one reason was given, of all that was turned down."""

    reason: RejectReason
    share: Share
    count: str


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """An activity that is turned down: how often, why, and what its entry leaves blank."""

    service: Service
    line: Line
    rejected: str
    reasons: tuple[tuple[str, str], ...]
    blanks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """The page: months with the newest last, reasons, services and concepts with the most first."""

    months: tuple[Line, ...]
    monthly_reasons: tuple[tuple[str, ...], ...]
    """For each month how often each reason was given, as it may be printed."""
    total: Line
    reasons: tuple[ReasonLine, ...]
    services: tuple[ServiceLine, ...]
    concepts: tuple[Line, ...]
    is_empty: bool
    sees: bool
    """Whether the reader may see the people, so that nothing is withheld."""


def months_to(on: date) -> list[date]:
    """The first days of the twelve months that end with the month of ``on``, oldest first."""
    found = [on.replace(day=1)]
    while len(found) < MONTHS:
        found.insert(0, (found[0] - timedelta(days=1)).replace(day=1))
    return found


def of_pcns(user: User, *, on: date, at: datetime) -> Quality:
    """What became of suggestions in the PCNs of ``user``. Five queries, and one for entries."""
    months, sees = months_to(on), may(user, Permission.WORK_CASES)
    counts = match_counts.by_month(user, months, at=at)
    given = [
        [row.get(reason, 0) for reason in RejectReason]
        for row in match_counts.reasons_by_month(user, months)
    ]
    cells = _cells(given, sees)
    names = [f"{month:%B %Y}" for month in months]
    lines = _lines(names, counts, sees=sees, mostly=[_mostly(row) for row in cells])
    return Quality(
        months=lines,
        monthly_reasons=cells,
        total=_total(counts, sees=sees),
        reasons=_reasons(given, sees),
        services=_services(user, months, at, sees),
        concepts=_concepts(user, months, at, sees),
        is_empty=not any(one.answered for one in counts),
        sees=sees,
    )


def _lines(
    names: Sequence[str],
    counts: Sequence[Counts],
    *,
    sees: bool,
    mostly: Sequence[str] = (),
    with_total: bool = True,
) -> tuple[Line, ...]:
    """Lines as they may be printed: a share is withheld with the one whose part it is of."""
    answered = [one.answered for one in counts]
    none: list[str | None] = [None] * len(counts)
    steads = none if sees else disclosure.withheld(answered, with_total=with_total)
    parts = []
    whole = steads
    for pairs in (
        [(one.accepted, one.answered) for one in counts],
        [(one.arrived, one.accepted) for one in counts],
        [(one.stayed, one.arrived) for one in counts],
    ):
        column = shares.column(pairs, sees=sees, with_total=with_total, already=whole)
        parts.append(column)
        whole = [share.stead for share in column]
    texts = [stead or f"{count:,}" for stead, count in zip(steads, answered, strict=True)]
    rows = zip(names, texts, *parts, mostly or [""] * len(counts), strict=True)
    return tuple(Line(*row) for row in rows)


def _total(counts: Sequence[Counts], *, sees: bool) -> Line:
    answered = [one.answered for one in counts]
    text = f"{sum(answered):,}" if sees else disclosure.total_text(answered)
    accepted = shares.total([(one.accepted, one.answered) for one in counts], sees=sees)
    arrived = shares.total(
        [(one.arrived, one.accepted) for one in counts], sees=sees, already=accepted.stead
    )
    stayed = shares.total(
        [(one.stayed, one.arrived) for one in counts], sees=sees, already=arrived.stead
    )
    return Line("All months", text, accepted, arrived, stayed)


def _cells(given: Sequence[Sequence[int]], sees: bool) -> tuple[tuple[str, ...], ...]:
    if sees:
        return tuple(tuple(f"{count:,}" for count in row) for row in given)
    steads = disclosure.of_table(given).cells
    return tuple(
        tuple(stead or f"{count:,}" for stead, count in zip(*pair, strict=True))
        for pair in zip(steads, given, strict=True)
    )


def _mostly(cells: Sequence[str]) -> str:
    """The reason given most often among those that are printed as a number."""
    told = [
        (int(text.replace(",", "")), reason)
        for text, reason in zip(cells, RejectReason, strict=True)
        if text.replace(",", "").isdigit() and text != "0"
    ]
    most = max(told, key=lambda pair: pair[0], default=None)
    return f"{REJECT_LABELS[most[1]]} ({most[0]:,})" if most else ""


def _reasons(given: Sequence[Sequence[int]], sees: bool) -> tuple[ReasonLine, ...]:
    counts = [sum(row[place] for row in given) for place in range(len(RejectReason))]
    whole, table = sum(counts), disclosure.of_table(given)
    hidden = zip(disclosure.withheld(counts, with_total=True), table.column_sums, strict=True)
    steads = [None if sees else own or of_months for own, of_months in hidden]
    lines = [
        ReasonLine(reason, Share(count, whole, stead), stead or f"{count:,}")
        for reason, count, stead in zip(RejectReason, counts, steads, strict=True)
        if count
    ]
    return tuple(sorted(lines, key=lambda line: (-line.share.part, line.reason)))


def _services(
    user: User, months: Sequence[date], at: datetime, sees: bool
) -> tuple[ServiceLine, ...]:
    counts = match_counts.by_service(user, months, at=at)
    given = match_counts.reasons_by_service(user, months)
    again = [number for number in given if counts[number].rejected > 1] or given
    most = sorted(again, key=lambda number: (-counts[number].rejected, number))[:MOST_SERVICES]
    parts = (Service.places_at, Service.schedules, Service.costs)
    query = select(Service).where(Service.id.in_(most)).options(*map(selectinload, parts))
    known = {service.id: service for service in db.session.scalars(query)}
    lines = dict(zip(counts, _lines([""] * len(counts), list(counts.values()), sees=sees),
                     strict=True))  # fmt: skip
    return tuple(_service(known[number], lines[number], given[number], sees) for number in most)


def _service(
    service: Service, line: Line, given: dict[RejectReason, int], sees: bool
) -> ServiceLine:
    most = sorted(given, key=lambda reason: (-given[reason], reason))
    counts = [given[reason] for reason in most]
    texts = [f"{n:,}" for n in counts] if sees else disclosure.texts(counts, with_total=True)
    named = tuple((REJECT_LABELS[reason], text) for reason, text in zip(most, texts, strict=True))
    found = (service_blanks.blank(service, reason) for reason in most)
    whole = f"{sum(counts):,}" if sees else disclosure.total_text(counts)
    # How many were taken up must not tell what is withheld of those that were not.
    rejected = whole if line.accepted.stead is None else line.accepted.stead
    return ServiceLine(service, line, rejected, named, tuple(one for one in found if one))


def _concepts(user: User, months: Sequence[date], at: datetime, sees: bool) -> tuple[Line, ...]:
    known = lexicon().concepts
    found = match_counts.by_concept(user, months, at=at)
    most = sorted(
        (code for code in found if code in known), key=lambda code: (-found[code].answered, code)
    )[:MOST_CONCEPTS]
    names = [known[code].label for code in most]
    # One answer may be about several, so nothing adds up, and nothing can be subtracted.
    return _lines(names, [found[code] for code in most], sees=sees, with_total=False)
