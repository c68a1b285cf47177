"""Recording a contact: a conversation, or an attempt that failed."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from wtforms import BooleanField, Field, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from linkwork import clock
from linkwork.forms import Form, NotInTheFuture, choices, new_token, tidied
from linkwork.forms.date_words import DayWordsField
from linkwork.forms.fields import ClockField, DayField, WholeNumberField, at_most
from linkwork.models import NEED_LABELS, ContactMode, ContactOutcome, Need
from linkwork.models.contact import MODE_LABELS, OUTCOME_LABELS

LONGEST_NOTE = 20_000
TALKED_BY = (ContactMode.PHONE, ContactMode.VISIT, ContactMode.IN_PERSON, ContactMode.VIDEO)
TOO_LONG = "Shorten this to 20,000 characters. Nothing you typed is lost."
USUAL_MINUTES = (15, 30, 45, 60)
MINUTES = NumberRange(1, 1440, "Minutes must be from 1 to 1,440: a contact is within one day.")
USUAL, MOST = 2, 3
CODE = re.compile(r"[A-Za-z0-9_-]{1,64}")
MOST_CODES = 40
IMPORTANCE = {1: "A little", USUAL: "Matters", MOST: "Most"}


class NeedsField(Field):
    """Needs that came up, each with how much it matters: ``{Need.FOOD: 2}``.

    A need is ticked as ``needs`` and weighed as ``weight_food``.
    """

    data: dict[Need, int]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take what was ticked; what is not one of our needs or weights counts for nothing."""
        self.process_errors: list[str] = []
        self.object_data = self.data = dict(data if isinstance(data, Mapping) else {})
        if formdata is None:
            return
        ticked = {code for code in formdata.getlist(self.name) if code in NEED_LABELS}
        weights = {code: formdata.get(f"weight_{code}", "") for code in ticked}
        self.data = {
            Need(code): int(weight) if weight in {"1", "2", "3"} else USUAL
            for code, weight in weights.items()
        }


class CodesField(Field):
    """Codes that were ticked, each once and in order: at most 40, and nothing but codes."""

    data: tuple[str, ...]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take what was ticked; whether there is such a thing is for others to say."""
        self.process_errors: list[str] = []
        self.object_data = self.data = tuple(data or ())
        if formdata is not None:
            sent = (code for code in formdata.getlist(self.name) if CODE.fullmatch(code))
            self.data = tuple(dict.fromkeys(sent))[:MOST_CODES]


class ContactForm(Form):
    """What both kinds of contact ask: when, how, and what happens next."""

    draft = HiddenField(default=new_token)
    draft_version = HiddenField()
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
    next_action_on = DayWordsField(
        "When (optional)",
        [Optional()],
        description="Tuesday, in 2 weeks, 25/12",
        render_kw={"autocomplete": "off"},
    )

    def moment(self) -> datetime:
        """When it was, in UTC, read off an English clock."""
        return moment_of(self.on.data, self.at.data)

    @property
    def seen(self) -> int | None:
        """The version of the draft that this page last knew."""
        typed = self.draft_version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else None


def moment_of(day: date, hour: time) -> datetime:
    """A day and an hour read off an English clock, in UTC."""
    return clock.utc(datetime.combine(day, hour))


class ConversationForm(ContactForm):
    """A conversation that was had."""

    what_matters = TextAreaField(
        "What matters to them, in their words",
        [Length(max=LONGEST_NOTE, message=TOO_LONG)],
        filters=[tidied],
        render_kw={"autofocus": True},
    )
    notes = TextAreaField(
        "What is going on", [Length(max=LONGEST_NOTE, message=TOO_LONG)], filters=[tidied]
    )
    minutes = WholeNumberField("Minutes", [Optional(), MINUTES])
    usual_minutes = RadioField(
        "Usual lengths in minutes",
        [Optional()],
        choices=choices({minutes: str(minutes) for minutes in USUAL_MINUTES}),
    )
    mode = RadioField(
        "How did you talk?",
        [InputRequired("Choose how you talked.")],
        choices=choices({mode: MODE_LABELS[mode] for mode in TALKED_BY}),
    )
    strengths = TextAreaField(
        "Strengths and what helps (optional)",
        [Length(max=LONGEST_NOTE, message=TOO_LONG)],
        filters=[tidied],
    )
    needs = NeedsField("What came up (optional)")
    yes = CodesField()
    """Concepts that are right, beside the needs: gardening, a group of men."""
    no = CodesField()
    """Concepts that were heard and are not meant."""
    talk = CodesField()
    """Activities to talk about, by their keys."""
    words = StringField(
        "Add a need or interest in your own words",
        [at_most(80, "the words to add")],
        filters=[tidied],
        render_kw={"autocomplete": "off", "data-add": True},
    )
    plan_agreed = BooleanField("We agreed a plan together")
    share_with_gp = BooleanField("This note may be shared with the GP")
    safety_concern = RadioField(
        "Are you worried about anybody’s safety?",
        [Optional()],
        choices=choices({"no": "No", "yes": "Yes"}),
        default="no",
    )
    safety_action = TextAreaField(
        "What worries you, and what you did",
        [Length(max=LONGEST_NOTE, message=TOO_LONG)],
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

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and that the length was typed or chosen."""
        good = bool(super().validate(extra_validators))
        if self.length is None and not self.minutes.errors:
            self.minutes.errors = ["Enter how many minutes it took."]
            return False
        return good

    @property
    def length(self) -> int | None:
        """How long it took in minutes: what was typed, else what was chosen."""
        typed: int | None = self.minutes.data
        return typed if typed is not None else int(self.usual_minutes.data or 0) or None

    @property
    def is_worried(self) -> bool:
        """Whether there is a safety concern."""
        return bool(self.safety_concern.data == "yes")

    def told_moment(self) -> datetime | None:
        """When somebody was told, in UTC; None where no day was given."""
        if self.told_on.data is None:
            return None
        return moment_of(self.told_on.data, self.told_at.data or time())


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
