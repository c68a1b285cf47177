"""What an activity must keep to for a person: how they travel, when, what it costs, and how."""

from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, DecimalField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import NumberRange, Optional, StopValidation, ValidationError

from linkwork.forms import CheckboxesField, Form, choices, tidied
from linkwork.forms.fields import ClockField, WholeNumberField, at_most
from linkwork.matching.travel import MILES_AN_HOUR, Means
from linkwork.matching.wording import DAYS

MEANS = {
    Means.WALKING: "On foot",
    Means.BUS: "By bus",
    Means.CAR: "In a car of their own",
    Means.LIFT: "With a lift from somebody",
}
MILES = {"": "Any distance", "1": "1 mile", "2": "2 miles", "3": "3 miles", "5": "5 miles",
         "10": "10 miles"}  # fmt: skip
ACCESS = {
    "step_free": "Step-free",
    "toilet": "Accessible toilet",
    "seat": "Somewhere to sit",
    "hearing_loop": "Hearing loop",
    "quiet": "A quiet place",
    "parking": "Parking",
}
WAYS = {
    "in_person": "In person",
    "home": "At their home",
    "phone": "By phone",
    "online": "Online",
    "text": "By text",
}
INTERPRETER = {"": "Not asked", "yes": "An interpreter would do", "no": "Only this language"}
NO_AMOUNT = "Enter an amount from 0 to 1,000 pounds."
NO_MINUTES = "Enter from 5 to 180 minutes."
SPEEDS = (
    f"We take {MILES_AN_HOUR[Means.WALKING]:g} miles an hour on foot, "
    f"{MILES_AN_HOUR[Means.BUS]:g} by bus and {MILES_AN_HOUR[Means.CAR]:g} by car."
)
TIMES = ("from_time", "to_time", "more_from", "more_to")


def _amount(_form: Form, field: DecimalField) -> None:
    """Refuse what Python reads as a number and nobody can pay: NaN, in all its kinds."""
    if field.data is not None and not field.data.is_finite():
        raise StopValidation(NO_AMOUNT)


def _days(label: str, **more: Any) -> CheckboxesField:
    return CheckboxesField(label, choices=choices(dict(enumerate(DAYS))), **more)


class LimitsForm(Form):
    """What an activity must keep to for this person: nothing of it has to be filled in."""

    seen = HiddenField()
    """A digest of what was kept when the form was shown: another tab may have changed it since."""
    means = CheckboxesField("How do they travel?", choices=choices(MEANS))
    not_alone = BooleanField("They cannot travel alone")
    goes_with = StringField(
        "Who goes with them (optional)",
        [at_most(80)],
        filters=[tidied],
        render_kw={"autocomplete": "off"},
    )
    miles = SelectField("How far can they go?", [Optional()], choices=choices(MILES))
    minutes = WholeNumberField(
        "Or how long on the way",
        [Optional(), NumberRange(5, 180, NO_MINUTES)],
        description=SPEEDS,
    )
    days = _days("Days they can go", description="None ticked is any day.")
    from_time = ClockField("Not before", [Optional()])
    to_time = ClockField("Not after", [Optional()])
    more_days = _days("Days with other hours (optional)")
    more_from = ClockField("On these, not before", [Optional()])
    more_to = ClockField("On these, not after", [Optional()])
    free_only = BooleanField("Free only")
    max_cost = DecimalField(
        "Or most they can pay each time",
        [Optional(), _amount, NumberRange(0, 1000, NO_AMOUNT)],
    )
    access = CheckboxesField("What they need there", choices=choices(ACCESS))
    ways = CheckboxesField(
        "Ways that suit them", choices=choices(WAYS), description="None ticked is any way."
    )
    housebound = BooleanField("They cannot leave home")
    language = StringField(
        "Language it must be in (optional)",
        [at_most(80)],
        filters=[tidied],
        description="Only where it cannot be in English. For example, Urdu.",
        render_kw={"autocomplete": "off"},
    )
    interpreter = RadioField(
        "Would an interpreter do?", [Optional()], choices=choices(INTERPRETER), default=""
    )
    single_sex = BooleanField("Only groups for their own gender")
    not_again = CheckboxesField("Tried, and not to be offered again")
    unwanted = CheckboxesField("Not wanted again, whoever offers it")
    unwanted_words = StringField(
        "Something they tried and do not want again (optional)",
        [at_most(80)],
        filters=[tidied],
        description="For example, choirs.",
        render_kw={"autocomplete": "off"},
    )

    def validate_minutes(self, field: WholeNumberField) -> None:
        """Raise ``ValidationError`` where miles are asked for as well."""
        if field.data and self.miles.data:
            raise ValidationError("Say how far in miles or in minutes, not both.")

    def validate_max_cost(self, field: DecimalField) -> None:
        """Raise ``ValidationError`` where it may cost something and must be free."""
        if field.data and self.free_only.data:
            raise ValidationError(
                "Free only, and something each time, cannot both be so. Take one away."
            )

    def validate_interpreter(self, field: RadioField) -> None:
        """Raise ``ValidationError`` where nobody said instead of which language."""
        if field.data and not self.language.data:
            raise ValidationError("Enter the language first.")

    def kept(self) -> dict[str, Any]:
        """The answers as plain values that can be stored; an empty one was not asked."""
        cost = Decimal(0) if self.free_only.data else self.max_cost.data
        return {
            "means": list(self.means.data or ()),
            "not_alone": self.not_alone.data,
            "goes_with": self.goes_with.data,
            "miles": self.miles.data,
            "minutes": self.minutes.data,
            "days": [int(day) for day in self.days.data or ()],
            "more_days": [int(day) for day in self.more_days.data or ()],
            **{name: self[name].data and self[name].data.isoformat() for name in TIMES},
            "max_cost": None if cost is None else str(cost),
            "access": list(self.access.data or ()),
            "ways": list(self.ways.data or ()),
            "housebound": self.housebound.data,
            "language": self.language.data,
            "any_language": not self.language.data,
            "interpreter": self.interpreter.data,
            "single_sex": self.single_sex.data,
            "not_again": list(self.not_again.data or ()),
            "unwanted": list(self.unwanted.data or ()),
        }

    @classmethod
    def showing(cls, kept: Mapping[str, Any]) -> "LimitsForm":
        """The form filled with what was kept."""
        times = {name: time.fromisoformat(kept[name]) for name in TIMES if kept.get(name)}
        days = {name: [str(day) for day in kept.get(name, ())] for name in ("days", "more_days")}
        cost = Decimal(kept["max_cost"]) if kept.get("max_cost") else None
        costs = {"free_only": cost == 0, "max_cost": cost or None}
        return cls(formdata=None, data={**kept, **times, **days, **costs})
