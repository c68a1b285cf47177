"""Providers are asked, answer by a link, and are neither asked too often nor believed blindly."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from linkwork.casework import service_checks, service_merges, service_words
from linkwork.casework.answers import Room
from linkwork.casework.shared_links import LinkOver
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import (
    AuditEntry,
    CapacityStatus,
    Mail,
    Service,
    ServiceChange,
    ServiceCheck,
    ServiceStatus,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

LATER = NOW + timedelta(days=1)
HOME = "choir@riverside.example"


def asked(cast: Cast, service: Service | None = None) -> ServiceCheck:
    return service_checks.ask(service or make.service(email=HOME), by=cast.editor, at=NOW)


def address(check: ServiceCheck) -> str:
    return f"https://linkwork.example/still-right/{service_checks.token(check)}"


def letters() -> list[Mail]:
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def test_what_a_provider_confirms_is_fresh_and_named_as_theirs(cast: Cast) -> None:
    service = make.service(verified_at=NOW - timedelta(days=300))
    service_checks.confirm(asked(cast, service), Room(), at=LATER)
    assert service_words.checked(service, on=TODAY).freshness == "fresh"
    assert (service.verified_at, service.verified_by_id) == (LATER, None)
    assert service.provider_said_at == LATER
    assert service.capacity_status is None, "they said nothing of their places"


def test_what_they_say_of_their_places_is_kept_and_stands_in_the_history(cast: Cast) -> None:
    check = asked(cast)
    service_checks.confirm(check, Room(CapacityStatus.WAITLIST, 0), at=LATER)
    assert check.service.places == 0
    steps = db.session.scalars(select(ServiceChange).order_by(ServiceChange.id)).all()
    assert "places" in steps[-1].changes


@pytest.mark.parametrize("places", [-1, 100_000])
def test_a_number_of_places_that_cannot_be_is_refused(cast: Cast, places: int) -> None:
    check = asked(cast)
    with pytest.raises(RuleBroken, match="from 0 to"):
        service_checks.confirm(check, Room(CapacityStatus.CAPACITY, places), at=LATER)
    assert check.confirmed_at is None


def test_what_has_changed_alters_nothing_until_an_editor_read_it(cast: Cast) -> None:
    check = asked(cast)
    before = check.service.verified_at
    service_checks.object_(check, "  We meet on Fridays now. ", at=LATER)
    assert list(service_checks.objections_to(check.service)) == [check]
    assert (check.words, check.service.verified_at) == ("We meet on Fridays now.", before)
    service_checks.settle(check, by=cast.editor, at=LATER)
    assert list(service_checks.objections_to(check.service)) == []
    service_checks.object_(check, "And in another hall.", at=LATER)
    assert list(service_checks.objections_to(check.service)) == [check], "said anew, read anew"


@pytest.mark.parametrize("words", ["", "   ", "x" * 1_001])
def test_nothing_and_too_much_are_refused(cast: Cast, words: str) -> None:
    with pytest.raises(RuleBroken, match="Say what has changed"):
        service_checks.object_(asked(cast), words, at=LATER)


def test_the_link_leads_back_to_its_check(cast: Cast) -> None:
    check = asked(cast)
    assert service_checks.follow(service_checks.token(check), at=LATER) is check


def test_an_altered_link_is_an_unknown_one(cast: Cast) -> None:
    given = service_checks.token(asked(cast))
    other = service_checks.token(asked(cast))
    for wrong in ("", "x", given[1:], given.split(".")[0] + "." + other.split(".")[1]):
        with pytest.raises(NotYours):
            service_checks.follow(wrong, at=LATER)


def test_a_link_ends_after_sixty_days_and_when_a_newer_is_made(cast: Cast) -> None:
    first = asked(cast)
    given = service_checks.token(first)
    service_checks.follow(given, at=NOW + timedelta(days=59))
    with pytest.raises(LinkOver):
        service_checks.follow(given, at=NOW + timedelta(days=60))
    second = service_checks.ask(first.service, by=cast.editor, at=LATER)
    with pytest.raises(LinkOver):
        service_checks.follow(given, at=LATER)
    assert service_checks.follow(service_checks.token(second), at=LATER) is second


def test_nobody_is_asked_about_what_is_closed_for_good_or_merged_away(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="closed for good"):
        asked(cast, make.service(status=ServiceStatus.DEFUNCT))
    kept, gone = make.service("Choir"), make.service("Chorus")
    check = asked(cast, gone)
    service_merges.merge(kept, gone, {}, by=cast.editor, at=NOW)
    with pytest.raises(RuleBroken, match="merged"):
        asked(cast, gone)
    service_checks.confirm(check, Room(), at=LATER)
    assert kept.verified_at == LATER, "an older link speaks of the entry that was kept"


def test_an_email_needs_an_address_and_a_mail_server(app: Any, cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="sends no emails"):
        service_checks.email(asked(cast), address, by=cast.editor, at=NOW)
    app.config["DEMO"] = True
    with pytest.raises(RuleBroken, match="no email address"):
        service_checks.email(asked(cast, make.service()), address, by=cast.editor, at=NOW)
    check = asked(cast)
    service_checks.email(check, address, by=cast.editor, at=NOW)
    [letter] = letters()
    assert (letter.to, check.emailed_at) == (HOME, NOW)
    assert service_checks.token(check) in (letter.body or "")


def test_an_email_that_is_asked_for_twice_at_once_goes_out_once(app: Any, cast: Cast) -> None:
    app.config["DEMO"] = True
    check = asked(cast)
    db.session.flush()
    assert check.emailed_at is None, "this request has read it, and then the other one sends it"
    quietly = {"synchronize_session": False}
    db.session.execute(update(ServiceCheck).values(emailed_at=NOW), execution_options=quietly)
    service_checks.email(check, address, by=cast.editor, at=NOW)
    assert letters() == []


def entries(name: str) -> int:
    db.session.commit()
    query = select(func.count()).where(AuditEntry.event == f"service.{name}")
    return db.session.scalar(query) or 0


def test_the_same_answer_once_more_on_one_day_changes_nothing(cast: Cast) -> None:
    check = asked(cast)
    for _ in range(3):
        service_checks.confirm(check, Room(), at=LATER)
        service_checks.object_(check, "Fridays now.", at=LATER)
    assert (entries("check_confirmed"), entries("check_objected")) == (1, 1)
    for places in (3, 3, 0, 0):
        service_checks.confirm(check, Room(CapacityStatus.CAPACITY, places), at=LATER)
    assert (entries("check_confirmed"), check.service.places) == (3, 0)
    service_checks.confirm(check, Room(), at=LATER + timedelta(days=1))
    assert entries("check_confirmed") == 4, "on another day it is news again"
    service_checks.settle(check, by=cast.editor, at=LATER)
    service_checks.object_(check, "Fridays now.", at=LATER)
    assert entries("check_objected") == 2, "what was looked at is still so"


def test_a_link_answers_fifty_times_and_then_no_more(cast: Cast) -> None:
    check = asked(cast)
    for number in range(25):
        service_checks.confirm(check, Room(CapacityStatus.CAPACITY, number), at=LATER)
        service_checks.object_(check, f"Friday the {number}.", at=LATER)
    with pytest.raises(RuleBroken, match="used too often"):
        service_checks.object_(check, "Saturday.", at=LATER)
    with pytest.raises(RuleBroken, match="used too often"):
        service_checks.confirm(check, Room(CapacityStatus.CAPACITY, 99), at=LATER)
    assert (check.words, check.service.places) == ("Friday the 24.", 24)


def test_the_calendar_asks_the_stalest_first_and_nobody_twice_in_a_month(
    app: Any, cast: Cast
) -> None:
    app.config["DEMO"] = True
    old, days = make.service("Old", email="old@riverside.example"), timedelta(days=1)
    old.verified_at = NOW - 200 * days
    make.service("Fresh", email=HOME, verified_at=NOW - 10 * days)
    make.service("No address", verified_at=None)
    make.service("Unlisted", email=HOME, listed=False)
    make.service("No such address", email="a, b@riverside.example")
    make.service("Never", email="never@riverside.example")
    assert service_checks.ask_those_due(address, at=NOW) == 2
    assert [letter.to for letter in letters()] == ["never@riverside.example", old.email]
    assert service_checks.ask_those_due(address, at=NOW + 29 * days) == 0
    assert service_checks.ask_those_due(address, at=NOW + 31 * days) == 2


def test_twenty_are_asked_on_one_day_however_often_one_asks(app: Any, cast: Cast) -> None:
    app.config["DEMO"] = True
    for number in range(23):
        make.service(f"Choir {number}", email=f"choir{number}@riverside.example")
    runs = [service_checks.ask_those_due(address, at=NOW) for _ in range(2)]
    assert runs == [20, 0]
    assert service_checks.ask_those_due(address, at=LATER) == 3


def test_without_email_the_calendar_asks_nobody(cast: Cast) -> None:
    make.service(email=HOME)
    assert service_checks.ask_those_due(address, at=NOW) == 0
    assert db.session.scalar(select(func.count()).select_from(ServiceCheck)) == 0


def test_every_step_leaves_an_entry_that_says_nothing_of_the_words(cast: Cast) -> None:
    check = asked(cast)
    service_checks.object_(check, "We meet on Fridays now.", at=LATER)
    service_checks.confirm(check, Room(), at=LATER)
    service_checks.settle(check, by=cast.editor, at=LATER)
    db.session.commit()
    told = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    events = [entry.event for entry in told if entry.event.startswith("service.check")]
    assert events == [f"service.check_{e}" for e in ("asked", "objected", "confirmed", "settled")]
    assert "Fridays" not in str([entry.details for entry in told])
