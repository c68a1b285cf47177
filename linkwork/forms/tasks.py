"""What is promised in a case, or what comes next, and by when."""

from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired

from linkwork.forms import Form, choices, tidied
from linkwork.forms.date_words import DayWordsField
from linkwork.forms.fields import at_most
from linkwork.models.snooze import SNOOZE_LABELS

WHAT = [DataRequired("Write what is to be done."), at_most(200)]


def _day(label: str, missing: str) -> Any:
    return DayWordsField(
        label,
        [DataRequired(missing)],
        description="Tuesday, in 2 weeks, 25/12",
        render_kw={"autocomplete": "off"},
    )


class TaskForm(Form):
    """Something that somebody will do for a person."""

    what = StringField(
        "What is to be done",
        WHAT,
        filters=[tidied],
        description="For example: send her the form for a blue badge.",
        render_kw={"autocomplete": "off"},
    )
    due_on = _day("By which day", "Enter the day it is to be done by.")
    owner = SelectField(
        "Who does it", [InputRequired("Choose who does it.")], validate_choice=False
    )


class NextStepForm(Form):
    """What comes next in a case, where there is no conversation to record."""

    what = StringField(
        "What comes next",
        WHAT,
        filters=[tidied],
        description="For example: ring about the gardening group.",
        render_kw={"autocomplete": "off"},
    )
    due_on = _day("On which day", "Enter the day of the next step.")
    version = HiddenField()

    def version_read(self) -> int | None:
        """The version of the case that was read; None where the page did not say."""
        typed = str(self.version.data or "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


class PutOffForm(Form):
    """Why something is put off, and until when."""

    reason = RadioField("Why", [InputRequired("Choose why this is put off.")])
    until_on = _day("Until which day", "Enter the day it comes back.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.choices = choices(SNOOZE_LABELS)
