"""What several lists share is changed by the list that had it first, and emptied by none."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from linkwork.database import db
from linkwork.exchange.import_report import ImportReport
from linkwork.models import Location, Provider, Service, TaxonomyTerm
from tests.cast import Cast
from tests.exchange.feeds import bring_in, key, service

LINE = "32 Other Road"


def other(number: int, **by: Any) -> dict[str, Any]:
    """A service that names the places and providers of ``service(1)`` and says other things."""
    made = service(number)
    made["organization"] |= {"name": "Somebody else", "email": "taken@elsewhere.example", **by}
    place = made["service_at_locations"][0]["location"]
    place |= {"name": "Elsewhere", "latitude": 53.5, "longitude": -2.3, "accessibility": []}
    place["addresses"] = [{"address_1": LINE, "postal_code": "ZZ2 3FY"}]
    made["attributes"][0]["taxonomy_term"]["description"] = "Said elsewhere"
    return made


def shared() -> tuple[Any, ...]:
    place, by = (
        db.session.scalars(select(Location)).one(),
        db.session.scalars(select(Provider)).one(),
    )
    term = db.session.scalars(select(TaxonomyTerm)).one()
    return by.name, by.email, place.name, place.address, place.latitude, term.description


def bring(folder: Path, *rows: dict[str, Any], source: str) -> ImportReport:
    report = bring_in(folder, *rows, source=source)
    db.session.expire_all()
    return report


def test_another_list_changes_nothing_of_what_it_shares(app: Flask, tmp_path: Path) -> None:
    bring(tmp_path, service(1), source="First")
    before = shared()
    report = bring(tmp_path, other(2), source="Second")
    assert shared() == before
    assert {one.field for one in report.warnings} >= {"organization", "location"}
    assert "“First”" in report.warnings[0].reason
    # Not when it comes again with something new, either.
    report = bring(tmp_path, other(2, website="https://elsewhere.example"), source="Second")
    assert shared() == before
    assert report.changed == 0


def test_the_list_that_had_it_first_goes_on_to_change_it(app: Flask, tmp_path: Path) -> None:
    bring(tmp_path, service(1), source="First")
    bring(tmp_path, service(2), source="Second")
    assert bring(tmp_path, other(1), source="First").changed == 1
    assert shared()[:4] == ("Somebody else", "taken@elsewhere.example", "Elsewhere", LINE)


def test_a_list_changes_nothing_of_what_was_made_here(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    bring(tmp_path, service(1), source="First")
    found = db.session.scalar(select(Service).where(Service.key == key(1)))
    assert found is not None
    found.source = None
    db.session.commit()
    before = shared()
    report = bring(tmp_path, other(2), source="Second")
    assert shared() == before
    assert "made here" in report.warnings[0].reason


def named(number: int, **by: Any) -> dict[str, Any]:
    return service(number, organization={"name": "Green Fingers", **by})


@pytest.mark.parametrize("at_once", [True, False])
def test_who_is_known_by_name_keeps_what_a_poorer_row_does_not_say(
    app: Flask, tmp_path: Path, at_once: bool
) -> None:
    rows = [named(1, website="https://green.example"), named(2, email="hello@green.example")]
    for some in [rows] if at_once else [rows[:1], rows]:
        bring(tmp_path, *some, source="Clubs")
    by = db.session.scalars(select(Provider)).one()
    assert (by.url, by.email) == ("https://green.example", "hello@green.example")


def test_what_a_list_itself_no_longer_says_of_its_own_row_goes(app: Flask, tmp_path: Path) -> None:
    by = service(1)["organization"]
    bring(tmp_path, service(1, organization={**by, "email": "a@green.example"}), source="First")
    bring(tmp_path, service(1), source="First")
    assert db.session.scalars(select(Provider.email)).one() is None
