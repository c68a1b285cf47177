"""What an entry of the directory says, as the boxes of its form, and the boxes as facts again.

Facts are as ``casework.service_facts`` writes them down. A row whose boxes nobody touched stays
exactly what it was, with all that the form does not show.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from linkwork.forms.service_rows import (
    ACCESS,
    AS_IT_IS,
    DAYS,
    DONATION,
    EVERY_FEW,
    FREE,
    MONTHLY,
    PRICE,
    WEEKS,
    WORDS,
)

Facts = Mapping[str, Any]
PLAIN = tuple(
    "name description url email phone fees minimum_age maximum_age eligibility alert kind needs "
    "audience gender referral_route channels languages places capacity_status co_produced_by "
    "delivered_by".split()
)
DAYS_OF_SERVICE = ("opens_on", "ends_on", "closed_until")
TIMES = ("opens_at", "closes_at")
DATES = ("valid_from", "valid_to")
TICKS = ("closed_bank_holidays", "term_time_only", "by_appointment")
# What reading the words left behind: nobody is asked again about what an editor wrote.
READ = frozenset({"from_words", "doubt", "unread", "reading"})
PATTERN = ("freq", "interval", "byday", "bymonthday", "dtstart")
WHERE = ("name", "address", "city", "postcode")
WHEREABOUTS = ("latitude", "longitude", "is_approximate")


def session_boxes(facts: Facts) -> dict[str, Any]:
    """The boxes of one session."""
    often, days, weeks = _pattern(facts)
    return {
        "words": facts.get("description"),
        "often": often,
        "days": days,
        "weeks": weeks,
        "leaves_out": _leaves_out(facts, days),
        **{name: _read(time, facts.get(name)) for name in TIMES},
        **{name: _read(date, facts.get(name)) for name in DATES},
        "closed_on": list(facts.get("closed_on") or []),
        **{name: bool(facts.get(name)) for name in TICKS},
    }


def session_facts(boxes: Facts, before: Facts) -> dict[str, Any]:
    """One session from its boxes; ``before`` is what it said until now, empty for a new one."""
    if _same(boxes, session_boxes(before)):
        return dict(before)
    pattern = {name: before.get(name) for name in PATTERN}
    if boxes["often"] != AS_IT_IS:
        pattern = _facts_of_pattern(boxes)
    kept = _without(READ, before)
    return _said(
        {
            **kept,
            **pattern,
            "description": boxes["words"],
            "closed_byday": _closed_byday(boxes, before),
            **{name: _iso(boxes[name]) for name in (*TIMES, *DATES)},
            "closed_on": boxes["closed_on"],
            **{name: boxes[name] for name in TICKS},
        }
    )


def place_boxes(facts: Facts) -> dict[str, Any]:
    """The boxes of one place."""
    said = facts.get("accessibility") or []
    more = [words for words in said if words not in ACCESS]
    return {
        **{name: facts.get(name) for name in WHERE},
        "access": [words for words in said if words in ACCESS],
        "more_access": "\n".join(more) or None,
    }


def place_facts(boxes: Facts, before: Facts) -> dict[str, Any]:
    """One place from its boxes. One that is elsewhere now is no longer where it was."""
    if _same(boxes, place_boxes(before)):
        return dict(before)
    more = (line.strip() for line in (boxes["more_access"] or "").splitlines())
    facts = {
        **before,
        **{name: boxes[name] for name in WHERE},
        "accessibility": [*boxes["access"], *filter(None, more)],
    }
    if any(boxes[name] != before.get(name) for name in ("address", "postcode")):
        facts |= dict.fromkeys(WHEREABOUTS)
    return _said(facts)


def cost_boxes(facts: Facts) -> dict[str, Any]:
    """The boxes of one cost."""
    amount, words = _read(Decimal, facts.get("amount")), facts.get("option")
    if amount is None and not words:
        return {"kind": "", "amount": None, "words": None}
    kind = WORDS if amount is None else PRICE if amount else FREE
    if kind == WORDS and "donation" in (words or "").lower():
        kind = DONATION
    if kind == FREE and (words or "").strip().lower() == "free":
        words = None
    return {"kind": kind, "amount": amount or None, "words": words}


def cost_facts(boxes: Facts, before: Facts) -> dict[str, Any]:
    """One cost from its boxes."""
    if _same(boxes, cost_boxes(before)):
        return dict(before)
    kind, words, amount = boxes["kind"], boxes["words"], None
    if kind == FREE:
        amount = "0.00"
    elif kind == PRICE or (not kind and boxes["amount"] is not None):
        amount = f"{boxes['amount']:.2f}"
    elif kind == DONATION and "donation" not in (words or "").lower():
        words = f"Donation: {words}" if words else "Donation"
    currency = before.get("currency") or ("GBP" if amount else None)
    return _said({**before, "amount": amount, "option": words, "currency": currency})


BOXES: dict[str, Callable[[Facts], dict[str, Any]]] = {
    "schedules": session_boxes,
    "places_at": place_boxes,
    "costs": cost_boxes,
}
FACTS: dict[str, Callable[[Facts, Facts], dict[str, Any]]] = {
    "schedules": session_facts,
    "places_at": place_facts,
    "costs": cost_facts,
}


def boxes_of(part: str, rows: Sequence[Facts]) -> list[dict[str, Any]]:
    """The boxes of each row of a part; ``row`` is a fingerprint of what it says."""
    return [{"row": _fingerprint(facts), **BOXES[part](facts)} for facts in rows]


def facts_of(part: str, rows: Sequence[Facts], before: Sequence[Facts]) -> list[dict[str, Any]]:
    """The rows of a part from their boxes, without those in which nothing was typed."""
    known = {_fingerprint(facts): facts for facts in before}
    made = [FACTS[part](boxes, known.get(str(boxes.get("row")), {})) for boxes in rows]
    return [facts for facts in made if facts]


def filled(facts: Facts) -> dict[str, Any]:
    """The boxes of the whole form."""
    said = {name: facts.get(name) for name in PLAIN}
    provider = facts.get("provider")
    return {
        **said,
        **{name: _read(date, facts.get(name)) for name in DAYS_OF_SERVICE},
        "running": facts.get("status"),
        "listed": facts.get("listed", True) is not False,
        "provider": provider["name"] if provider else None,
        "areas": [area["name"] for area in facts.get("areas") or []],
        "terms": [term["key"] for term in facts.get("terms") or []],
        **{part: boxes_of(part, facts.get(part) or []) for part in BOXES},
    }


def typed(boxes: Facts, before: Facts) -> dict[str, Any]:
    """What the whole form says, but who provides it; ``before`` is what the entry said."""
    areas = {area["name"]: area for area in before.get("areas") or []}
    facts = {part: facts_of(part, boxes[part], before.get(part) or []) for part in FACTS}
    if facts["schedules"] != (before.get("schedules") or []):
        # Whoever changed one session has looked at all of them.
        facts["schedules"] = [_without(READ, row) for row in facts["schedules"]]
    return {
        **{name: boxes[name] if boxes[name] != "" else None for name in PLAIN},
        **{name: _iso(boxes[name]) for name in DAYS_OF_SERVICE},
        "status": boxes["running"],
        "listed": bool(boxes["listed"]),
        "areas": [areas.get(name, {"name": name}) for name in boxes["areas"]],
        "terms": [term for term in before.get("terms") or [] if term["key"] in boxes["terms"]],
        **facts,
    }


def _without(names: Iterable[str], facts: Facts) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in names}


def _pattern(facts: Facts) -> tuple[str, list[str], list[str]]:
    """How often, on which days, and in which weeks of a month; ``AS_IT_IS`` where boxes cannot."""
    if not facts:
        return "1", [], []
    codes = (facts.get("byday") or "").split(",") if facts.get("byday") else []
    days = [day for day in DAYS if any(code[-2:] == day for code in codes)]
    weeks = [week for week in WEEKS if any(code[:-2] == week for code in codes)]
    every = str(facts.get("interval") or 1)
    counted = every not in EVERY_FEW or facts.get("valid_from")
    if facts.get("bymonthday") or not codes:
        return AS_IT_IS, days, weeks
    if facts.get("freq") == "WEEKLY" and not weeks and counted and every in ("1", *EVERY_FEW):
        return every, days, []
    products = {f"{week}{day}" for week in weeks for day in days}
    if facts.get("freq") == "MONTHLY" and weeks and products == set(codes) and every == "1":
        return MONTHLY, days, weeks
    return AS_IT_IS, days, weeks


def _leaves_out(facts: Facts, days: list[str]) -> str:
    """Which week of the month has none of these days; ``AS_IT_IS`` where no box can say it."""
    codes = (facts.get("closed_byday") or "").split(",")
    if not codes[0]:
        return ""
    weeks = {code[:-2] for code in codes}
    week = weeks.pop() if len(weeks) == 1 else ""
    return week if week in WEEKS and {code[-2:] for code in codes} == set(days) else AS_IT_IS


def _closed_byday(boxes: Facts, before: Facts) -> str | None:
    week = boxes["leaves_out"]
    if week == AS_IT_IS:
        return before.get("closed_byday")
    return ",".join(f"{week}{day}" for day in DAYS if day in boxes["days"]) if week else None


def _facts_of_pattern(boxes: Facts) -> dict[str, Any]:
    often, days = boxes["often"], [day for day in DAYS if day in boxes["days"]]
    none = dict.fromkeys(PATTERN)
    if not days:
        return none
    if often == MONTHLY:
        codes = [f"{week}{day}" for week in WEEKS if week in boxes["weeks"] for day in days]
        return {**none, "freq": "MONTHLY", "interval": 1, "byday": ",".join(codes)}
    first = _iso(boxes["valid_from"]) if often in EVERY_FEW else None
    weekly = {"freq": "WEEKLY", "interval": int(often), "byday": ",".join(days)}
    return {**none, **weekly, "dtstart": first}


def _same(boxes: Facts, others: Facts) -> bool:
    return all((boxes.get(name) or None) == (value or None) for name, value in others.items())


def _fingerprint(facts: Facts) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


def _said(facts: Facts) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value not in (None, "", [], False)}


def _read(kind: Any, value: str | None) -> Any:
    if not value:
        return None
    return kind(value) if kind is Decimal else kind.fromisoformat(value)


def _iso(value: date | time | None) -> str | None:
    return value.isoformat() if value is not None else None
