"""Inviting somebody, finding a user, and what they may do."""

from typing import Any

from wtforms import EmailField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length, Regexp

from linkwork.forms import CheckboxesField, Form, choices, tidied
from linkwork.forms.account import LONGEST_EMAIL
from linkwork.forms.fields import at_most
from linkwork.models import ROLE_LABELS, Role

LONGEST_NAME = 120
STATES = {"": "All", "invited": "Invited", "active": "Active", "disabled": "Disabled"}


def _roles() -> CheckboxesField:
    return CheckboxesField(
        "Roles",
        [DataRequired("Choose at least one role.")],
        choices=choices(ROLE_LABELS),
        coerce=str,
        description="Choose all that apply. Each shows what its work needs and no more.",
    )


class RolesForm(Form):
    """What a user may do."""

    roles = _roles()

    def chosen(self) -> list[Role]:
        """The roles that were ticked."""
        return [Role(code) for code in self.roles.data or []]


class InviteForm(RolesForm):
    """Somebody new."""

    name = StringField(
        "Full name",
        [
            DataRequired("Enter their name."),
            at_most(LONGEST_NAME),
        ],
        filters=[tidied],
        render_kw={"autocomplete": "off"},
    )
    email = EmailField(
        "Work email address",
        [
            DataRequired("Enter their email address."),
            Length(max=LONGEST_EMAIL, message="That is too long for an email address."),
            Regexp(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+$", message="Enter one email address."),
        ],
        filters=[tidied],
        description="They sign in with it.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    organisation = StringField(
        "Organisation",
        [DataRequired("Enter the code or the name of their organisation.")],
        filters=[tidied],
        description="Its code, such as Z00001, or its name as Linkwork has it.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    roles = _roles()  # asked last, and so named last where something is missing


class FilterForm(Form):
    """Which users a list shows."""

    class Meta:
        csrf = False

    once = None
    role = SelectField("Role", choices=[SelectChoice("", "All"), *choices(ROLE_LABELS)], default="")
    state = SelectField("State", choices=choices(STATES), default="")

    @classmethod
    def of(cls, args: Any) -> "FilterForm":
        """The filters of an address; one that makes no sense is left out."""
        form = cls(formdata=args)
        for field in (form.role, form.state):
            if not field.validate(form):
                field.data, field.errors = "", []
        return form


class FindForm(Form):
    """Looking for a user: sent, and never part of an address."""

    words = StringField(
        "Name or email address",
        [DataRequired("Enter a part of their name or email address."), at_most(LONGEST_NAME)],
        filters=[tidied],
        render_kw={"autocomplete": "off", "data-search": True},
    )
