"""Onward referrals: what the person agreed to, what the service answered, how it went."""

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from linkwork.forms import Form, NotInTheFuture, choices, tidied
from linkwork.forms.fields import DayField, at_most
from linkwork.models import OnwardDecline, OnwardOutcome

ANSWERS = {
    "accepted": "They have a place",
    "waitlisted": "They put them on a waiting list",
    "declined": "Not going",
}


class AgreeForm(Form):
    """What is sent to a service, and that the person agreed."""

    service = HiddenField()
    message = TextAreaField(
        "Message to them (optional)",
        [at_most(2000, "the message")],
        filters=[tidied],
        description="Only what they need to know. It is sent word for word.",
    )
    needs_accompanying = BooleanField("Somebody goes with them the first time")
    agreed = BooleanField(
        "They agreed to go, and to these details being passed on",
        [
            InputRequired(
                "Ask them first, then tick that they agreed. Nothing is sent without that."
            )
        ],
    )


class AnswerForm(Form):
    """What the service answered, or the person."""

    answer = RadioField(
        "What is the answer?",
        [InputRequired("Choose what the answer is.")],
        choices=choices(ANSWERS),
    )
    decline_reason = SelectField("If they are not going, why?", validate_choice=False)

    def __init__(self, labels: dict[OnwardDecline, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.decline_reason.choices = [("", "Choose a reason"), *_pairs(labels)]

    def validate_decline_reason(self, field: SelectField) -> None:
        """Raise ``ValidationError`` where somebody is not going and no reason is given."""
        if self.answer.data == "declined" and field.data not in set(OnwardDecline):
            raise ValidationError("Choose why they are not going.")


class VisitForm(Form):
    """When they first went."""

    first_visit_on = DayField(
        "First visit",
        [InputRequired("Enter the date of their first visit."), NotInTheFuture()],
    )


class EndForm(Form):
    """What became of it."""

    outcome = RadioField("How did it end?", [InputRequired("Choose how it ended.")])

    def __init__(self, labels: dict[OnwardOutcome, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.outcome.choices = choices(labels)


def _pairs(labels: dict[OnwardDecline, str]) -> list[tuple[str, str]]:
    return [(str(value), label) for value, label in labels.items()]
