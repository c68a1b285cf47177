"""A few words between a practice and a link worker."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired

from linkwork.forms import Form, tidied
from linkwork.forms.fields import at_most
from linkwork.forms.referrals import without_unseen


class QuestionForm(Form):
    """What the practice asks or tells."""

    body = TextAreaField(
        "What do you want to ask or tell?",
        [DataRequired("Write what you want to ask or tell."), at_most(1000)],
        filters=[without_unseen, tidied],
        description="A short note. Nobody reads it outside working hours.",
        render_kw={"rows": 4},
    )


class AnswerForm(Form):
    """What the link worker answers."""

    answer = TextAreaField(
        "Your answer",
        [DataRequired("Write your answer."), at_most(1000)],
        filters=[without_unseen, tidied],
        description="The practice reads this. Write only what the person agrees to.",
        render_kw={"rows": 4},
    )
