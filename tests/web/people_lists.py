"""Lists of people for tests of the pages that refer them: as EMIS writes them, and sent."""

import csv
import io
from datetime import date
from typing import Any

from sqlalchemy import func, select

from linkwork.database import db
from linkwork.models import SupportCase
from tests import cast as make
from tests.cast import Cast
from tests.pages import Reader, read

BORN = date(1951, 3, 12)
HEADERS = [
    "NHS Number",
    "Family Name",
    "Calling Name",
    "Date of Birth",
    "Gender",
    "Postcode",
    "Mobile Telephone",
    "Usual GP's Organisation Code",
]
FIRST, SECOND, THIRD = "9990000018", "9990000026", "9990000034"


def row(cast: Cast, **changes: str) -> list[str]:
    usual = {
        "nhs": FIRST,
        "family": "Pike",
        "name": "Ada",
        "born": "12/3/1951",
        "gender": "Female",
        "postcode": "M1 6AB",
        "mobile": "07700 900123",
        "practice": cast.birch.ods_code or "",
    }
    return [*{**usual, **changes}.values()]


def emis(*rows: list[str], headers: list[str] = HEADERS) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Loneliness search"])
    writer.writerow(["Last run: 18-Nov-2026"])
    writer.writerow([])
    writer.writerow(headers)
    writer.writerows(rows)
    return text.getvalue().encode()


def upload(client: Reader, content: bytes, name: str = "search.csv") -> Any:
    return client.post("/people/import", data={"file": (io.BytesIO(content), name)})


def columns(client: Reader, address: str, **changes: str) -> Any:
    codes = [
        "nhs_number",
        "family_name",
        "preferred_name",
        "date_of_birth",
        "gender",
        "postcode",
        "mobile",
        "practice_code",
    ]
    data = {f"column-{place}": code for place, code in enumerate(codes)}
    return client.post(address, data={**data, "place": "", **changes})


def preview_of(client: Reader, content: bytes) -> str:
    """Upload a list, confirm its columns where that is asked, and return the address of it."""
    address: str = upload(client, content).location
    return columns(client, address).location if address.endswith("/columns") else address


def confirm(client: Reader, address: str, **changes: str) -> Any:
    data = {
        "source": "gp",
        "referrer_name": "Dr Rao",
        "note": "Lonely since the move.",
        "consented": "y",
        "share": "y",
    }
    return client.post(address, data={**data, **changes})


def page_of(client: Reader, address: str) -> str:
    return read(client.get(address).text).text


def number_of(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def somebody_known(pcn: Any, worker: Any = None, **facts: Any) -> SupportCase:
    """Ada Pike, as the usual row of a list has her, with a case at a PCN."""
    person = make.person("Ada", "Pike", date_of_birth=BORN, **{"nhs_number": FIRST, **facts})
    return make.case(pcn, worker=worker, person=person)
