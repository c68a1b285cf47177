"""The files that practices, PCNs, their list sizes, moves and closures come in."""

from flask_wtf.file import MultipleFileField
from wtforms.validators import ValidationError

from linkwork.forms import Form

MOST_FILES = 8


class ImportForm(Form):
    """One or several of the published files, in any order."""

    files = MultipleFileField(
        "Files",
        description="Choose one or several. Each is known by what is in it.",
    )

    def validate_files(self, field: MultipleFileField) -> None:
        """There is one at least."""
        chosen = [upload for upload in field.data or () if upload and upload.filename]
        if not chosen:
            raise ValidationError("Choose at least one file.")
        if len(chosen) > MOST_FILES:
            raise ValidationError(f"Choose at most {MOST_FILES} files.")
