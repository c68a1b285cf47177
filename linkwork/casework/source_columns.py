"""Columns of a source: what those of its spreadsheets mean, as somebody said it once."""

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework import sources
from linkwork.models import Source, User


def choose(source: Source, columns: dict[str, str | list[str]], *, by: User) -> None:
    """Remember what the columns of a source mean: its next file is read by it without asking.

    ``columns`` goes from meaning to header. Asked again with the same, nothing changes.
    """
    sources.hold(source)
    if source.columns == columns:
        return
    source.columns = columns
    audit.record(Event.SOURCE_CHANGED, source, by=by, fields=["columns"])
