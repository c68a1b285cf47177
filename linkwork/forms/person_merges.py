"""Which of two values a merged record keeps, field by field."""

from collections.abc import Mapping

from wtforms import RadioField
from wtforms.validators import InputRequired

from linkwork.forms import Form, choices


class MergeForm(Form):
    """A choice for each field that differs: the fields are added by ``merge_form``."""

    def chosen(self) -> dict[str, str]:
        """What was chosen, by field."""
        return {f.name: f.data for f in self if isinstance(f, RadioField)}


def merge_form(
    labels: Mapping[str, str], options: Mapping[str, dict[str, str]], usual: Mapping[str, str]
) -> MergeForm:
    """Make the form of these fields: ``options`` say by field what can be chosen."""
    fields = {
        name: RadioField(
            labels[name],
            [InputRequired(f"Choose what is right for {labels[name].lower()}.")],
            choices=choices(offered),
            default=usual[name],
        )
        for name, offered in options.items()
    }
    made: MergeForm = type("MergeForm", (MergeForm,), fields)()
    return made


class PartForm(Form):
    """That two records are to be parted again: nothing is asked."""
