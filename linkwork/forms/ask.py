"""Asking for a link worker without an account: for oneself, for somebody one cares for, at work.

Short words: whoever asks may read with difficulty, on a phone, on a bad day.
"""

from enum import StrEnum
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    RadioField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Optional, Regexp, ValidationError

from linkwork import clock, geography
from linkwork.casework import people, public_referrals
from linkwork.casework.people import Identity
from linkwork.casework.public_referrals import Asked
from linkwork.casework.referrals import Referrer
from linkwork.errors import RuleBroken
from linkwork.forms import CheckboxesField, Form, choices, tidied
from linkwork.forms.fields import at_most
from linkwork.forms.referrals import PHONE, TypedDateField, one_line, without_unseen
from linkwork.models import Need, ReferralSource

LEAST_SECONDS = 4
# What would help, as somebody would say it.
IN_PLAIN_WORDS = {
    Need.LONELINESS: "Feeling lonely",
    Need.LOW_MOOD: "Feeling low",
    Need.ANXIETY: "Worry or stress",
    Need.BEREAVEMENT: "Losing somebody",
    Need.CARER_STRESS: "Looking after somebody",
    Need.MONEY_DEBT: "Money, bills or debt",
    Need.FOOD: "Not enough food",
    Need.HOUSING: "My home",
    Need.WORK: "Finding work",
    Need.PHYSICAL_ACTIVITY: "Being more active",
    Need.LONG_TERM_CONDITION: "Living with an illness",
    Need.PURPOSE_VOLUNTEERING: "Things to do, new people",
}


class Who(StrEnum):
    """Who asks, and for whom."""

    ME = "me"
    FAMILY = "family"
    WORK = "work"


SOURCES = {
    Who.ME: ReferralSource.SELF,
    Who.FAMILY: ReferralSource.FAMILY,
    Who.WORK: ReferralSource.OTHER_AGENCY,
}


