"""The tables of the tabular data package: what each is called, and how they belong together.

A table is a CSV file named for it, in the singular or the plural: ``service.csv``,
``services.csv``. The names are those of Open Referral UK 3.0, HSDS, and the first UK version.
"""

import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from linkwork.errors import FileRefused
from linkwork.exchange.formulas import plain
from linkwork.exchange.text_files import opened

NOTHING = "Nothing was imported."
LONGEST_LINE = 1_000_000
MOST_COLUMNS = 500
MOST_ROWS = 2_000_000
SEPARATORS = ",;\t|"
# Each column that names a row of another table, and that table; any table for link_id.
OWNERS = {
    "service_id": "service",
    "organization_id": "organization",
    "location_id": "location",
    "service_at_location_id": "service_at_location",
    "contact_id": "contact",
    "phone_id": "phone",
    "program_id": "program",
    "taxonomy_term_id": "taxonomy_term",
    "taxonomy_id": "taxonomy",
    "link_id": "",
}
# Of each table: the property its rows become, and the column that names the owner.
CHILDREN: dict[str, tuple[tuple[str, str, str], ...]] = {
    "service": (
        ("schedules", "schedule", "service_id"),
        ("regular_schedules", "regular_schedule", "service_id"),
        ("holiday_schedules", "holiday_schedule", "service_id"),
        ("service_areas", "service_area", "service_id"),
        ("service_at_locations", "service_at_location", "service_id"),
        ("languages", "language", "service_id"),
        ("funding", "funding", "service_id"),
        ("cost_options", "cost_option", "service_id"),
        ("phones", "phone", "service_id"),
        ("contacts", "contact", "service_id"),
        ("eligibilitys", "eligibility", "service_id"),
        ("required_documents", "required_document", "service_id"),
        ("additional_urls", "url", "service_id"),
        ("reviews", "review", "service_id"),
        ("attributes", "attribute", "link_id"),
        ("link_taxonomies", "link_taxonomy", "link_id"),
        ("service_taxonomys", "service_taxonomy", "service_id"),
    ),
    "service_at_location": (
        ("schedules", "schedule", "service_at_location_id"),
        ("regular_schedules", "regular_schedule", "service_at_location_id"),
        ("holiday_schedules", "holiday_schedule", "service_at_location_id"),
        ("phones", "phone", "service_at_location_id"),
        ("contacts", "contact", "service_at_location_id"),
    ),
    "location": (
        ("addresses", "address", "location_id"),
        ("physical_addresses", "physical_address", "location_id"),
        ("accessibility", "accessibility", "location_id"),
        ("accessibility_for_disabilities", "accessibility_for_disability", "location_id"),
        ("languages", "language", "location_id"),
        ("phones", "phone", "location_id"),
        ("attributes", "attribute", "link_id"),
    ),
    "organization": (
        ("organization_identifiers", "organization_identifier", "organization_id"),
        ("attributes", "attribute", "link_id"),
    ),
    "contact": (("phones", "phone", "contact_id"),),
    "eligibility": (("link_taxonomies", "link_taxonomy", "link_id"),),
    "phone": (("languages", "language", "phone_id"),),
}
# Of each table: the property that the row becomes which a column of its own names.
REFERENCES: dict[str, tuple[tuple[str, str], ...]] = {
    "service": (("organization", "organization_id"), ("program", "program_id")),
    "service_at_location": (("location", "location_id"),),
    "attribute": (("taxonomy_term", "taxonomy_term_id"),),
    "taxonomy_term": (("taxonomy_detail", "taxonomy_id"),),
    "link_taxonomy": (("taxonomy", "taxonomy_id"),),
    "service_taxonomy": (("taxonomy", "taxonomy_id"), ("taxonomy_term", "taxonomy_term_id")),
}
TABLES = frozenset(CHILDREN) | {table for of in CHILDREN.values() for _, table, _ in of}
TABLES |= {"taxonomy_term", "taxonomy", "program"}
OTHER_NAMES = {
    "organisation": "organization",
    "organisation_identifier": "organization_identifier",
    "accessibilities_for_disabilities": "accessibility_for_disability",
    "accessibility_for_disabilities": "accessibility_for_disability",
    "services_at_location": "service_at_location",
    "services_at_locations": "service_at_location",
    "other_attribute": "attribute",
    "service_attribute": "attribute",
}


def table_of(file_name: str) -> str | None:
    """The table that a file is named for, or None where it is no table we know."""
    stem, _, ending = file_name.lower().rpartition(".")
    name = re.sub(r"[^a-z]+", "_", stem).strip("_")
    if ending not in ("csv", "txt", "tsv"):
        return None
    names = (name, _singular(name))
    return next((known for n in names if (known := OTHER_NAMES.get(n, n)) in TABLES), None)


def _singular(name: str) -> str:
    for ending, single in (("ies", "y"), ("sses", "ss"), ("ss", "ss"), ("s", "")):
        if name.endswith(ending):
            return name.removesuffix(ending) + single
    return name


def rows(path: Path, name: str) -> Iterator[dict[str, str]]:
    """Each row of a table by its folded headers, without empty cells.

    ``name`` is what a user calls the file. Raises FileRefused where it is no table, or beyond the
    limits of one.
    """
    with opened(path) as text:
        lines = _lines(text, name)
        first = next((line for line in lines if line.strip()), "")
        separator = max(SEPARATORS, key=first.count)
        headers = _headers(first, separator, name)
        reader = csv.reader(lines, delimiter=separator)
        try:
            for cells in islice(reader, MOST_ROWS):
                cut = zip(headers, cells, strict=False)
                row = {name: plain(cell.strip()) for name, cell in cut if name and cell.strip()}
                if row:
                    yield row
        except csv.Error as wrong:
            raise FileRefused(
                f"{name} cannot be read after line {reader.line_num + 1}: {wrong}. {NOTHING}"
            ) from None
        if next(lines, None) is not None:
            raise FileRefused(f"{name} has more than {MOST_ROWS:,} rows. {NOTHING}")


def _lines(text: TextIO, name: str) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise FileRefused(
                f"{name} has a line of more than {LONGEST_LINE:,} characters: it is no table of "
                f"a directory. {NOTHING}"
            )
        if "\0" in line:
            raise FileRefused(f"{name} is not text: save it as CSV (UTF-8). {NOTHING}")
        yield line


def _headers(line: str, separator: str, name: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        cells = []
    if len(cells) > MOST_COLUMNS:
        raise FileRefused(f"{name} has {len(cells):,} columns, more than any table. {NOTHING}")
    folded = [re.sub(r"[^a-z0-9]+", "_", cell.lower()).strip("_") for cell in cells]
    # Of two columns of one name the first counts.
    return ["" if header in folded[:place] else header for place, header in enumerate(folded)]
