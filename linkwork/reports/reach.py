"""Who is reached: people started in the year by deprivation and by route, against the list.

A fifth is two deciles of the index that people’s postcodes were looked up in (IMD 2019), so that a
fifth of England’s areas is in each. Counts of 1 to 7 are withheld, and what would give them away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import Select, case, func, select

from linkwork.capacity.figure import Figure, missing, ratio
from linkwork.casework import starts
from linkwork.database import db
from linkwork.matching.learning import wilson
from linkwork.models import (
    ListProfile,
    Organisation,
    Person,
    ReferralSource,
    SupportCase,
)
from linkwork.reports import disclosure
from linkwork.reports.basis import Basis
from linkwork.reports.blanks import BEGIN, END, LAST_DAY, PCN, blanks
from linkwork.reports.funnels import Funnel, Route

FIFTHS = ("Most deprived fifth", "Second", "Third", "Fourth", "Least deprived fifth")
NOT_KNOWN = "Not known"
NOBODY = "Nobody has started whose area is known."
NO_PROFILE = "How the list of this PCN is spread over the fifths is not known."
NO_REFERRAL = "No referral came this way."
MORE, LESS, ALIKE = "More than on the list", "Fewer than on the list", "As on the list"


@dataclass(frozen=True, slots=True)
class Fifth:
    """People started from one fifth of areas, beside its part of the list.

    ``people`` is as it is printed; ``percent`` is of the people whose area is known (of all, where
    it is withheld how many are not, which it would tell), ``list_percent`` of the registered list.
    ``words`` say whether they differ by more than chance (Wilson’s interval of 95 %); empty where
    it cannot be said or shown.
    """

    name: str
    people: str
    percent: Figure
    list_percent: Figure
    words: str


@dataclass(frozen=True, slots=True)
class ByRoute:
    """Referrals of the year that came one way, and how many have started, as they are printed.

    Without a ``source`` it is all the ways together that are not told one by one.
    """

    source: ReferralSource | None
    referred: str
    started: str
    rate: Figure

    @property
    def name(self) -> str:
        """Where they came from, in a word or two."""
        return self.source.value.replace("_", " ") if self.source else "all others"


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom one PCN reaches. All link workers."""

    fifths: tuple[Fifth, ...]
    routes: tuple[ByRoute, ...]
    """The ways that may be told, and last the others together."""
    others: tuple[ReferralSource, ...]
    """Which these are."""
    is_known: bool
    """Whether it is known of anybody where they live."""
    list_as_of: date | None
    """The day of the list that people are set against; None where there is none."""


def of_pcn(pcn: Organisation, basis: Basis, *, funnel: Funnel) -> Reach:
    """The people whom a PCN started to ``basis.as_of``, each once. Two queries.

    Starts of cases that were opened in error are not counted. Routes are those of the funnel.
    """
    counts = _counts(pcn.id, basis)
    profile = _profile(pcn.id, basis)
    routes, others = _routes(funnel.routes)
    return Reach(
        fifths=tuple(_fifths(counts, profile)),
        routes=tuple(routes),
        others=tuple(others),
        is_known=any(counts[:-1]),
        list_as_of=profile.as_of if profile else None,
    )


def _counts(pcn_id: int, basis: Basis) -> list[int]:
    """People by fifth, and last those of whom it is not known."""
    counts = [0] * (len(FIFTHS) + 1)
    for decile, people in db.session.execute(_statement(), blanks(pcn_id, basis)):
        counts[(decile - 1) // 2 if decile else len(FIFTHS)] += people
    return counts


@cache
def _statement() -> Select[int | None, int]:
    """People started, by the decile of where they live."""
    return (
        select(Person.deprivation_decile, func.count(Person.id.distinct()))
        .join(SupportCase, SupportCase.person_id == Person.id)
        .where(
            SupportCase.organisation_id == PCN,
            SupportCase.first_conversation_at >= BEGIN,
            SupportCase.first_conversation_at < END,
            starts.counts(),
        )
        .group_by(Person.deprivation_decile)
    )


@dataclass(frozen=True, slots=True)
class _Profile:
    """The parts of a list in the fifths, as of a day."""

    as_of: date
    parts: tuple[float, ...]


def _profile(pcn_id: int, basis: Basis) -> _Profile | None:
    """The newest make-up of the list on a day; before the first, the earliest there is."""
    row = db.session.execute(_newest_profile(), blanks(pcn_id, basis)).first()
    return _Profile(row[0], tuple(row[1:])) if row else None


@cache
def _newest_profile() -> Select[date, float, float, float, float, float]:
    of = ListProfile
    is_past = of.as_of <= LAST_DAY
    return (
        select(of.as_of, of.q1, of.q2, of.q3, of.q4, of.q5)
        .where(of.organisation_id == PCN)
        .order_by(is_past.desc(), case((is_past, of.as_of)).desc(), of.as_of)
        .limit(1)
    )


def _fifths(counts: Sequence[int], profile: _Profile | None) -> list[Fifth]:
    steads = disclosure.withheld(counts, with_total=True)
    whole = sum(counts[:-1]) if steads[-1] is None else sum(counts)
    parts = profile.parts if profile else [None] * len(FIFTHS)
    lines = [
        _fifth(name, people, stead, whole, part)
        for name, people, stead, part in zip(FIFTHS, counts, steads, parts, strict=False)
    ]
    reason = missing("It is not known where they live.")
    text = steads[-1] or f"{counts[-1]:,}"
    return [*lines, Fifth(NOT_KNOWN, text, reason, reason, "")]


def _fifth(name: str, people: int, stead: str | None, whole: int, part: float | None) -> Fifth:
    on_list = missing(NO_PROFILE) if part is None else Figure(100 * part)
    if stead is not None:
        return Fifth(name, stead, missing(stead), on_list, "")
    percent = ratio(100 * people, whole, NOBODY)
    return Fifth(name, f"{people:,}", percent, on_list, _words(people, whole, part))


def _words(people: int, whole: int, part: float | None) -> str:
    """Whether people of a fifth are more or fewer than its part of the list, beyond chance."""
    if part is None or not whole:
        return ""
    low, high = wilson(people, whole)
    return MORE if low > part else LESS if high < part else ALIKE


def _routes(routes: Sequence[Route]) -> tuple[list[ByRoute], list[ReferralSource]]:
    """The routes that anybody came by, and which of them are told only together.

    Those are the ones with a small count, and others until their sum tells none of them.
    """
    used = [route for route in routes if route.referred]
    hidden, may_sum = disclosure.hidden_lines(
        [(route.started, route.referred - route.started) for route in used]
    )
    lines = [
        _route(route.source, route.referred, route.started)
        for i, route in enumerate(used)
        if i not in hidden
    ]
    rest = [used[i] for i in sorted(hidden)]
    if rest and may_sum:
        lines.append(_route(None, sum(r.referred for r in rest), sum(r.started for r in rest)))
    elif rest:
        stead = disclosure.ALSO_WITHHELD
        lines.append(ByRoute(None, stead, stead, missing(stead)))
    return lines, [route.source for route in rest]


def _route(source: ReferralSource | None, referred: int, started: int) -> ByRoute:
    percent = ratio(100 * started, referred, NO_REFERRAL)
    return ByRoute(source, f"{referred:,}", f"{started:,}", percent)
