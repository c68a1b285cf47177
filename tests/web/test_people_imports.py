"""People out of a search of a GP system, on the pages that refer them."""

import csv
import io
from typing import Any

from sqlalchemy import func, select

from linkwork.database import db
from linkwork.models import (
    PeopleImport,
    Referral,
)
from tests import cast as make
from tests.cast import Cast
from tests.pages import Reader

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


def test_everybody_on_a_search_is_referred_at_once(client: Reader, cast: Cast) -> None:
    make.sign_in(client, cast.amina)
    other = row(cast, nhs=SECOND, family="Lund", name="Bo", born="1950-01-02")
    address = preview_of(client, emis(row(cast), other))
    page = client.get(address).text
    assert "Ada Pike" in page
    assert "Bo Lund" in page
    assert confirm(client, address).location == "/cases/waiting"
    found = db.session.scalars(select(Referral).order_by(Referral.id)).all()
    assert [one.person.name for one in found] == ["Ada Pike", "Bo Lund"]
    assert [(one.source, one.practice, one.note) for one in found] == [
        ("gp", cast.birch, "Lonely since the move.")
    ] * 2
    assert {one.case.organisation for one in found} == {cast.northside}
    assert all(one.consented_at and one.case.accepted_at is None for one in found)
    assert db.session.scalar(select(func.count()).select_from(PeopleImport)) == 0
