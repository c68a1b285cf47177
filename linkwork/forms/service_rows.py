"""The parts of an activity that there may be several of: sessions, places, costs."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from wtforms import (
    BooleanField,
    DecimalField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms import Form as PlainForm
from wtforms.validators import NumberRange, Optional

from linkwork import clock, geography
from linkwork.forms import CheckboxesField, choices, tidied
from linkwork.forms.date_words import read_day
from linkwork.forms.fields import ClockField, DayField, at_most

DAYS = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
MONTHLY, AS_IT_IS = "month", "as-it-is"
OFTEN = {
    "1": "Every week",
    "2": "Every 2 weeks",
    "3": "Every 3 weeks",
    "4": "Every 4 weeks",
    MONTHLY: "Every month",
    AS_IT_IS: "Not regular, or only as the words say",
}
EVERY_FEW = ("2", "3", "4")
LEAVES_OUT = {
    "": "Meets in every week",
    "1": "Not the first of the month",
    "2": "Not the second of the month",
    "3": "Not the third of the month",
    "4": "Not the fourth of the month",
    "-1": "Not the last of the month",
    AS_IT_IS: "Only as the words say",
}
WEEKS = {"1": "First", "2": "Second", "3": "Third", "4": "Fourth", "-1": "Last"}
ACCESS = {
    "Step-free": "Step-free",
    "Accessible toilet": "Accessible toilet",
    "Parking": "Parking",
    "Hearing loop": "Hearing loop",
    "Quiet space": "Quiet space",
    "Seating": "Seating",
    "Bus stop nearby": "Bus stop nearby",
}
FREE, PRICE, DONATION, WORDS = "free", "price", "donation", "words"
PRICES = {
    "": "Choose",
    FREE: "Free",
    PRICE: "A price",
    DONATION: "A donation",
    WORDS: "Something else, in words",
}
MOST_DAYS = 100
EVERY_YEAR = "every year"
POUNDS = NumberRange(0, 100_000, "Enter an amount from £0 to £100,000.")
CLOSED_DAYS = "Write one day on each line, for example 24/12/2026, or 24/12/2026 to 2/1/2027."


class PoundsField(DecimalField):
    """An amount in pounds."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the amount; a pound sign and commas are let through."""
        typed = (valuelist or [""])[0].replace("£", "").replace(",", "").strip()
        self.data = None
        if typed:
            try:
                self.data = Decimal(typed)
            except ArithmeticError as wrong:
                raise ValueError("Enter an amount in pounds, for example 2.50.") from wrong
            if not self.data.is_finite():
                raise ValueError("Enter an amount in pounds, for example 2.50.")


