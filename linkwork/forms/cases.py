"""What is asked about a case: why it is opened, given away, declined or closed."""

from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired

from linkwork.forms import Form, choices, tidied
from linkwork.forms.fields import at_most
from linkwork.models import Complexity, CoverReason, Priority


class CoverForm(Form):
    """Why a colleague’s case is opened, and what was being written when that was asked."""

    kept = HiddenField()
    reason = RadioField(
        "Why do you need to open it?", [InputRequired("Choose why you need to open this case.")]
    )

    def __init__(self, labels: dict[CoverReason, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.choices = choices(labels)


class WeighForm(Form):
    """How much time a case takes, and how soon somebody should be seen."""

    complexity = SelectField(
        "Complexity",
        choices=choices({c: c.value.capitalize() for c in Complexity}),
    )
    priority = SelectField("Priority", choices=choices({p: p.value.capitalize() for p in Priority}))


class SearchForm(Form):
    """A name, NHS number or phone number: sent in the body, never in an address."""

    words = StringField(
        "Name, NHS number or phone",
        [
            DataRequired("Type a name, NHS number or phone number."),
            at_most(80),
        ],
        filters=[tidied],
        render_kw={"data-search": "", "autocomplete": "off", "spellcheck": "false"},
    )
