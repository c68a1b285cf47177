"""The two files that practices, PCNs and their list sizes come in."""

from flask_wtf.file import FileField, FileRequired

from linkwork.forms import Form


class ImportForm(Form):
    """A map of practices to PCNs, and where there is one a table of list sizes."""

    map_file = FileField(
        "Map of practices to PCNs",
        [FileRequired("Choose the map of practices to PCNs.")],
        description="A CSV file with a row for each practice: its code and name, its PCN’s code"
        " and name, and its board.",
    )
    lists_file = FileField(
        "List sizes (optional)",
        description="A CSV file of registered patients, with a row for each practice or PCN.",
    )
