"""The next day on which a worker could have a first conversation with somebody new.

See docs/capacity.md, "Load": 250 people a year for one WTE over about 251 working days is one
first conversation a working day.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from linkwork.capacity.calendar import working_days
from linkwork.capacity.load import ROUNDING, WEIGHTS, Complexity, Load

STARTS_A_DAY = 1
LOOK_AHEAD_DAYS = 92


def next_free_start(load: Load, booked: Iterable[date], unbooked: int, *, on: date) -> date | None:
    """The first working day after ``on`` with no first conversation yet; None: no room.

    ``load`` is everybody on the caseload, those not yet spoken to included. ``booked`` are the
    days of first conversations that are planned, and ``unbooked`` how many people wait for one
    without a day: they come first, each taking the first free day there is. There is no room
    where a further standard case (1 point) would not fit under the limit of the load, or where
    every working day of the next 92 days is taken. BankHolidaysUnknown where those are not known.
    """
    if load.free + ROUNDING < WEIGHTS[Complexity.STANDARD]:
        return None
    taken = list(booked)
    ahead = unbooked
    for days in range(1, LOOK_AHEAD_DAYS + 1):
        day = on + timedelta(days=days)
        if not working_days(day, day):
            continue
        left = STARTS_A_DAY - taken.count(day)
        if left > ahead:
            return day
        ahead -= max(0, left)
    return None
