"""Home visits: when and where, who goes along, and when the worker means to be out again."""

from datetime import UTC, date, datetime, time

from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Optional

from linkwork import clock
from linkwork.forms import Form, choices, tidied
from linkwork.forms.fields import ClockField, DayField, at_most

LENGTHS = {"15": "15 minutes", "30": "30 minutes", "45": "45 minutes", "60": "1 hour"}
LENGTHS |= {"90": "1 hour 30 minutes", "120": "2 hours", "180": "3 hours", "240": "4 hours"}
WITH_ME = "Who goes with you (optional)"


def _line(label: str, longest: int, hint: str = "") -> StringField:
    quiet = {"autocomplete": "off"}
    checks = [at_most(longest)]
    return StringField(label, checks, filters=[tidied], description=hint, render_kw=quiet)


class PlanForm(Form):
    """A visit to come."""

    on = DayField("Date", [InputRequired("Enter the date of the visit, for example 18/11/2026.")])
    at = ClockField("Time", [InputRequired("Enter the time of the visit, for example 14:30.")])
    minutes = SelectField("How long it will take", choices=choices(LENGTHS), default="60")
    place = _line("Where, if not at their address (optional)", 200)
    companion = _line(WITH_ME, 100, "Their name, for example Ben Harte.")

    def planned_at(self) -> datetime:
        """When the visit is, in UTC, read off an English clock."""
        day: date = self.on.data
        hour: time = self.at.data
        return clock.utc(datetime.combine(day, hour))


class StartForm(Form):
    """Setting out: who goes along, and how long it will take."""

    companion = _line(WITH_ME, 100, "Their name, for example Ben Harte.")
    minutes = SelectField(
        "I expect to be out after", [Optional()], choices=choices({"": "As planned", **LENGTHS})
    )


class LongerForm(Form):
    """Staying longer, until a moment that the page offered: so twice is once."""

    until = HiddenField()

    def moment(self) -> datetime | None:
        """The moment; None where it was tampered with."""
        try:
            return datetime.fromisoformat(str(self.until.data)).astimezone(UTC)
        except (ValueError, OverflowError):
            return None
