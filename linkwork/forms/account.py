"""Signing in and joining."""

from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length

from linkwork.forms import Form, tidied

LONGEST_EMAIL = 254
LONGEST_PASSWORD = 200
PASSWORD_TOO_LONG = Length(
    max=LONGEST_PASSWORD, message=f"Use a password of at most {LONGEST_PASSWORD} characters."
)


class SignInForm(Form):
    """Email and password, and what was being written when a session ended."""

    email = EmailField(
        "Email address",
        [
            DataRequired("Enter your email address."),
            Length(max=LONGEST_EMAIL, message="That is too long for an email address."),
        ],
        filters=[tidied],
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )
    password = PasswordField(
        "Password",
        [InputRequired("Enter your password."), PASSWORD_TOO_LONG],
        render_kw={"autocomplete": "current-password"},
    )
    kept = HiddenField()


class JoinForm(Form):
    """A new password, twice."""

    password = PasswordField(
        "Choose a password",
        [InputRequired("Choose a password."), PASSWORD_TOO_LONG],
        description="At least 12 characters. Three random words make a good one.",
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        "The same password again",
        [
            InputRequired("Enter the same password again."),
            EqualTo("password", message="The two passwords are not the same."),
        ],
        render_kw={"autocomplete": "new-password"},
    )
