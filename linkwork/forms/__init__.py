"""What users type: its shape only, never whether it makes sense for a record."""

import secrets
from datetime import date
from typing import Any, Self

from flask import request
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from linkwork import clock

RESUMED = "resume"


def new_token() -> str:
    """A name for one filling-in of a form."""
    return secrets.token_urlsafe(18)


class Form(FlaskForm):
    """A form that is carried out once, however often it is sent.

    Sent with ``resume`` it is filled in and shown again, not carried out: that is how text comes
    back after a session has ended.
    """

    form_errors: list[str]
    """What is wrong with the whole, beside what is wrong with each field."""

    once = HiddenField(default=new_token)

    @classmethod
    def from_request(cls, **kwargs: Any) -> Self:
        """Make the form, filled from the request where it was sent."""
        return cls(**kwargs)

    @property
    def was_sent(self) -> bool:
        """Whether the request asks for this form to be carried out."""
        return request.method == "POST" and RESUMED not in request.form

    def is_ready(self) -> bool:
        """Whether the form was sent and everything in it has the right shape."""
        return self.was_sent and bool(self.validate())

    def refuse(self, sentence: str) -> None:
        """Say why the form was not carried out, beside everything that was typed."""
        self.form_errors = [*self.form_errors, sentence]

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows this form: 200, 409 for a broken rule, or 422."""
        if self.form_errors:
            return 409
        return 422 if self.errors else 200


class CheckboxesField(SelectMultipleField):
    """Several of a list, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def choices(labels: dict[Any, str]) -> list[SelectChoice]:
    """Choices for a field from code to label, in the order given."""
    return [SelectChoice(str(value), label) for value, label in labels.items()]


class NotInTheFuture:
    """Refuses a date after today."""

    def __call__(self, form: FlaskForm, field: Any) -> None:
        """Raise ``ValidationError`` where the date has not come yet."""
        if isinstance(field.data, date) and field.data > clock.today():
            raise ValidationError(f"{field.label.text} must be today or in the past.")


class Tidied:
    """A filter: outer spaces off, nothing left becomes None, hidden control characters gone.

    A NUL byte is refused by PostgreSQL and invisible to whoever pasted it.
    """

    def __call__(self, text: str | None) -> str | None:
        """Return the text as it will be kept."""
        if text is None:
            return None
        kept = "".join(c for c in text if c in "\n\t" or (ord(c) >= 32 and ord(c) != 127))
        return kept.strip() or None


tidied = Tidied()
