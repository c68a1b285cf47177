"""The directory as a table for people: one row for each activity, in words, as CSV or XLSX."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import IO, Any

from linkwork import clock
from linkwork.casework import service_words
from linkwork.exchange.formulas import neutral
from linkwork.models import Service

BYTE_ORDER_MARK = "\ufeff"
HEADERS = (
    "Activity",
    "Status",
    "Listed",
    "What it is",
    "Provider",
    "When",
    "Where",
    "Postcode",
    "For whom",
    "Cost",
    "Needs",
    "Channels",
    "Languages",
    "Access",
    "How to refer",
    "Room",
    "Email",
    "Phone",
    "Website",
    "Last checked",
    "Ends on",
    "Id",
)
WIDTHS = (30, 10, 8, 60, 25, 30, 40, 10, 20, 20, 20, 12, 12, 25, 15, 20, 25, 16, 30, 12, 12, 36)
LONGEST_CELL = 32_767
"""Characters that a cell of XLSX holds."""


def write_csv(services: Iterable[Service], to: IO[bytes]) -> int:
    """Write the activities as CSV, with a mark that it is UTF-8; return how many there are."""
    text = io.TextIOWrapper(to, encoding="utf-8", newline="")
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(HEADERS)
    count = 0
    for count, row in enumerate(_rows(services), start=1):  # noqa: B007 - the last is the number
        writer.writerow([neutral(cell) for cell in row])
    text.flush()
    text.detach()
    return count


def write_xlsx(services: Iterable[Service], to: IO[bytes]) -> int:
    """Write the activities as XLSX, every cell as text; return how many there are."""
    from xlsxwriter import Workbook

    # Rows go to a file as they come: memory does not grow with the directory.
    book = Workbook(to, {"constant_memory": True, "strings_to_urls": False})
    sheet = book.add_worksheet("Activities")
    bold = book.add_format({"bold": True})
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 1)
    for column, header in enumerate(HEADERS):
        sheet.write_string(0, column, header, bold)
    count = 0
    for count, row in enumerate(_rows(services), start=1):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(count, column, cell[:LONGEST_CELL])
    sheet.autofilter(0, 0, count, len(HEADERS) - 1)
    book.close()
    return count


def _rows(services: Iterable[Service]) -> Iterator[Sequence[str]]:
    for service in services:
        yield [_said(cell) for cell in _cells(service)]


def _cells(service: Service) -> Sequence[Any]:
    places = [link.location for link in service.places_at]
    checked = clock.london(service.verified_at).date() if service.verified_at else None
    return (
        service.name,
        service.status.value,
        service.listed,
        service.description,
        service.provider and service.provider.name,
        service_words.when(service),
        [service_words.address(place) for place in places],
        [place.postcode for place in places if place.postcode],
        service_words.for_whom(service),
        service_words.cost(service),
        _words(service.needs),
        _words(service.channels),
        service.languages,
        service_words.access(service),
        (service.referral_route or "").replace("_", " "),
        service_words.room(service),
        service.email,
        service.phone,
        service.url,
        checked,
        service.ends_on,
        service.key,
    )


def _words(codes: Iterable[str]) -> list[str]:
    return [code.replace("_", " ") for code in codes]


def _said(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "; ".join(dict.fromkeys(str(one) for one in value))
    return str(value)
