"""What a provider says of its entry in the directory, through a link."""

from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, NumberRange, Optional

from linkwork.forms import Form, choices, tidied
from linkwork.forms.answers import ROOM
from linkwork.forms.fields import WholeNumberField, at_most


class ConfirmForm(Form):
    """All of it is right; and, who wants to, what room there is."""

    room = RadioField("Do you have room for more people?", choices=choices(ROOM), default="")
    places = WholeNumberField(
        "How many places are left? (optional)",
        [Optional(), NumberRange(0, 9999, "Enter a number from 0 to 9,999.")],
    )


class ObjectForm(Form):
    """What has changed, in the provider’s words."""

    words = TextAreaField(
        "What has changed?",
        [DataRequired("Say what has changed."), at_most(1_000)],
        filters=[tidied],
        description="For example new times, a new place, or that you no longer run it.",
        render_kw={"rows": 4},
    )
