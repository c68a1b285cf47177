"""Single values of a directory record, as feeds really write them.

``None``, blanks and the words people type for "nothing" are all nothing. A value that cannot be
used is left out and a warning says why; the record it stands in goes in without it.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from linkwork.casework.service_words import is_web_address

NOTHING = frozenset({"", "na", "n/a", "n.a.", "null", "none", "nil", "-", "--", "undefined"})
LONGEST_NOTHING = max(map(len, NOTHING))
NO_TEXT = (bool, dict, list)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LINE, WORDS, LONG = 300, 2_000, 20_000
OLDEST_AGE = 130
MOST_POUNDS = Decimal(1_000_000)
EMAIL = re.compile(r"[^@\s<>\"'(),;:]{1,64}@[^@\s<>\"'(),;:]{1,180}")
PHONE = re.compile(r"[+(]?[0-9][0-9 ()\-./+]{3,28}(?:\s?(?:x|ext\.?)\s?[0-9]{1,6})?", re.IGNORECASE)
CLOCK = re.compile(
    r"([01]?[0-9]|2[0-4])[:.]([0-5][0-9])(?:[:.][0-5][0-9](?:\.[0-9]+)?)?(?:Z|\+00:?00)?"
)
USUAL_UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKDAY = re.compile(r"([+-]?[1-5])?\s*(MO|TU|WE|TH|FR|SA|SU)[A-Z]*\.?")
MONTHDAYS = re.compile(r"-?[0-9]{1,2}(?:,-?[0-9]{1,2})*")

Warn = Callable[[str, str], None]


class Values:
    """The values of one object of a record, by name.

    ``within`` says where the object stands (``schedules[1].``), ``warn`` is told the field and
    the reason of everything left out.
    """

    def __init__(self, values: dict[str, Any], warn: Warn, within: str = "") -> None:
        self.values = values
        self._warn = warn
        self._within = within

    def warn(self, name: str, reason: str) -> None:
        """Say that a value was left out, and why."""
        self._warn(self._within + name, reason)

    def text(self, name: str, most: int = WORDS) -> str | None:
        """The words, at most ``most`` characters of them, or None where there are none."""
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, str):
            words = value
        elif isinstance(value, NO_TEXT):
            self.warn(name, "is not text.")
            return None
        else:
            words = str(value)
        if not words.isprintable():
            words = CONTROL.sub("", words.replace("\r\n", "\n"))
        words = words.strip()
        if len(words) <= LONGEST_NOTHING and words.lower() in NOTHING:
            return None
        if len(words) > most:
            self.warn(name, f"has {len(words):,} characters; the first {most:,} were kept.")
            return words[:most].rstrip()
        return words

    def key(self, name: str) -> str | None:
        """A UUID in its usual writing, or None."""
        given = self.values.get(name)
        return uuid_of(given.strip()) if isinstance(given, str) else None

    def url(self, name: str) -> str | None:
        """An address of the web, or None: any other sort of address could do harm as a link."""
        words = self.text(name)
        if words is None:
            return None
        address = words if "://" in words or ":" in words[:20] else f"http://{words}"
        if is_web_address(address):
            return address
        self.warn(name, f"{_short(words)} is not a web address.")
        return None

    def email(self, name: str) -> str | None:
        """An email address, or None."""
        return self._matching(name, EMAIL, "is not an email address.")

    def phone(self, name: str) -> str | None:
        """A phone number as it was written, or None."""
        return self._matching(name, PHONE, "is not a phone number.")

    def _matching(self, name: str, pattern: re.Pattern[str], reason: str) -> str | None:
        words = self.text(name, LINE)
        if words is None or pattern.fullmatch(words):
            return words
        self.warn(name, f"{_short(words)} {reason}")
        return None

    def number(self, name: str) -> Decimal | None:
        """A number, written as one or as text, with or without a pound sign; or None."""
        words = self.text(name, LINE)
        if words is None:
            return None
        try:
            number = Decimal(words.replace("£", "").replace(",", "").strip())
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite() and abs(number.adjusted()) < 20:
            return number
        self.warn(name, f"{_short(words)} is not a number.")
        return None

    def age(self, name: str) -> int | None:
        """Whole years from 0 to 130, or None."""
        number = self.number(name)
        if number is None or 0 <= number <= OLDEST_AGE:
            return None if number is None else int(number)
        self.warn(name, f"{_short(number)} is not an age.")
        return None

    def amount(self, name: str) -> Decimal | None:
        """Pounds and pence from 0 to a million, or None."""
        number = self.number(name)
        if number is None or 0 <= number <= MOST_POUNDS:
            return None if number is None else number.quantize(Decimal("0.01"))
        self.warn(name, f"{_short(number)} is not a price.")
        return None

    def whole(self, name: str, most: int) -> int | None:
        """A whole number from 1 to ``most``, or None."""
        number = self.number(name)
        if number is None or (1 <= number <= most and number == int(number)):
            return None if number is None else int(number)
        self.warn(name, f"{_short(number)} is not a whole number from 1 to {most}.")
        return None

    def day(self, name: str) -> date | None:
        """A date of the calendar, also from a moment, or None."""
        words = self.text(name, LINE)
        try:
            return date.fromisoformat(words[:10]) if words else None
        except ValueError:
            self.warn(name, f"{_short(words)} is not a date such as 2026-11-18.")
            return None

    def moment(self, name: str) -> datetime | None:
        """A moment; where no zone is written, UTC. Or None."""
        words = self.text(name, LINE)
        try:
            found = datetime.fromisoformat(words) if words else None
            if found is None or found.tzinfo is not None:
                return None if found is None else found.astimezone(UTC)
            return found.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            self.warn(name, f"{_short(words)} is not a moment such as 2026-11-18T10:30:00Z.")
            return None

    def clock(self, name: str) -> time | None:
        """A time of day, or None. 24:00 is the last minute of the day."""
        words = self.text(name, LINE)
        if words is None:
            return None
        found = CLOCK.fullmatch(words)
        if found is None or (found[1] == "24" and found[2] != "00"):
            self.warn(name, f"{_short(words)} is not a time such as 10:30.")
            return None
        return time(23, 59) if found[1] == "24" else time(int(found[1]), int(found[2]))

    def weekdays(self, name: str) -> str | None:
        """Days as iCalendar writes them (``TU,TH`` or ``2MO``), or None."""
        words = self.text(name, LINE)
        if words is None:
            return None
        found = [WEEKDAY.fullmatch(part.strip().upper()) for part in words.split(",")]
        if not all(found):
            self.warn(name, f"{_short(words)} is not a list of days such as TU,TH.")
            return None
        days = (f"{(one[1] or '').lstrip('+')}{one[2]}" for one in found if one)
        return ",".join(dict.fromkeys(days))

    def objects(self, name: str) -> list["Values"]:
        """The objects in a list, with anything else left out."""
        found = self.values.get(name)
        if found is None or found == "":
            return []
        if not isinstance(found, list):
            self.warn(name, "is not a list.")
            return []
        objects = []
        for place, one in enumerate(found):
            if isinstance(one, dict):
                objects.append(Values(one, self._warn, f"{self._within}{name}[{place}]."))
            elif one is not None:
                self.warn(f"{name}[{place}]", "is not an object.")
        return objects

    def object(self, name: str) -> "Values | None":
        """The object of this name, or None."""
        found = self.values.get(name)
        if isinstance(found, dict):
            return Values(found, self._warn, f"{self._within}{name}.")
        if found is not None and found != "":
            self.warn(name, "is not an object.")
        return None


def uuid_of(words: str) -> str | None:
    """The UUID in its usual writing, or None where the words are none."""
    if USUAL_UUID.fullmatch(words):
        return words
    try:
        return str(UUID(words))
    except ValueError:
        return None


def _short(value: object) -> str:
    words = str(value)
    return f"“{words[:60]}…”" if len(words) > 60 else f"“{words}”"
