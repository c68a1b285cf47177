"""PCNs of different size and need compared fairly: rates, weighted lists and funnel limits.

docs/capacity.md, "Comparing PCNs". The limits follow D. J. Spiegelhalter, "Funnel plots for
comparing institutional performance", Statistics in Medicine 2005: counts are taken as Poisson on
the scale of square roots, widened where PCNs differ by more than chance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from linkwork.capacity.figure import Figure, missing
from linkwork.capacity.shares import DEFAULT_TILT, PROFILE_SLACK

PATIENTS = 10_000
Z_95 = 1.96
Z_998 = 3.09
WINSORISED = 0.1
FEWEST_FOR_SPREAD = 10
NO_LIST = "No list size"
NO_PROFILE = "No deprivation profile"
BAD_PROFILE = "Deprivation profile does not add up"
NOTHING_EXPECTED = "Nothing to compare with"


def weighted_list(
    patients: int | None, quintiles: Sequence[float] | None, tilt: float = DEFAULT_TILT
) -> Figure:
    """Patients, each counted by the need of where they live: L * sum(s_q * m_q), or why not.

    ``quintiles`` are the parts (0 to 1) of the list in the five national quintiles of
    deprivation, the most deprived first; m_q = 1 + tilt * (3 - q) / 2 as in the shares.
    """
    if not patients or patients < 0:
        return missing(NO_LIST)
    if quintiles is None:
        return missing(NO_PROFILE)
    whole = math.fsum(quintiles)
    if len(quintiles) != 5 or abs(whole - 1) > PROFILE_SLACK or min(quintiles) < 0:
        return missing(BAD_PROFILE)
    lean = math.fsum(part * (3 - q) for q, part in enumerate(quintiles, 1)) / whole
    return Figure(patients * (1 + tilt * lean / 2))


def rate(count: int, patients: float | None, per: int = PATIENTS) -> Figure:
    """People started for every ``per`` patients, or why there is none."""
    return Figure(count / patients * per) if patients and patients > 0 else missing(NO_LIST)


def limits(expected: float, z: float, phi: float = 1.0) -> tuple[float, float]:
    """The counts between which chance leaves one whose expected count is ``expected``.

    ``z`` is 1.96 for 95 in 100, 3.09 for 998 in 1,000; ``phi`` widens (see ``spread``). Neither is
    below 0. Raises ValueError for an expected count that is negative or not finite.
    """
    if not math.isfinite(expected) or expected < 0:
        raise ValueError("An expected count is a number from 0 upwards.")
    root, half = math.sqrt(expected), z * math.sqrt(max(1.0, phi)) / 2
    return max(0.0, root - half) ** 2, (root + half) ** 2


def spread(pairs: Sequence[tuple[float, float]]) -> float:
    """How much more (count, expected) pairs differ than by chance alone: phi, at least 1.

    The mean of z squared, with the outermost tenth at either end drawn in so that a few that do
    differ do not hide themselves; 1 where it is not clearly above 1, or for fewer than ten.
    """
    known = [(count, expected) for count, expected in pairs if expected > 0]
    if len(known) < FEWEST_FOR_SPREAD:
        return 1.0
    scores = sorted(2 * (math.sqrt(count) - math.sqrt(expected)) for count, expected in known)
    cut = int(len(scores) * WINSORISED)
    low, high = scores[cut], scores[-1 - cut]
    phi = math.fsum(min(max(score, low), high) ** 2 for score in scores) / len(scores)
    by_chance = 1 + 2 * math.sqrt(2 / len(scores))
    return phi if phi > by_chance else 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a count lies in the funnel: its rate over the mean, in hundredths, and in words."""

    ratio: Figure
    words: str
    is_outside: bool


def place(count: int, expected: float, phi: float = 1.0) -> Place:
    """How a count compares with what is expected of it: 100 is as expected."""
    if not math.isfinite(expected) or expected <= 0:
        return Place(missing(NOTHING_EXPECTED), NOTHING_EXPECTED, is_outside=False)
    ratio = Figure(100 * count / expected)
    (low, high), (lowest, highest) = limits(expected, Z_95, phi), limits(expected, Z_998, phi)
    if count < lowest or count > highest:
        return Place(ratio, f"Far {_side(count, low)} the others", is_outside=True)
    if count < low or count > high:
        return Place(ratio, f"{_side(count, low).capitalize()} most others", is_outside=True)
    return Place(ratio, "Like the others", is_outside=False)


def _side(count: int, low: float) -> str:
    return "below" if count < low else "above"
