"""What is asked to find activities: which needs are right, and what an activity must keep to."""

from datetime import time
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, DecimalField, SelectField, StringField
from wtforms.validators import NumberRange, Optional, StopValidation

from linkwork.forms import CheckboxesField, Form, choices, tidied
from linkwork.forms.fields import ClockField, at_most

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MILES = {"": "Any distance", "1": "1 mile", "2": "2 miles", "3": "3 miles", "5": "5 miles",
         "10": "10 miles"}  # fmt: skip

NO_AMOUNT = "Enter an amount from 0 to 1,000 pounds."


def _amount(_form: Form, field: DecimalField) -> None:
    """Refuse what Python reads as a number and nobody can pay: NaN, in all its kinds."""
    if field.data is not None and not field.data.is_finite():
        raise StopValidation(NO_AMOUNT)


class NeedsForm(Form):
    """Yes to what was heard, and what the worker adds in their own words."""

    yes = CheckboxesField("Heard in the notes: tick what is right")
    words = StringField(
        "Add a need or interest",
        [at_most(80)],
        filters=[tidied],
        description="For example, gardening or debt.",
        render_kw={"autocomplete": "off"},
    )


class LimitsForm(Form):
    """What an activity must keep to for this person."""

    miles = SelectField("How far can they go?", choices=choices(MILES))
    max_cost = DecimalField(
        "Most they can pay each time",
        [Optional(), _amount, NumberRange(0, 1000, NO_AMOUNT)],
    )
    days = CheckboxesField("Days they can go", choices=choices(dict(enumerate(DAYS))))
    from_time = ClockField("Not before", [Optional()])
    to_time = ClockField("Not after", [Optional()])
    access = CheckboxesField(
        "What they need there",
        choices=choices({"step_free": "Step-free", "toilet": "Accessible toilet",
                         "hearing_loop": "Hearing loop", "quiet": "A quiet place"}),
    )  # fmt: skip
    housebound = BooleanField("They cannot leave home")
    not_online = BooleanField("Nothing online")
    not_phone = BooleanField("Nothing by phone")

    def kept(self) -> dict[str, Any]:
        """The answers as plain values that can be stored."""
        return {
            "miles": self.miles.data,
            "max_cost": None if self.max_cost.data is None else str(self.max_cost.data),
            "days": [int(day) for day in self.days.data or ()],
            "from_time": self.from_time.data.isoformat() if self.from_time.data else None,
            "to_time": self.to_time.data.isoformat() if self.to_time.data else None,
            "access": list(self.access.data or ()),
            "housebound": self.housebound.data or None,
            "not_online": self.not_online.data or None,
            "not_phone": self.not_phone.data or None,
        }

    @classmethod
    def showing(cls, kept: dict[str, Any]) -> "LimitsForm":
        """The form filled with what was kept."""
        times = {n: time.fromisoformat(kept[n]) for n in ("from_time", "to_time") if kept.get(n)}
        cost = {"max_cost": Decimal(kept["max_cost"])} if kept.get("max_cost") else {}
        days = {"days": [str(day) for day in kept.get("days", ())]}
        return cls(data={**kept, **times, **cost, **days})
