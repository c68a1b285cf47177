"""Shares of a national target, that sum exactly to it.

Section 3 of the capacity rules (docs/capacity.md, "Shares"). Shares are whole people. A share is
frozen for its financial year: `Shares` carries everything it was worked out from, and list
changes in the year do not move it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from linkwork.capacity.figure import Figure, missing

NATIONAL_LIST = 60_025_000
"""People registered with a practice in England."""

NATIONAL_ADDITIONAL_WTE = 500.0
"""Additional link workers of target A."""

DEFAULT_TILT = 0.4
REST_CODE = ""
MICRO = 1_000_000
PROFILE_SLACK = 0.02
NO_LIST = "no list size"


class ShareRefused(ValueError):
    """Inputs no share can be worked out from, with a sentence saying why."""


class Method(StrEnum):
    """What a share is in proportion to."""

    LIST = "list"
    WTE = "wte"
    DEPRIVATION = "deprivation"


@dataclass(frozen=True, slots=True)
class Claim:
    """What is known of a PCN: registered people, additional WTE, and its list by quintile.

    `quintiles` are the proportions (0 to 1) of the list in the five national deprivation
    quintiles, the most deprived first; they are scaled to add up to 1. None is "not known".
    """

    code: str
    list_size: int | None = None
    wte: float | None = None
    quintiles: tuple[float, float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """The people a PCN should start: whole, and `exact` before rounding."""

    code: str
    people: int
    exact: float
    list_size: int


@dataclass(frozen=True, slots=True)
class Excluded:
    """A PCN that gets no share, and why."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shares:
    """A national total divided: the PCNs in the order given, and the rest of England.

    `base` is what the whole of England weighs: people for list and deprivation, WTE for WTE.
    `claims` are the inputs as they were given.
    """

    total: int
    method: Method
    base: float
    tilt: float
    rows: tuple[Share, ...]
    rest: Share
    excluded: tuple[Excluded, ...]
    claims: tuple[Claim, ...]

    def of(self, code: str) -> Figure:
        """The share of one PCN in people, or why it has none."""
        for row in self.rows:
            if row.code == code:
                return Figure(row.people)
        for out in self.excluded:
            if out.code == code:
                return missing(f"There is no share for {code}: {out.reason}.")
        return missing(f"{code} is not among the PCNs the shares were worked out for.")


def by_list(total: int, claims: Iterable[Claim], national_list: int = NATIONAL_LIST) -> Shares:
    """Shares in proportion to registered lists: T * L / L_nat. Raises ShareRefused."""
    return _divide(total, claims, Method.LIST, national_list, lambda claim: claim.list_size or 0)


def by_wte(
    total: int,
    claims: Iterable[Claim],
    national_wte: float = NATIONAL_ADDITIONAL_WTE,
) -> Shares:
    """Shares in proportion to additional WTE: T * E / E_nat; 0 WTE has a share of 0.

    Raises ShareRefused.
    """
    return _divide(total, claims, Method.WTE, national_wte, lambda claim: claim.wte or 0)


def by_deprivation(
    total: int,
    claims: Iterable[Claim],
    national_list: int = NATIONAL_LIST,
    tilt: float = DEFAULT_TILT,
) -> Shares:
    """Shares in proportion to lists tilted to deprived quintiles; `tilt` 0 is `by_list`.

    A person in quintile q (1 most deprived) weighs 1 + tilt * (3 - q) / 2, one in the rest of
    England 1. Raises ShareRefused, also for a tilt outside 0 to 1.
    """
    if not 0 <= tilt <= 1:
        raise ShareRefused("The deprivation tilt is a number from 0 to 1.")
    method = Method.DEPRIVATION
    return _divide(total, claims, method, national_list, lambda claim: _tilted(claim, tilt), tilt)


def inherit(shares: Shares, successor: str, predecessors: Iterable[str]) -> Shares:
    """The same shares after PCNs merged: the successor has the sum of what they had.

    The successor may be one of the predecessors, or already have a share of its own, which is
    kept. Raises ShareRefused when a predecessor has no share.
    """
    codes = {*predecessors}
    gone = [row for row in shares.rows if row.code in codes | {successor}]
    if absent := codes - {row.code for row in gone}:
        raise ShareRefused(f"{', '.join(sorted(absent))} has no share to hand on.")
    heir = Share(
        successor,
        sum(row.people for row in gone),
        sum(row.exact for row in gone),
        sum(row.list_size for row in gone),
    )
    kept = tuple(row for row in shares.rows if row not in gone)
    excluded = tuple(out for out in shares.excluded if out.code != successor)
    return replace(shares, rows=(*kept, heir), excluded=excluded)


