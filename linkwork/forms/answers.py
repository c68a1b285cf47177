"""What a provider answers through a link, without an account."""

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from linkwork.forms import Form, NotInTheFuture, choices, tidied
from linkwork.forms.fields import DayField, WholeNumberField, at_most
from linkwork.forms.onward_referrals import WEEKS
from linkwork.models import CapacityStatus, OnwardDecline

ANSWERS = {
    "accepted": "Yes, there is a place",
    "waitlisted": "Not yet: we put them on our waiting list",
    "declined": "No",
}
# The same reasons as a worker gives, as a provider would say them.
REASONS = {
    OnwardDecline.FULL: "We are full",
    OnwardDecline.NOT_ELIGIBLE: "What we do is not for them",
    OnwardDecline.ACCESS: "We cannot meet their access needs",
    OnwardDecline.NOT_REACHED: "We could not reach them",
    OnwardDecline.PERSON_CHANGED_MIND: "They told us they do not want to come",
    OnwardDecline.CLOSED: "We no longer run this",
}
ROOM = {
    "": "I would rather not say",
    str(CapacityStatus.CAPACITY): "There are places left",
    str(CapacityStatus.WAITLIST): "There is a waiting list",
    str(CapacityStatus.NO_CAPACITY): "We are full",
}


class AnswerForm(Form):
    """Yes, wait or no."""

    read = HiddenField()
    """How many answers there were when the page was made."""
    answer = RadioField(
        "Can you take them?", [InputRequired("Choose an answer.")], choices=choices(ANSWERS)
    )
    first_session_on = DayField("If yes, when is their first session? (optional)", [Optional()])
    wait_weeks = WholeNumberField(
        "If they must wait, about how many weeks? (optional)", [Optional(), WEEKS]
    )
    decline_reason = SelectField(
        "If no, why?",
        choices=choices({"": "Choose a reason", **REASONS}),
        validate_choice=False,
    )
    words = TextAreaField(
        "Anything the link worker should know (optional)",
        [at_most(1000, "this")],
        filters=[tidied],
        description="For example what to bring or where to come in. Nothing about their health.",
    )
    given_by = StringField("Your name (optional)", [at_most(100, "your name")], filters=[tidied])

    def validate_decline_reason(self, field: SelectField) -> None:
        """Raise ``ValidationError`` where the answer is no and no reason is given."""
        if self.answer.data == "declined" and field.data not in REASONS:
            raise ValidationError("Choose why you cannot take them.")

    def answers_read(self) -> int | None:
        """How many answers whoever filled this in had read of; None where it does not say."""
        text = self.read.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


class CameForm(Form):
    """Whether they came on a date."""

    held_on = DayField("Date", [InputRequired("Enter the date of the session."), NotInTheFuture()])
    came = RadioField(
        "Did they come?",
        [InputRequired("Choose whether they came.")],
        choices=choices({"yes": "They came", "no": "They did not come"}),
    )


class RoomForm(Form):
    """What room there is, and whether the entry of the directory is still right."""

    room = RadioField("Do you have room for more people?", choices=choices(ROOM), default="")
    places = WholeNumberField(
        "How many places are left? (optional)",
        [Optional(), NumberRange(0, 9999, "Enter a number from 0 to 9,999.")],
    )
    still_right = BooleanField("What is listed about us is still right")

    def validate_room(self, field: RadioField) -> None:
        """Raise ``ValidationError`` where nothing is said at all."""
        if not field.data and self.places.data is None and not self.still_right.data:
            raise ValidationError("Say whether you have room, or that the entry is right.")
