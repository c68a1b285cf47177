"""A public form is not for programs: what is too quick, too much or filled in by one."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from linkwork.casework import floods
from linkwork.database import db
from linkwork.models import PublicAttempt
from tests.cast import Cast
from tests.conftest import Clock
from tests.pages import Reader
from tests.web.asking import ANSWERS, address, asked, opened, send, taking_part


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """A site where every PCN takes part."""
    yield from taking_part(make_app)


def test_what_is_sent_quicker_than_anybody_types_is_asked_about_and_kept(
    client: Reader, cast: Cast, clock: Clock
) -> None:
    started = opened(client, cast, clock)
    clock.advance(seconds=-58)
    quick = send(client, cast, clock, started=started)
    assert "That was very quick" in quick.text
    assert "I would like to meet people." in quick.text
    assert asked() == []
    clock.advance(seconds=5)
    assert send(client, cast, clock, started=started).status_code == 303


def test_a_form_from_no_page_of_ours_is_asked_about_once(
    client: Reader, cast: Cast, clock: Clock
) -> None:
    refused = send(client, cast, clock, started="made up")
    assert refused.status_code == 409
    found = re.search(r'name="started"[^>]*value="([^"]+)"', refused.text)
    assert found is not None
    clock.advance(seconds=5)
    assert send(client, cast, clock, started=found[1]).status_code == 303


def test_what_a_program_filled_in_is_kept_and_marked(
    client: Reader, cast: Cast, clock: Clock
) -> None:
    assert send(client, cast, clock, website="https://spam.example").status_code == 303
    assert asked()[0].suspect


def test_a_flood_from_one_address_is_slowed_and_loses_nothing_typed(
    client: Reader, cast: Cast, clock: Clock
) -> None:
    for number in range(floods.PER_ADDRESS):
        assert send(client, cast, clock, note=f"Number {number}").status_code == 303
    refused = send(client, cast, clock, note="One more")
    assert refused.status_code == 429
    assert "sent too often today" in refused.text
    assert "One more" in refused.text
    started = opened(client, cast, clock)
    data = {**ANSWERS, "started": started, "note": "Elsewhere"}
    elsewhere = {"REMOTE_ADDR": "192.0.2.9"}
    assert client.post(address(cast), data=data, environ_base=elsewhere).status_code == 303
    clock.advance(days=1, minutes=5)
    assert send(client, cast, clock, note="The day after").status_code == 303


def test_nothing_that_is_kept_of_a_network_address_says_which_it_was(
    client: Reader, cast: Cast, clock: Clock
) -> None:
    send(client, cast, clock)
    kept = {attempt.subject for attempt in db.session.scalars(select(PublicAttempt))}
    clock.advance(days=2)
    send(client, cast, clock, note="Later")
    later = {attempt.subject for attempt in db.session.scalars(select(PublicAttempt))}
    assert len(kept) == len(later) == 2
    assert not kept & later


def test_a_flood_from_many_addresses_closes_the_form_to_nobody_and_is_read_last(
    client: Reader, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floods, "PER_PCN", 2)
    started, statuses = opened(client, cast, clock), []
    for number in range(3):
        data = {**ANSWERS, "started": started, "note": f"Number {number}"}
        origin = {"REMOTE_ADDR": f"192.0.2.{number}"}
        statuses.append(client.post(address(cast), data=data, environ_base=origin).status_code)
    elsewhere = {**ANSWERS, "started": started, "note": "In another PCN"}
    origin = {"REMOTE_ADDR": "192.0.2.9"}
    client.post(f"/ask/at/{cast.quay.key}?who=me", data=elsewhere, environ_base=origin)
    assert statuses == [303, 303, 303]
    assert [found.suspect for found in asked()] == [False, False, True, False]


def test_nobody_in_danger_is_refused(
    client: Reader, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floods, "PER_ADDRESS", 1)
    assert send(client, cast, clock).status_code == 303
    assert send(client, cast, clock, note="Once more").status_code == 429
    danger = {"note": "I want to end it all.", "warned": "yes"}
    assert send(client, cast, clock, **danger).status_code == 303
    assert [(found.crisis, found.suspect) for found in asked()] == [(False, False), (True, True)]


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("unknown", "unknown", True),
    ],
)
def test_one_household_is_one_network(one: str, other: str, *, same: bool) -> None:
    assert (floods._networks(one) == floods._networks(other)) is same


def test_a_sender_with_many_networks_of_its_own_is_slowed_too(
    client: Reader, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(floods, "PER_SITE_OF_IPV6", 2)
    started, statuses = opened(client, cast, clock), []
    for number, network in enumerate(("0:1", "0:2", "0:3", "1:1")):
        data = {**ANSWERS, "started": started, "note": f"Number {number}"}
        origin = {"REMOTE_ADDR": f"2001:db8:{network}::1"}
        statuses.append(client.post(address(cast), data=data, environ_base=origin).status_code)
    assert statuses == [303, 303, 429, 303]
