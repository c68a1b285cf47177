"""Kinds of field, and a check, that say in our words what is wrong with what was typed."""

from typing import Any

from wtforms import DateField, IntegerField, TimeField
from wtforms.validators import Length


class DayField(DateField):
    """A day of the calendar."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day."""
        _said(self, valuelist, "Enter a real date, for example 18/11/2026.")


class ClockField(TimeField):
    """A time of the day."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time; seconds, which some browsers add, are dropped."""
        _said(self, [text[:5] for text in valuelist], "Enter a real time, for example 14:30.")


class WholeNumberField(IntegerField):
    """A number without decimals."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        _said(self, valuelist, "Enter a whole number, for example 25.")


def at_most(longest: int, what: str = "this") -> Length:
    """A check that ``what`` has at most so many characters."""
    return Length(max=longest, message=f"Shorten {what} to {longest:,} characters.")


def _said(field: Any, valuelist: list[str], sentence: str) -> None:
    kind: Any = type(field).__mro__[1]
    try:
        kind.process_formdata(field, [text.strip() for text in valuelist])
    except ValueError as wrong:
        raise ValueError(sentence) from wrong
