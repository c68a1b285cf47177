"""Kept limits in words, as the panel lists them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import time
from typing import Any

from linkwork.forms.limits import ACCESS, MEANS
from linkwork.matching import Limits, wording
from linkwork.matching.asked import EVERY_WAY, accepted
from linkwork.matching.travel import Means, assumption

WEEK = {tuple(range(5)): "Monday to Friday", (5, 6): "Saturday and Sunday"}


def in_words(kept: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What was asked of travel, times, money and access, each with its label."""
    said = {
        "How far": _how_far(kept),
        "When": _when(kept),
        "Cost": _cost(kept),
        "They need": listed(ACCESS[code] for code in kept.get("access", ()) if code in ACCESS),
    }
    yield from ((label, words) for label, words in said.items() if words)


def listed(labels: Iterable[str]) -> str:
    """Labels as one line: "Step-free, hearing loop"."""
    return ", ".join(labels).capitalize()


def _how_far(kept: Mapping[str, Any]) -> str:
    means = [Means(code) for code in kept.get("means", ()) if code in set(Means)]
    travels = listed(MEANS[one] for one in means)
    far = ""
    if kept.get("miles"):
        far = f"Up to {kept['miles']} mile{'s' * (kept['miles'] != '1')}"
    elif kept.get("minutes"):
        minutes = int(kept["minutes"])
        far = f"Up to {assumption(minutes, means)}, as we estimate it"
    said = [travels, far, _with_whom(kept)]
    return "\n".join(part for part in said if part)


def _with_whom(kept: Mapping[str, Any]) -> str:
    goes_with = kept.get("goes_with")
    if not kept.get("not_alone"):
        return f"Goes with {goes_with}" if goes_with else ""
    return f"Not alone: with {goes_with}" if goes_with else "Not alone: somebody has to go along"


def _when(kept: Mapping[str, Any]) -> str:
    days, more = kept.get("days", ()), kept.get("more_days", ())
    usual = _hours(kept.get("from_time"), kept.get("to_time"))
    said = [_together(_days(days) or ("Any day" if usual and not more else ""), usual)]
    if more and not days and usual:
        said = [_together("Other days", usual)]
    said.append(_together(_days(more), _hours(kept.get("more_from"), kept.get("more_to"))))
    return "\n".join(part for part in said if part)


def _days(days: Any) -> str:
    chosen = tuple(sorted(int(day) for day in days))
    return WEEK.get(chosen) or (
        wording.listing([wording.DAYS[d] for d in chosen]) if chosen else ""
    )


def _hours(begins: str | None, ends: str | None) -> str:
    words = {"from": begins, "to": ends}
    return " ".join(
        f"{edge} {wording.clock(time.fromisoformat(at))}" for edge, at in words.items() if at
    )


def _together(days: str, hours: str) -> str:
    return " ".join(part for part in (days, hours) if part)


def _cost(kept: Mapping[str, Any]) -> str:
    cost = kept.get("max_cost")
    if cost is None:
        return ""
    amount = wording.pounds(wording.amount(cost))
    return "Free only" if amount == "£0" else f"Up to {amount} each time"


def how(made: Limits) -> str:
    """The ways that are left: "Cannot leave home: at their home or by phone"; empty is any."""
    left = accepted(made)
    if left == EVERY_WAY:
        return ""
    ways = wording.ways(left) if left else "no way is left"
    return f"Cannot leave home: {ways}" if made.housebound else ways[:1].upper() + ways[1:]
