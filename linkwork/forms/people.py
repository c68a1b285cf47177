"""What is known of a person: who they are, how to reach them, and what to mind."""

from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Optional, Regexp, ValidationError

from linkwork import clock, geography
from linkwork.casework import people
from linkwork.errors import RuleBroken
from linkwork.forms import Form, tidied
from linkwork.forms.fields import at_most
from linkwork.forms.referrals import PHONE, TypedDateField, one_line, without_unseen
from linkwork.models import Person

GENDERS = {
    "": "Not recorded",
    "female": "Female",
    "male": "Male",
    "non_binary": "Non-binary",
    "other": "Described in another way",
    "not_stated": "Prefers not to say",
}
# The NHS’s ethnic categories, as the census of 2001 grouped them.
ETHNIC_GROUPS = (
    "White: English, Welsh, Scottish, Northern Irish or British",
    "White: Irish",
    "White: any other White background",
    "Mixed: White and Black Caribbean",
    "Mixed: White and Black African",
    "Mixed: White and Asian",
    "Mixed: any other mixed background",
    "Asian or Asian British: Indian",
    "Asian or Asian British: Pakistani",
    "Asian or Asian British: Bangladeshi",
    "Asian or Asian British: any other Asian background",
    "Black or Black British: Caribbean",
    "Black or Black British: African",
    "Black or Black British: any other Black background",
    "Other: Chinese",
    "Other: any other ethnic group",
    "Prefers not to say",
)
EDITED = (
    "given_name family_name preferred_name nhs_number date_of_birth gender ethnic_group phone "
    "email address postcode safe_to_contact language interpreter access_needs carer "
    "next_of_kin"
).split()


class BirthField(TypedDateField):
    """A date of birth, shown as it would be typed."""

    def process_data(self, value: date | None) -> None:
        """Show the day that is known."""
        super().process_data(value)
        self.typed = f"{value.day}/{value.month}/{value.year}" if value else None


def _line(label: str, *checks: Any, longest: int = 100, **more: Any) -> StringField:
    too_long = at_most(longest)
    more.setdefault("render_kw", {"autocomplete": "off"})
    return StringField(
        label, [*checks, too_long], filters=[without_unseen, tidied, one_line], **more
    )


def _lines(label: str, **more: Any) -> TextAreaField:
    too_long = at_most(1000)
    return TextAreaField(
        label, [too_long], filters=[without_unseen, tidied], render_kw={"rows": 2}, **more
    )


class PersonForm(Form):
    """Everything that can be changed of a person, and the version it was read at."""

    version = HiddenField()
    given_name = _line("First name", DataRequired("Enter the first name."))
    family_name = _line("Last name", DataRequired("Enter the last name."))
    preferred_name = _line("Likes to be called (optional)")
    nhs_number = _line(
        "NHS number (optional)",
        longest=40,
        description="10 digits, like 999 000 0018.",
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )
    date_of_birth = BirthField(
        "Date of birth", description="Like 12/3/1951.", render_kw={"autocomplete": "off"}
    )
    gender = SelectField("Gender")
    ethnic_group = SelectField("Ethnic group")
    phone = TelField(
        "Phone (optional)",
        [
            Optional(),
            Regexp(PHONE, message="Enter one phone number, like 07700 900123, or leave it empty."),
        ],
        filters=[without_unseen, tidied, one_line],
        render_kw={"autocomplete": "off"},
    )
    email = EmailField(
        "Email (optional)",
        [
            Optional(),
            at_most(254, "the email address"),
            Regexp(r"[^@\s]+@[^@\s]+\.[^@\s.]+$", message="Enter an email address with one @."),
        ],
        filters=[without_unseen, tidied, one_line],
        render_kw={"autocomplete": "off"},
    )
    address = _lines("Address (optional)")
    postcode = _line("Postcode (optional)", longest=20)
    safe_to_contact = _line(
        "How it is safe to reach them (optional)",
        longest=200,
        description="For example, no voicemail, or not before ten.",
    )
    language = _line("Language (optional)", description="Where it is not English.")
    interpreter = BooleanField("Needs an interpreter")
    access_needs = _lines("Access needs (optional)", description="For example, large print.")
    carer = BooleanField("Cares for somebody")
    next_of_kin = _line("Next of kin (optional)", longest=200)

    def __init__(self, person: Person, **kwargs: Any) -> None:
        kept = {name: getattr(person, name) for name in EDITED}
        kept |= {name: kept[name] or "" for name in ("gender", "ethnic_group")}
        super().__init__(data={**kept, "version": str(person.version)}, **kwargs)
        self.gender.choices = _with_kept(list(GENDERS.items()), person.gender)
        groups = [("", "Not recorded"), *((group, group) for group in ETHNIC_GROUPS)]
        self.ethnic_group.choices = _with_kept(groups, person.ethnic_group)

    def validate_nhs_number(self, field: StringField) -> None:
        """Raise ``ValidationError`` where it cannot be an NHS number."""
        _checked(lambda: people.nhs_number(field.data))

    def validate_date_of_birth(self, field: BirthField) -> None:
        """Raise ``ValidationError`` where nobody living was born then."""
        if field.errors:
            return
        if field.data is None:
            raise ValidationError("Enter the date of birth, like 12/3/1951.")
        _checked(lambda: people.check_date_of_birth(field.data, on=clock.today()))

    def validate_postcode(self, field: StringField) -> None:
        """Raise ``ValidationError`` where it cannot be a postcode."""
        if field.data and geography.normal_postcode(field.data) is None:
            raise ValidationError("Enter a postcode like M1 6AB, or leave it empty.")

    def changes(self) -> dict[str, Any]:
        """What was typed, as it will be kept."""
        typed = {name: self[name].data for name in EDITED}
        return {
            **typed,
            "nhs_number": people.nhs_number(self.nhs_number.data),
            "postcode": geography.normal_postcode(self.postcode.data),
            "gender": self.gender.data or None,
            "ethnic_group": self.ethnic_group.data or None,
        }

    def version_read(self) -> int:
        """The version that was being edited; one that never was, where it was tampered with."""
        typed = str(self.version.data)
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _with_kept(known: list[tuple[str, str]], kept: str | None) -> list[tuple[str, str]]:
    """The choices, and the one that is kept where it is not among them."""
    missing = kept and kept not in {value for value, _ in known}
    return [*known, (kept, kept)] if missing and kept else known


def _checked(check: Any) -> None:
    try:
        check()
    except RuleBroken as wrong:
        raise ValidationError(str(wrong)) from wrong
