"""Posts and long absences: who is there, and for how much of a week.

Section 5 of the capacity rules (docs/capacity.md, "Capacity"). WTE is whole-time equivalents;
WTE-days are WTE times working days.
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from linkwork.capacity.calendar import FinancialYear, working_days
from linkwork.capacity.figure import Figure, ratio
from linkwork.capacity.targets import PEOPLE_PER_WTE, Scope

ROUNDING = 1e-9


class SpanRefused(ValueError):
    """A post or an absence that cannot be true, with a sentence saying why."""


class PostState(StrEnum):
    """How far a post has come."""

    APPROVED = "approved"
    ADVERTISED = "advertised"
    APPOINTED = "appointed"
    STARTED = "started"
    ENDED = "ended"

    def is_staffed(self, *, projected: bool) -> bool:
        """Whether its holder works; somebody appointed does so only in a projection."""
        if self is PostState.APPOINTED:
            return projected
        return self in (PostState.STARTED, PostState.ENDED)


class AbsenceKind(StrEnum):
    """The long absences that reduce capacity; leave and short sickness are inside 250."""

    LONG_SICKNESS = "long_sickness"
    PARENTAL = "parental"
    SECONDMENT = "secondment"
    CAREER_BREAK = "career_break"


@dataclass(frozen=True, slots=True)
class PostSpan:
    """A post from `start` to `end`, both inclusive; `end` None while it goes on.

    `worker` None is a vacancy, with WTE 0. A change of hours is two spans.
    Raises SpanRefused for an end before the start or a WTE that is negative or not a number.
    """

    worker: Hashable | None
    wte: float
    start: date
    end: date | None = None
    additional: bool = False
    state: PostState = PostState.STARTED

    def __post_init__(self) -> None:
        _refuse_backwards("post", self.start, self.end)
        if not (math.isfinite(self.wte) and self.wte >= 0):
            raise SpanRefused("The WTE of a post is a number from 0 upwards.")
        if self.state is PostState.ENDED and self.end is None:
            raise SpanRefused("A post that has ended needs its last day.")

    def counts(self, scope: Scope, *, projected: bool = False) -> bool:
        """Whether somebody works in this post, within the scope."""
        staffed = self.worker is not None and self.state.is_staffed(projected=projected)
        return staffed and scope.includes(self.additional)

    def covers(self, on: date) -> bool:
        """Whether the post is active on a date, its first and last day included."""
        return _covers(self.start, self.end, on)


@dataclass(frozen=True, slots=True)
class AbsenceSpan:
    """A recorded long absence from every post of a worker, from its first day.

    `end` is its last day, None while it is open. Raises SpanRefused for an end before the start.
    """

    worker: Hashable
    start: date
    end: date | None = None
    kind: AbsenceKind = AbsenceKind.LONG_SICKNESS

    def __post_init__(self) -> None:
        _refuse_backwards("absence", self.start, self.end)

    def covers(self, on: date) -> bool:
        """Whether the worker is away on a date."""
        return _covers(self.start, self.end, on)


@dataclass(frozen=True, slots=True)
class OverOne:
    """A warning: one person holds more than 1.0 WTE, first on this date."""

    worker: Hashable
    wte: float
    on: date


def wte_on(
    posts: Iterable[PostSpan],
    absences: Iterable[AbsenceSpan],
    on: date,
    scope: Scope = Scope.ALL,
    *,
    projected: bool = False,
) -> float:
    """WTE at work on a date: w(t) of section 5. Vacancies and people on long absence are 0."""
    away = {absence.worker for absence in absences if absence.covers(on)}
    return math.fsum(
        post.wte
        for post in posts
        if post.counts(scope, projected=projected) and post.covers(on) and post.worker not in away
    )


def wte_days(
    posts: Iterable[PostSpan],
    absences: Iterable[AbsenceSpan],
    first_on: date,
    last_on: date,
    scope: Scope = Scope.ALL,
    *,
    projected: bool = False,
) -> float:
    """WTE-days from `first_on` to `last_on`, both inclusive: D(P) of section 5.

    `projected` also counts people appointed who have not begun. Overlapping absences are
    counted once. Raises BankHolidaysUnknown for a year without bank holidays.
    """
    away = _absences_by_worker(absences)
    return math.fsum(
        post.wte * _days_at_work(post, away.get(post.worker, ()), first_on, last_on)
        for post in posts
        if post.counts(scope, projected=projected)
    )


def capacity(days_wte: float, year: FinancialYear, people_per_wte: float = PEOPLE_PER_WTE) -> float:
    """People that WTE-days within `year` can start: C(P) = k * D(P) / W of section 5."""
    return people_per_wte * days_wte / year.working_days()


def utilisation(started: int, capacity_people: float) -> Figure:
    """People started over people that could be started (1.0 is full), or why there is none."""
    return ratio(started, capacity_people, "No link worker was in post, so there is no capacity.")


def over_one(posts: Iterable[PostSpan], *, projected: bool = True) -> tuple[OverOne, ...]:
    """One warning for each person whose posts overlap to more than 1.0 WTE, at the first such day.

    Hours only rise on the first day of a post, so those are the days that are looked at.
    """
    held: dict[Hashable, list[PostSpan]] = defaultdict(list)
    for post in posts:
        if post.worker is not None and post.counts(Scope.ALL, projected=projected):
            held[post.worker].append(post)
    warnings = (_first_over_one(worker, spans) for worker, spans in held.items())
    return tuple(warning for warning in warnings if warning)


def _first_over_one(worker: Hashable, posts: Sequence[PostSpan]) -> OverOne | None:
    """One sweep through the days on which hours change."""
    changes: dict[date, float] = defaultdict(float)
    for post in posts:
        changes[post.start] += post.wte
        if post.end is not None and post.end < date.max:
            changes[post.end + timedelta(days=1)] -= post.wte
    total = 0.0
    for on in sorted(changes):
        total += changes[on]
        if total > 1 + ROUNDING:
            return OverOne(worker, round(total, 6), on)
    return None


def _days_at_work(
    post: PostSpan, absences: Sequence[AbsenceSpan], first_on: date, last_on: date
) -> int:
    start, end = _clip(post.start, post.end, first_on, last_on)
    days, seen_to = working_days(start, end), start
    for absence in absences:
        away_from, away_to = _clip(absence.start, absence.end, seen_to, end)
        if away_from <= away_to:
            days -= working_days(away_from, away_to)
            seen_to = date.fromordinal(away_to.toordinal() + 1)
    return days


def _absences_by_worker(absences: Iterable[AbsenceSpan]) -> dict[Hashable, list[AbsenceSpan]]:
    """Absences in order of their first day, so that one pass can take out their union."""
    away: dict[Hashable, list[AbsenceSpan]] = defaultdict(list)
    for absence in sorted(absences, key=lambda absence: absence.start):
        away[absence.worker].append(absence)
    return away


def _clip(start: date, end: date | None, first_on: date, last_on: date) -> tuple[date, date]:
    return max(start, first_on), last_on if end is None else min(end, last_on)


def _covers(start: date, end: date | None, on: date) -> bool:
    return start <= on and (end is None or on <= end)


def _refuse_backwards(what: str, start: date, end: date | None) -> None:
    if end is not None and end < start:
        raise SpanRefused(f"The {what} ends before it starts. Check the two dates.")
