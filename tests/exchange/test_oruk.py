"""Each row goes in with what can be used of it, or is left out with its reason."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from linkwork.database import db
from linkwork.models import CapacityStatus, Location, Provider, Service, ServiceKind
from tests.exchange.feeds import AT, ON, bring_in, key, service

NAMES = (
    "id name status description url email phones number contacts fees minimum_age maximum_age "
    "assured_date last_modified languages organization schedules freq interval byday dtstart "
    "opens_at closes_at cost_options option amount currency service_areas attributes "
    "taxonomy_term service_at_locations location latitude longitude addresses postal_code "
    "accessibility linkwork kind needs audience places verified_days_ago ends_in_days x"
).split()


def stored(number: int = 1) -> Service:
    found = db.session.scalar(select(Service).where(Service.key == key(number)))
    assert found is not None
    return found


def how_many() -> int:
    return db.session.scalar(select(func.count()).select_from(Service)) or 0


@pytest.mark.parametrize(
    ("facts", "field", "reason"),
    [
        ({"id": None}, "id", "is missing."),
        ({"id": "17"}, "id", "“17” is not a UUID."),
        ({"id": {"a": 1}}, "id", "is not a UUID."),
        ({"name": " "}, "name", "is missing."),
        ({"name": "N/A"}, "name", "is missing."),
        ({"name": ["a"]}, "name", "is missing."),
        ({"name": "x" * 301}, "name", "has more than 300 characters."),
        ({"status": None}, "status", "is missing."),
        ({"status": "sleeping"}, "status", "“sleeping” is not one of active, inactive, "),
    ],
)
def test_a_row_that_cannot_be_used_says_where_and_why(
    app: Flask, tmp_path: Path, facts: dict[str, Any], field: str, reason: str
) -> None:
    report = bring_in(tmp_path, service(1), service(2, **facts), service(3))
    (row,) = report.quarantined
    assert (row.position, row.field, how_many()) == (2, field, 2)
    assert reason in row.reason


def test_a_row_that_is_no_object_or_came_before_is_left_out(app: Flask, tmp_path: Path) -> None:
    report = bring_in(tmp_path, service(1), "text", None, [], service(1, name="Twice"))
    assert [row.position for row in report.quarantined] == [2, 3, 4, 5]
    assert report.quarantined[-1].reason == "was already in this file."
    assert stored().name == "Allotment 1"


def test_a_row_larger_than_any_service_is_left_out(app: Flask, tmp_path: Path) -> None:
    report = bring_in(tmp_path, service(1, schedules=[{}] * 30_000), service(2))
    assert (report.added, report.quarantined[0].reason) == (
        1,
        "holds more values than any service has.",
    )


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"schedules": [{"opens_at": "25 o’clock"}]}, "schedules[0].opens_at"),
        ({"schedules": [{"byday": "Sometimes"}]}, "schedules[0].byday"),
        ({"schedules": "Tuesdays"}, "schedules"),
        ({"schedules": [7]}, "schedules[0]"),
        ({"cost_options": [{"amount": "a fiver"}]}, "cost_options[0].amount"),
        ({"cost_options": [{"amount": -1}]}, "cost_options[0].amount"),
        ({"minimum_age": 131}, "minimum_age"),
        ({"minimum_age": 60, "maximum_age": 18}, "minimum_age"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "http://["}, "url"),
        ({"email": "nobody"}, "email"),
        ({"last_modified": "yesterday"}, "last_modified"),
        ({"description": {"en": "words"}}, "description"),
        ({"organization": []}, "organization"),
    ],
)
def test_a_part_that_cannot_be_used_costs_only_itself(
    app: Flask, tmp_path: Path, facts: dict[str, Any], field: str
) -> None:
    report = bring_in(tmp_path, service(**facts))
    assert (report.added, [row.field for row in report.warnings]) == (1, [field])
    assert stored().url is None


def test_blanks_and_the_words_for_nothing_are_nothing(app: Flask, tmp_path: Path) -> None:
    nothing = dict.fromkeys(("description", "url", "email", "fees", "minimum_age"), "NA")
    lists = dict.fromkeys(("schedules", "cost_options", "attributes", "languages"))
    report = bring_in(tmp_path, service(**nothing, **lists, organization=None))
    assert report.warnings == []
    found = stored()
    assert (found.description, found.url, found.minimum_age, found.provider) == (None,) * 4


def place(**facts: Any) -> dict[str, Any]:
    return {"service_at_locations": [{"location": {"location_type": "physical", **facts}}]}


def located() -> Location:
    (link,) = stored().places_at
    return link.location


def test_latitude_and_longitude_the_wrong_way_round_are_turned(app: Flask, tmp_path: Path) -> None:
    report = bring_in(tmp_path, service(**place(latitude=-2.21, longitude="53.46")))
    assert (located().latitude, located().longitude) == (53.46, -2.21)
    assert "wrong way round" in report.warnings[0].reason


def test_a_place_off_the_map_is_not_believed(app: Flask, tmp_path: Path) -> None:
    report = bring_in(tmp_path, service(**place(latitude=100, longitude=101)))
    assert (located().latitude, len(report.warnings)) == (None, 1)


def test_a_place_without_coordinates_is_put_where_its_postcode_is(
    app: Flask, tmp_path: Path
) -> None:
    bring_in(tmp_path, service(**place(latitude=0, longitude=0, addresses=[{"postal_code": "m1"}])))
    assert located().latitude == pytest.approx(53.48, abs=0.05)
    assert located().is_approximate


def test_what_we_have_no_column_for_is_kept(app: Flask, tmp_path: Path) -> None:
    bring_in(tmp_path, service(funding=[{"source": "Lottery"}], x_colour="green"))
    assert stored().raw == {"funding": [{"source": "Lottery"}], "x_colour": "green"}


def test_a_volunteers_own_number_does_not_become_the_activitys(app: Flask, tmp_path: Path) -> None:
    contacts = [
        {"name": "Ann", "phones": [{"number": "07700 900111"}]},
        {"title": "Enquiries", "phones": [{"number": "01632 960100"}]},
    ]
    bring_in(tmp_path, service(contacts=contacts))
    assert stored().phone == "01632 960100"


def test_links_with_one_identifier_for_all_still_come_in(app: Flask, tmp_path: Path) -> None:
    same = service(1)["service_at_locations"]
    report = bring_in(tmp_path, service(1), service(2, service_at_locations=same))
    assert report.added == 2
    assert len(stored(1).places_at) == len(stored(2).places_at) == 1
    assert db.session.scalar(select(func.count()).select_from(Provider)) == 1


OURS = {
    "kind": "peer_support",
    "needs": ["loneliness", "flying"],
    "capacity_status": "waitlist",
    "verified_days_ago": 21,
    "ends_in_days": -3,
    "listed": False,
}


def test_our_own_facts_are_believed_in_our_own_files_only(app: Flask, tmp_path: Path) -> None:
    bring_in(tmp_path, service(1, linkwork=OURS))
    assert (stored().kind, stored().verified_at, stored().listed) == (
        ServiceKind.ACTIVITY,
        None,
        True,
    )
    report = bring_in(tmp_path, service(2, linkwork=OURS), source="Ours", ours=True)
    found = stored(2)
    assert (found.kind, found.needs) == (ServiceKind.PEER_SUPPORT, ["loneliness"])
    assert found.capacity_status is CapacityStatus.WAITLIST
    assert (found.verified_at, found.ends_on) == (AT - timedelta(days=21), ON - timedelta(days=3))
    assert not found.listed
    assert [row.field for row in report.warnings] == ["linkwork.needs"]


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["2026-11-18", "10:30", "MO", "M1 1AA", "http://a.example", "1e999", "£3"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=12,
)


@given(facts=st.lists(st.dictionaries(st.sampled_from(NAMES), anything), min_size=1, max_size=4))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
def test_whatever_a_row_says_it_goes_in_or_is_left_out(
    app: Flask, tmp_path: Path, facts: list[dict[str, Any]]
) -> None:
    rows = [{**service(n), **odd} for n, odd in enumerate(facts, start=1)]
    report = bring_in(tmp_path, *rows, ours=True)
    assert report.added + report.quarantined_total == len(rows)
    again = bring_in(tmp_path, *rows, ours=True)
    assert (again.added, again.changed) == (0, 0)
    db.session.rollback()
