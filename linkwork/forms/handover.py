"""Who takes the cases of somebody who leaves, and what they are told."""

from collections.abc import Iterable

from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired

from linkwork.forms import Form, choices, tidied
from linkwork.forms.fields import at_most

CASE, PRACTICE = "case-", "practice-"
Choices = list[tuple[str, str]]


class HandoverForm(Form):
    """One worker for all, another for a practice, another for one case: the nearest word counts."""

    everybody = SelectField("Who takes everybody not chosen below", validate_choice=False)
    note = TextAreaField(
        "What the new worker should know",
        [DataRequired("Write what the new worker should know."), at_most(2000)],
        filters=[tidied],
        description="It is kept on the timeline of each case.",
    )

    def of_case(self, key: str) -> SelectField:
        """The field for one case."""
        field: SelectField = self[CASE + key]
        return field

    def of_practice(self, key: str) -> SelectField:
        """The field for the cases of one practice."""
        field: SelectField = self[PRACTICE + key]
        return field

    def chosen(self, prefix: str) -> dict[str, str]:
        """Keys of cases, or of practices, with the key of the worker chosen for each."""
        named = (f for f in self if f.name.startswith(prefix) and f.data)
        return {field.name.removeprefix(prefix): field.data for field in named}


def handover_form(
    cases: Iterable[str], practices: Iterable[tuple[str, str]], team: Choices
) -> HandoverForm:
    """A form that asks of each case (key) and each practice (key and label) who takes it."""
    fields = {
        PRACTICE + key: SelectField(
            label,
            choices=choices({"": "As chosen for everybody", **dict(team)}),
            validate_choice=False,
        )
        for key, label in practices
    }
    fields |= {
        CASE + key: SelectField(
            "Who takes this case",
            choices=choices({"": "As chosen above", **dict(team)}),
            validate_choice=False,
        )
        for key in cases
    }
    form: HandoverForm = type("OneHandoverForm", (HandoverForm,), fields)()
    form.everybody.choices = choices({"": "Choose a link worker", **dict(team)})
    return form
