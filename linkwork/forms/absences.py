"""A long absence: who, why, from when to when."""

from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Optional

from linkwork.forms import Form, choices
from linkwork.forms.fields import DayField
from linkwork.models import AbsenceKind

KINDS = {
    AbsenceKind.LONG_SICKNESS: "Long sickness",
    AbsenceKind.PARENTAL: "Maternity, paternity, adoption or parental leave",
    AbsenceKind.SECONDMENT: "Secondment",
    AbsenceKind.CAREER_BREAK: "Career break",
}


class AbsenceForm(Form):
    """All of an absence."""

    mark = HiddenField()
    worker = SelectField("Who is away?", validate_choice=False)
    kind = RadioField("Why?", [InputRequired("Choose why.")], choices=choices(KINDS))
    start_on = DayField("First day away", [DataRequired("Enter the first day away.")])
    end_on = DayField(
        "Last day away (optional)",
        [Optional()],
        description="Leave it empty while it is not known.",
    )
