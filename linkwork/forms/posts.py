"""A post: who holds it, for how much of a week, from when to when."""

from wtforms import BooleanField, DecimalField, HiddenField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Optional

from linkwork.casework.post_changes import Terms
from linkwork.forms import Form, choices
from linkwork.forms.fields import DayField
from linkwork.models import PostState, User

VACANCY = "Nobody: it is vacant"
STATES = {
    PostState.APPROVED: "Approved: it is funded",
    PostState.ADVERTISED: "Advertised",
    PostState.APPOINTED: "Appointed: somebody has said yes and has not begun",
    PostState.STARTED: "Started, or continuing on new terms",
    PostState.ENDED: "Ended",
}
KINDS = {
    "yes": "Additional: one of those that came with the 125,000 people",
    "no": "Existing",
}
NO_NUMBER = "Enter the WTE as a number, for example 0.6."


class WteField(DecimalField):
    """Whole-time equivalents."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number."""
        try:
            super().process_formdata([text.strip() for text in valuelist])
        except ValueError as wrong:
            raise ValueError(NO_NUMBER) from wrong


def _wte(label: str) -> WteField:
    return WteField(label, [InputRequired(NO_NUMBER)], description="1 is full time, 0.6 is 3 days.")


class PostForm(Form):
    """All of a post."""

    mark = HiddenField()
    worker = SelectField("Who holds it?", [Optional()], validate_choice=False)
    state = RadioField(
        "What state is it in?",
        [InputRequired("Choose the state of the post.")],
        choices=choices(STATES),
    )
    wte = _wte("WTE")
    additional = RadioField(
        "Which kind?", [InputRequired("Choose which kind of post it is.")], choices=choices(KINDS)
    )
    start_on = DayField("First day", [Optional()], description="Leave it empty for a vacancy.")
    end_on = DayField("Last day (optional)", [Optional()])

    def terms(self, worker: User | None) -> Terms:
        """What was typed."""
        return Terms(
            worker,
            self.wte.data,
            self.start_on.data,
            self.end_on.data,
            self.additional.data == "yes",
            PostState(self.state.data),
        )


class HoursForm(Form):
    """Other hours from a day on."""

    mark = HiddenField()
    wte = _wte("New WTE")
    from_on = DayField("From", [DataRequired("Enter the first day of the new hours.")])


class FillForm(Form):
    """Who takes a vacancy, and when they begin."""

    mark = HiddenField()
    worker = SelectField("Who takes it?", validate_choice=False)
    start_on = DayField("First day", [DataRequired("Enter their first day.")])


class EndForm(Form):
    """The last day of a post."""

    mark = HiddenField()
    end_on = DayField("Last day", [DataRequired("Enter the last day.")])
    vacant = BooleanField("The post stays: leave a vacancy to be filled")


class MarkForm(Form):
    """A press on a button, and what was seen when it was pressed."""

    mark = HiddenField()
