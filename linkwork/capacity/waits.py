"""How long people wait, said honestly: those who still wait count as well as those who started.

Leaving out whoever still waits would make a list that stands still look short. Somebody who has
waited 40 days without a start is known to wait more than 40: the product-limit estimate (Kaplan
and Meier 1958) takes each of them in for as long as is known, and no longer.
"""

from collections import Counter
from collections.abc import Sequence


def days_within(share: float, started: Sequence[int], waiting: Sequence[int]) -> int | None:
    """The fewest whole days within which ``share`` of people start, from 0 to 1.

    ``started`` are the waits in days that ended with a start, ``waiting`` the waits so far of
    those who still wait. None where so many still wait that it cannot be said yet. Raises
    ``ValueError`` for a share that is not between 0 and 1.
    """
    if not 0 < share <= 1:
        raise ValueError(f"{share} is not a share of people.")
    starts, unfinished = Counter(started), Counter(waiting)
    at_risk, not_yet = len(started) + len(waiting), 1.0
    for day in sorted({*starts, *unfinished}):
        if starts[day]:
            not_yet *= 1 - starts[day] / at_risk
            if not_yet <= 1 - share + 1e-9:
                return day
        at_risk -= starts[day] + unfinished[day]
    return None
