"""The year and the method of shares that are looked at, and then frozen."""

from typing import Any

from wtforms import HiddenField, SelectField
from wtforms.fields import SelectChoice

from linkwork.capacity.shares import Method
from linkwork.forms import Form, choices

METHOD_LABELS = {
    Method.LIST: "By list size",
    Method.WTE: "By WTE",
    Method.DEPRIVATION: "By list size and deprivation",
}


class LookForm(Form):
    """What is looked at: part of the address."""

    class Meta:
        csrf = False

    once = None
    year = SelectField("Financial year")
    method = SelectField("Method", choices=choices(METHOD_LABELS))

    @classmethod
    def of(cls, args: Any, years: dict[int, str], usual: dict[str, str]) -> "LookForm":
        """What an address asks for; what makes no sense there is the usual."""
        form = cls(formdata=args, data=usual)
        form.year.choices = [SelectChoice(str(year), label) for year, label in years.items()]
        for field, name in ((form.year, "year"), (form.method, "method")):
            if field.data not in {choice.value for choice in field.choices}:
                field.data = usual[name]
        return form


class FreezeForm(Form):
    """A press on the button, for the year and the method that were looked at."""

    year = HiddenField()
    method = HiddenField()
