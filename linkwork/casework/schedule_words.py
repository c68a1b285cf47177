"""When a service meets, in words: days and hours, when it does not, and the provider’s own words.

What nobody could read for sure is never put into our words: it is quoted, and said to be theirs.
"""

from collections.abc import Iterator
from datetime import date, time
from typing import Protocol

from linkwork.matching import wording
from linkwork.models import Schedule, Service
from linkwork.timetable.dates import LEAP_YEAR
from linkwork.timetable.slots import CODES, LAST_MINUTE

WEEKDAYS = dict(zip(CODES, wording.DAYS, strict=True))
SPANS = {"MO,TU,WE,TH,FR": "Monday to Friday", ",".join(CODES): "every day"}
ORDINALS = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "-1": "last"}
EVERY = {"WEEKLY": "week", "MONTHLY": "month", "DAILY": "day"}
SHORT = 160
THEIR_WORDS = "in the provider’s own words"
QUOTED = frozenset({"differs", "refused"})
"""Doubts for which only the provider’s own words are shown: ours may be wrong."""


class Doubted(Protocol):
    """What says how far a schedule can be trusted: the schedule, or a row with its columns."""

    doubt: str | None
    reading: str | None


def when(service: Service, *, whole: bool = False) -> list[str]:
    """Each time the service meets, and their own words where those say more than was read.

    Long words are cut short, unless they are wanted whole.
    """
    said = []
    for schedule in service.schedules:
        doubt = schedule.doubt if is_doubtful(service, schedule) else None
        if doubt not in QUOTED and (sentence := times(schedule)):
            said.append(sentence)
        if doubt and schedule.description:
            words = schedule.description if whole else _short(schedule.description)
            said.append(f"“{words}”, {THEIR_WORDS}")
    # The same words may stand with several times: they come once, after all of them.
    quoted = [sentence for sentence in said if sentence.endswith(THEIR_WORDS)]
    return list(dict.fromkeys([*(one for one in said if one not in quoted), *quoted]))


def own_words(service: Service) -> list[str]:
    """The whole words of the provider about times that were not read, or not for sure."""
    doubtful = (one for one in service.schedules if is_doubtful(service, one))
    return list(dict.fromkeys(one.description for one in doubtful if one.description))


def is_doubtful(service: Service, schedule: Doubted) -> bool:
    """Whether an editor has yet to say that its times are right."""
    if schedule.doubt is None:
        return False
    return schedule.reading is None or schedule.reading != service.times_confirmed


def times(schedule: Schedule) -> str:
    """One schedule in words: its days and hours, or the provider's own words where it has none."""
    days, hours = _days(schedule), _hours(schedule)
    if not days:
        return schedule.description or hours
    said = "; ".join([f"{days}, {hours}" if hours else days, *_beside(schedule)])
    return said[0].upper() + said[1:]


def _days(schedule: Schedule) -> str:
    if not schedule.byday:
        return _days_without_names(schedule)
    codes = schedule.byday.split(",")
    if schedule.freq == "MONTHLY" and not any(code[:-2] for code in codes):
        # Whether all of them or one of them is meant differs from feed to feed.
        return f"{wording.listing([_day(one, None) for one in codes])} in the month, ask which"
    days = SPANS.get(schedule.byday) or wording.listing([_day(one, schedule.freq) for one in codes])
    if (schedule.interval or 1) > 1:
        return f"{days}, every {schedule.interval} {EVERY.get(schedule.freq or '', 'week')}s"
    if schedule.freq == "MONTHLY" and any(code[:-2] for code in codes):
        return f"{days} of the month"
    return days


def _days_without_names(schedule: Schedule) -> str:
    """Days that are told by their number, by a first day, or all of them; else nothing."""
    if schedule.freq == "DAILY":
        return "Every day"
    if schedule.freq == "MONTHLY" and schedule.bymonthday:
        numbers = [_nth(int(day)) for day in schedule.bymonthday.split(",")]
        return f"the {wording.listing(numbers)} of the month"
    if schedule.freq == "WEEKLY" and schedule.dtstart:
        every = schedule.interval or 1
        days = f"{wording.DAYS[schedule.dtstart.weekday()]}s"
        return f"{days}, every {every} weeks" if every > 1 else days
    return ""


def _nth(number: int) -> str:
    """A number of a day: "15th"; of one counted from the end: "last day but 1"."""
    if number < 0:
        return "last day" if number == -1 else f"last day but {-number - 1}"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if 10 < number < 14 else ending}"


def _day(code: str, freq: str | None) -> str:
    day, ordinal = WEEKDAYS[code[-2:]], ORDINALS.get(code[:-2], "")
    if ordinal:
        return f"{ordinal} {day}"
    return day if freq == "MONTHLY" else f"{day}s"


def _hours(schedule: Schedule) -> str:
    opens, closes = schedule.opens_at, schedule.closes_at
    if opens and closes and (opens.hour, opens.minute) == (0, 0) and closes >= LAST_MINUTE:
        return "all day and night"
    hours = [_clock(at) for at in (opens, closes) if at]
    if len(hours) == 1:
        return f"{'from' if opens else 'until'} {hours[0]}"
    return " to ".join(hours)


def _clock(at: time) -> str:
    return "midnight" if at == LAST_MINUTE else wording.clock(at)


def conditions(schedule: Schedule) -> Iterator[str]:
    """When it does not meet although it is the day, and what else it depends on."""
    if schedule.by_appointment:
        yield "by appointment"
    if schedule.term_time_only:
        yield "in term time only"
    if schedule.closed_byday:
        days = [f"{_day(code, None)}" for code in schedule.closed_byday.split(",")]
        yield f"closed {wording.listing(days)} of the month"
    if schedule.closed_bank_holidays:
        yield "closed on bank holidays"
    if schedule.closed_on:
        yield f"closed {wording.listing([_span(one) for one in schedule.closed_on])}"


def _beside(schedule: Schedule) -> Iterator[str]:
    yield from conditions(schedule)
    if schedule.valid_from:
        yield f"from {wording.day(schedule.valid_from)}"
    if schedule.valid_to:
        yield f"until {wording.day(schedule.valid_to)}"


def _span(written: str) -> str:
    return " to ".join(_date(one) for one in written.split("/"))


def _date(written: str) -> str:
    if len(written) == 10:
        return wording.day(date.fromisoformat(written))
    every_year = date.fromisoformat(f"{LEAP_YEAR}-{written}")
    return f"{every_year.day} {every_year:%B}"


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= SHORT else f"{line[:SHORT].rsplit(' ', 1)[0]}…"
