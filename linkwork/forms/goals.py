"""Goals in the person’s own words, and who does what towards them."""

from typing import Any

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, ValidationError
from wtforms.widgets import HiddenInput

from linkwork.forms import Form, choices, tidied
from linkwork.forms.date_words import DayWordsField
from linkwork.forms.fields import WholeNumberField, at_most
from linkwork.models import ActionOwner


class GoalForm(Form):
    """A goal that is not written down yet."""

    words = TextAreaField(
        "What do they want, in their own words?",
        [DataRequired("Write the goal in the person’s own words."), at_most(1000, "the goal")],
        filters=[tidied],
        render_kw={"rows": 2},
    )


class RewordForm(Form):
    """Better words for a goal, and which words they were changed from."""

    words = TextAreaField(
        "The goal, in their own words",
        [DataRequired("Write the goal in the person’s own words."), at_most(1000, "the goal")],
        filters=[tidied],
        render_kw={"rows": 3},
    )
    seen = WholeNumberField(
        widget=HiddenInput(), validators=[InputRequired("Load the page again.")]
    )


class SetAsideForm(Form):
    """Why a goal is left for now."""

    why = StringField(
        "Why is it set aside?",
        [DataRequired("Say why this goal is set aside."), at_most(300, "the reason")],
        filters=[tidied],
        render_kw={"autocomplete": "off"},
    )


class PlaceForm(Form):
    """Where in the order a goal goes."""

    place = WholeNumberField(validators=[InputRequired("Say where it goes.")])


class ActionForm(Form):
    """What somebody does towards a goal."""

    what = StringField(
        "What will be done?",
        [DataRequired("Say what will be done."), at_most(300, "what will be done")],
        filters=[tidied],
        render_kw={"autocomplete": "off"},
    )
    owner = SelectField("Who does it?", [DataRequired("Choose who does it.")])
    owner_name = StringField(
        "Who, if somebody else",
        [at_most(100, "the name")],
        filters=[tidied],
        render_kw={"autocomplete": "off"},
    )
    due_on = DayWordsField(
        "By when? (optional)",
        description="For example Tuesday, in 2 weeks or 25/12.",
        render_kw={"autocomplete": "off"},
    )

    def __init__(self, owners: dict[ActionOwner, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.owner.choices = choices(owners)

    def validate_owner_name(self, field: StringField) -> None:
        """Raise ``ValidationError`` where it is somebody else and nobody says who."""
        if self.owner.data == ActionOwner.OTHER and not field.data:
            raise ValidationError("Say who will do it.")
