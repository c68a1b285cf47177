"""Alerts: what a visitor must know, and whether anybody may visit alone."""

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import Optional, ValidationError

from linkwork.forms import Form, tidied
from linkwork.forms.fields import DayField, at_most


class AlertsForm(Form):
    """The alerts of a person, and the version they were read at."""

    version = HiddenField()
    alert = StringField(
        "What to know before a visit (optional)",
        [at_most(120)],
        filters=[tidied],
        description="Shown at the top of every page of the case.",
        render_kw={"autocomplete": "off"},
    )
    lone_worker = BooleanField("Do not visit alone")
    lone_worker_reason = StringField(
        "Why not alone",
        [at_most(300)],
        filters=[tidied],
        render_kw={"autocomplete": "off"},
    )
    lone_worker_review_on = DayField("Look at this again on", [Optional()])

    def validate_lone_worker_reason(self, field: StringField) -> None:
        """Raise ``ValidationError`` where somebody is not to be visited alone, and not why."""
        if self.lone_worker.data and not field.data:
            raise ValidationError("Say why nobody should visit alone.")

    def version_read(self) -> int:
        """The version that was being edited; one that never was, where it was tampered with."""
        typed = str(self.version.data)
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
