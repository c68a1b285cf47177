"""Safeguarding concerns: what is feared, who was told, and how it ended."""

from datetime import date, datetime, time

from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from linkwork import clock
from linkwork.forms import Form, NotInTheFuture, tidied
from linkwork.forms.contacts import LONGEST_NOTE, TOO_LONG
from linkwork.forms.fields import ClockField, DayField, at_most


class ConcernForm(Form):
    """A concern, and who was told of it."""

    what = TextAreaField(
        "What worries you",
        [
            DataRequired("Write down what worries you."),
            Length(max=LONGEST_NOTE, message=TOO_LONG),
        ],
        filters=[tidied],
        description="What you saw and heard, in the words that were used.",
    )
    high = BooleanField("Somebody may be harmed soon", default=True)
    told = StringField(
        "Who you told",
        [DataRequired("Tell your safeguarding lead, then say here whom you told."), at_most(200)],
        filters=[tidied],
        description="Their name and role, for example Jo Bell, safeguarding lead.",
        render_kw={"autocomplete": "off"},
    )
    on = DayField(
        "Date you told them", [InputRequired("Enter the date you told them."), NotInTheFuture()]
    )
    at = ClockField("Time", [InputRequired("Enter the time you told them, for example 14:30.")])

    def told_at(self) -> datetime:
        """When somebody was told, in UTC, read off an English clock."""
        day: date = self.on.data
        hour: time = self.at.data
        return clock.utc(datetime.combine(day, hour))


class OutcomeForm(Form):
    """How a concern ended."""

    outcome = TextAreaField(
        "How it ended, and who decided it",
        [
            DataRequired("Write down how this concern ended."),
            Length(max=LONGEST_NOTE, message=TOO_LONG),
        ],
        filters=[tidied],
    )
