"""Writing to a practice: which parts of the record go, and a few words beside them."""

from collections.abc import Sequence

from flask import request
from wtforms import HiddenField, TextAreaField
from wtforms.fields import SelectChoice

from linkwork.forms import CheckboxesField, Form, tidied
from linkwork.forms.fields import at_most

# Sent by a page that asked about the parts: there, to tick nothing is an answer too.
ASKED = "parts"
PARTS = ("contacts", "needs", "goals", "onward")


class PartsForm(Form):
    """What is left ticked goes into the message; nothing else can be ticked.

    A part that has nothing in it is not asked about. What may be shared is decided when the
    message is made: a key that is not among it is ticked in vain.
    """

    contacts = CheckboxesField("Conversations marked as safe to share", validate_choice=False)
    needs = CheckboxesField("Needs", validate_choice=False)
    goals = CheckboxesField("Goals of the plan", validate_choice=False)
    onward = CheckboxesField("Activities", validate_choice=False)
    seen = HiddenField()
    """The mark of the message that was on the page."""

    def offer(self, choices: dict[str, Sequence[tuple[str, str]]]) -> None:
        """Say what there is to tick: for each part, pairs of a key and words."""
        for name in PARTS:
            self[name].choices = [SelectChoice(key, words) for key, words in choices[name]]

    @property
    def ticked(self) -> dict[str, frozenset[str]] | None:
        """The keys that are ticked of each part; None where it was not asked yet."""
        if ASKED not in request.form:
            return None
        return {name: frozenset(self[name].data or ()) for name in PARTS}


class MessageForm(PartsForm):
    """A message that support has started, or how it goes on."""

    note = TextAreaField(
        "Your own words to the practice (optional)",
        [at_most(4000)],
        filters=[tidied],
        description="They go first. Say what you would like the practice to do, if anything.",
    )