class ClosedDaysField(TextAreaField):
    """Days without a session, one on each line. ``data`` are ISO dates, or two with a slash."""

    typed = ""

    def _value(self) -> str:
        return self.typed or "\n".join(_said_days(days) for days in self.data or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the days; what was typed is shown again."""
        self.typed, self.data = (valuelist or [""])[0], []
        lines = [line.strip() for line in self.typed.splitlines() if line.strip()]
        if len(lines) > MOST_DAYS:
            raise ValueError(f"Give at most {MOST_DAYS} days.")
        self.data = [_read_days(line) for line in lines]


def _said_days(days: str) -> str:
    ends = days.split("/")
    words = " to ".join(_said_day(end) for end in ends)
    return f"{words} {EVERY_YEAR}" if len(ends[0]) == len("12-25") else words


def _said_day(day: str) -> str:
    """A day of a year, or of every year, as it is typed."""
    return "/".join(str(int(part)) for part in reversed(day.split("-")))


def _read_days(line: str) -> str:
    said = line.lower().removesuffix(EVERY_YEAR).strip()
    ends = [part.strip() for part in said.replace("–", " to ").split(" to ")]
    if len(ends) > 2:
        raise ValueError(f"We could not read “{line[:40]}”. {CLOSED_DAYS}")
    try:
        days = [read_day(part, today=clock.today()) for part in ends]
    except ValueError as wrong:
        raise ValueError(f"We could not read “{line[:40]}”. {CLOSED_DAYS}") from wrong
    if said != line.lower():
        return "/".join(f"{day:%m-%d}" for day in days)
    if days != sorted(days):
        raise ValueError(f"“{line[:40]}” ends before it begins.")
    return "/".join(day.isoformat() for day in days)


class SessionForm(PlainForm):
    """One time an activity meets."""

    understood: Any = None
    """What the words were read as, where somebody just asked for that."""

    row = HiddenField()
    words = TextAreaField(
        "In words",
        [at_most(2_000)],
        filters=[tidied],
        description="For example: Tuesdays 10am to 12 noon, not in August",
        render_kw={"rows": 2},
    )
    days = CheckboxesField("Days", choices=choices(DAYS))
    often = SelectField("How often", choices=choices(OFTEN), default="1")
    weeks = CheckboxesField("Which of the month", choices=choices(WEEKS))
    opens_at = ClockField("From", [Optional()], render_kw={"step": "60"})
    closes_at = ClockField("Until", [Optional()], render_kw={"step": "60"})
    valid_from = DayField("First day", [Optional()])
    valid_to = DayField("Last day", [Optional()])
    leaves_out = SelectField("Weeks without it", choices=choices(LEAVES_OUT), default="")
    closed_on = ClosedDaysField("Days without it", description=CLOSED_DAYS, render_kw={"rows": 2})
    closed_bank_holidays = BooleanField("Not on bank holidays")
    term_time_only = BooleanField("In term time only")
    by_appointment = BooleanField("By appointment")

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then whether they make a time together."""
        good = super().validate(extra_validators)
        for field, sentence in self._contradictions():
            field.errors = [*field.errors, sentence]
            good = False
        return bool(good)

    def _contradictions(self) -> Iterator[tuple[Any, str]]:
        often, days = self.often.data, self.days.data
        if self.opens_at.data and self.opens_at.data == self.closes_at.data:
            yield self.closes_at, "This session ends when it begins. Check both times."
        if (
            self.valid_from.data
            and self.valid_to.data
            and self.valid_to.data < self.valid_from.data
        ):
            yield self.valid_to, "The last day is before the first. Check both."
        if often == AS_IT_IS:
            return
        if not days and (self.opens_at.data or self.weeks.data):
            yield self.days, "Choose the days of this session."
        if often == MONTHLY and days and not self.weeks.data:
            yield self.weeks, "Choose which of the month, for example the first or the last."
        if often in EVERY_FEW and days and not self.valid_from.data:
            yield self.valid_from, "Enter the first day, so that we know which weeks."


class PlaceForm(PlainForm):
    """One place of an activity."""

    row = HiddenField()
    name = StringField("Name of the place", [at_most(300)], filters=[tidied])
    address = StringField("Number and street", [at_most(300)], filters=[tidied])
    city = StringField("Town", [at_most(300)], filters=[tidied])
    postcode = StringField(
        "Postcode", [at_most(10)], filters=[tidied], render_kw={"autocomplete": "off"}
    )
    access = CheckboxesField("Access", choices=choices(ACCESS))
    more_access = TextAreaField(
        "More about access",
        [at_most(2_000)],
        filters=[tidied],
        description="One thing on each line, for example: Lift to the first floor",
        render_kw={"rows": 2},
    )

    def validate_postcode(self, field: StringField) -> None:
        """Refuse what is no postcode."""
        if field.data and geography.normal_postcode(field.data) is None:
            raise ValidationError("Enter a real postcode, for example M14 5RX.")


class CostForm(PlainForm):
    """One price of an activity."""

    row = HiddenField()
    kind = SelectField("Cost", choices=choices(PRICES), default="")
    amount = PoundsField("Pounds", [Optional(), POUNDS])
    words = StringField(
        "In words",
        [at_most(500)],
        filters=[tidied],
        description="For example: each session, with tea",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then that a price has its amount and other costs their words."""
        good = super().validate(extra_validators)
        if self.kind.data == PRICE and self.amount.data is None and not self.amount.errors:
            self.amount.errors = ["Enter the price, or choose another kind of cost."]
            good = False
        if self.kind.data == WORDS and not self.words.data:
            self.words.errors = ["Say in words what it costs."]
            good = False
        return bool(good)
