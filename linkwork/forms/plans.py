"""The plan: when it was agreed, how it was given to the person, what a review changed."""

from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired

from linkwork.forms import Form, NotInTheFuture, choices, tidied
from linkwork.forms.date_words import DayWordsField
from linkwork.forms.fields import DayField, at_most
from linkwork.models import COPY_LABELS

LIKE = "For example “in 6 weeks” or 25/12."


class AgreeForm(Form):
    """When it was agreed, and when it is looked at again."""

    agreed_on = DayField(
        "Agreed on", [InputRequired("Enter the day you agreed it."), NotInTheFuture()]
    )
    review_on = DayWordsField(
        "Review it on",
        [DataRequired("Enter when you will review it, for example “in 6 weeks”.")],
        description=LIKE,
        render_kw={"autocomplete": "off"},
    )


class CopyForm(Form):
    """How the person was given their plan."""

    how = SelectField(
        "How did they get it?",
        [DataRequired("Choose how they got it.")],
        choices=choices({"": "Choose", **COPY_LABELS}),
    )


class ReviewForm(Form):
    """What a review changed, and when the next is."""

    what_changed = TextAreaField(
        "What changed?",
        [DataRequired("Say what changed, or that nothing did."), at_most(4000)],
        filters=[tidied],
        render_kw={"rows": 3},
    )
    next_review_on = DayWordsField(
        "Next review (leave empty if this was the last)",
        description=LIKE,
        render_kw={"autocomplete": "off"},
    )
