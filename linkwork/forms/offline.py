"""What a device sends on its return to the network: moments of a visit, and a note."""

from datetime import UTC, datetime
from typing import Any

from wtforms import Field, StringField, TextAreaField
from wtforms.validators import Length, Regexp, ValidationError
from wtforms.widgets import HiddenInput

from linkwork.casework.offline import Told
from linkwork.forms import Form, tidied
from linkwork.forms.contacts import LONGEST_NOTE, TOO_LONG
from linkwork.forms.fields import at_most

LONGEST_NAME = 100
NO_MOMENT = "This is no moment."
YEARS = range(2000, 3000)
"""No zone can be reckoned with at the ends of the calendar."""


class MomentField(Field):
    """A moment with its zone, as a script writes it; nothing where it is empty."""

    widget = HiddenInput()
    data: datetime | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the moment."""
        text = "".join(valuelist).strip()
        self.data = None
        if text:
            try:
                moment = datetime.fromisoformat(text).astimezone(UTC)
            except (ValueError, OverflowError) as wrong:
                raise ValueError(NO_MOMENT) from wrong
            if moment.year not in YEARS:
                raise ValueError(NO_MOMENT)
            self.data = moment


class ReportForm(Form):
    """One visit, as it went, and what was written about it."""

    started_at = MomentField()
    safe_at = MomentField()
    companion = StringField(validators=[at_most(LONGEST_NAME)], filters=[tidied])
    draft = StringField(validators=[Regexp(r"^[\w-]{8,36}$", message="This is no draft.")])
    seen = StringField()
    minutes = StringField(filters=[tidied])
    what_matters = TextAreaField(
        validators=[Length(max=LONGEST_NOTE, message=TOO_LONG)], filters=[tidied]
    )
    notes = TextAreaField(validators=[Length(max=LONGEST_NOTE, message=TOO_LONG)], filters=[tidied])
    next_action = StringField(validators=[at_most(200)], filters=[tidied])

    def validate_minutes(self, field: Any) -> None:
        """Raise ``ValidationError`` where it is no number of minutes of one day."""
        if field.data and not (field.data.isdecimal() and 0 < int(field.data) <= 1440):
            raise ValidationError("Minutes must be from 1 to 1,440.")

    def told(self) -> Told:
        """What is said of the visit, whatever is wrong with the rest: what cannot be is left out.

        Who goes along is cut to the length that can be kept: a start is not refused for it.
        """
        companion = (self.companion.data or "")[:LONGEST_NAME] or None
        return Told(self.started_at.data, self.safe_at.data, companion)

    def written(self) -> dict[str, str]:
        """What was written, without what was left empty."""
        names = ("what_matters", "notes", "minutes", "next_action")
        return {name: self[name].data for name in names if self[name].data}

    def version_seen(self) -> int | None:
        """The version of the draft that the device knows; None where it knows none."""
        text = str(self.seen.data or "")
        return int(text) if text.isdecimal() and len(text) < 10 else None
