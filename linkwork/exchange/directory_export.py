"""The directory as a file: Open Referral UK as JSON or tables, or a sheet for people.

The standard has no word for an entry that is not listed, so what is not listed goes into the
sheets alone, and only for those who may see it.
"""

import json
from collections.abc import Callable, Iterable
from typing import IO, Any

from sqlalchemy import Select

from linkwork import audit
from linkwork.audit import Event
from linkwork.exchange import directory_sheets, directory_tables, oruk_out
from linkwork.models import Service, User

Write = Callable[[Select[Any], IO[bytes]], int]


def export(kind: str, services: Select[Any], to: IO[bytes], *, by: User | None) -> int:
    """Write these services in one of ``KINDS``; return how many there are. Audited.

    ``services`` is what the user may see (``access.services``). Raises KeyError for another kind.
    """
    count = KINDS[kind](services, to)
    audit.record(Event.DIRECTORY_EXPORTED, None, by=by, kind=kind, services=count)
    return count


def _json(services: Select[Any], to: IO[bytes]) -> int:
    count = 0
    to.write(b'{"services":[')
    for count, record in enumerate(_listed(services), start=1):
        written = json.dumps(record, ensure_ascii=False, allow_nan=False)
        to.write(b"\n" + written.encode() if count == 1 else b",\n" + written.encode())
    to.write(b"\n]}\n")
    return count


def _tables(services: Select[Any], to: IO[bytes]) -> int:
    return directory_tables.write(_listed(services), to)


def _listed(services: Select[Any]) -> Iterable[oruk_out.Record]:
    return oruk_out.records(services.where(Service.listed))


KINDS: dict[str, Write] = {
    "json": _json,
    "zip": _tables,
    "csv": lambda services, to: directory_sheets.write_csv(oruk_out.whole(services), to),
    "xlsx": lambda services, to: directory_sheets.write_xlsx(oruk_out.whole(services), to),
}
"""By the ending of the file’s name."""
