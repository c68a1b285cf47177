"""Several of a kind in one form, with buttons that add and remove: they work without scripts."""

import re
from collections.abc import Sequence
from typing import Any

from flask import request
from wtforms import FieldList, FormField
from wtforms import Form as PlainForm

from linkwork.forms import Form

DO = "do"
MOST_ROWS = 40


class Rows(FieldList):
    """Rows of a form each, under the headings a page gives them.

    A button named ``do`` asks for ``<rows>-add``, ``<rows>-remove-<number>`` or another word of
    the form's own. Pressing it shows the form again with all that was typed: nothing is saved.
    """

    entries: list[Any]

    def __init__(self, row: type[PlainForm], label: str, **kwargs: Any) -> None:
        super().__init__(FormField(row), label, max_entries=MOST_ROWS, **kwargs)

    def do(self, asked: str) -> bool:
        """Add or remove a row, where that is asked for; say whether it was."""
        found = re.fullmatch(rf"{re.escape(self.short_name)}-(add|remove-(\d{{1,4}}))", asked)
        if found is None:
            return False
        if found[2] is None:
            self.add()
        else:
            gone = f"{self.name}-{found[2]}"
            self.entries = [entry for entry in self.entries if entry.name != gone]
        return True

    def add(self, data: dict[str, Any] | None = None) -> Any:
        """Add a row with these data, or empty; None where there are as many as may be."""
        if len(self.entries) >= MOST_ROWS:
            return None
        return self.append_entry(data or {})

    def replace(self, entry: Any, rows: Sequence[dict[str, Any]]) -> list[Any]:
        """Put these rows where one was, as many as there may be, and return them."""
        at, number = self.entries.index(entry), int(self.number(entry))
        del self.entries[at]
        made = []
        for place, data in enumerate(rows[: MOST_ROWS - len(self.entries)]):
            index = number if place == 0 else None
            self._add_entry(None, data, index=index)
            made.append(self.entries.pop())
        self.entries[at:at] = made
        return made

    def number(self, entry: Any) -> str:
        """The number by which the form knows a row."""
        return str(entry.name).rsplit("-", 1)[1]


class FormWithRows(Form):
    """A form whose rows can be added and removed before it is sent."""

    @property
    def asked(self) -> str:
        """Which button was pressed that does not send the form; empty where it was sent."""
        return request.form.get(DO, "") if request.method == "POST" else ""

    @property
    def was_sent(self) -> bool:
        """Whether the request asks for this form to be carried out."""
        return super().was_sent and not self.asked

    def rearrange(self) -> None:
        """Add or remove the row that a button asked for."""
        if self.asked:
            any(field.do(self.asked) for field in self if isinstance(field, Rows))
