"""Recording a contact: a conversation, or an attempt that failed."""

from datetime import date, datetime, time

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from linkwork import clock
from linkwork.forms import CheckboxesField, Form, NotInTheFuture, choices, tidied
from linkwork.forms.fields import ClockField, DayField, WholeNumberField, at_most
from linkwork.models import NEED_LABELS, ContactMode, ContactOutcome
from linkwork.models.contact import MODE_LABELS, OUTCOME_LABELS

LONGEST_NOTE = 20_000
TALKED_BY = (ContactMode.PHONE, ContactMode.VISIT, ContactMode.IN_PERSON, ContactMode.VIDEO)
TOO_LONG = "Shorten this to 20,000 characters. Nothing you typed is lost."


class ContactForm(Form):
    """What both kinds of contact ask: when, how, and what happens next."""

    on = DayField(
        "Date", [InputRequired("Enter the date, for example 18/11/2026."), NotInTheFuture()]
    )
    at = ClockField("Time", [InputRequired("Enter the time, for example 14:30.")])
    next_action = StringField(
        "Next step (optional)",
        [at_most(200, "the next step")],
        filters=[tidied],
        render_kw={"autocomplete": "off"},
    )
    next_action_on = DayField("When (optional)", [Optional()])

    def moment(self) -> datetime:
        """When it was, in UTC, read off an English clock."""
        day: date = self.on.data
        hour: time = self.at.data
        return clock.utc(datetime.combine(day, hour))


class ConversationForm(ContactForm):
    """A conversation that was had."""

    mode = RadioField(
        "How did you talk?",
        [InputRequired("Choose how you talked.")],
        choices=choices({mode: MODE_LABELS[mode] for mode in TALKED_BY}),
    )
    minutes = WholeNumberField(
        "Minutes",
        [
            InputRequired("Enter how many minutes it took."),
            NumberRange(1, 1440, "Minutes must be from 1 to 1,440: a contact is within one day."),
        ],
    )
    what_matters = TextAreaField(
        "What matters to them, in their words",
        [Length(max=LONGEST_NOTE, message=TOO_LONG)],
        filters=[tidied],
        render_kw={"autofocus": True},
    )
    notes = TextAreaField(
        "What is going on", [Length(max=LONGEST_NOTE, message=TOO_LONG)], filters=[tidied]
    )
    strengths = TextAreaField(
        "Strengths and what helps (optional)",
        [Length(max=LONGEST_NOTE, message=TOO_LONG)],
        filters=[tidied],
    )
    needs = CheckboxesField(
        "What came up (optional)", choices=choices(NEED_LABELS), validators=[Optional()]
    )
    main_need = SelectField(
        "Which matters most? (optional)",
        choices=choices({"": "None in particular", **NEED_LABELS}),
        default="",
        filters=[lambda code: code or ""],
    )
    plan_agreed = BooleanField("We agreed a plan together")
    safety_concern = BooleanField("There is a safety concern")
    safety_action = TextAreaField(
        "What you did about it, and whom you told",
        [Length(max=LONGEST_NOTE, message=TOO_LONG)],
        filters=[tidied],
    )
    share_with_gp = BooleanField("This note may be shared with the GP")


class AttemptForm(ContactForm):
    """Somebody was tried and not reached."""

    mode = RadioField(
        "How did you try?", [InputRequired("Choose how you tried.")], choices=choices(MODE_LABELS)
    )
    outcome = RadioField(
        "What happened?",
        [InputRequired("Choose what happened.")],
        choices=choices(
            {k: v for k, v in OUTCOME_LABELS.items() if k is not ContactOutcome.ATTENDED}
        ),
    )
    notes = TextAreaField(
        "Notes (optional)", [Length(max=LONGEST_NOTE, message=TOO_LONG)], filters=[tidied]
    )
