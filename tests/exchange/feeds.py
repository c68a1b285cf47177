"""Directory files for the tests: one whole service, and files made of services."""

from datetime import date
from pathlib import Path
from typing import Any

from linkwork.exchange.directory import import_directory
from linkwork.exchange.import_report import ImportReport
from tests.exchange.feed_files import AT, FEED, file_of, key, service

__all__ = ["AT", "FEED", "ON", "bring_in", "file_of", "key", "service"]

ON = date(2026, 11, 18)


def bring_in(folder: Path, *services: Any, **how: Any) -> ImportReport:
    """Import a file of these services."""
    told = {"source": "Feed", "by": None, "at": AT, "today": ON, **how}
    return import_directory(file_of(folder, {"services": list(services)}), **told)
