"""A list of people out of a GP system: the file, and what holds of everybody in it."""

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from linkwork.casework.people_imports import Asked
from linkwork.casework.referrals import Referrer
from linkwork.forms import Form, choices, tidied
from linkwork.forms.fields import at_most
from linkwork.forms.referrals import SOURCES, one_line, without_unseen
from linkwork.models import ReferralSource

ROW = "row-"
LEFT_OUT = "Leave out"
ASKING = {code: label for code, label in SOURCES.items() if code != ReferralSource.SELF}


class ListForm(Form):
    """The file of a search."""

    file = FileField(
        "File",
        [FileRequired("Choose a file.")],
        description="CSV, XLSX or ODS, as EMIS or SystmOne exports a search.",
    )


class ConfirmForm(Form):
    """Who asks for everybody in a list, why, and what is done with those who are known."""

    source = SelectField("Who asks?", default=ReferralSource.GP.value)
    referrer_name = StringField(
        "Name of whoever asks",
        [DataRequired("Write who asks: the name of whoever made the list."), at_most(100)],
        filters=[without_unseen, tidied, one_line],
        render_kw={"autocomplete": "off"},
    )
    note = TextAreaField(
        "Why would they like support?",
        [DataRequired("Say in a sentence or two why they are referred."), at_most(4000)],
        filters=[without_unseen, tidied],
        description="For everybody whose row does not say it.",
        render_kw={"rows": 3},
    )
    share = BooleanField("Their practice may be told")
    consented = BooleanField(
        "Each of them agreed to this referral and to being contacted by a link worker"
    )

    def of_row(self, line: int) -> SelectField:
        """The choice for somebody who is known, or may be."""
        field: SelectField = self[f"{ROW}{line}"]
        return field

    def asked(self) -> Asked:
        """What holds of everybody."""
        return Asked(
            ReferralSource(self.source.data),
            Referrer(self.referrer_name.data),
            self.note.data,
            consented=self.consented.data,
            share_with_gp=self.share.data,
        )

    def chosen(self) -> dict[int, str]:
        """The choices that were made, by line."""
        rows = (field for field in self if field.name.startswith(ROW) and field.data)
        return {int(field.name.removeprefix(ROW)): field.data for field in rows}


def confirm_form(options: Mapping[int, Mapping[str, str]]) -> ConfirmForm:
    """A form with a choice for each line that has options: code and label."""
    fields: dict[str, Any] = {
        f"{ROW}{line}": SelectField(
            f"What to do with line {line}", choices=choices({"": LEFT_OUT, **some}), default=""
        )
        for line, some in options.items()
    }
    form: ConfirmForm = type("ConfirmForm", (ConfirmForm,), fields)()
    form.source.choices = choices(ASKING)
    return form


def place_field(places: Mapping[str, str]) -> SelectField:
    """The practice of those whose row names none: key and name."""
    return SelectField(
        "GP practice of those whose row names none",
        choices=choices({"": "Every row names one", **places}),
        default="",
    )
