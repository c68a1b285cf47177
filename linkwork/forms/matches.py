"""What is asked about activities that were found: which needs are right, and why one is no good."""

from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired

from linkwork.forms import CheckboxesField, Form, choices, tidied
from linkwork.forms.fields import at_most
from linkwork.models import REJECT_LABELS


class NeedsForm(Form):
    """Yes or no to what was heard, and what the worker adds in their own words."""

    yes = CheckboxesField("Right", validate_choice=False)
    no = CheckboxesField("Not right", validate_choice=False)
    words = StringField(
        "Add a need or interest",
        [at_most(80)],
        filters=[tidied],
        description="For example, gardening or debt.",
        render_kw={"autocomplete": "off"},
    )

    def answers(self) -> dict[str, bool]:
        """Each concept that was answered, and whether it is right; one button may say several."""
        said = {True: self.yes.data or (), False: self.no.data or ()}
        return {
            concept: is_right
            for is_right, values in said.items()
            for value in values
            for concept in value.split()
        }


class RejectForm(Form):
    """Why a match is no good."""

    reason = RadioField(
        "Why is it no good?",
        [InputRequired("Choose why it is no good.")],
        choices=choices(REJECT_LABELS),
    )
    words = StringField(
        "What else? (optional)",
        [at_most(200)],
        filters=[tidied],
        description="Only where you chose “Something else”.",
        render_kw={"autocomplete": "off"},
    )
    service = HiddenField()
    match = HiddenField()
    after = HiddenField()
