"""What is tried on the page of moving WTE between PCNs. A GET form: nothing is kept."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from linkwork.capacity.calendar import long_date
from linkwork.forms import Form
from linkwork.forms.fields import DayField
from linkwork.forms.what_ifs import NO_NUMBER, AmountField, Between
from linkwork.models import Organisation

MOST_WTE = 20


class MoveForm(Form):
    """Which PCN gives, which receives, how much and from when."""

    class Meta:
        csrf = False

    once = None
    giving = SelectField("Move from")
    receiving = SelectField("Move to")
    wte = AmountField("WTE", [InputRequired(NO_NUMBER), Between("0.1", MOST_WTE)], places=None)
    from_on = DayField("From", [InputRequired("Choose a day.")])

    def __init__(
        self,
        sent: MultiDict[str, str],
        usual: dict[str, str],
        *,
        pcns: Sequence[Organisation],
        as_of: date,
        last_on: date,
        **kwargs: Any,
    ) -> None:
        """Filled from the address, and where it says nothing with ``usual``."""
        self.as_of, self.last_on = as_of, last_on
        said = {name: sent[name] for name in usual if name in sent}
        super().__init__(formdata=MultiDict({**usual, **said}), **kwargs)
        self.giving.choices = [SelectChoice(pcn.key, pcn.name) for pcn in pcns]
        self.receiving.choices = [SelectChoice(pcn.key, pcn.name) for pcn in pcns]

    def validate_receiving(self, field: SelectField) -> None:
        """Refuse a move from a PCN to itself."""
        if field.data == self.giving.data:
            raise ValidationError("Choose two different PCNs.")

    def validate_from_on(self, field: DayField) -> None:
        """Refuse a day that is over, or one too late for this year’s figures."""
        if field.data and not self.as_of < field.data <= self.last_on:
            days = f"after {long_date(self.as_of)} and no later than {long_date(self.last_on)}"
            raise ValidationError(f"Choose a day {days}.")
