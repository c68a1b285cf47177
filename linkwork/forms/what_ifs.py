"""What is tried on the page of what would change a PCN’s figures. A GET form: nothing is kept."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import DecimalField, SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from linkwork.capacity.calendar import long_date
from linkwork.forms import Form
from linkwork.forms.fields import DayField
from linkwork.models import Organisation

MOST_WTE, MOST_WEEKS, MOST_CONTACTS = 50, 104, 50
NO_NUMBER = "Enter a number, for example 0.6."
ANY_PCN = "Another PCN"


class AmountField(DecimalField):
    """A number, with or without decimals."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        try:
            super().process_formdata([text.strip() for text in valuelist])
        except ValueError as wrong:
            raise ValueError(NO_NUMBER) from wrong


class Between:
    """A check that a number lies between two others, both included."""

    def __init__(self, lowest: str, highest: int) -> None:
        self.lowest, self.highest = Decimal(lowest), highest

    def __call__(self, _form: Form, field: Any) -> None:
        """Raise ``ValidationError`` in words, also for what is no number."""
        found: Decimal | None = field.data
        if found is None or not found.is_finite() or not self.lowest <= found <= self.highest:
            allowed = f"enter a number from {self.lowest} to {self.highest}"
            raise ValidationError(f"{field.label.text}: {allowed}.")


def _amount(label: str, lowest: str, highest: int) -> AmountField:
    checks = [InputRequired(NO_NUMBER), Between(lowest, highest)]
    return AmountField(label, checks, places=None)


class TriedForm(Form):
    """What is tried from a day on, by an address that says all of it."""

    class Meta:
        csrf = False

    once = None
    from_on: DayField

    def __init__(
        self,
        sent: MultiDict[str, str],
        usual: dict[str, str],
        *,
        as_of: date,
        last_on: date,
        **kwargs: Any,
    ) -> None:
        """Filled from the address, and where it says nothing with ``usual``."""
        self.as_of, self.last_on = as_of, last_on
        said = {name: sent[name] for name in usual if name in sent}
        super().__init__(formdata=MultiDict({**usual, **said}), **kwargs)

    def validate_from_on(self, field: DayField) -> None:
        """Refuse a day that is over, or one too late for this year’s figures."""
        if field.data and not self.as_of < field.data <= self.last_on:
            days = f"after {long_date(self.as_of)} and no later than {long_date(self.last_on)}"
            raise ValidationError(f"Choose a day {days}.")


class WhatIfForm(TriedForm):
    """The numbers of each lever."""

    wte = _amount("WTE to recruit", "0.1", MOST_WTE)
    from_on = DayField("First day", [InputRequired("Choose a day.")])
    weeks = _amount("Shorten support to", "1", MOST_WEEKS)
    contacts = _amount("Contacts for each person", "1", MOST_CONTACTS)
    moved_wte = _amount("WTE to move here", "0.1", MOST_WTE)
    moved_from = SelectField("Move from", choices=[SelectChoice("", ANY_PCN)])

    def __init__(
        self,
        sent: MultiDict[str, str],
        usual: dict[str, str],
        *,
        others: Iterable[Organisation],
        **kwargs: Any,
    ) -> None:
        """``others`` are the PCNs that WTE may be moved from; the rest is that of ``TriedForm``."""
        super().__init__(sent, usual, **kwargs)
        offered = (SelectChoice(pcn.key, pcn.name) for pcn in others)
        self.moved_from.choices = [SelectChoice("", ANY_PCN), *offered]
