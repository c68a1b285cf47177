"""Whatever a source gives, as full records: the one place that knows which reader reads what."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from linkwork.exchange import oruk_file
from linkwork.exchange.import_report import Quarantined
from linkwork.models import Source

Warn = Callable[[Quarantined], None]


def records(file: Path, source: Source, *, name: str, warn: Warn) -> Iterator[Any]:
    """Give each record of the file, or folder, of a source.

    ``name`` is the one it came under. ``warn`` is told what belongs to no one record. Raises
    FileRefused where it cannot be read: what was given until then must be thrown away.
    """
    del source, name, warn  # soon
    return oruk_file.records(file)
