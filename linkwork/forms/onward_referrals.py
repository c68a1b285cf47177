"""Onward referrals: what the person agreed to, what the service answered, how it went."""

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from linkwork.forms import Form, NotInTheFuture, choices, tidied
from linkwork.forms.fields import DayField, WholeNumberField, at_most
from linkwork.models import Absent, OnwardDecline, OnwardOutcome

ANSWERS = {
    "accepted": "They have a place",
    "waitlisted": "They put them on a waiting list",
    "declined": "Not going",
}
WEEKS = NumberRange(0, 104, "The wait must be between 0 and 104 weeks.")


class AgreeForm(Form):
    """What is sent to a service, and that the person agreed."""

    service = HiddenField()
    after = HiddenField()
    match = HiddenField()
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
    first_session_on = DayField("First session (if they have a place)", [Optional()])
    wait_weeks = WholeNumberField("Weeks to wait (if on a list)", [Optional(), WEEKS])
    decline_reason = SelectField("Why not (if not going)?", validate_choice=False)

    def __init__(self, labels: dict[OnwardDecline, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.decline_reason.choices = [("", "Choose a reason"), *pairs(labels)]

    def validate_decline_reason(self, field: SelectField) -> None:
        """Raise ``ValidationError`` where somebody is not going and no reason is given."""
        if self.answer.data == "declined" and field.data not in set(OnwardDecline):
            raise ValidationError("Choose why they are not going.")


class WentForm(Form):
    """That they went, and when."""

    held_on = DayField(
        "Date of the visit",
        [InputRequired("Enter the date of the visit."), NotInTheFuture()],
    )


class MissedForm(Form):
    """That they did not go, why, and when they will."""

    missed_on = DayField(
        "Which date was it?",
        [InputRequired("Enter the date they did not go."), NotInTheFuture()],
    )
    reason = SelectField("Why?", validate_choice=False)
    next_on = DayField("New first session (optional)", [Optional()])

    def __init__(self, labels: dict[Absent, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.choices = [("", "Choose a reason"), *pairs(labels)]

    def validate_reason(self, field: SelectField) -> None:
        """Raise ``ValidationError`` where no reason is given."""
        if field.data not in set(Absent):
            raise ValidationError("Choose why they did not go, or that it is not known.")


class CompanionForm(Form):
    """Who goes along, and when."""

    companion = SelectField("Who goes along?", validate_choice=False)
    companion_name = StringField(
        "Or somebody else: their name", [at_most(100, "the name")], filters=[tidied]
    )
    accompanied_on = DayField("When?", [InputRequired("Enter the date they go together.")])

    def __init__(self, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.companion.choices = [("", "Somebody else"), *people]

    def validate_companion(self, field: SelectField) -> None:
        """Raise ``ValidationError`` where nobody is named."""
        if not field.data and not self.companion_name.data:
            raise ValidationError("Choose who goes along, or type their name.")


class EndForm(Form):
    """What became of it."""

    outcome = RadioField("How did it end?", [InputRequired("Choose how it ended.")])

    def __init__(self, labels: dict[OnwardOutcome, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.outcome.choices = choices(labels)


def pairs(labels: dict[Any, str]) -> list[tuple[str, str]]:
    """Codes and labels as a list to choose from."""
    return [(str(value), label) for value, label in labels.items()]
