"""The waiting list, week by week, and what it would take to meet a target wait.

Section 8 of the capacity rules (docs/capacity.md, "Waiting list"). Rates are people a week. The
actual median and 90th centile of waits belong beside every figure here: urgent people jump the
queue, and an average hides that.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from linkwork.capacity.ceilings import WEEKS_A_YEAR
from linkwork.capacity.figure import Figure, missing, ratio
from linkwork.capacity.targets import PEOPLE_PER_WTE

LEAVING = 0.10
"""Share that leaves before a start, where a site has no figure of its own."""

TARGET_PARTS = 4
"""A mean wait of a quarter of the target leaves under 2 % of people above it (exp(-4))."""

NEARLY = 0.05
"""People a week, as they are printed, that are no difference: rates are estimates."""

LEVEL = "The list will not get shorter: as many people come as can be started."
NO_STARTS = "The wait cannot be given: nobody can be started at present."


@dataclass(frozen=True, slots=True)
class WaitingList:
    """`queue` people waiting, `referred` accepted a week, `leaving` the share that leaves first.

    `started` is the people a week that can be started. Raises ValueError for a negative number
    or a share above 1.
    """

    queue: float
    referred: float
    started: float
    leaving: float = LEAVING

    def __post_init__(self) -> None:
        numbers = (self.queue, self.referred, self.started, self.leaving)
        if not all(math.isfinite(one) and one >= 0 for one in numbers) or self.leaving > 1:
            raise ValueError("A waiting list has no negative numbers, and nobody leaves twice.")

    @property
    def arrivals(self) -> float:
        """Referrals a week that will come to a start: lambda * (1 - delta)."""
        return self.referred * (1 - self.leaving)

    @property
    def is_stable(self) -> bool:
        """Whether more can be started than come, by as much as is printed."""
        return self.started - self.arrivals >= NEARLY

    @property
    def wait_weeks(self) -> Figure:
        """Weeks that somebody who joins now waits: Q / mu, or why that cannot be said."""
        return ratio(self.queue, self.started, NO_STARTS)

    @property
    def empty_in_weeks(self) -> Figure:
        """Weeks until nobody waits, or that the list will not empty."""
        if not self.queue:
            return Figure(0)
        if not self.started:
            return missing(NO_STARTS)
        if not self.is_stable:
            return missing(self.growth)
        return ratio(self.queue, self.started - self.arrivals, LEVEL)

    @property
    def growth(self) -> str:
        """The sentence for a list that cannot empty; empty for one that can."""
        if self.is_stable:
            return ""
        more = self.arrivals - self.started
        if more < NEARLY:
            return LEVEL
        return f"The list will grow by {more:.1f} a week without end."

    def after(self, weeks: int) -> float:
        """People waiting after so many weeks: Q(t+1) = max(0, Q + lambda_e - mu)."""
        return self.left_after((1.0, self.started) for _ in range(weeks))

    def left_after(self, stretches: Iterable[tuple[float, float]]) -> float:
        """People waiting after some stretches, each with its own starts a week.

        A stretch is how many weeks it lasts, at most one, and the people a week started in it.
        """
        queue = self.queue
        for weeks, started in stretches:
            queue = max(0.0, queue + weeks * (self.arrivals - started))
        return queue


@dataclass(frozen=True, slots=True)
class Relief:
    """People a week to start until the list is short enough, and to start ever after.

    The WTE of each are at the people per WTE it was worked out with.
    """

    first: float
    then: float
    first_wte: float
    then_wte: float


def starts_a_week(wte: float, people_per_wte: float, places: float = math.inf) -> float:
    """People that can be started in a week: min(k_eff * WTE / 52, free places)."""
    return min(people_per_wte * wte / WEEKS_A_YEAR, places)


def relief(
    waiting: WaitingList,
    target_weeks: float = 4,
    within_weeks: float = 26,
    people_per_wte: float = PEOPLE_PER_WTE,
) -> Relief:
    """What brings a list down to a target wait within some weeks, and what then holds it there.

    The list may hold a quarter of the target wait of arrivals; it is held by starting
    4 / target more a week than come. Weeks and people per WTE are above 0, else ValueError.
    """
    if min(target_weeks, within_weeks, people_per_wte) <= 0:
        raise ValueError("Weeks and people for each WTE are above 0.")
    arrivals = waiting.arrivals
    short_enough = arrivals * target_weeks / TARGET_PARTS
    then = arrivals + TARGET_PARTS / target_weeks
    first = max(then, arrivals + (waiting.queue - short_enough) / within_weeks)
    wte = WEEKS_A_YEAR / people_per_wte
    return Relief(first, then, first * wte, then * wte)
