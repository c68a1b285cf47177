"""Another value for an assumption, from a day on."""

from decimal import Decimal

from wtforms import DecimalField, HiddenField, RadioField
from wtforms.validators import DataRequired, InputRequired

from linkwork.capacity.assumptions import Setting
from linkwork.forms import Form, choices
from linkwork.forms.fields import DayField

NO_NUMBER = "Enter a number, for example 250 or 0.6."


class ValueField(DecimalField):
    """A number, with a point or with commas between thousands."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        try:
            super().process_formdata([text.strip().replace(",", "") for text in valuelist])
        except ValueError as wrong:
            raise ValueError(NO_NUMBER) from wrong


class AssumptionForm(Form):
    """The value and its first day."""

    value = ValueField("Value", [InputRequired(NO_NUMBER)], places=None)
    from_on = DayField(
        "From",
        [DataRequired("Enter the first day it holds.")],
        description="Figures as of an earlier day keep the value they had.",
    )

    def number(self) -> float:
        """The value that was typed."""
        return float(self.value.data or Decimal(0))


class SwitchForm(AssumptionForm):
    """The same where the assumption is on or off."""

    value = RadioField(
        "Value", [InputRequired("Choose on or off.")], choices=choices({"1": "On", "0": "Off"})
    )

    def number(self) -> float:
        """1 for on, 0 for off."""
        return float(self.value.data == "1")


class TakeBackForm(Form):
    """A press on a button."""

    chosen = HiddenField()


def form_of(setting: Setting) -> type[AssumptionForm]:
    """The form that fits an assumption."""
    return SwitchForm if setting.switch else AssumptionForm
