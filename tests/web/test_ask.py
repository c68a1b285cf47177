"""Asking for a link worker without an account: kindly, once, and alike whoever it is about."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from linkwork.database import db
from linkwork.models import Notification, Person, Referral
from tests import cast as make
from tests.cast import Cast
from tests.conftest import Clock
from tests.pages import Reader, read
from tests.statements import at_once
from tests.web.asking import ANSWERS, address, asked, opened, send, taking_part

HOSTILE = "<img src=x onerror=alert(1)> O'Brien 😀 مرحبا"


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """A site where every PCN takes part."""
    yield from taking_part(make_app)


def test_danger_is_asked_about_before_anything_else(client: Reader, cast: Cast) -> None:
    text = client.page("/ask/").text
    for words in ("Is anybody in danger now?", "999", "111", "Samaritans", "116 123", "I do"):
        assert words in text


def test_a_site_that_takes_no_part_says_where_to_ask(
    app: Flask, client: Reader, cast: Cast
) -> None:
    app.config["PUBLIC_REFERRALS"] = ""
    assert "Ask at your GP practice" in client.page("/ask/").text
    assert client.get(address(cast)).status_code == 404


def test_only_the_pcns_of_the_setting_take_part(app: Flask, client: Reader, cast: Cast) -> None:
    app.config["PUBLIC_REFERRALS"] = f" {cast.southside.ods_code} "
    assert client.get(address(cast)).status_code == 404
    assert client.get(f"/ask/at/{cast.quay.key}").status_code == 200
    assert client.get(f"/ask/at/{cast.board.key}").status_code == 404


def test_a_practice_is_found_by_its_name_or_a_postcode_near_it(client: Reader, cast: Cast) -> None:
    cast.quay.postcode = "ZZ1 2AB"
    for words in ("birch road", "Birch surg", "BIRCH"):
        found = client.post("/ask/place?who=me", data={"words": words})
        assert f"/ask/at/{cast.birch.key}" in found.text
        assert cast.quay.key not in found.text
    near = client.post("/ask/place?who=me", data={"words": "zz1 1aa"}).text
    assert cast.quay.key in near
    nowhere = client.post("/ask/place", data={"words": "Nowhere"})
    assert "We found no practice" in nowhere.text
    assert cast.northside.key in nowhere.text
    assert client.post("/ask/place", data={"words": " - "}).status_code in {409, 422}


def test_a_request_is_kept_apart_from_every_record_and_confirmed(
    client: Reader, cast: Cast, clock: Clock
) -> None:
    answer = send(client, cast, clock, reasons=["loneliness"])
    assert (answer.status_code, answer.location) == (303, "/ask/sent")
    [kept] = asked()
    assert (kept.organisation, kept.practice) == (cast.northside, cast.birch)
    assert (kept.name, kept.share_with_gp, kept.reasons) == ("Rosa Quill", False, ["loneliness"])
    text = client.page("/ask/sent").text
    assert kept.reference in text
    assert "Rosa" not in text
    assert kept.key not in text
    assert db.session.scalar(select(func.count()).select_from(Referral)) == 0
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


def test_the_answer_is_the_same_whoever_is_known(client: Reader, cast: Cast, clock: Clock) -> None:
    born = "12/3/1951"
    make.case(cast.northside, person=make.person("Ada", "Known", nhs_number="9990000018"))
    pages = []
    for first, last in (("Ada", "Known"), ("Zara", "Unknown")):
        answer = send(client, cast, clock, given_name=first, family_name=last, date_of_birth=born)
        pages.append((answer.status_code, answer.location, client.page("/ask/sent").text))
    references = [kept.reference for kept in asked()]
    plain = [
        (status, to, text.replace(reference, ""))
        for (status, to, text), reference in zip(pages, references, strict=True)
    ]
    assert plain[0] == plain[1]


def test_pressing_twice_asks_once(client: Reader, cast: Cast, clock: Clock) -> None:
    started = opened(client, cast, clock)
    first, second = (send(client, cast, clock, started=started) for _ in range(2))
    assert first.location == second.location
    assert len(asked()) == 1


def test_two_presses_at_the_same_moment_ask_once(
    client: Reader, cast: Cast, clock: Clock, make_app: Callable[..., Flask]
) -> None:
    data = {**ANSWERS, "started": opened(client, cast, clock)}
    where = address(cast)

    def press(window: Flask) -> int:
        return window.test_client().post(where, data=data).status_code

    def another() -> Flask:
        return make_app(PUBLIC_REFERRALS="all")

    assert at_once(another, press, press) == [303, 303]
    assert len(asked()) == 1


def test_the_same_text_again_is_not_kept_twice(client: Reader, cast: Cast, clock: Clock) -> None:
    send(client, cast, clock)
    send(client, cast, clock, once="another", note="I would  like to meet people. ")
    assert len(asked()) == 1
    clock.advance(days=8)
    send(client, cast, clock, once="another")
    assert len(asked()) == 2


def test_words_of_danger_show_where_to_turn_and_keep_what_was_typed(
    client: Reader, cast: Cast, clock: Clock
) -> None:
    words = "I want to kill myself."
    stopped = send(client, cast, clock, note=words)
    page = read(stopped.text)
    assert stopped.status_code == 200
    assert "Please stop for a moment" in page.text
    assert "116 123" in page.text
    assert words in page.text
    assert asked() == []
    assert 'name="warned" type="hidden" value="yes"' in stopped.text
    assert send(client, cast, clock, note=words, warned="yes").status_code == 303
    assert asked()[0].crisis


def test_whoever_works_there_is_told_and_of_danger_at_once(
    client: Reader, cast: Cast, clock: Clock
) -> None:
    send(client, cast, clock)
    send(client, cast, clock, note="I want to kill myself.", warned="yes")
    told = {(n.user.name, n.kind.value) for n in db.session.scalars(select(Notification))}
    names = {"Amina Okafor", "Ben Harte", "Sunita Rao"}
    kinds = {"public_request", "public_danger"}
    assert told == {(name, kind) for name in names for kind in kinds}


def test_somebody_who_cares_says_who_they_are_and_that_it_is_agreed(
    client: Reader, cast: Cast, clock: Clock
) -> None:
    refused = send(client, cast, clock, "family", consented=None)
    text = read(refused.text).text
    for sentence in ("Type your name.", "Type who you are to them.", "ask them first"):
        assert sentence in text
    mine = {"referrer_name": "Ada Quill", "referrer_relation": "Sister"}
    assert send(client, cast, clock, "family", **mine).status_code == 303
    [kept] = asked()
    assert (kept.source, kept.referrer_name, kept.referrer_relation) == (
        "family",
        "Ada Quill",
        "Sister",
    )


def test_another_service_says_where_it_works(client: Reader, cast: Cast, clock: Clock) -> None:
    assert "Type where you work." in send(client, cast, clock, "work").text
    typed = {"referrer_name": "Bo Kay", "referrer_relation": "Moorvale Council, housing"}
    assert send(client, cast, clock, "work", **typed).status_code == 303
    assert asked()[0].source == "other_agency"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"given_name": " "}, "Type the first name."),
        ({"family_name": "x" * 101}, "Shorten"),
        ({"date_of_birth": ""}, "Type the date of birth"),
        ({"date_of_birth": "12/3/1850"}, "within the last 120 years"),
        ({"phone": "ring the bell"}, "Type one phone number"),
        ({"email": "rosa at home"}, "Type an email address"),
        ({"postcode": "nowhere"}, "Type a postcode like"),
        ({"note": ""}, "Tick a box above, or write here"),
        ({"share": None}, "Choose yes or no."),
        ({"consented": None}, "Tick that the person agrees."),
        ({"reasons": ["nothing"]}, "not"),
    ],
)
def test_what_is_missing_says_so_and_keeps_the_rest(
    client: Reader, cast: Cast, clock: Clock, typed: dict[str, Any], sentence: str
) -> None:
    refused = send(client, cast, clock, safe_to_contact=HOSTILE, **typed)
    page = read(refused.text)
    assert refused.status_code == 422
    assert sentence in page.text
    assert page.titles[0].startswith("Error: ")
    assert HOSTILE in [f.get("value") for f in page.fields]
    assert asked() == []


def test_somebody_without_phone_email_or_address_is_told_what_to_do(
    client: Reader, cast: Cast, clock: Clock
) -> None:
    send(client, cast, clock, phone=None)
    assert "We do not know how to reach you." in client.page("/ask/sent").text


def test_the_confirmation_shows_nothing_to_anybody_else(
    app: Flask, client: Reader, cast: Cast, clock: Clock
) -> None:
    send(client, cast, clock)
    assert app.test_client().get("/ask/sent").location == "/ask/"


@given(words=st.text(max_size=60), born=st.text(max_size=12), started=st.text(max_size=20))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_typed_is_kept_or_answered_with_a_sentence(
    client: Reader, cast: Cast, clock: Clock, words: str, born: str, started: str
) -> None:
    client.inspecting = False  # what was typed may look like a fault of ours
    names = ("given_name", "note", "address", "safe_to_contact", "website", "once")
    typed = {**dict.fromkeys(names, words), "date_of_birth": born or "1/1/1950"}
    answer = client.post(address(cast), data={**ANSWERS, **typed, "started": started})
    assert answer.status_code in {200, 303, 409, 422, 429}
