"""Keeping a report: of which day, and whose work it counts."""

from wtforms import RadioField
from wtforms.validators import InputRequired

from linkwork.capacity.targets import Scope
from linkwork.forms import Form, choices
from linkwork.forms.fields import DayField

SCOPES = {Scope.ADDITIONAL: "Additional link workers", Scope.ALL: "All link workers"}


class KeptReportForm(Form):
    """The day and the scope of a report to keep."""

    as_of = DayField("To the end of", [InputRequired("Enter the day, for example 31/10/2026.")])
    scope = RadioField(
        "Whose work is counted?",
        [InputRequired("Choose whose work is counted.")],
        choices=choices(SCOPES),
    )
