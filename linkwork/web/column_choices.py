"""The columns of a spreadsheet as a page shows them: three examples each, a guess, a choice."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from flask import request, url_for
from wtforms import SelectField

from linkwork.errors import RuleBroken
from linkwork.exchange import column_mapping, spreadsheets
from linkwork.exchange.column_mapping import SHEET, Certainty, Guess, Mapped
from linkwork.exchange.column_names import Vocabulary
from linkwork.forms.import_columns import ColumnsForm, columns_form

LOOKED_AT = 300
TAGS = {
    Certainty.SURE: ("Sure", "green"),
    Certainty.LIKELY: ("Likely", "blue"),
    Certainty.UNSURE: ("Please check", "yellow"),
    Certainty.NONE: ("Not known", "grey"),
}


@dataclass(frozen=True, slots=True)
class Choosing:
    """One file whose columns are to be chosen."""

    vocabulary: Vocabulary
    sheet: spreadsheets.Sheet
    guesses: Sequence[Guess]
    remembered: Mapped
    form: ColumnsForm

    @property
    def rows(self) -> list[tuple[Guess, object, tuple[str, str]]]:
        """Each column with its field and the tag of its guess."""
        return [
            (guess, self.form.of(place), TAGS[guess.certainty])
            for place, guess in enumerate(self.guesses)
        ]

    @property
    def lost(self) -> list[str]:
        """Headers that the list had before and has no more."""
        return column_mapping.missing(self.remembered, self.sheet.headers)

    @property
    def tabs(self) -> list[dict[str, object]]:
        """The sheets to choose from; empty where there is one."""
        if len(self.sheet.sheets) < 2:
            return []
        here = request.endpoint or ""
        return [
            {
                "label": title,
                "url": url_for(here, **(request.view_args or {}), sheet=number),
                "current": title == self.sheet.title,
            }
            for number, title in enumerate(self.sheet.sheets, start=1)
        ]

    def mapping(self) -> dict[str, str | list[str]]:
        """What was chosen. Raises ``RuleBroken`` where that is not enough."""
        pairs = list(zip(self.sheet.headers, self.form.codes(), strict=True))
        several = len(self.sheet.sheets) > 1
        found = column_mapping.chosen_mapping(
            pairs, set(self.vocabulary.by_code), sheet=self.sheet.title if several else ""
        )
        wrong = column_mapping.problems(found, self.vocabulary)
        if wrong:
            raise RuleBroken(" ".join(wrong))
        return found


def choosing(
    path: Path, name: str, vocabulary: Vocabulary, remembered: Mapped, **more: SelectField
) -> Choosing:
    """Look at a file. Raises FileRefused where there is no table in it.

    ``more`` are fields that are asked beside the columns.
    """
    sheet = spreadsheets.read(path, name, sheet=_asked(remembered), vocabulary=vocabulary)
    number = request.args.get("sheet", "")
    if number.isascii() and number.isdigit() and 0 < int(number[:4]) <= len(sheet.sheets):
        wanted = sheet.sheets[int(number[:4]) - 1]
        sheet = spreadsheets.read(path, name, sheet=wanted, vocabulary=vocabulary)
    rows = [cells for _, cells in islice(sheet.rows, LOOKED_AT)]
    guesses = column_mapping.guess(sheet.headers, rows, vocabulary)
    form = columns_form(
        sheet.headers,
        column_mapping.suggested(guesses, remembered),
        {meaning.code: meaning.label for meaning in vocabulary.meanings},
        **more,
    )
    return Choosing(vocabulary, sheet, guesses, remembered, form)


def _asked(remembered: Mapped) -> str | None:
    return str(remembered.get(SHEET) or "") or None
