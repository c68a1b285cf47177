"""Who is given a case, or several, and what they are told."""

from wtforms import RadioField, TextAreaField
from wtforms.validators import DataRequired, InputRequired

from linkwork.forms import Form, tidied
from linkwork.forms.fields import at_most

KEPT = "It is kept on the timeline of the case."


class AllocateForm(Form):
    """Whom one case is given to."""

    worker = RadioField(
        "Link worker", [InputRequired("Choose a link worker.")], validate_choice=False
    )
    note = TextAreaField(
        "What they should know (optional)", [at_most(2000)], filters=[tidied], description=KEPT
    )


class ReassignForm(Form):
    """Whom the chosen cases are given to, with a note for who has them now."""

    worker = RadioField(
        "Link worker", [InputRequired("Choose a link worker.")], validate_choice=False
    )
    note = TextAreaField(
        "What the new worker should know",
        [DataRequired("Write what the new worker should know."), at_most(2000)],
        filters=[tidied],
        description="It is kept on the timeline of each case.",
    )
