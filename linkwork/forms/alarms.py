"""Answering a note with words about danger."""

from datetime import datetime, time

from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from linkwork.forms import Form, NotInTheFuture, choices, tidied
from linkwork.forms.contacts import LONGEST_NOTE, TOO_LONG, moment_of
from linkwork.forms.fields import ClockField, DayField, at_most
from linkwork.models import AlarmAnswer


class AlarmForm(Form):
    """What was found, what was done, and what is done today."""

    found = RadioField(
        "Is anybody in danger?",
        [InputRequired("Say whether anybody may be in danger.")],
        choices=choices(
            {
                AlarmAnswer.CONCERN: "Yes, or perhaps: record a safeguarding concern",
                AlarmAnswer.NO_DANGER: "No: I have read it again and nobody is in danger",
            }
        ),
    )
    account = TextAreaField(
        "What worries you and what you did, or how you know that nobody is in danger",
        [InputRequired("Write down what you found."), Length(max=LONGEST_NOTE, message=TOO_LONG)],
        filters=[tidied],
    )
    told = StringField(
        "Who you told",
        [at_most(200)],
        filters=[tidied],
        description="Their name and role",
        render_kw={"autocomplete": "off"},
    )
    told_on = DayField("Date you told them", [Optional(), NotInTheFuture()])
    told_at = ClockField("Time you told them", [Optional()])
    step = StringField(
        "Next step today (optional)",
        [at_most(200, "the next step")],
        filters=[tidied],
        render_kw={"autocomplete": "off"},
    )

    def told_moment(self) -> datetime | None:
        """When somebody was told, in UTC; None where no day was given."""
        if self.told_on.data is None:
            return None
        return moment_of(self.told_on.data, self.told_at.data or time())
