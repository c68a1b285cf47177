"""What is asked when a case ends: why, what became of everything open, and where they go."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Optional

from linkwork.forms import CheckboxesField, Form, choices, tidied
from linkwork.forms.fields import at_most
from linkwork.forms.messages import PartsForm
from linkwork.models import CloseReason, DeclineReason, Need

ANSWER = "answer_"


class CloseForm(PartsForm):
    """Why support ends, and everything that ends with it. Made by ``close_form``."""

    reason = RadioField(
        "Why is this case closing?", [InputRequired("Choose why this case is closing.")]
    )
    stepped_up_to = StringField(
        "Where do they get more help now?", [at_most(200)], filters=[tidied]
    )
    told = StringField("Whom did you tell, and when?", [at_most(200)], filters=[tidied])
    handed_over = RadioField(
        "Did you hand them over to another PCN?",
        [Optional()],
        choices=choices({"yes": "Yes", "no": "No"}),
    )
    handed_over_to = StringField("To which PCN or worker?", [at_most(200)], filters=[tidied])
    summary = TextAreaField("What was achieved (optional)", [at_most(4000)], filters=[tidied])
    resolved = CheckboxesField("Which of these are better now?", validate_choice=False)

    @property
    def answer_fields(self) -> list[Any]:
        """One field for each open onward referral."""
        return [field for field in self if field.name.startswith(ANSWER)]

    @property
    def answers(self) -> dict[str, str]:
        """What became of each, by the key of the onward referral."""
        return {f.name.removeprefix(ANSWER): f.data for f in self.answer_fields if f.data}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shape, and that whatever the reason asks for is there."""
        whole = bool(super().validate(extra_validators))
        missing = [pair for pair in self._asked() if not pair[0].data]
        for field, sentence in missing:
            field.errors = [*field.errors, sentence]
        return whole and not missing

    def _asked(self) -> list[tuple[Any, str]]:
        """The fields that must be filled in for the reason that was chosen."""
        reason = self.reason.data
        asked: list[tuple[Any, str]] = []
        if reason == CloseReason.STEPPED_UP:
            asked.append((self.stepped_up_to, "Say where they get more help now."))
            asked.append((self.told, "Say whom you told, and when."))
        if reason == CloseReason.MOVED:
            asked.append((self.handed_over, "Choose whether you handed them over."))
            if self.handed_over.data == "yes":
                asked.append((self.handed_over_to, "Say to which PCN or worker."))
        if reason and reason != CloseReason.DIED:
            sentence = "Choose what became of {}."
            asked += [(f, sentence.format(f.label.text)) for f in self.answer_fields]
        return asked


def close_form(
    reasons: dict[CloseReason, str],
    onward: Sequence[tuple[str, str, Sequence[tuple[str, str]]]],
    needs: Mapping[Need, str],
) -> CloseForm:
    """The form of one case: with a row for each open onward referral (key, name, choices)."""
    rows = {
        ANSWER + key: SelectField(
            name,
            choices=choices({"": "Choose what became of it", **dict(said)}),
            validate_choice=False,
        )
        for key, name, said in onward
    }
    form: CloseForm = type("CloseForm", (CloseForm,), rows)()
    form.reason.choices = choices(reasons)
    form.resolved.choices = [SelectChoice(str(code), words) for code, words in needs.items()]
    return form


class DeclineForm(Form):
    """Why a referral is not taken on."""

    reason = RadioField(
        "Why is this referral not taken on?",
        [InputRequired("Choose why this referral is not taken on.")],
        description="The practice is told this reason.",
    )
    note = TextAreaField(
        "Your own words to the practice (optional)",
        [at_most(2000)],
        filters=[tidied],
        description="Say what else could help, if you know. The practice reads this.",
    )

    def __init__(self, labels: dict[DeclineReason, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.choices = choices(labels)


class DiedForm(Form):
    """That somebody died whose case has ended: there is no more to say."""


class NotDeadForm(Form):
    """Why a death is taken back."""

    reason = RadioField("What happened?", [InputRequired("Choose what happened.")])

    def __init__(self, labels: dict[Any, str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reason.choices = choices(labels)