class PlaceForm(Form):
    """A GP practice or a postcode: sent in the body, never in an address."""

    words = StringField(
        "Name of the GP practice, or a postcode",
        [DataRequired("Type the name of a GP practice, or a postcode."), at_most(100)],
        filters=[without_unseen, tidied, one_line],
        description="For example, Birch Road, or M1 6AB.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


def _line(label: str, *checks: Any, longest: int = 100, **more: Any) -> StringField:
    return StringField(
        label,
        [*checks, at_most(longest)],
        filters=[without_unseen, tidied, one_line],
        render_kw={"autocomplete": "off"},
        **more,
    )


class AskForm(Form):
    """Who needs help, how to reach them, what would help, and what may be shared."""

    started = HiddenField()
    warned = HiddenField()
    too_often = False

    website = StringField("Leave this empty", render_kw={"autocomplete": "off", "tabindex": "-1"})
    given_name = _line("First name", DataRequired("Type the first name."))
    family_name = _line("Last name", DataRequired("Type the last name."))
    date_of_birth = TypedDateField(
        "Date of birth", description="Like 12/3/1951.", render_kw={"autocomplete": "off"}
    )
    phone = TelField(
        "Phone number (if there is one)",
        [
            Optional(),
            Regexp(PHONE, message="Type one phone number, like 07700 900123, or leave it empty."),
        ],
        filters=[without_unseen, tidied, one_line],
        render_kw={"autocomplete": "off"},
    )
    email = EmailField(
        "Email (if there is one)",
        [
            Optional(),
            at_most(254, "the email address"),
            Regexp(r"[^@\s]+@[^@\s]+\.[^@\s.]+$", message="Type an email address with one @."),
        ],
        filters=[without_unseen, tidied, one_line],
        render_kw={"autocomplete": "off"},
    )
    address = _line("Address (if there is one)", longest=300)
    postcode = _line("Postcode (if you know it)", longest=20)
    safe_to_contact = _line(
        "Is there a time or a way that is not safe to call? (optional)",
        longest=200,
        description="For example, no messages on the phone, or only in the morning.",
    )
    reasons = CheckboxesField("Tick all that fit")
    note = TextAreaField(
        "Tell us more in a few words",
        [at_most(2000)],
        filters=[without_unseen, tidied],
        render_kw={"rows": 5},
    )
    share = RadioField(
        "May we tell the GP practice?",
        [InputRequired("Choose yes or no.")],
        description="You get the same help if you say no.",
    )
    referrer_name = _line("Your name")
    referrer_relation = _line("Who are you to them?")
    referrer_contact = _line("Your phone number or email")
    consented = BooleanField()

    def __init__(self, who: Who, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.who = who
        self.reasons.choices = choices(IN_PLAIN_WORDS)
        self.share.choices = choices({"yes": "Yes", "no": "No"})
        if who is Who.ME:
            self._say_you()
        elif who is Who.WORK:
            self.referrer_relation.label.text = "Where you work"
            self.referrer_relation.description = "For example, the council’s housing team."
            self.referrer_contact.label.text = "Your work phone number or email"
        if not self.started.data:
            self.started.data = _signer().dumps(clock.now().timestamp())
        self.consented.label.text = (
            "I want a link worker to contact me and to keep what I wrote here"
            if who is Who.ME
            else "They know that I am asking. They agree that a link worker contacts them "
            "and keeps what I wrote here"
        )

    def _say_you(self) -> None:
        for name in ("referrer_name", "referrer_relation", "referrer_contact"):
            del self[name]
        self.share.label.text = "May we tell your GP practice?"
        for name, text in (
            ("given_name", "Your first name"),
            ("family_name", "Your last name"),
            ("date_of_birth", "Your date of birth"),
            ("phone", "Your phone number (if you have one)"),
            ("email", "Your email (if you have one)"),
            ("address", "Your address (if you have one)"),
            ("postcode", "Your postcode (if you know it)"),
        ):
            self[name].label.text = text

    def validate_date_of_birth(self, field: TypedDateField) -> None:
        """Raise ``ValidationError`` where nobody living was born then."""
        if field.errors:
            return
        if field.data is None:
            raise ValidationError("Type the date of birth, like 12/3/1951.")
        try:
            people.check_date_of_birth(field.data, on=clock.today())
        except RuleBroken as wrong:
            raise ValidationError(str(wrong)) from wrong

    def validate_postcode(self, field: StringField) -> None:
        """Raise ``ValidationError`` where it cannot be a postcode."""
        if field.data and geography.normal_postcode(field.data) is None:
            raise ValidationError("Type a postcode like M1 6AB, or leave it empty.")

    def validate_note(self, field: TextAreaField) -> None:
        """Raise ``ValidationError`` where nothing says what would help."""
        if not field.data and not self.reasons.data:
            raise ValidationError("Tick a box above, or write here what would help.")

    def validate_referrer_name(self, field: StringField) -> None:
        """Raise ``ValidationError`` where nobody says who asks."""
        if not field.data:
            raise ValidationError("Type your name.")

    def validate_referrer_relation(self, field: StringField) -> None:
        """Raise ``ValidationError`` where nobody says what they have to do with the person."""
        if not field.data:
            said = "where you work" if self.who is Who.WORK else "who you are to them"
            raise ValidationError(f"Type {said}.")

    def validate_consented(self, field: BooleanField) -> None:
        """Raise ``ValidationError`` where nobody agreed."""
        if not field.data:
            raise ValidationError(public_referrals.NO_CONSENT)

    def was_too_quick(self) -> bool:
        """Whether the form was sent quicker than anybody types, or from no page of ours."""
        try:
            began = float(_signer().loads(self.started.data))
        except (BadSignature, TypeError, ValueError):
            self.started.data = _signer().dumps(clock.now().timestamp())
            return True
        return clock.now().timestamp() - began < LEAST_SECONDS

    def asked(self) -> Asked:
        """What was typed."""
        asks_for_other = self.who is not Who.ME
        return Asked(
            identity=Identity(
                family_name=self.family_name.data,
                given_name=self.given_name.data,
                date_of_birth=self.date_of_birth.data,
                phone=self.phone.data,
                postcode=geography.normal_postcode(self.postcode.data),
            ),
            source=SOURCES[self.who],
            note=self.note.data or "",
            reasons=self.reasons.data,
            email=self.email.data,
            address=self.address.data,
            safe_to_contact=self.safe_to_contact.data,
            referrer=self._referrer() if asks_for_other else None,
            share_with_gp=self.share.data == "yes",
            consented=self.consented.data,
            suspect=bool(self.website.data),
        )

    def _referrer(self) -> Referrer:
        return Referrer(
            self.referrer_name.data, self.referrer_relation.data, self.referrer_contact.data
        )


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="linkwork.ask.started")
