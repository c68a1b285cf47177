"""What is changed in an entry is in its history, and can be put back: columns and parts alike."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from linkwork.casework import service_changes, services
from linkwork.casework.service_changes import Changed
from linkwork.casework.service_facts import plain
from linkwork.database import db
from linkwork.errors import ChangedMeanwhile, RuleBroken
from linkwork.models import (
    AuditEntry,
    CostOption,
    Location,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceChange,
    service_text,
)
from tests import cast as the

AT = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
TUESDAY = {"freq": "WEEKLY", "byday": "TU", "opens_at": "10:00:00", "closes_at": "12:00:00"}
HALL = {"name": "Hall", "address": "1 Low Road", "postcode": "M14 5RX", "accessibility": ["Ramp"]}
PRICE = {"amount": "2.50", "currency": "GBP"}


def choir(**facts: Any) -> Service:
    made = the.service("Choir", source="Feed", **facts)
    service_text.reindex([made.id])
    return made


def change(made: Service, cast: Any, **facts: Any) -> ServiceChange:
    services.edit(made, facts, version=made.version, by=cast.editor, at=AT)
    db.session.flush()
    return newest()


def newest() -> ServiceChange:
    query = select(ServiceChange).order_by(ServiceChange.id.desc()).limit(1)
    return db.session.scalars(query).unique().one()


def test_an_activity_added_by_hand_is_whole_found_and_checked(cast: Any) -> None:
    facts = {
        "name": "Allotment",
        "provider": {"key": None, "name": "Green Fingers"},
        "schedules": [TUESDAY],
        "places_at": [HALL],
        "costs": [PRICE],
        "needs": ["loneliness"],
    }
    made = services.new(facts, by=cast.editor, at=AT)
    db.session.commit()
    assert (made.source, made.verified_at, made.verified_by_id) == (None, AT, cast.editor.id)
    assert (made.schedules[0].byday, made.costs[0].amount) == ("TU", Decimal("2.5"))
    place = made.places_at[0].location
    assert (place.postcode, place.is_approximate, place.latitude is not None) == (
        "M14 5RX",
        True,
        True,
    )
    assert len(made.key) == len(place.key) == 36
    assert list(service_text.matches("allotment green fingers", every=True)) == [made.id]
    assert newest().changes == {}
    events = db.session.scalars(select(AuditEntry.event)).all()
    assert "service.added" in events


def test_an_activity_without_a_name_is_not_added(cast: Any) -> None:
    with pytest.raises(RuleBroken, match="name"):
        services.new({"description": "Singing"}, by=cast.editor, at=AT)


def test_history_has_what_was_and_what_is_field_by_field(cast: Any) -> None:
    made = choir(phone="01632 960100")
    step = change(made, cast, phone="01632 960199", schedules=[TUESDAY], name="Choir")
    assert step.changes == {"phone": ["01632 960100", "01632 960199"], "schedules": [[], [TUESDAY]]}
    assert (step.by, step.at, step.source) == (cast.editor, AT, None)
    assert made.edited_fields == ["phone", "schedules"]


@pytest.mark.parametrize("name", ["schedules", "places_at", "costs"])
def test_a_change_of_a_part_alone_is_a_new_version(cast: Any, name: str) -> None:
    made = choir()
    facts = {"schedules": [TUESDAY], "places_at": [HALL], "costs": [PRICE]}
    change(made, cast, **{name: facts[name]})
    change(made, cast, **{name: []})
    assert made.version == 3
    with pytest.raises(ChangedMeanwhile):
        services.edit(made, {name: facts[name]}, version=2, by=cast.editor, at=AT)


def test_parts_are_put_back_as_they_were(cast: Any) -> None:
    made = choir()
    made.schedules = [
        Schedule(freq="WEEKLY", byday="FR", source_id="s1", valid_from=date(2026, 1, 2))
    ]
    made.costs = [CostOption(amount=Decimal("1.20"), currency="GBP")]
    hall = Location(name="Church hall", postcode="M14 5RX", latitude=53.4, longitude=-2.2)
    made.places_at = [ServiceAtLocation(location=hall)]
    db.session.flush()
    before = {name: plain(made, name) for name in ("schedules", "costs", "places_at")}
    step = change(made, cast, schedules=[TUESDAY], costs=[], places_at=[HALL])
    assert (hall.name, made.places_at[0].location is hall) == ("Church hall", False)
    db.session.expire_all()
    back = services.put_back(step, version=made.version, by=cast.editor, at=AT)
    db.session.commit()
    db.session.expire_all()
    assert back == {"schedules", "costs", "places_at"}
    after = {name: plain(made, name) for name in before}
    for place in (*before["places_at"], *after["places_at"]):
        del place["link_key"]
    assert after == before
    assert newest().puts_back_id == step.id


def test_what_says_again_what_the_feed_said_is_the_feeds_again(cast: Any) -> None:
    made = choir(phone="01632 960100")
    first = change(made, cast, phone="01632 960111")
    second = change(made, cast, phone="01632 960122", fees="£2")
    services.put_back(second, version=made.version, by=cast.editor, at=AT)
    assert (made.phone, made.fees, made.edited_fields) == ("01632 960111", None, ["phone"])
    made.source_digest = "of what the feed says by now"
    services.put_back(first, version=made.version, by=cast.editor, at=AT)
    assert (made.phone, made.edited_fields) == ("01632 960100", [])
    assert made.source_digest is None, "so that the next import reads what the feed says by now"
    with pytest.raises(RuleBroken, match="nothing to put back"):
        services.put_back(first, version=made.version, by=cast.editor, at=AT)


def test_a_field_is_given_back_to_its_list(cast: Any) -> None:
    made = choir(phone="01632 960100", source_digest="d")
    change(made, cast, phone="01632 960111")
    change(made, cast, phone="01632 960122")
    services.give_back(made, "phone", by=cast.editor, at=AT)
    assert (made.phone, made.edited_fields, made.source_digest) == ("01632 960100", [], None)
    with pytest.raises(RuleBroken, match="nothing to use instead"):
        services.give_back(made, "phone", by=cast.editor, at=AT)


def test_what_a_feed_brought_after_the_last_correction_is_what_it_says(cast: Any) -> None:
    made = choir(phone="01632 960100")
    change(made, cast, phone="01632 960111")
    step = Changed(made.id, {"phone": ("01632 960111", "01632 960133")})
    service_changes.record([step], at=AT, source="Feed")
    made.phone, made.edited_fields = "01632 960133", []
    change(made, cast, phone="01632 960144")
    services.give_back(made, "phone", by=cast.editor, at=AT)
    assert made.phone == "01632 960133"


def test_many_steps_are_written_at_once_and_read_in_pages(cast: Any) -> None:
    made = choir()
    steps = [Changed(made.id, {"fees": (None, str(n))}) for n in range(700)]
    service_changes.record([*steps, Changed(made.id, {})], at=AT, source="Feed")
    found = service_changes.of_service(made, number=2)
    assert (found.total, len(found.changes)) == (700, service_changes.PAGE)
    assert found.changes[0].changes == {"fees": [None, "669"]}


def test_an_entry_that_was_merged_away_is_not_edited(cast: Any) -> None:
    made = choir(merged_into_id=the.service("Chorus").id)
    with pytest.raises(RuleBroken, match="merged into another"):
        services.edit(made, {"phone": "1"}, version=1, by=cast.editor, at=AT)
