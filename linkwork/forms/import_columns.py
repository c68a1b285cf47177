"""What the columns of a spreadsheet mean: one choice for each."""

from collections.abc import Mapping, Sequence

from wtforms import SelectField

from linkwork.forms import Form, choices

COLUMN = "column-"
UNUSED = "Not used"


class ColumnsForm(Form):
    """A choice for each column, in the order of the file."""

    def of(self, place: int) -> SelectField:
        """The field of one column, by its place from 0."""
        field: SelectField = self[f"{COLUMN}{place}"]
        return field

    def codes(self) -> list[str]:
        """What was chosen for each column; empty where it is not used."""
        return [field.data or "" for field in self if field.name.startswith(COLUMN)]


def columns_form(
    headers: Sequence[str],
    chosen: Sequence[str],
    labels: Mapping[str, str],
    **more: SelectField,
) -> ColumnsForm:
    """A form for columns with these headers, which begins with the codes ``chosen``.

    ``more`` are fields that are asked besides.
    """
    listed = choices({"": UNUSED, **labels})
    fields = {
        f"{COLUMN}{place}": SelectField(f"What “{header}” is", choices=listed, default=code)
        for place, (header, code) in enumerate(zip(headers, chosen, strict=True))
    }
    form: ColumnsForm = type("ColumnsForm", (ColumnsForm,), {**fields, **more})()
    return form
