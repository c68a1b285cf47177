"""What is asked to find activities: which needs are right."""

from wtforms import StringField

from linkwork.forms import CheckboxesField, Form, tidied
from linkwork.forms.fields import at_most


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
