"""A sheet that is brought in: a file, or its rows typed or pasted, and put right on the page."""

from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField

from linkwork.forms import Form

EMPTY = "Choose a file, or write the rows in the box."


def plain(text: str | None) -> str:
    """Text without what no sheet holds, its lines ended alike."""
    lines = (text or "").replace("\0", "").splitlines()
    return "\n".join(lines)


class SheetForm(Form):
    """The file, and the rows that were read out of it. A file takes the place of the rows."""

    chosen = StringField(default="look")
    """Which button was pressed: it is drawn as the buttons, and nowhere else."""
    file = FileField("File (CSV)")
    rows = TextAreaField(
        "Or the rows themselves, the headers first",
        filters=[plain],
        render_kw={"rows": 10, "spellcheck": "false", "autocomplete": "off"},
    )

    @property
    def has_file(self) -> bool:
        """Whether a file was chosen."""
        return bool(self.file.data and getattr(self.file.data, "filename", ""))
