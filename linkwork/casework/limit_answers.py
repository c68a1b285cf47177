"""What becomes of kept limits by a yes to a question, or by one step further: plain values."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from linkwork.casework.lexicon import lexicon
from linkwork.errors import RuleBroken
from linkwork.matching import find_concept
from linkwork.matching.alternatives import Step, step_of
from linkwork.matching.hints import EVERY, LEAVE_OUT

ALL_DAYS = list(range(7))
WEEKDAYS, WEEKEND = ALL_DAYS[:5], ALL_DAYS[5:]
ALL_WAYS = ["in_person", "home", "phone", "online", "text"]
NEAR_ON_FOOT_MINUTES = 20
NOT_OURS = "This question is no longer asked. Load the page again."
CHANGED = (
    "These limits were changed meanwhile, in another tab or by somebody else. Nothing you typed is "
    "lost: look at what is kept now, put into the form what is missing there, and keep it again."
)
NOT_ON_THE_FORM = {"kept_on", "answered"}
NO_DAY_LEFT = "No day would be left on which they can go. Change their days instead."
MEANS = ("bus", "car", "lift")
ACCESS = ("step_free", "toilet", "seat", "hearing_loop", "quiet", "parking")
HOURS = {"evenings": "17:00:00", "school_hours": "09:30:00", "afternoons": "12:00:00"}
SCHOOL_ENDS = "14:30:00"


def after(values: Mapping[str, Any], code: str, *, yes: bool) -> dict[str, Any]:
    """The kept values after an answer; a no changes nothing.

    Raises ``RuleBroken`` for a question that is not among ours, and where no day would be left.
    """
    if code not in EVERY:
        raise RuleBroken(NOT_OURS)
    return {**values, **(_yes(values, code) if yes else {})}


def settled(values: Mapping[str, Any]) -> set[str]:
    """The codes of the questions that what is kept answers already."""
    ways = values.get("ways") or ALL_WAYS
    days = values.get("days") or ALL_DAYS
    found = {*values.get("means", ()), *values.get("access", ())}
    found |= {f"{LEAVE_OUT}{day}" for day in ALL_DAYS if day not in _possible(values)}
    said = {
        "housebound": values.get("housebound"),
        "not_alone": values.get("not_alone"),
        "single_sex": values.get("single_sex"),
        "free": values.get("max_cost") is not None,
        "language": values.get("language") or values.get("any_language"),
        "not_online": "online" not in ways,
        "not_phone": "phone" not in ways,
        "weekdays": not set(days) & set(WEEKEND),
        "weekends": not set(days) & set(WEEKDAYS),
        "walking": values.get("miles") or values.get("minutes"),
    }
    hours = values.get("from_time") or values.get("to_time")
    return (
        found | {code for code, holds in said.items() if holds} | (set(HOURS) if hours else set())
    )


def widened(values: dict[str, Any], step: str) -> dict[str, Any]:
    """The kept values with one limit further than it was.

    Raises ``RuleBroken`` for a step that is none of ours.
    """
    known = step_of(step)
    if known is None:
        raise RuleBroken(NOT_OURS)
    return {**values, **_wider(values, known)}


def concept_of(words: str) -> str:
    """The concept that a worker means by some words.

    Raises ``RuleBroken`` where no concept is known by them.
    """
    found = find_concept(words, lexicon(), at_most=1)
    if not found:
        raise RuleBroken(
            f"“{words}” is not among the needs and interests we know. Try another word for it."
        )
    return found[0].id


def digest(values: Mapping[str, Any]) -> str:
    """Letters that differ where what is kept and can be changed on the form differs.

    Nothing where nothing is kept.
    """
    asked = {name: values[name] for name in sorted(values.keys() - NOT_ON_THE_FORM)}
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16] if asked else ""


def _yes(values: Mapping[str, Any], code: str) -> dict[str, Any]:
    if code in MEANS:
        return {"means": [*values.get("means", ()), code]}
    if code in ACCESS:
        return {"access": [*values.get("access", ()), code]}
    if code in HOURS:
        return _hours(values, code)
    if code.startswith(LEAVE_OUT):
        return _without_days(values, [int(code.removeprefix(LEAVE_OUT))])
    if code in ("weekdays", "weekends"):
        return _without_days(values, WEEKEND if code == "weekdays" else WEEKDAYS)
    if code in ("not_online", "not_phone"):
        out = {"online"} if code == "not_online" else {"phone"}
        left = [way for way in values.get("ways") or ALL_WAYS if way not in out]
        return {"ways": left or ["in_person"]}
    if code == "walking":
        return {"means": ["walking"], "minutes": NEAR_ON_FOOT_MINUTES, "miles": None}
    return {"max_cost": "0"} if code == "free" else {code: True}


def _hours(values: Mapping[str, Any], code: str) -> dict[str, Any]:
    """Hours for the days there are; of evenings and school hours, apart at the weekend."""
    if code == "afternoons":
        return {"from_time": HOURS[code]}
    possible = sorted(_possible(values))
    week = [day for day in possible if day in WEEKDAYS]
    weekend = [day for day in possible if day in WEEKEND]
    ends = SCHOOL_ENDS if code == "school_hours" else None
    if not week:
        return {}
    more = weekend if code == "evenings" else []
    return {"days": week, "from_time": HOURS[code], "to_time": ends,
            "more_days": more, "more_from": None, "more_to": None}  # fmt: skip


def _without_days(values: Mapping[str, Any], out: list[int]) -> dict[str, Any]:
    more = [day for day in values.get("more_days") or () if day not in out]
    usual = values.get("days") or [day for day in ALL_DAYS if day not in more]
    left = [day for day in usual if day not in out]
    if not left and not more:
        raise RuleBroken(NO_DAY_LEFT)
    return {"days": left or more, "more_days": more if left else []} | (
        {} if left else {"from_time": values.get("more_from"), "to_time": values.get("more_to")}
    )


def _possible(values: Mapping[str, Any]) -> set[int]:
    return {*(values.get("days") or ALL_DAYS), *(values.get("more_days") or ())}


def _wider(values: Mapping[str, Any], step: Step) -> dict[str, Any]:
    """What a step changes: nothing where the limit went further meanwhile."""
    if step.limit == "distance":
        far = float(values.get("miles") or 0)
        asked = values.get("miles") or values.get("minutes")
        nearer = step.value and float(step.value) <= far
        return {} if nearer or not asked else {"miles": step.value, "minutes": None}
    if step.limit == "cost":
        cost = values.get("max_cost")
        cheaper = cost is None or (step.value and Decimal(step.value) <= Decimal(cost))
        return {} if cheaper else {"max_cost": step.value}
    if step.limit == "day":
        days = values.get("days")
        return {"days": sorted({*days, int(step.value)})} if days else {}
    if step.limit in ("from", "to"):
        return _other_hour(values, step)
    if step.limit == "way":
        ways = values.get("ways")
        return {"ways": [*(way for way in ways if way != step.value), step.value]} if ways else {}
    return {"interpreter": "yes"} if step.limit == "interpreter" else {"single_sex": None}


def _other_hour(values: Mapping[str, Any], step: Step) -> dict[str, Any]:
    name, hour = f"{step.limit}_time", f"{step.value}:00" if step.value else None
    now = values.get(name)
    if (
        hour and step.limit == "to" and now == "00:00:00"
    ):  # midnight is the end of the day, as in the form
        return {}
    if now is None or (hour and (hour >= now if step.limit == "from" else hour <= now)):
        return {}
    return {name: hour}
