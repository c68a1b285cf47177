"""PCNs and boards compared for their size, and for how deprived the areas of their patients are.

docs/capacity.md, "Comparing PCNs". Only counts that are printed take part: the mean that others
are measured by would otherwise give what is withheld away.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from linkwork.capacity import fairness
from linkwork.capacity.fairness import Place
from linkwork.capacity.figure import Figure, missing
from linkwork.capacity.shares import DEFAULT_TILT
from linkwork.capacity.targets import Scope
from linkwork.reports import withholding
from linkwork.reports.networks import Network


class Method(StrEnum):
    """What PCNs are compared by."""

    LIST = "list"
    DEPRIVATION = "deprivation"


@dataclass(frozen=True, slots=True)
class Compared:
    """People started for each 10,000 patients (each weighed by need, by deprivation), or why not.

    ``count`` and ``patients`` are what the rate was worked out from; ``left_out`` are PCNs that
    have no list size or profile and are in neither.
    """

    rate: Figure
    count: int
    patients: float
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Mean:
    """What PCNs are measured by: people started for each patient, of ``pcns`` together.

    ``is_whole`` says that these are all there are, and not only those whose counts are printed.
    """

    per_patient: float
    pcns: int
    is_whole: bool

    def place(self, one: Compared, phi: float) -> Place:
        """Where one lies among the others."""
        if not one.rate.known:
            return Place(missing(one.rate.reason), one.rate.reason, is_outside=False)
        return fairness.place(one.count, self.expected(one), phi)

    def expected(self, one: Compared) -> float:
        """People that would be started there at the mean."""
        return self.per_patient * one.patients

    def spread(self, compared: Sequence[Compared]) -> float:
        """How much more some differ than by chance (phi)."""
        return fairness.spread([(one.count, self.expected(one)) for one in compared])


def weigh(method: Method, tilt: float = DEFAULT_TILT) -> Callable[[Network], Figure]:
    """How many patients a PCN counts as."""

    def patients(pcn: Network) -> Figure:
        if method is Method.DEPRIVATION:
            return fairness.weighted_list(pcn.patients, pcn.quintiles, tilt)
        return Figure(pcn.patients) if pcn.patients else missing(fairness.NO_LIST)

    return patients


def compare(
    pcns: Sequence[Network],
    count: int | None,
    hidden: set[int],
    scope: Scope,
    patients: Callable[[Network], Figure],
) -> Compared:
    """A PCN, or the sum of some: ``count`` is their people as printed, None where withheld.

    PCNs without a list are taken out of both sides where their counts are printed, so that the
    rate tells no more than the table; where one is withheld there is no rate.
    """
    if count is None:
        return Compared(missing(withholding.STEAD), 0, 0)
    weights = [(pcn, patients(pcn)) for pcn in pcns]
    lacking = [(pcn, weight) for pcn, weight in weights if not weight.known]
    if lacking and (len(lacking) == len(pcns) or any(p.place.id in hidden for p, _ in lacking)):
        return Compared(
            missing(_lacking([weight.reason for _, weight in lacking], len(pcns))), 0, 0
        )
    counted = count - sum(pcn.started(scope) for pcn, _ in lacking)
    whole = sum(weight.value or 0 for _, weight in weights)
    return Compared(fairness.rate(counted, whole), counted, whole, len(lacking))


def mean(whole: Compared, pcns: Sequence[Compared]) -> Mean:
    """What all of England has where that is printed, else the mean of the PCNs that are."""
    if whole.rate.known:
        return Mean(whole.count / whole.patients, len(pcns) - whole.left_out, is_whole=True)
    known = [one for one in pcns if one.rate.known]
    patients = sum(one.patients for one in known)
    rate = sum(one.count for one in known) / patients if patients else 0.0
    return Mean(rate, len(known), is_whole=False)


def _lacking(reasons: Sequence[str], of: int) -> str:
    first = reasons[0]
    return first if of == 1 else f"{first} for {len(reasons)} of {of} PCNs"
