"""Referring a patient in seven questions, and looking for a referral.

Of what could be asked, the postcode is: it gives the distance to an activity, and recognises
somebody without an NHS number. What the patient needs is heard in the reason; how soon they are
seen is for the link worker to judge.
"""

import re
import unicodedata
from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    Optional,
    Regexp,
    ValidationError,
)

from linkwork import clock, geography
from linkwork.casework import people, referrals
from linkwork.casework.people import Identity
from linkwork.casework.referrals import Referrer, Request
from linkwork.errors import RuleBroken
from linkwork.forms import CheckboxesField, Form, choices, tidied
from linkwork.forms.fields import at_most
from linkwork.models import NEED_LABELS, Priority, ReferralSource, WithdrawReason

SOURCES = {
    ReferralSource.SELF.value: "The person",
    ReferralSource.FAMILY.value: "Family or friend",
    ReferralSource.OTHER_AGENCY.value: "Council, charity or another service",
    ReferralSource.OUTREACH.value: "We met them ourselves (outreach)",
    ReferralSource.GP.value: "GP",
    ReferralSource.OTHER_PRIMARY_CARE.value: "Nurse, pharmacist or others in primary care",
}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s/.,-]+([a-z]{3,9}|\d{1,2})[\s/.,-]+(\d{1,4})")
YEAR_FIRST = re.compile(r"(\d{4})[\s/.-]+(\d{1,2})[\s/.-]+(\d{1,2})")
RUN_TOGETHER = re.compile(r"(\d{2})(\d{2})(\d{4})")
DATE_UNREADABLE = "Enter a date of birth like 12/3/1951."
PHONE = r"(?:[+(]?[0-9][0-9 ().\-]{7,20})(?:ext\.? ?[0-9]{1,6})?\Z"
# Marks that turn the direction of whatever follows them on the page, and spaces without a width.
UNSEEN = frozenset("\u200b\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def typed_date(text: str) -> date:
    """The date somebody typed: 12/3/1951, 12 March 1951, 1951-03-12 or 12031951.

    Raises ``ValueError`` with a sentence where it is none.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    day, month, year = _parts(plain)
    if len(year) != len("1951"):
        raise ValueError("Enter the year of birth with all four digits, like 1951.")
    try:
        return date(int(year), _month(month), int(day))
    except ValueError as error:
        raise ValueError(
            "There is no such date. Check the day and the month of the date of birth."
        ) from error


def _parts(plain: str) -> tuple[str, str, str]:
    if not plain.isascii():
        raise ValueError(DATE_UNREADABLE)
    if found := DAY_FIRST.fullmatch(plain) or RUN_TOGETHER.fullmatch(plain):
        return found[1], found[2], found[3]
    if found := YEAR_FIRST.fullmatch(plain):
        return found[3], found[2], found[1]
    raise ValueError(DATE_UNREADABLE)


def _month(text: str) -> int:
    if text.isdigit():
        return int(text)
    if text[:3] not in MONTHS:
        raise ValueError(text)
    return MONTHS.index(text[:3]) + 1


def without_unseen(text: str | None) -> str | None:
    """The text without marks nobody sees that could turn or hide what stands beside it."""
    if text is None:
        return None
    return "".join(c for c in text if c in "\n\t" or not _is_unseen(c))


def _is_unseen(character: str) -> bool:
    return character in UNSEEN or unicodedata.category(character) in {"Cc", "Cs"}


def one_line(text: str | None) -> str | None:
    """The text on one line, with single spaces."""
    return " ".join(text.split()) or None if text else None


class TypedDateField(StringField):
    """A date in a plain box, as people write dates of birth; what was typed is shown again."""

    typed: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the date; what cannot be read is an error of this field."""
        self.typed = without_unseen(valuelist[0]) if valuelist else None
        self.data: Any = None
        if self.typed and self.typed.strip():
            self.data = typed_date(self.typed)

    def _value(self) -> str:
        return self.typed or ""


def _name(label: str, what: str, autocomplete: str = "off") -> StringField:
    return StringField(
        label,
        [
            DataRequired(f"Enter the patient’s {what}."),
            at_most(100, f"the {what}"),
        ],
        filters=[without_unseen, tidied, one_line],
        render_kw={"autocomplete": autocomplete, "spellcheck": "false"},
    )


def _other(label: str, hint: str) -> StringField:
    return StringField(
        f"{label} (optional)",
        [at_most(100)],
        filters=[without_unseen, tidied, one_line],
        description=hint,
        render_kw={"autocomplete": "off"},
    )


class ReferralForm(Form):
    """Seven questions: NHS number, name, date of birth, phone, postcode, why, and agreement."""

    nhs_number = StringField(
        "NHS number (optional)",
        [Length(max=40, message=people.NHS_NUMBER_WRONG)],
        filters=[without_unseen, tidied],
        description="10 digits, like 999 000 0018. Spaces and hyphens do not matter.",
        render_kw={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"},
    )
    given_name = _name("First name", "first name")
    family_name = _name("Last name", "last name")
    date_of_birth = TypedDateField(
        "Date of birth",
        description="Like 12/3/1951.",
        render_kw={"autocomplete": "off"},
    )
    phone = TelField(
        "Phone (optional)",
        [
            Optional(),
            Regexp(PHONE, message="Enter one phone number, like 07700 900123, or leave it empty."),
        ],
        filters=[without_unseen, tidied, one_line],
        description="If they have none, say below how to reach them.",
        render_kw={"autocomplete": "off"},
    )
    postcode = StringField(
        "Postcode (optional)",
        [Length(max=20, message="Enter a postcode like M1 6AB, or leave it empty.")],
        filters=[without_unseen, tidied, one_line],
        description="So that activities near them are found.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    note = TextAreaField(
        "Why would they like support?",
        [
            DataRequired("Say why the patient would like support, in a sentence or two."),
            at_most(4000, "why they would like support"),
        ],
        filters=[without_unseen, tidied],
        description="What is going on, what matters to them, and anything that helps to reach "
        "them: an interpreter, a carer, no voicemail.",
        render_kw={"rows": 5},
    )
    consented = BooleanField(
        "The patient agrees to this referral and to being contacted by a link worker"
    )

    def validate_nhs_number(self, field: StringField) -> None:
        """Raise ``ValidationError`` where it cannot be an NHS number."""
        _checked(lambda: people.nhs_number(field.data))

    def validate_date_of_birth(self, field: TypedDateField) -> None:
        """Raise ``ValidationError`` where nobody living was born then."""
        if field.errors:
            return
        if field.data is None:
            raise ValidationError("Enter the patient’s date of birth, like 12/3/1951.")
        _checked(lambda: people.check_date_of_birth(field.data, on=clock.today()))

    def validate_postcode(self, field: StringField) -> None:
        """Raise ``ValidationError`` where it cannot be a postcode."""
        if field.data and geography.normal_postcode(field.data) is None:
            raise ValidationError("Enter a postcode like M1 6AB, or leave it empty.")

    def validate_consented(self, field: BooleanField) -> None:
        """Raise ``ValidationError`` where the patient was not asked."""
        if not field.data:
            raise ValidationError(referrals.NO_CONSENT)

    def identity(self) -> Identity:
        """Who the patient is, as it was typed."""
        return Identity(
            family_name=self.family_name.data,
            given_name=self.given_name.data,
            date_of_birth=self.date_of_birth.data,
            nhs_number=people.nhs_number(self.nhs_number.data),
            phone=self.phone.data,
            postcode=geography.normal_postcode(self.postcode.data),
        )

    def request(self) -> Request:
        """What is asked for."""
        return Request(note=self.note.data, consented=self.consented.data)


def _checked(check: Any) -> None:
    try:
        check()
    except RuleBroken as wrong:
        raise ValidationError(str(wrong)) from wrong


class RecordForm(ReferralForm):
    """What a link worker writes down for somebody who calls, writes or comes in."""

    source = SelectField("Who asks?", choices=choices(SOURCES))
    place = SelectField("GP practice", [InputRequired("Choose a practice.")])
    referrer_name = _other("Name of whoever asks", "Empty where the person asks for themselves.")
    referrer_relation = _other("Who they are", "For example, daughter, or housing officer.")
    referrer_contact = _other("How to reach them", "A phone number or email.")
    reasons = CheckboxesField("What would help? (optional)", choices=choices(NEED_LABELS))
    soon = BooleanField("Should be seen soon")
    share = BooleanField("The practice may be told")

    def __init__(self, places: dict[str, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.place.choices = choices(places)

    def referrer(self) -> Referrer | None:
        """Who asks; None where it is the person."""
        if not self.referrer_name.data:
            return None
        return Referrer(
            self.referrer_name.data, self.referrer_relation.data, self.referrer_contact.data
        )

    def request(self) -> Request:
        """What is asked for."""
        return Request(
            note=self.note.data,
            reasons=self.reasons.data,
            urgency=Priority.SOON if self.soon.data else Priority.ROUTINE,
            consented=self.consented.data,
            share_with_gp=self.share.data,
        )


class WithdrawForm(Form):
    """Why a practice takes its referral back."""

    reason = RadioField(
        "Why do you take this referral back?",
        [InputRequired("Choose why you take this referral back.")],
    )

    def __init__(self, labels: dict[WithdrawReason, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.choices = choices(labels)


class SearchForm(Form):
    """A patient’s name or NHS number: sent in the body, never in an address."""

    words = StringField(
        "Patient’s name or NHS number",
        [
            DataRequired("Type a name, or a whole NHS number."),
            at_most(200),
        ],
        filters=[without_unseen, tidied],
        render_kw={"data-search": "", "autocomplete": "off", "spellcheck": "false"},
    )
