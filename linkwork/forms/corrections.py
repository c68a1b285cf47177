"""Putting a contact right, and taking one out that belongs elsewhere."""

from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from linkwork.forms import Form, NotInTheFuture, choices, tidied
from linkwork.forms.contacts import LONGEST_NOTE, MINUTES, TOO_LONG, moment_of
from linkwork.forms.fields import ClockField, DayField, WholeNumberField, at_most
from linkwork.models.contact import MODE_LABELS

WHY = "Say why, in a few words."


class CorrectionForm(Form):
    """What a contact should say."""

    version = HiddenField()
    on = DayField(
        "Date", [InputRequired("Enter the date, for example 18/11/2026."), NotInTheFuture()]
    )
    at = ClockField("Time", [InputRequired("Enter the time, for example 14:30.")])
    minutes = WholeNumberField("Minutes", [Optional(), MINUTES])
    mode = RadioField(
        "How was it?", [InputRequired("Choose how it was.")], choices=choices(MODE_LABELS)
    )
    what_matters = TextAreaField(
        "What matters to them, in their words",
        [Length(max=LONGEST_NOTE, message=TOO_LONG)],
        filters=[tidied],
    )
    notes = TextAreaField(
        "What is going on", [Length(max=LONGEST_NOTE, message=TOO_LONG)], filters=[tidied]
    )
    strengths = TextAreaField(
        "Strengths and what helps (optional)",
        [Length(max=LONGEST_NOTE, message=TOO_LONG)],
        filters=[tidied],
    )
    share_with_gp = BooleanField("This note may be shared with the GP")
    reason = StringField(
        "Why is it corrected?", [InputRequired(WHY), at_most(200, "the reason")], filters=[tidied]
    )

    def moment(self) -> Any:
        """When it was, in UTC, read off an English clock."""
        return moment_of(self.on.data, self.at.data)

    @property
    def seen(self) -> int:
        """The version of the contact that was read; nought where nobody can say."""
        typed = str((self.version.raw_data or [""])[0])
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0


class StrikeForm(Form):
    """Why a contact does not belong here."""

    reason = StringField(
        "Why does it not belong here?",
        [InputRequired(WHY), at_most(200, "the reason")],
        filters=[tidied],
        description="For example: written about the wrong person.",
    )