def apportion(total: int, weights: Sequence[int], ranks: Sequence[int]) -> list[int]:
    """Divide `total` over integer weights by largest remainder, summing exactly to it.

    `ranks` decides between equal remainders: the lowest first. Raises ShareRefused when
    nothing weighs anything.
    """
    base = sum(weights)
    if base <= 0:
        raise ShareRefused("There is nothing to divide the target over.")
    whole, remainders = zip(*(divmod(total * weight, base) for weight in weights), strict=True)
    order = sorted(range(len(weights)), key=lambda i: (-remainders[i], ranks[i]))
    people = list(whole)
    for i in order[: total - sum(whole)]:
        people[i] += 1
    return people


def _divide(
    total: int,
    claims: Iterable[Claim],
    method: Method,
    base: float,
    weigh: Callable[[Claim], float],
    tilt: float = 0.0,
) -> Shares:
    everyone = _checked(total, claims)
    reasons = [_exclusion(claim, method) for claim in everyone]
    taking = [claim for claim, reason in zip(everyone, reasons, strict=True) if not reason]
    own = [round(weigh(claim) * MICRO) for claim in taking]
    weights = [*own, _rest(taking, method, base, own)]
    national_list = NATIONAL_LIST if method is Method.WTE else round(base)
    rows = _rows(total, taking, weights, national_list)
    excluded = tuple(
        Excluded(claim.code, reason)
        for claim, reason in zip(everyone, reasons, strict=True)
        if reason
    )
    return Shares(total, method, base, tilt, rows[:-1], rows[-1], excluded, tuple(everyone))


def _rows(
    total: int, taking: Sequence[Claim], weights: Sequence[int], national_list: int
) -> tuple[Share, ...]:
    """A share for each claim and, last, for the rest of England, whose list is what is left."""
    lists = [claim.list_size or 0 for claim in taking]
    lists.append(max(0, national_list - sum(lists)))
    codes = [*(claim.code for claim in taking), REST_CODE]
    by_size = sorted(range(len(codes)), key=lambda i: (-lists[i], codes[i]))
    ranks = {i: rank for rank, i in enumerate(by_size)}
    people = apportion(total, weights, [ranks[i] for i in range(len(codes))])
    heavy = sum(weights)
    return tuple(
        Share(codes[i], people[i], total * weights[i] / heavy, lists[i]) for i in range(len(codes))
    )


def _rest(taking: Sequence[Claim], method: Method, base: float, own: Sequence[int]) -> int:
    """What the rest of England weighs, in millionths: all of it less the PCNs, untilted."""
    plain = sum(own) if method is Method.WTE else sum(c.list_size or 0 for c in taking) * MICRO
    rest = round(base * MICRO) - plain
    if rest < 0:
        what = "additional WTE" if method is Method.WTE else "lists"
        raise ShareRefused(
            f"The {what} of the PCNs add up to {plain / MICRO:,.10g}, more than the national "
            f"figure of {base:,.10g}. Use a national figure of the same date."
        )
    return rest


def _tilted(claim: Claim, tilt: float) -> float:
    quintiles = claim.quintiles or ()
    lean = sum(part * (3 - q) for q, part in enumerate(quintiles, 1)) / sum(quintiles)
    return (claim.list_size or 0) * (1 + tilt * lean / 2)


def _exclusion(claim: Claim, method: Method) -> str:
    if method is Method.WTE:
        return "" if claim.wte is not None and claim.wte >= 0 else "no additional WTE recorded"
    if claim.list_size is None or claim.list_size <= 0:
        return NO_LIST
    if method is Method.LIST:
        return ""
    if claim.quintiles is None:
        return "no deprivation profile"
    adds_up = abs(sum(claim.quintiles) - 1) <= PROFILE_SLACK and min(claim.quintiles) >= 0
    return "" if adds_up else "a deprivation profile that does not add up to 100%"


def _checked(total: int, claims: Iterable[Claim]) -> list[Claim]:
    everyone = list(claims)
    if total < 0:
        raise ShareRefused("A target is a number of people from 0 upwards.")
    codes = Counter(claim.code for claim in everyone)
    if twice := [code for code, times in codes.items() if times > 1]:
        raise ShareRefused(f"{', '.join(sorted(twice))} is listed more than once.")
    if REST_CODE in codes:
        raise ShareRefused("Every PCN needs a code.")
    return everyone
