"""Looking for concepts, and trying a phrase out on a note of one’s own."""

from collections.abc import Iterable
from typing import Any

from wtforms import SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from linkwork.forms import Form, choices, tidied
from linkwork.forms.fields import at_most
from linkwork.matching import Concept, Kind
from linkwork.matching.concept_files import fault_of

LONGEST_SAMPLE = 20_000
KIND_LABELS = {
    Kind.NEED: "Needs",
    Kind.INTEREST: "Interests",
    Kind.CONDITION: "Conditions",
    Kind.GROUP: "Groups of people",
    Kind.ACCESS: "What somebody needs to take part",
}


class ConceptSearchForm(Form):
    """Which concepts are listed."""

    class Meta:
        csrf = False

    once = None
    q = StringField(
        "Words",
        [Optional(), at_most(100)],
        filters=[tidied],
        render_kw={"autocomplete": "off"},
    )
    kind = SelectField(
        "Kind", choices=[SelectChoice("", "Every kind"), *choices(KIND_LABELS)], default=""
    )


class TrialForm(Form):
    """A phrase, a note that is made up, or both."""

    once = None
    note = TextAreaField(
        "A note to try",
        [Optional(), at_most(LONGEST_SAMPLE, "the note")],
        description="Make one up, or leave out who it is about. It is not kept.",
    )
    phrase = StringField(
        "A word or phrase (optional)",
        [at_most(100)],
        filters=[tidied],
        description="garden* is every word that begins so, _ is any one word, "
        "and ? in front makes it only a hint.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    concept = SelectField("What it would mean (optional)", [Optional()])

    def __init__(self, concepts: Iterable[Concept], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        known = sorted(concepts, key=lambda one: one.label.lower())
        labels = {one.id: one.label[:1].upper() + one.label[1:] for one in known}
        self.concept.choices = [SelectChoice("", "Nothing yet"), *choices(labels)]

    def validate_phrase(self, field: StringField) -> None:
        """Refuse a phrase that no concept file may have."""
        wrong = fault_of(field.data) if field.data else None
        if wrong:
            raise ValidationError(f"This phrase {wrong}")
        if not field.data and not (self.note.data or "").strip():
            raise ValidationError("Write a note, a phrase, or both.")
