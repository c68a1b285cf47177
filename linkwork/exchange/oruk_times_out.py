"""Schedules as Open Referral UK 3.0 has them: the inverse of ``exchange.oruk_times``.

Files say all we have, so that they come in again the same, with the doubts beside. Who follows our
API gets no days that we only read from words and are not sure of: the words alone, as our own
pages quote them.
"""

from typing import Any

from linkwork.casework import schedule_words
from linkwork.exchange.oruk_shape import OURS
from linkwork.exchange.oruk_times import SAID_BESIDE
from linkwork.exchange.oruk_values import WEEKDAYS
from linkwork.models import Schedule, Service

Record = dict[str, Any]
AS_IT_IS = tuple("interval bymonthday attending_type description".split())
IN_ISO = tuple("dtstart opens_at closes_at valid_from valid_to".split())
DOUBTED = frozenset({OURS, *"freq interval byday bymonthday dtstart opens_at closes_at".split()})


def said(service: Service, one: Schedule) -> Record:
    """The columns of a schedule; what the standard has no word for stands under ``linkwork``."""
    freq, byday = one.freq, one.byday
    if freq == "DAILY":
        # The standard has no such frequency; each day of every week is the same.
        freq, byday = ("WEEKLY", ",".join(WEEKDAYS)) if (one.interval or 1) == 1 else (None, byday)
    return {
        "freq": freq,
        "byday": byday,
        **{name: getattr(one, name) for name in AS_IT_IS},
        **{name: at.isoformat() for name in IN_ISO if (at := getattr(one, name))},
        OURS: _beside(service, one),
    }


def published(service: Service, rows: list[Record]) -> list[Record]:
    """The schedules of a full record as others follow them, in words where the days are doubted."""
    quoted: set[str | None] = set()
    found = []
    for one, row in zip(service.schedules, rows, strict=True):
        if not is_guessed(service, one):
            found.append(_with_conditions(one, row))
        elif one.description not in quoted:
            quoted.add(one.description)
            found.append({name: value for name, value in row.items() if name not in DOUBTED})
    return found


def is_guessed(service: Service, one: Schedule) -> bool:
    """Whether its days were read from words, not for sure, and nobody has said they are right."""
    return one.from_words and schedule_words.is_doubtful(service, one)


def _beside(service: Service, one: Schedule) -> Record:
    found = {name: value for name in SAID_BESIDE if (value := getattr(one, name))}
    if schedule_words.is_doubtful(service, one):
        found["doubt"] = one.doubt
    return found


def _with_conditions(one: Schedule, row: Record) -> Record:
    """The schedule with what it depends on in words, where its own words do not say it."""
    words = "; ".join(schedule_words.conditions(one))
    if not words or one.from_words:
        return row
    words = words[0].upper() + words[1:]
    return {**row, "description": f"{one.description}\n{words}" if one.description else words}
