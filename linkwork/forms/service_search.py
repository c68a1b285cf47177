"""Looking for activities."""

from typing import Any

from wtforms import BooleanField, SelectField, StringField, ValidationError
from wtforms import Form as PlainForm
from wtforms.fields import SelectChoice
from wtforms.validators import Length, Optional

from linkwork import geography
from linkwork.forms import choices, tidied
from linkwork.forms.fields import WholeNumberField, at_most
from linkwork.forms.services import AGES, CHANNELS, KINDS
from linkwork.models import NEED_LABELS

DAYS = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
MILES = {"": "Any distance", "1": "1 mile", "2": "2 miles", "5": "5 miles", "10": "10 miles"}
FRESHNESS = {
    "": "Whenever checked",
    "fresh": "Checked in the last 90 days",
    "stale": "Not checked for 180 days",
}


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
        render_kw={"data-search": ""},
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
    kind = _one_of("Kind", _or_any(KINDS, "Any kind"))
    day = _one_of("Day", _or_any(DAYS, "Any day"))
    channel = _one_of("How", _or_any(CHANNELS, "Any way"))
    age = WholeNumberField("Suits somebody aged", [Optional(), AGES])
    free = BooleanField("Free only")
    step_free = BooleanField("Step-free only")
    freshness = _one_of("Checked", choices(FRESHNESS))
    everything = BooleanField("Include unlisted, ended and closed")

    def validate_postcode(self, field: StringField) -> None:
        """Refuse what no distance can be measured from."""
        if field.data and geography.place_of(field.data) is None:
            raise ValidationError("We do not know this postcode. Enter its first half, like M14.")
