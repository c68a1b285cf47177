"""Days as people say them: Tuesday, tomorrow, in 2 weeks, next Friday, 25/12, end of the month.

A day that is named without its week or year is the next one to come. "Next Friday" is the Friday
of next week, weeks beginning on Monday. What may mean two days is asked about, never guessed.
"""

import re
from calendar import isleap, monthrange
from collections.abc import Callable
from datetime import date, timedelta

from wtforms import StringField

from linkwork import clock

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
NUMBERS = (
    "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
JUST_BEEN = timedelta(days=60)
A_YEAR = timedelta(days=366)
LEAP_DAY = (29, 2)
LAST_WORKING_DAY = 4
LONGEST = 60
EXAMPLES = "Write a day, for example Tuesday, tomorrow, in 2 weeks or 25/12."


def read_day(words: str, *, today: date) -> date:
    """Return the day that is meant. Raises ``ValueError`` with a sentence for the typist.

    Days that are past are returned too: whether they will do is not for the shape to say.
    """
    text = _plain(words)
    for pattern, meaning in MEANINGS:
        found = re.fullmatch(pattern, text)
        if found:
            try:
                return meaning(found, today)
            except OverflowError:
                break
    raise ValueError(f"We could not read “{words.strip()[:LONGEST]}” as a day. {EXAMPLES}")


def say_day(day: date) -> str:
    """Tuesday 24 November 2026."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


class DayWordsField(StringField):
    """A day, typed in words or figures. ``data`` is the date; what was typed is shown again."""

    typed = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day."""
        self.typed, self.data = (valuelist or [""])[0], None
        if self.typed.strip():
            self.data = read_day(self.typed, today=clock.today())

    def _value(self) -> str:
        if self.typed or not isinstance(self.data, date):
            return self.typed
        return say_day(self.data)


def _plain(words: str) -> str:
    text = re.sub(
        r"[,.]+(?=\s|$)",
        " ",
        words.lower().replace("’", "'").replace("s' time", "s").replace("'s time", ""),
    )
    text = re.sub(r"^(?:on|by|for)\s+", "", " ".join(text.split()))
    text = re.sub(r"\b(?:the|of)\s+", "", text)
    return re.sub(r"\b(\d+)(?:st|nd|rd|th)\b", r"\1.", text) if len(text) <= LONGEST else ""


def _weekday(name: str) -> int:
    return next(n for n, full in enumerate(WEEKDAYS) if full.startswith(name[:2]))


def _number(name: str) -> int:
    if name.isdigit():
        return int(name)
    return {"a": 1, "an": 1, "a couple": 2, "couple": 2}.get(name) or NUMBERS.index(name)


def _coming(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def _monday(today: date) -> date:
    return today - timedelta(days=today.weekday())


def _months_on(today: date, months: int) -> date:
    years, month = divmod(today.month - 1 + months, 12)
    year = today.year + years
    if year > date.max.year:
        raise OverflowError
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _bare_weekday(found: re.Match[str], today: date) -> date:
    weekday = _weekday(found["day"])
    if weekday == today.weekday():
        name = WEEKDAYS[weekday].capitalize()
        raise ValueError(f"Today is {name}. Write “today” or “next {name}”.")
    return _coming(weekday, today)


def _next_weekday(found: re.Match[str], today: date) -> date:
    return _monday(today) + timedelta(days=7 + _weekday(found["day"]))


def _weeks_after(found: re.Match[str], today: date) -> date:
    weeks = timedelta(weeks=_number(found.groupdict().get("n", "a")))
    start = found["day"]
    if start == "today":
        return today + weeks
    if start == "tomorrow":
        return today + timedelta(days=1) + weeks
    return _coming(_weekday(start), today) + weeks


def _after(found: re.Match[str], today: date) -> date:
    number, unit = _number(found["n"]), found["unit"]
    if unit.startswith(("month", "year")):
        return _months_on(today, number * (12 if unit.startswith("year") else 1))
    return today + timedelta(days=number * {"d": 1, "w": 7, "f": 14}[unit[0]])


def _end_of_week(found: re.Match[str], today: date) -> date:
    last = 0 if found["edge"] != "end" else LAST_WORKING_DAY
    day = _monday(today) + timedelta(days=last + (7 if found["which"] == "next" else 0))
    return day if day >= today else _still_to_come(found, day + timedelta(days=7))


def _end_of_month(found: re.Match[str], today: date) -> date:
    first = _months_on(today.replace(day=1), 1 if found["which"] == "next" else 0)
    if found["edge"] != "end":
        return first if first >= today else _still_to_come(found, _months_on(first, 1))
    return first.replace(day=monthrange(first.year, first.month)[1])


def _end_of_named_month(found: re.Match[str], today: date) -> date:
    month = _month(found["month"])
    year = today.year + (month < today.month)
    day = date(year, month, monthrange(year, month)[1] if found["edge"] == "end" else 1)
    return day if day >= today else _dated(1, month, None, today)


def _still_to_come(found: re.Match[str], coming: date) -> date:
    """The next such day, where the one of this week or month was not asked for by name."""
    if found["which"] == "this":
        raise ValueError(f"That day has been. Write {coming.day}/{coming.month} for the next.")
    return coming


def _month(name: str) -> int:
    return 1 + next(n for n, full in enumerate(MONTHS) if full.startswith(name[:3]))


def _day_of_month(found: re.Match[str], today: date) -> date:
    number = int(found["number"])
    for ahead in range(13):
        first = _months_on(today.replace(day=1), ahead)
        if number <= monthrange(first.year, first.month)[1]:
            day = first.replace(day=max(number, 1))
            if day >= today and number:
                return day
    raise ValueError(f"No month has a day {number}. {EXAMPLES}")


def _calendar_day(found: re.Match[str], today: date) -> date:
    named = found.groupdict()
    month = int(named["m"]) if named.get("m") else _month(named["month"])
    day = _dated(int(found["number"]), month, named.get("year"), today)
    weekday = named.get("day")
    if weekday and _weekday(weekday) != day.weekday():
        raise ValueError(f"{say_day(day)} is what the date says. Check the day of the week.")
    return day


def _dated(number: int, month: int, typed_year: str | None, today: date) -> date:
    if typed_year:
        return _real(int(typed_year) + (2000 if len(typed_year) <= 2 else 0), month, number)
    if (number, month) == LEAP_DAY:
        return _leap_day(today)
    day = _real(today.year, month, number)
    if day >= today:
        return day
    again = _real(today.year + 1, month, number)
    if today - day <= JUST_BEEN:
        raise ValueError(
            f"{day.day} {day:%B} has just been. Write {again.day}/{again.month}/{again.year} "
            "if you mean next year."
        )
    return again


def _leap_day(today: date) -> date:
    """The next 29 February, where that is within a year; else it is not what was meant."""
    year = next(y for y in range(today.year, date.max.year) if isleap(y) and today <= _leap(y))
    if _leap(year) - today > A_YEAR:
        raise ValueError(f"The next 29 February is in {year}. Write 28/2 or 1/3 instead.")
    return _leap(year)


def _leap(year: int) -> date:
    return date(year, 2, 29)


def _real(year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        raise ValueError(f"{number}/{month}/{year} is not a day of the calendar.") from None


def _which_day(found: re.Match[str], today: date) -> date:
    raise ValueError(f"Say which day {found[0]}, for example “next Friday”.")


def _plus(days: int) -> Callable[[re.Match[str], date], date]:
    return lambda _, today: today + timedelta(days=days)


_NAME = (
    r"mo(?:n|nday)?|tu(?:e|es|esday)?|we(?:d|ds|dnesday)?|th(?:u|ur|urs|ursday)?"
    r"|fr(?:i|iday)?|sa(?:t|turday)?|su(?:n|nday)?"
)
_DAY = rf"(?P<day>{_NAME})"
_START = rf"(?P<day>today|tomorrow|{_NAME})"
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_N = rf"(?P<n>\d{{1,3}}|an?|(?:a )?couple|{'|'.join(NUMBERS[1:])})"
_UNIT = r"(?P<unit>days?|weeks?|wks?|fortnights?|months?|years?)"
_FROM = r"(?: from (?:now|today))?"
_EDGE = r"(?P<edge>end|start|beginning)"
_WHICH = r"(?:(?P<which>this|next) )?"
_NUMBER = r"(?P<number>\d{1,2})"
_YEAR = r"(?:20)?\d\d"
# The first that fits the whole of what was typed says what it means.
MEANINGS: tuple[tuple[str, Callable[[re.Match[str], date], date]], ...] = (
    (r"today", _plus(0)),
    (r"tomorrow|tomorow|tmrw|tom", _plus(1)),
    (r"(?:a )?day after tomorrow", _plus(2)),
    (r"yesterday", _plus(-1)),
    (rf"(?:this |coming |this coming )?{_DAY}", _bare_weekday),
    (rf"next {_DAY}", _next_weekday),
    (rf"(?:in )?{_N} weeks? (?:on |from )?{_START}", _weeks_after),
    (rf"{_START} week", _weeks_after),
    (rf"(?:in )?{_N} {_UNIT}{_FROM}", _after),
    (rf"{_EDGE} {_WHICH}week", _end_of_week),
    (rf"{_EDGE} {_WHICH}month", _end_of_month),
    (rf"{_EDGE} {_MONTH}", _end_of_named_month),
    (rf"{_NUMBER}\.", _day_of_month),
    (r"(?P<year>\d{4})-(?P<m>\d{1,2})-(?P<number>\d{1,2})", _calendar_day),
    (rf"(?:{_DAY} )?{_NUMBER}[/.-](?P<m>\d{{1,2}})(?:[/.-](?P<year>{_YEAR}))?", _calendar_day),
    (rf"(?:{_DAY} )?{_NUMBER}\.? {_MONTH}(?: (?P<year>{_YEAR}))?", _calendar_day),
    (rf"(?:{_DAY} )?{_MONTH} {_NUMBER}\.?(?: (?P<year>{_YEAR}))?", _calendar_day),
    (r"(?:next|this) (?:week|month)|soon|later|asap", _which_day),
)
