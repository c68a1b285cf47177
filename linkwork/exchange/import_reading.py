"""Whatever a source gives, as full records: the one place that knows which reader reads what."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from linkwork.exchange import column_mapping, dialects, spreadsheet_services, spreadsheets
from linkwork.exchange.column_mapping import SHEET
from linkwork.exchange.import_report import Quarantined
from linkwork.exchange.row_identity import known_of
from linkwork.exchange.sheet_limits import MOST_ROWS, too_many_rows
from linkwork.models import Source

Warn = Callable[[Quarantined], None]


def records(file: Path, source: Source, *, name: str, warn: Warn) -> Iterator[Any]:
    """Give each record of the file, or folder, of a source.

    ``name`` is the one it came under. ``warn`` is told what belongs to no one record. Raises
    FileRefused where it cannot be read: what was given until then must be thrown away.
    """
    if spreadsheets.is_spreadsheet(file, name):
        return spreadsheet_services.records(
            file, name, mapping=source.columns, source=source.key, known=known_of(source.name)
        )
    # By its key: a list that gets another name has the same activities.
    return _no_endless(dialects.records(file, source=source.key, warn=warn), name)


def _no_endless(records: Iterator[Any], name: str) -> Iterator[Any]:
    for count, record in enumerate(records, start=1):
        if count > MOST_ROWS:
            raise too_many_rows(name)
        yield record


def wants_columns(file: Path, source: Source, *, name: str) -> bool:
    """Whether somebody must say first what the columns of a file mean.

    What they said of an earlier file of the source holds for every file with the same columns.
    Raises FileRefused where the file cannot be read.
    """
    if not spreadsheets.is_spreadsheet(file, name):
        return False
    chosen = str(source.columns.get(SHEET) or "") or None
    sheet = spreadsheets.read(file, name, sheet=chosen)
    return not (source.columns and column_mapping.fits(source.columns, sheet.headers))


def kind_of(file: Path, *, name: str) -> str:
    """What a file is, in words. Raises FileRefused where it cannot be read."""
    if spreadsheets.is_spreadsheet(file, name):
        return "Spreadsheet"
    return dialects.name_of(file)
