"""Recording supervision, and how a case lies on its worker."""

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from linkwork.forms import Form, NotInTheFuture, choices, tidied
from linkwork.forms.contacts import LONGEST_NOTE, TOO_LONG
from linkwork.forms.fields import DayField, at_most
from linkwork.models import FEELING_LABELS, SUPERVISION_KIND_LABELS, Feeling

ELSEWHERE = "Somebody who does not sign in here"
WEIGHTS = {1: "A little heavy", 2: "Heavy", 3: "Very heavy"}


class SupervisionForm(Form):
    """A supervision that was held, and when the next is due."""

    version = HiddenField(default="0")
    kind = RadioField(
        "What sort was it?",
        [InputRequired("Choose what sort of supervision it was.")],
        choices=choices(SUPERVISION_KIND_LABELS),
    )
    held_on = DayField(
        "Date", [InputRequired("Enter the date, for example 18/11/2026."), NotInTheFuture()]
    )
    next_due_on = DayField("When is the next due?", [InputRequired("Enter when the next is due.")])
    supervisor = SelectField("Who supervised?", [Optional()], validate_choice=False)
    with_whom = StringField(
        "Their name, where they do not sign in here",
        [at_most(120, "the name")],
        filters=[tidied],
        render_kw={"autocomplete": "off"},
    )
    notes = TextAreaField(
        "Notes (optional)",
        [Length(max=LONGEST_NOTE, message=TOO_LONG)],
        filters=[tidied],
        description="Only the worker and the supervisor named here can read them.",
    )


class EmotionalLoadForm(Form):
    """How heavy a case is, in a number and a word of a list; nothing is written."""

    weight = RadioField(
        "How does it lie on you?",
        [InputRequired("Choose how heavy it is.")],
        choices=choices(WEIGHTS),
    )
    feeling = RadioField(
        "In a word (optional)",
        [Optional()],
        choices=choices({"": "No word", **FEELING_LABELS}),
        default="",
    )
    contact = SelectField("What is it about?", [Optional()], validate_choice=False)

    def chosen_feeling(self) -> Feeling | None:
        """The word that was chosen, if one was."""
        return Feeling(self.feeling.data) if self.feeling.data else None
