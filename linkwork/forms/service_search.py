"""Looking for activities."""

from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, StringField, ValidationError
from wtforms import Form as PlainForm
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional

from linkwork import geography
from linkwork.casework import lexicon
from linkwork.forms import CheckboxesField, choices, tidied
from linkwork.forms.fields import WholeNumberField, at_most
from linkwork.forms.services import AGES, CHANNELS, KINDS, ROUTES
from linkwork.models import NEED_LABELS

MEETS = {"": "Any time", "now": "Open now", "today": "Today, not over yet"}
DAYS = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
PARTS = {
    "": "Any time of day",
    "morning": "Morning",
    "afternoon": "Afternoon",
    "evening": "Evening, from 5pm",
}
MILES = {"": "Any distance", "1": "1 mile", "2": "2 miles", "5": "5 miles", "10": "10 miles"}
COSTS = {
    "": "Any cost",
    "free": "Free",
    "2": "Up to £2",
    "5": "Up to £5",
    "10": "Up to £10",
    "20": "Up to £20",
}
ACCESS = {
    "step_free": "Step-free",
    "toilet": "Accessible toilet",
    "hearing_loop": "Hearing loop",
    "parking": "Parking",
    "quiet": "Quiet space",
}
WHO = {"": "Anybody", "women": "A woman", "men": "A man"}
ROOM = {
    "": "Full ones too",
    "places": "Places now",
    "waiting": "Places or a waiting list",
}
FRESHNESS = {
    "": "Whenever checked",
    "fresh": "Checked in the last 90 days",
    "stale": "Not checked for 180 days",
}
ORDERS = {"best": "Best match", "nearest": "Nearest", "next": "Next session", "name": "A to Z"}


def _or_any(labels: dict[Any, str], none: str) -> list[SelectChoice]:
    return choices({"": none, **labels})


def _one_of(label: str, listed: list[SelectChoice]) -> SelectField:
    return SelectField(label, choices=listed, default="")


class ServiceSearchForm(PlainForm):
    """What is looked for. It travels in the address, so it asks nothing about a patient."""

    words = StringField(
        "Words",
        [at_most(200)],
        filters=[tidied],
        description="A name, a town or what it is about",
        render_kw={"data-search": "", "autocomplete": "off"},
    )
    postcode = StringField(
        "Near",
        [Length(max=10, message="Enter the first half of a postcode, such as M14.")],
        filters=[tidied],
        description="First half of a postcode, such as M14",
        render_kw={"autocomplete": "off"},
    )
    miles = _one_of("Within", choices(MILES))
    need = _one_of("Helps with", _or_any(NEED_LABELS, "Anything"))
    meets = _one_of("When", choices(MEETS))
    day = _one_of("Day", _or_any(DAYS, "Any day"))
    part = _one_of("Time of day", choices(PARTS))
    cost = _one_of("Cost", choices(COSTS))
    access = CheckboxesField("Access", choices=choices(ACCESS))
    age = WholeNumberField("Suits somebody aged", [Optional(), AGES])
    gender = _one_of("Open to", choices(WHO))
    group = _one_of("Made for", choices({"": "Anybody"}))
    language = StringField(
        "Language",
        [at_most(40)],
        filters=[tidied],
        description="Spoken there, such as Urdu",
        render_kw={"autocomplete": "off"},
    )
    channel = _one_of("How", _or_any(CHANNELS, "Any way"))
    route = _one_of("How people get in", choices({**ROUTES, "": "Any way in"}))
    room = _one_of("Places", choices(ROOM))
    kind = _one_of("Kind", _or_any(KINDS, "Any kind"))
    freshness = _one_of("Checked", choices(FRESHNESS))
    everything = BooleanField("Include unlisted, ended and closed")
    order = SelectField("Sort by", choices=_or_any(ORDERS, ""), default="")
    exactly = BooleanField("As spelt")
    case = HiddenField(filters=[tidied])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = {code: text[:1].upper() + text[1:] for code, text in lexicon.groups().items()}
        self.group.choices = _or_any(groups, "Anybody")

    def validate_postcode(self, field: StringField) -> None:
        """Refuse what no distance can be measured from."""
        if field.data and geography.place_of(field.data) is None:
            raise ValidationError("We do not know this postcode. Enter its first half, like M14.")
