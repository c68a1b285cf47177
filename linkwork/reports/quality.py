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
    more_concepts: int
    """How many more needs and interests there are, of too few people to be named."""
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
    # The reasons of a month add up to what was not taken up, so that they would tell it.
    cells = [tuple(f"{count:,}" if sees else "" for count in row) for row in given]
    names = [f"{month:%B %Y}" for month in months]
    lines, total = _adding_up(names, counts, sees, mostly=[_mostly(row) for row in cells])
    concepts, fewer = _concepts(user, months, at, sees)
    return Quality(
        months=lines,
        monthly_reasons=tuple(cells),
        total=total,
        reasons=_reasons(given, sees),
        services=_services(user, months, at, sees),
        concepts=concepts,
        more_concepts=fewer,
        is_empty=not any(one.answered for one in counts),
        sees=sees,
    )


def _adding_up(
    names: Sequence[str], counts: Sequence[Counts], sees: bool, *, mostly: Sequence[str] = ()
) -> tuple[tuple[Line, ...], Line]:
    """Lines and their sum as they may be printed: a line that would tell is withheld whole."""
    steps = _steps(counts)
    if sees:
        found = [([Share(*pair) for pair in pairs], _sum(pairs)) for pairs in steps]
    else:
        found = shares.together(steps)
    columns, sums = zip(*found, strict=True)
    texts = [_answered(share) for share in columns[0]]
    rows = zip(names, texts, *columns, mostly or [""] * len(counts), strict=True)
    total = Line("All months", _answered(sums[0]), *sums)
    return tuple(Line(*row) for row in rows), total


def _steps(counts: Sequence[Counts]) -> tuple[list[tuple[int, int]], ...]:
    return (
        [(one.accepted, one.answered) for one in counts],
        [(one.arrived, one.accepted) for one in counts],
        [(one.stayed, one.arrived) for one in counts],
    )


def _sum(pairs: Sequence[tuple[int, int]]) -> Share:
    return Share(sum(part for part, _ in pairs), sum(whole for _, whole in pairs))


def _answered(accepted: Share) -> str:
    return accepted.stead or f"{accepted.whole:,}"


def _apart(names: Sequence[str], counts: Sequence[Counts], sees: bool) -> tuple[Line, ...]:
    """Lines that do not add up: a share is withheld with the one whose part it is of."""
    answered = [one.answered for one in counts]
    whole = [None] * len(counts) if sees else disclosure.withheld(answered, with_total=False)
    texts = [stead or f"{count:,}" for stead, count in zip(whole, answered, strict=True)]
    parts = []
    for pairs in _steps(counts):
        column = shares.column(pairs, sees=sees, already=whole)
        parts.append(column)
        whole = [share.stead for share in column]
    return tuple(Line(*row) for row in zip(names, texts, *parts, strict=True))


def _mostly(cells: Sequence[str]) -> str:
    """The reason given most often among those that are printed as a number."""
    told = [
        (int(text.replace(",", "")), reason)
        for text, reason in zip(cells, RejectReason, strict=True)
        if text not in {"", "0"}
    ]
    most = max(told, key=lambda pair: pair[0], default=None)
    return f"{REJECT_LABELS[most[1]]} ({most[0]:,})" if most else ""


def _reasons(given: Sequence[Sequence[int]], sees: bool) -> tuple[ReasonLine, ...]:
    counts = [sum(row[place] for row in given) for place in range(len(RejectReason))]
    stead = None if sees else disclosure.ALSO_WITHHELD
    lines = [
        ReasonLine(reason, Share(count, sum(counts), stead), text)
        for reason, count in zip(RejectReason, counts, strict=True)
        if count and (text := _times(count, sees))
    ]
    return tuple(sorted(lines, key=lambda line: (-line.share.part, line.reason)))


def _times(count: int, sees: bool) -> str:
    """How often a reason was given, as it may be printed; "" where it may not be named."""
    return f"{count:,}" if sees else disclosure.in_tens(count)


def _services(
    user: User, months: Sequence[date], at: datetime, sees: bool
) -> tuple[ServiceLine, ...]:
    counts = match_counts.by_service(user, months, at=at)
    found, _ = _adding_up([""] * len(counts), list(counts.values()), sees)
    lines = dict(zip(counts, found, strict=True))
    given = {
        number: reasons
        for number, reasons in match_counts.reasons_by_service(user, months).items()
        if lines[number].accepted.is_shown
    }
    again = [number for number in given if counts[number].rejected > 1] or given
    most = sorted(again, key=lambda number: (-counts[number].rejected, number))[:MOST_SERVICES]
    parts = (Service.places_at, Service.schedules, Service.costs)
    query = select(Service).where(Service.id.in_(most)).options(*map(selectinload, parts))
    known = {service.id: service for service in db.session.scalars(query)}
    return tuple(_service(known[number], lines[number], given[number], sees) for number in most)


def _service(
    service: Service, line: Line, given: dict[RejectReason, int], sees: bool
) -> ServiceLine:
    told = {reason: text for reason in given if (text := _times(given[reason], sees))}
    most = sorted(told, key=lambda reason: (-given[reason], reason))
    named = tuple((REJECT_LABELS[reason], told[reason]) for reason in most)
    found = (service_blanks.blank(service, reason) for reason in most)
    rejected = f"{line.accepted.whole - line.accepted.part:,}"
    return ServiceLine(service, line, rejected, named, tuple(one for one in found if one))


def _concepts(
    user: User, months: Sequence[date], at: datetime, sees: bool
) -> tuple[tuple[Line, ...], int]:
    """Needs and interests, and how many more there are whose count is withheld."""
    known = lexicon().concepts
    found = match_counts.by_concept(user, months, at=at)
    every = [code for code in found if code in known]
    # That somebody here has a need is told by its name alone.
    told = [code for code in every if sees or not disclosure.is_small(found[code].answered)]
    most = sorted(told, key=lambda code: (-found[code].answered, code))[:MOST_CONCEPTS]
    names = [known[code].label for code in most]
    # One answer may be about several, so nothing adds up, and nothing can be subtracted.
    return _apart(names, [found[code] for code in most], sees), len(every) - len(told)
