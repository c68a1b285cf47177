"""Correcting an activity, and bringing in a file of them."""

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, NumberRange, Optional, Regexp

from linkwork.casework.service_words import is_web_address
from linkwork.forms import CheckboxesField, Form, choices, tidied
from linkwork.forms.fields import DayField, WholeNumberField, at_most
from linkwork.models import NEED_LABELS, CapacityStatus, ServiceKind, ServiceStatus

KINDS = {
    ServiceKind.ACTIVITY: "Activity or group",
    ServiceKind.LIFE_SKILLS: "Life skills",
    ServiceKind.PEER_SUPPORT: "Peer support",
    ServiceKind.COURSE: "Course",
    ServiceKind.STAFF_HUB: "Staff wellbeing hub",
    ServiceKind.HELPLINE: "Helpline",
    ServiceKind.DIGITAL: "App or website",
    ServiceKind.COUNSELLING: "Counselling",
    ServiceKind.ADVICE: "Advice",
}
STATUSES = {
    ServiceStatus.ACTIVE: "Running",
    ServiceStatus.TEMPORARILY_CLOSED: "Closed for a while",
    ServiceStatus.INACTIVE: "Not running",
    ServiceStatus.DEFUNCT: "Closed for good",
}
CAPACITY = {
    "": "Not known",
    CapacityStatus.CAPACITY: "Has places",
    CapacityStatus.WAITLIST: "Waiting list",
    CapacityStatus.NO_CAPACITY: "Full",
    CapacityStatus.ASSESSMENT: "Places after an assessment",
}
CHANNELS = {
    "in_person": "At a place",
    "home": "At home",
    "phone": "By phone",
    "online": "Online",
    "text": "By text",
}
ROUTES = {
    "": "Not known",
    "self": "Anybody can just go",
    "link_worker": "Through a link worker",
    "professional": "Through a professional",
    "gp": "Through a GP",
}
GENDERS = {"": "Everybody", "women": "Women only", "men": "Men only"}
EMAIL = r"[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s.]{2,24}$"
AGES = NumberRange(0, 130, "Enter an age from 0 to 130.")


def _text(value: Any) -> str:
    return str(value) if value else ""


def web_address(form: Form, field: StringField) -> None:
    """Refuse an address that is not of the web."""
    if field.data and not is_web_address(field.data):
        raise ValidationError("Enter a web address that begins with https:// or http://.")


def same_lines(text: str | None) -> str | None:
    """The text with line ends as they are kept, not as browsers send them."""
    return text.replace("\r\n", "\n") if text else text


class ServiceForm(Form):
    """What a directory editor may correct in an activity."""

    version = HiddenField()
    name = StringField(
        "Name",
        [InputRequired("Enter a name."), at_most(300)],
        filters=[tidied],
    )
    description = TextAreaField(
        "What happens there",
        [at_most(20_000)],
        filters=[same_lines, tidied],
        render_kw={"rows": 6},
    )
    alert = TextAreaField(
        "Notice",
        [at_most(2_000)],
        filters=[same_lines, tidied],
        description="Something out of the ordinary, such as a move or a break",
        render_kw={"rows": 2},
    )
    kind = SelectField("Kind", choices=choices(KINDS), coerce=_text)
    needs = CheckboxesField("Helps with", choices=choices(NEED_LABELS))
    channels = CheckboxesField("How people take part", choices=choices(CHANNELS))
    gender = SelectField("Who it is for", choices=choices(GENDERS), coerce=_text)
    minimum_age = WholeNumberField("Youngest age", [Optional(), AGES])
    maximum_age = WholeNumberField("Oldest age", [Optional(), AGES])
    eligibility = TextAreaField(
        "Who it is for, in words",
        [at_most(2_000)],
        filters=[same_lines, tidied],
        render_kw={"rows": 2},
    )
    fees = StringField(
        "What it costs, in words",
        [at_most(2_000)],
        filters=[tidied],
        description="Shown beside the prices the provider gave",
    )
    referral_route = SelectField("How people get in", choices=choices(ROUTES), coerce=_text)
    capacity_status = SelectField("Places", choices=choices(CAPACITY), coerce=_text)
    places = WholeNumberField(
        "How many places are free",
        [Optional(), NumberRange(0, 9999, "Enter a number of places from 0 to 9999.")],
    )
    phone = TelField("Phone", [at_most(60)], filters=[tidied])
    email = EmailField(
        "Email address",
        [Optional(), Regexp(EMAIL, message="Enter an email address like name@example.org.")],
        filters=[tidied],
    )
    url = StringField("Web address", [at_most(2_000), web_address], filters=[tidied])
    opens_on = DayField("Opens on", [Optional()])
    ends_on = DayField(
        "Ends on", [Optional()], description="The last day. Leave empty if it has no end."
    )
    # Not "status", which is the form's own: that of the answer.
    running = SelectField("Is it running?", choices=choices(STATUSES), coerce=_text)
    listed = BooleanField("Listed", description="Link workers find it and can send people there")


class ImportForm(Form):
    """A file of activities, and whose list it is."""

    source = StringField(
        "Name of the list",
        [
            InputRequired("Enter a name for the list."),
            at_most(100),
        ],
        filters=[tidied],
        description="Use the same name each time, so that we can tell what has gone.",
    )
    file = FileField("File", [FileRequired("Choose a file.")])
