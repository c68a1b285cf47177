"""Saying that nothing was found: for which need, where, and why. No words are asked."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional, ValidationError

from linkwork import geography
from linkwork.forms import Form, choices, tidied
from linkwork.models import GAP_LABELS, NEED_LABELS, GapReason


class MonthForm(Form):
    """Which month is shown."""

    class Meta:
        csrf = False

    once = None
    month = SelectField("Month", validate_choice=False)

    def __init__(self, months: Sequence[date], chosen: date, **kwargs: Any) -> None:
        super().__init__(data={"month": f"{chosen:%Y-%m}"}, formdata=None, **kwargs)
        self.month.choices = [(f"{one:%Y-%m}", f"{one:%B %Y}") for one in months]


class GapForm(Form):
    """One gap."""

    need = SelectField(
        "What was looked for?",
        [InputRequired("Choose what was looked for.")],
        choices=[SelectChoice("", "Choose a need"), *choices(NEED_LABELS)],
    )
    place = StringField(
        "Where? (optional)",
        [Optional()],
        filters=[tidied],
        description="The first half of a postcode, such as ZZ1.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    reason = RadioField(
        "Why was nothing found?",
        [InputRequired("Choose why nothing was found.")],
        choices=choices(GAP_LABELS),
        default=GapReason.NONE,
    )

    def validate_place(self, field: StringField) -> None:
        """Refuse what is no part of a postcode."""
        if field.data and geography.outcode_of(field.data) is None:
            raise ValidationError("Enter the first half of a postcode, such as ZZ1.")
