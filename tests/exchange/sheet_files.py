"""Spreadsheets for tests, written by hand: XLSX and ODS files of the parts a reader needs."""

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from linkwork.errors import FileRefused
from linkwork.exchange import spreadsheets
from linkwork.exchange.spreadsheets import Sheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="170" formatCode="dd/mm/yyyy"/>'
    '<numFmt numFmtId="171" formatCode="00000000000"/>'
    '<numFmt numFmtId="172" formatCode="&quot;£&quot;#,##0.00"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/>'
    '<xf numFmtId="20"/><xf numFmtId="9"/></cellXfs></styleSheet>'
)
DATE, PHONE, POUNDS, CLOCK, PERCENT = 1, 2, 3, 4, 5
ODS_KIND = "application/vnd.oasis.opendocument.spreadsheet"

Cell = str | float | tuple[float, int] | None


def zipped(path: Path, parts: dict[str, str | bytes]) -> Path:
    """A zip file of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def sheet_xml(rows: list[list[Cell]], merged: str = "", before: str = "") -> str:
    """A worksheet: text, numbers, and numbers with a style."""
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = [_cell(cell, f"{chr(65 + place)}{number}") for place, cell in enumerate(row)]
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    merges = f'<mergeCells><mergeCell ref="{merged}"/></mergeCells>' if merged else ""
    data = f"<sheetData>{''.join(lines)}</sheetData>"
    return f'{before}<worksheet xmlns="{MAIN}">{data}{merges}</worksheet>'


def _cell(cell: Cell, where: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f'<c r="{where}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    value, style = cell if isinstance(cell, tuple) else (cell, 0)
    return f'<c r="{where}" s="{style}"><v>{value}</v></c>'


def xlsx(path: Path, sheets: dict[str, str], **parts: str) -> Path:
    """A workbook of these worksheets, by name."""
    named = list(enumerate(sheets.items(), start=1))
    listed = "".join(f'<sheet name="{n}" sheetId="{i}" r:id="r{i}"/>' for i, (n, _) in named)
    links = "".join(f'<Relationship Id="r{i}" Target="worksheets/s{i}.xml"/>' for i, _ in named)
    return zipped(
        path,
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{listed}'
            "</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}'
            "</Relationships>",
            "xl/styles.xml": STYLES,
            **{f"xl/worksheets/s{i}.xml": xml for i, (_, xml) in named},
            **parts,
        },
    )


def ods(path: Path, tables: str, before: str = "") -> Path:
    """An OpenDocument spreadsheet with these tables."""
    spaces = f'xmlns:office="{OFFICE}" xmlns:table="{TABLE}" xmlns:text="{TEXT}"'
    content = (
        f"{before}<office:document-content {spaces}><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped(path, {"mimetype": ODS_KIND, "content.xml": content})


def ods_table(name: str, rows: list[list[str]]) -> str:
    """A table whose cells are text."""
    lines = [
        "<table:table-row>" + "".join(ods_cell(cell) for cell in row) + "</table:table-row>"
        for row in rows
    ]
    return f'<table:table table:name="{name}">{"".join(lines)}</table:table>'


def ods_cell(words: str, **attributes: str) -> str:
    """A cell that shows these words."""
    given = "".join(
        f' {name.replace("_", ":", 1).replace("_", "-")}="{value}"'
        for name, value in attributes.items()
    )
    return f"<table:table-cell{given}><text:p>{escape(words)}</text:p></table:table-cell>"


HEADER = ["Name", "Postcode", "When"]
CHOIR = ["Choir", "M1 6AB", "Monday 10am"]


def read(path: Path, content: str | bytes | None = None, sheet: str | None = None) -> Sheet:
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return spreadsheets.read(path, path.name, sheet=sheet)


def rows(sheet: Sheet) -> list[tuple[str, ...]]:
    return [cells for _, cells in sheet.rows]


def refusal(path: Path, content: str | bytes | None = None) -> str:
    with pytest.raises(FileRefused) as refused:
        list(read(path, content).rows)
    return str(refused.value)
