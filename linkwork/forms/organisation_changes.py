"""A closure or a move of a practice or PCN, on a day."""

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired

from linkwork.forms import Form, tidied
from linkwork.forms.fields import DayField, at_most

MOST_SUCCESSORS = 10


def _day(label: str) -> DayField:
    return DayField(label, [DataRequired("Enter the day.")], description="Past or to come.")


class CloseForm(Form):
    """The day, and who carries on."""

    day = _day("First day it is closed")
    successors = TextAreaField(
        "Who carries on for it (optional)",
        [at_most(2_000)],
        filters=[tidied],
        description="Codes or full names, one on each line. One is a merger, several are a split.",
        render_kw={"rows": 3, "spellcheck": "false"},
    )

    def named(self) -> list[str]:
        """What was typed, a successor each."""
        lines = (line.strip() for line in (self.successors.data or "").splitlines())
        return [line for line in lines if line][:MOST_SUCCESSORS]


class MoveForm(Form):
    """Where to, and from when."""

    to = StringField(
        "Belongs to",
        [DataRequired("Enter where it belongs from that day on."), at_most(200)],
        filters=[tidied],
        description="The code or the full name.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    day = _day("From")


class ChosenForm(Form):
    """A press on one of several buttons, and which one."""

    chosen = HiddenField()


class PersonForm(ChosenForm):
    """The same for one person."""

    person = HiddenField()
