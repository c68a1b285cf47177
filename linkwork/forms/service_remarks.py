"""What is wrong with an entry of the directory, in words."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired

from linkwork.forms import Form, tidied
from linkwork.forms.fields import at_most


class RemarkForm(Form):
    """What somebody found wrong."""

    words = TextAreaField(
        "What is wrong?",
        [DataRequired("Say in a few words what is wrong."), at_most(1_000)],
        filters=[tidied],
        description="For the editors of the directory. Write nothing about a patient.",
        render_kw={"rows": 3},
    )
