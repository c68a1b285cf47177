"""What a link worker decides about a request of the public: whose it is, or why it is none."""

from typing import Any

from wtforms import RadioField
from wtforms.validators import InputRequired

from linkwork.forms import Form, choices
from linkwork.models import DiscardReason

NEW = "new"


class AcceptForm(Form):
    """Whose record a request goes to: a new one, or that of somebody who may be the same."""

    whose = RadioField("Who is this?", [InputRequired("Choose who this is.")])

    def __init__(self, known: dict[str, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.whose.choices = choices({NEW: "Somebody new", **known})
        if not known and not self.was_sent:
            self.whose.data = NEW


class DiscardForm(Form):
    """Why a request becomes no referral."""

    reason = RadioField(
        "Why is this not taken on?", [InputRequired("Choose why this is not taken on.")]
    )

    def __init__(self, labels: dict[DiscardReason, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.choices = choices(labels)
