"""What would change it: one limit taken one step further, and what that would bring.

The steps are found in one pass over the best of what was left out, and the few that promise most
are ranked again, so that the number promised is the number that comes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import time
from decimal import Decimal
from typing import NamedTuple, TypeVar

from linkwork.matching import wording
from linkwork.matching.asked import (
    Limits,
    accepted,
    leaves_time,
    nearest_km,
    windows,
)
from linkwork.matching.limits import JUDGES, Fit
from linkwork.matching.offers import HOME, IN_PERSON, ONLINE, PHONE, TEXT, Offer, Session
from linkwork.matching.ranking import Match, Ranking

N = TypeVar("N", float, Decimal, time)
AT_MOST = 4
TRIES_OF_ONE_LIMIT = 2
MILES = (1, 2, 3, 5, 10)
"""As the form asks for them; beyond the last it is any distance."""
POUNDS = (1, 2, 3, 5, 10, 20)
HOUR = 60


class Step(NamedTuple):
    """One limit and what it would be; no value takes the limit away."""

    limit: str
    value: str = ""

    @property
    def code(self) -> str:
        """Return it as a form sends it: "distance:5"."""
        return f"{self.limit}:{self.value}"


@dataclass(frozen=True, slots=True)
class Alternative:
    """A step, in words with the number of good matches it adds, and the best of those."""

    step: str
    words: str
    count: int
    best: Offer


def alternatives(
    rank_with: Callable[[Limits], Ranking],
    found: Ranking,
    limits: Limits,
    *,
    at_most: int = AT_MOST,
) -> tuple[Alternative, ...]:
    """Return what would bring more good matches, the most first.

    ``found`` is the ranking with ``limits``, ``rank_with`` the same ranking with other ones. At
    most two steps of each kind of limit are tried, the nearest first.
    """
    shown = {offer.id for match in found.matches for offer in (match.offer, *match.also)}
    brought: list[Alternative] = []
    for steps in _promising(found, limits):
        for step in steps[:TRIES_OF_ONE_LIMIT]:
            more = _more(rank_with(relaxed(limits, step)), shown)
            if more:
                words = f"{len(more)} more {_words(step, limits)}"
                brought.append(Alternative(step.code, words, len(more), more[0].offer))
                break
    return tuple(sorted(brought, key=lambda one: -one.count)[:at_most])


def relaxed(limits: Limits, step: Step) -> Limits:
    """Return the limits with this one taken further; it never rules out what fitted before."""
    if step.limit == "distance":
        km = float(step.value) * wording.KM_PER_MILE if step.value else None
        return replace(limits, max_km=_more_of(limits.max_km, km))
    if step.limit == "cost":
        cost = Decimal(step.value) if step.value else None
        return replace(limits, max_cost=_more_of(limits.max_cost, cost))
    if step.limit == "day":
        return replace(limits, days=limits.days and limits.days | {int(step.value)})
    if step.limit in ("from", "to"):
        return _with_hour(limits, step)
    if step.limit == "way":
        return _with_way(limits, step.value)
    return replace(limits, interpreter=True) if step.limit == "interpreter" else _mixed(limits)


def step_of(code: str) -> Step | None:
    """Return the step that a form sent, or None where it is none of ours."""
    limit, _, value = code.partition(":")
    is_known = KNOWN.get(limit)
    return Step(limit, value) if is_known and is_known(value) else None


def _more(ranking: Ranking, shown: set[str]) -> list[Match]:
    return [
        match for match in ranking.matches if match.band == "good" and match.offer.id not in shown
    ]


def _promising(found: Ranking, limits: Limits) -> list[list[Step]]:
    """The steps that would let something in, kind by kind: the nearest, or the most, first."""
    counted: Counter[Step] = Counter()
    for offer in found.nearly:
        counted.update(set(_steps(offer, limits)))
    kinds: dict[str, list[Step]] = {}
    for step in sorted(counted, key=lambda one: _order(one, counted[one])):
        kinds.setdefault(step.limit, []).append(step)
    # Of days and ways each stands for itself; of the others the nearest that brings something.
    apart = [[step] for limit in ("day", "way") for step in kinds.pop(limit, [])[:3]]
    return [*kinds.values(), *apart]


def _order(step: Step, count: int) -> tuple[float, float, str]:
    if step.limit in ("distance", "cost"):
        return float(step.value or "inf"), -count, step.code
    return -count, 0, step.code


def _steps(offer: Offer, limits: Limits) -> Iterator[Step]:
    """Each single step after which this service would break no limit."""
    broken = {name for name, judge in JUDGES.items() if judge(offer, limits) is Fit.NO}
    if len(broken) == 1:
        [limit] = broken
        yield from OPENED_BY[limit](offer, limits) if limit in OPENED_BY else ()
    if broken <= {"channel", "distance", "access"}:
        for way in sorted(offer.channels - accepted(limits)):
            step = Step("way", way)
            if all(judge(offer, relaxed(limits, step)) is not Fit.NO for judge in JUDGES.values()):
                yield step


def _of_distance(offer: Offer, limits: Limits) -> Iterator[Step]:
    miles = (nearest_km(offer, limits) or 0.0) / wording.KM_PER_MILE
    yield Step("distance", next((str(one) for one in MILES if one >= miles), ""))


def _of_cost(offer: Offer, _: Limits) -> Iterator[Step]:
    cost = offer.cost or Decimal(0)
    yield Step("cost", next((str(one) for one in POUNDS if one >= cost), ""))


def _of_time(offer: Offer, limits: Limits) -> Iterator[Step]:
    hours = windows(limits)
    usual = windows(replace(limits, days=frozenset(), more_days=frozenset()))[0]
    for session in offer.sessions:
        if session.weekday in hours:
            if session.weekday not in limits.more_days:
                yield from _hour(session, usual)
        elif leaves_time(session, usual):
            yield Step("day", str(session.weekday))


def _hour(session: Session, usual: tuple[int, int]) -> Iterator[Step]:
    """The full hour before it begins, or after it is over, where one of the two is enough."""
    opens = session.opens.hour * HOUR if session.opens else 0
    ends = session.closes or session.opens or time.min
    closes = (ends.hour + (1 if ends.minute or not session.closes else 0)) * HOUR
    if opens < usual[0] and leaves_time(session, (opens, usual[1])):
        yield Step("from", _clock(opens) if opens else "")
    if closes > usual[1] and leaves_time(session, (usual[0], closes)):
        yield Step("to", _clock(closes) if closes < 24 * HOUR else "")


def _more_of(now: N | None, then: N | None) -> N | None:
    """The greater of two, where none of them is without end."""
    return None if now is None or then is None else max(now, then)


def _with_hour(limits: Limits, step: Step) -> Limits:
    hour = time.fromisoformat(step.value) if step.value else None
    if step.limit == "from":
        now = limits.from_time
        return replace(limits, from_time=None if now is None or hour is None else min(now, hour))
    now = limits.to_time
    return replace(limits, to_time=_more_of(now, hour) if now != time.min else None)


def _with_way(limits: Limits, way: str) -> Limits:
    if limits.ways:
        limits = replace(limits, ways=limits.ways | {way})
    if way == ONLINE:
        return replace(limits, online=True)
    return replace(limits, phone=True) if way in (PHONE, TEXT) else limits


def _mixed(limits: Limits) -> Limits:
    return replace(limits, single_sex=False)


def _words(step: Step, limits: Limits) -> str:
    if step.limit == "distance":
        return (
            f"within {step.value} mile{'s' * (step.value != '1')}" if step.value else "further away"
        )
    if step.limit == "cost":
        return f"if it may cost £{step.value}" if step.value else "if it may cost more"
    if step.limit == "day":
        return f"on {wording.DAYS[int(step.value)]}s"
    if step.limit in ("from", "to"):
        edge = {"from": "earlier in the day", "to": "later in the day"}[step.limit]
        words = {"from": "from", "to": "until"}[step.limit]
        return f"{words} {wording.clock(time.fromisoformat(step.value))}" if step.value else edge
    if step.limit == "way":
        return wording.WAYS[step.value]
    others = {"women": "men", "men": "women"}.get(limits.gender or "", "everybody")
    return {"interpreter": "with an interpreter"}.get(step.limit, f"if {others} may be there too")


def _clock(minute: int) -> str:
    return f"{minute // HOUR:02}:{minute % HOUR:02}"


OPENED_BY: dict[str, Callable[[Offer, Limits], Iterator[Step]]] = {
    "distance": _of_distance,
    "cost": _of_cost,
    "time": _of_time,
    "mixed": lambda _offer, _limits: iter([Step("mixed")]),
    "language": lambda _offer, _limits: iter([Step("interpreter")]),
    "channel": lambda _offer, _limits: iter(()),
    "access": lambda _offer, _limits: iter(()),
}
"""The limits that can give way, and the steps that let a service in that breaks no other."""
HOURS = frozenset(_clock(hour * HOUR) for hour in range(24))
KNOWN: dict[str, Callable[[str], bool]] = {
    "distance": {"", *map(str, MILES)}.__contains__,
    "cost": {"", *map(str, POUNDS)}.__contains__,
    "day": set("0123456").__contains__,
    "from": {"", *HOURS}.__contains__,
    "to": {"", *HOURS}.__contains__,
    "way": {IN_PERSON, HOME, ONLINE, PHONE, TEXT}.__contains__,
    "mixed": {""}.__contains__,
    "interpreter": {""}.__contains__,
}
