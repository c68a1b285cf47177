"""The published organisation files as a test wants them, and what they left in the database."""

from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select

from linkwork.database import db
from linkwork.exchange.organisations import Report, import_organisations
from linkwork.models import ListSize, Organisation, OrganisationParent

AT = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
ON = date(2026, 11, 18)
HEAD = (
    "PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,PRACTICE_POSTCODE,PCN_CODE,PCN_NAME,"
    "STP_CODE,STP_NAME,COMM_REGION_NAME"
)
MOOR = "QZZ,Moorvale,North West"
FEN = "QZY,Fenland,East"
MAP = [
    f"X,01Jan2022,Z10001,CANAL STREET,ZZ1 3BD,Z00001,CENTRAL PCN,{MOOR}",
    f"X,01Jan2022,Z10002,THE EXCHANGE,ZZ1 4LN,Z00001,CENTRAL PCN,{MOOR}",
    f"X,01Jan2022,Z10003,HARROWFIELD,ZZ2 1QA,Z00002,NORTH PCN,{FEN}",
    f"X,01Jan2022,Z10004,LONE SURGERY,ZZ2 1QB,U,Unallocated,{FEN}",
]
LISTS = ["01JAN2021,GP,Z10001,ALL,ALL,5903", "01JAN2021,GP,Z10002,ALL,ALL,1000"]


class Files:
    """The two files of an import, as this test wants them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def map(self, rows: list[str], head: str = HEAD) -> Path:
        return self._write("map.csv", [head, *rows])

    def lists(
        self, rows: list[str], head: str = "EXTRACT_DATE,TYPE,CODE,SEX,AGE,NUMBER_OF_PATIENTS"
    ) -> Path:
        return self._write("lists.csv", [head, *rows])

    def _write(self, name: str, lines: list[str]) -> Path:
        file = self.folder / name
        file.write_text("\n".join(lines), encoding="utf-8")
        return file


def brought_in(map_file: Path, lists_file: Path | None = None) -> Report:
    report = import_organisations(map_file, lists_file, by=None, at=AT, on=ON)
    db.session.commit()
    return report


def organisation(code: str) -> Organisation:
    return db.session.scalars(select(Organisation).where(Organisation.ods_code == code)).one()


def list_size(code: str) -> int | None:
    sizes = select(ListSize.patients).join(Organisation).where(Organisation.ods_code == code)
    return db.session.scalar(sizes)


def history(code: str) -> list[tuple[str | None, str, str | None]]:
    parent = select(OrganisationParent).where(
        OrganisationParent.organisation_id == organisation(code).id
    )
    rows = db.session.scalars(parent.order_by(OrganisationParent.start_on)).all()
    names = {one.id: one.ods_code for one in db.session.scalars(select(Organisation))}
    return [
        (names[row.parent_id], f"{row.start_on}", f"{row.end_on}" if row.end_on else None)
        for row in rows
    ]
