"""What is tried on the page of moving WTE between PCNs. A GET form: nothing is kept."""

from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import SelectField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from linkwork.forms.fields import DayField
from linkwork.forms.what_ifs import NO_NUMBER, AmountField, Between, TriedForm
from linkwork.models import Organisation

MOST_WTE = 20


class MoveForm(TriedForm):
    """Which PCN gives, which receives, how much and from when."""

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
        **kwargs: Any,
    ) -> None:
        """``pcns`` are those on offer at both ends; the rest is that of ``TriedForm``."""
        super().__init__(sent, usual, **kwargs)
        self.giving.choices = [SelectChoice(pcn.key, pcn.name) for pcn in pcns]
        self.receiving.choices = [SelectChoice(pcn.key, pcn.name) for pcn in pcns]

    def validate_receiving(self, field: SelectField) -> None:
        """Refuse a move from a PCN to itself."""
        if field.data == self.giving.data:
            raise ValidationError("Choose two different PCNs.")
