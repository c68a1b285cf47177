"""Adding or correcting an activity, and bringing in a file of them."""

from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, NumberRange, Optional, Regexp

from linkwork.casework import lexicon
from linkwork.casework.service_words import is_web_address
from linkwork.forms import CheckboxesField, Form, choices, tidied
from linkwork.forms.fields import DayField, WholeNumberField, at_most
from linkwork.forms.rows import FormWithRows, Rows
from linkwork.forms.service_rows import CostForm, PlaceForm, SessionForm
from linkwork.forms.session_words import understand
from linkwork.models import NEED_LABELS, CapacityStatus, Provider, ServiceKind, ServiceStatus

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
LONGEST_WORDS, MOST_WORDS = 100, 40
NEW = "new"


def _text(value: Any) -> str:
    return str(value) if value else ""


def web_address(form: Form, field: StringField) -> None:
    """Refuse an address that is not of the web."""
    if field.data and not is_web_address(field.data):
        raise ValidationError("Enter a web address that begins with https:// or http://.")


def same_lines(text: str | None) -> str | None:
    """The text with line ends as they are kept, not as browsers send them."""
    return text.replace("\r\n", "\n") if text else text


class WordsField(StringField):
    """Several words or names, with commas between them."""

    def _value(self) -> str:
        return ", ".join(self.data or [])

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the words."""
        parts = [tidied(part) for part in (valuelist or [""])[0].replace("\n", ",").split(",")]
        self.data = list(dict.fromkeys(part for part in parts if part))
        if any(len(part) > LONGEST_WORDS for part in self.data) or len(self.data) > MOST_WORDS:
            raise ValueError(f"Give at most {MOST_WORDS} names of {LONGEST_WORDS} letters each.")


class ServiceForm(FormWithRows):
    """What a directory editor says of an activity."""

    version = HiddenField()
    name = StringField("Name", [InputRequired("Enter a name."), at_most(300)], filters=[tidied])
    provider = StringField(
        "Who runs it",
        [at_most(300)],
        filters=[tidied],
        description="The organisation, for example Riverside Community Association",
    )
    provider_key = RadioField("Which of these runs it?", coerce=_text, validate_choice=False)
    description = TextAreaField(
        "What happens there",
        [at_most(20_000)],
        filters=[same_lines, tidied],
        description="As you would tell somebody who might go",
        render_kw={"rows": 6},
    )
    kind = SelectField("Kind", choices=choices(KINDS), coerce=_text, default="activity")
    needs = CheckboxesField("What it helps with", choices=choices(NEED_LABELS))
    channels = CheckboxesField("How people take part", choices=choices(CHANNELS))
    schedules = Rows(SessionForm, "Sessions")
    places_at = Rows(PlaceForm, "Places")
    costs = Rows(CostForm, "Costs")
    fees = StringField(
        "More about the cost, in words",
        [at_most(2_000)],
        filters=[tidied],
        description="For example: bring a mat, or help with the bus fare",
    )
    gender = SelectField("Women or men", choices=choices(GENDERS), coerce=_text)
    minimum_age = WholeNumberField("Youngest age", [Optional(), AGES])
    maximum_age = WholeNumberField("Oldest age", [Optional(), AGES])
    audience = CheckboxesField("Made for")
    eligibility = TextAreaField(
        "Who it is for, in words",
        [at_most(2_000)],
        filters=[same_lines, tidied],
        render_kw={"rows": 2},
    )
    languages = WordsField("Languages spoken", description="With commas: Urdu, Punjabi")
    areas = WordsField(
        "Only for people who live in", description="With commas. Leave empty if it does not matter."
    )
    referral_route = SelectField("How people get in", choices=choices(ROUTES), coerce=_text)
    capacity_status = SelectField("Is there room?", choices=choices(CAPACITY), coerce=_text)
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
    # Not "status", which is the form's own: that of the answer.
    running = SelectField("Is it running?", choices=choices(STATUSES), coerce=_text)
    closed_until = DayField(
        "Opens again on", [Optional()], description="If it is closed for a while and you know"
    )
    alert = TextAreaField(
        "Notice",
        [at_most(2_000)],
        filters=[same_lines, tidied],
        description="Shown first: why it is closed, a move, a break",
        render_kw={"rows": 2},
    )
    opens_on = DayField("Opens on", [Optional()], description="If it has not begun yet")
    ends_on = DayField(
        "Ends on", [Optional()], description="The last day. Leave empty if it has no end."
    )
    delivered_by = StringField("Delivered by", [at_most(300)], filters=[tidied])
    co_produced_by = StringField("Made together with", [at_most(300)], filters=[tidied])
    terms = CheckboxesField("Filed under")
    listed = BooleanField(
        "Listed", default=True, description="Link workers find it and can send people there"
    )
    alike: Sequence[Provider] = ()
    """Providers with nearly the name that was typed, where none has just that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.audience_known = kwargs.get("data", {}).get("audience") or ()
        super().__init__(*args, **kwargs)
        groups = {code: text[:1].upper() + text[1:] for code, text in lexicon.groups().items()}
        old = {code: code.replace("_", " ").capitalize() for code in self.audience_known}
        self.audience.choices = choices({**old, **groups})

    def rearrange(self) -> None:
        """Add or remove a row, or fill one in from the words typed there."""
        super().rearrange()
        entry = next((one for one in self.schedules if f"{one.name}-read" == self.asked), None)
        if entry is None:
            return
        read = understand(entry.form.words.data or "")
        if not read.rows:
            entry.form.understood = read
            return
        rows = [
            {**row, "row": entry.form.row.data if n == 0 else ""} for n, row in enumerate(read.rows)
        ]
        self.schedules.replace(entry, rows)[0].form.understood = read

    def validate_provider_key(self, field: RadioField) -> None:
        """Ask which provider is meant, where several could be."""
        if self.alike and field.data not in {*(one.key for one in self.alike), NEW}:
            raise ValidationError("Choose who runs it: one that we know, or a new one.")

    def validate_closed_until(self, field: DayField) -> None:
        """A day to open again is for what is closed for a while."""
        if field.data and self.running.data != ServiceStatus.TEMPORARILY_CLOSED:
            raise ValidationError("Choose “Closed for a while”, or leave this day empty.")
