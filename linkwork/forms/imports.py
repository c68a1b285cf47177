"""Lists of activities as editors bring them in: a file or an address, and what becomes of it."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from linkwork.casework.service_words import is_web_address
from linkwork.forms import Form, tidied
from linkwork.forms.fields import WholeNumberField, at_most
from linkwork.models import HoldReason, ImportState
from linkwork.models.source import LONGEST_NAME

LONGEST_ADDRESS = 1000
MOST_HOURS = 24 * 31
STATES = {
    ImportState.RECEIVED: ("Columns to be chosen", "yellow"),
    ImportState.PREVIEWED: ("Ready to look at", "blue"),
    ImportState.HELD: ("Held: looks wrong", "orange"),
    ImportState.APPLIED: ("In the directory", "green"),
    ImportState.ABANDONED: ("Abandoned", "grey"),
}
HELD = {
    HoldReason.EMPTY: "There is not one activity in it.",
    HoldReason.SHRUNK: "It is more than a fifth shorter than the last one.",
    HoldReason.STRANGE: (
        "More than a fifth of the activities of the last one are not in it. It may be another "
        "list, or one that gave all its activities new identifiers."
    ),
    HoldReason.CONTACTS: (
        "It changes the email address or phone number of activities that people are being "
        "referred to. What is sent to them next would go there."
    ),
}


class WebAddress:
    """Refuses what is not an http or https address."""

    def __call__(self, form: Form, field: Any) -> None:
        """Raise ``ValidationError`` for any other."""
        if field.data and not is_web_address(field.data):
            raise ValidationError("Enter an address that begins with https:// or http://.")


class ImportForm(Form):
    """A file of activities or the address of a feed, and whose list it is."""

    source = StringField(
        "Name of the list",
        [InputRequired("Enter a name for the list."), at_most(LONGEST_NAME)],
        filters=[tidied],
        description="Use the same name each time, so that we can tell what has gone.",
        render_kw={"list": "known-sources", "autocomplete": "off"},
    )
    file = FileField("File")
    address = StringField(
        "Or the web address of a feed",
        [Optional(), at_most(LONGEST_ADDRESS), WebAddress()],
        filters=[tidied],
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
    )

    def validate_file(self, field: FileField) -> None:
        """One of the two is needed, and only one can be meant."""
        if not field.data and not self.address.data:
            raise ValidationError("Choose a file, or enter an address.")
        if field.data and self.address.data:
            raise ValidationError("Choose a file or enter an address, not both.")


class ApplyForm(Form):
    """Yes, bring it in. ``shown`` says which preview was looked at."""

    shown = HiddenField()
    reason = TextAreaField(
        "Why it is right all the same",
        [Optional(), at_most(500)],
        filters=[tidied],
        render_kw={"rows": 2},
    )


class SourceForm(Form):
    """A list: its name, and where and how often it is fetched."""

    name = StringField(
        "Name of the list",
        [InputRequired("Enter a name for the list."), at_most(LONGEST_NAME)],
        filters=[tidied],
    )
    address = StringField(
        "Web address of the feed",
        [Optional(), at_most(LONGEST_ADDRESS), WebAddress()],
        filters=[tidied],
        description="Leave it empty where files are brought in by hand.",
        render_kw={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"},
    )
    every_hours = WholeNumberField(
        "Fetch it again every so many hours",
        [Optional(), NumberRange(1, MOST_HOURS, f"Enter hours from 1 to {MOST_HOURS}.")],
        description="24 is once a day, 168 once a week. Empty is never by itself.",
    )
