"""Every way a directory of services is published, turned into records of Open Referral UK 3.0.

A file, a folder or a zip is told apart by its shape and not by its name: JSON of Open Referral UK
3.0 and HSDS 3.x, of version 1.0, JSON lines, and the tables of the tabular data package.
"""

import re
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from linkwork.errors import FileRefused
from linkwork.exchange import hsds, oruk_file, tabular_package
from linkwork.exchange.archives import is_zip, unpacked
from linkwork.exchange.import_report import Quarantined
from linkwork.exchange.oruk_file import WANTED, Entry, OnlyTerms, TooLarge
from linkwork.exchange.oruk_first_version import is_first_version, third_version
from linkwork.exchange.text_files import beginning_of

NOTHING = "Nothing was imported."
FIRST_VERSION = b'"totalElements"'
EDGE_BYTES = 1 << 16
LOOKED_AT = 20
# Tables that only the first version has, and the HSDS it came from.
OF_FIRST_VERSION = frozenset(
    ("regular_schedule", "physical_address", "eligibility", "link_taxonomy", "service_taxonomy")
)
DESCRIPTOR = "datapackage.json"
Warn = Callable[[Quarantined], None]


def records(path: Path, *, source: str = "", warn: Warn | None = None) -> Iterator[Entry]:
    """Give each service of a file, a folder or a zip as a record of Open Referral UK 3.0.

    ``source`` names the feed, for identifiers that are no UUIDs. ``warn`` is told of what belongs
    to no one service. TooLarge and None stand for entries that are no service. Raises FileRefused,
    also after some records: they must then be thrown away.
    """
    if is_zip(path):
        with unpacked(path) as folder:
            yield from _of_folder(folder, source, warn)
    elif path.is_dir():
        yield from _of_folder(path, source, warn)
    else:
        yield from _of_json(path, source)


def name_of(path: Path) -> str:
    """What a file, a folder or a zip is, in words. Raises FileRefused as ``records`` does."""
    if is_zip(path):
        with unpacked(path) as folder:
            return f"{_name_of_folder(folder)}, in a zip"
    return _name_of_folder(path) if path.is_dir() else _name_of_json(path)


def _name_of_folder(folder: Path) -> str:
    files = _files(folder)
    if "service" in tabular_package.tables_in(files):
        return "Open Referral UK tables"
    return next(map(_name_of_json, _json_among(files)), "no directory of services")


def _name_of_json(path: Path) -> str:
    is_first = _is_first(path, list(islice(oruk_file.records(path), LOOKED_AT)))
    return f"Open Referral UK {'1.0' if is_first else '3.0'}, JSON"


def _of_folder(folder: Path, source: str, warn: Warn | None) -> Iterator[Entry]:
    files = _files(folder)
    tables = tabular_package.tables_in(files)
    if "service" in tables:
        is_first = not OF_FIRST_VERSION.isdisjoint(tables)
        for record in tabular_package.records(tables, warn=warn):
            yield from _turned(record, source, is_first=is_first)
        return
    only_terms: OnlyTerms | None = None
    begun = False
    for file in _json_among(files):
        try:
            for entry in _of_json(file, source):
                begun = True
                yield entry
        except OnlyTerms as found:
            only_terms = found
    if not begun:
        raise only_terms or FileRefused(_nothing_among(files))


def _nothing_among(files: list[Path]) -> str:
    named = ", ".join(f"“{file.name[:40]}”" for file in files[:5])
    is_table = any(file.suffix.lower() == ".csv" for file in files)
    hint = (
        "A table of activities is imported by itself, not in a zip or a folder."
        if is_table
        else WANTED
    )
    return (
        f"There is no directory of services among the files: {named or 'there is none'}. "
        f"{NOTHING} {hint}"
    )


def _files(folder: Path) -> list[Path]:
    """The files of a folder, or of the one folder that it holds and nothing else, in order."""
    try:
        within = [one for one in folder.iterdir() if not one.name.startswith((".", "__"))]
    except OSError as error:
        raise FileRefused(f"The folder cannot be read: {error.strerror}. {NOTHING}") from error
    folders = [one for one in within if one.is_dir()]
    if len(within) == len(folders) == 1:
        return [one for one in _natural(folders[0].iterdir()) if one.is_file()]
    return [one for one in _natural(within) if one.is_file()]


def _natural(files: Any) -> list[Path]:
    """``page 2`` before ``page 10``."""
    return sorted(
        files,
        key=lambda file: [
            (part.isdecimal(), int(part[:9]) if part.isdecimal() else 0, part)
            for part in re.split(r"([0-9]+)", file.name.lower())
        ],
    )


def _json_among(files: list[Path]) -> list[Path]:
    return [
        file for file in files if file.name != DESCRIPTOR and beginning_of(file)[:1] in (b"{", b"[")
    ]


def _of_json(path: Path, source: str) -> Iterator[Entry]:
    entries = oruk_file.records(path)
    # One service says which version it is, the next may be too sparse to.
    begun = list(islice(entries, LOOKED_AT))
    is_first = _is_first(path, begun)
    for record in chain(begun, entries):
        if isinstance(record, dict):
            yield from _turned(record, source, is_first=is_first)
        else:
            yield record


def _turned(record: dict[str, Any], source: str, *, is_first: bool) -> Iterator[Entry]:
    for service in hsds.services_of(record):
        if is_first or is_first_version(service):
            yield hsds.profiled(third_version(service, source))
        else:
            yield hsds.profiled(service)


def _is_first(path: Path, begun: list[Entry]) -> bool:
    """Whether the first services speak version 1.0, or their page does, before or after them."""
    if any(is_first_version(one) for one in begun if isinstance(one, dict)):
        return True
    try:
        with path.open("rb") as file:
            start = file.read(EDGE_BYTES)
            file.seek(max(0, path.stat().st_size - EDGE_BYTES))
            return FIRST_VERSION in start or FIRST_VERSION in file.read(EDGE_BYTES)
    except OSError as error:
        raise FileRefused(f"The file cannot be read: {error.strerror}. {NOTHING}") from error


__all__ = ["TooLarge", "name_of", "records"]
