"""The pages of the directory: found, read, corrected, brought in."""

from typing import Any

import pytest

from linkwork.database import db
from linkwork.models import Location, Service, ServiceAtLocation, ServiceKind, service_text
from tests import cast as the
from tests.cast import sign_in
from tests.pages import Page, Reader, read

HOSTILE = "<img src=x onerror=alert(1)> O’Neill’s"


@pytest.fixture
def editor(client: Reader, cast: Any) -> Reader:
    sign_in(client, cast.editor)
    return client


@pytest.fixture
def reader(client: Reader, cast: Any) -> Reader:
    sign_in(client, cast.peer_coordinator)
    return client


def service(name: str = "Choir", **facts: Any) -> Service:
    made = the.service(name, **facts)
    service_text.reindex([made.id])
    db.session.commit()
    return made


def typed(made: Service, **changes: Any) -> dict[str, Any]:
    """What the edit form sends for this service."""
    usual = {
        "version": made.version,
        "name": made.name,
        "kind": "activity",
        "running": "active",
        "listed": "y",
        **dict.fromkeys(("gender", "referral_route", "capacity_status"), ""),
        "once": "a-form",
    }
    return {**usual, **changes}


def test_the_directory_lists_what_there_is(reader: Reader) -> None:
    service(HOSTILE)
    page = reader.page("/services")
    assert "1 activity found" in page.text
    assert HOSTILE in page.text
    for words in ("Times not stated", "Place not stated", "Cost not stated", "Never checked"):
        assert words in page.text


def test_nothing_found_says_what_to_do(reader: Reader) -> None:
    service()
    page = reader.page("/services?words=trampoline")
    assert "No activity fits all of this" in page.text
    assert "Show every activity" in page.text


def test_filters_are_in_the_address_and_each_can_be_removed(reader: Reader) -> None:
    made = service(needs=["loneliness"])
    place = Location(latitude=53.46, longitude=-2.21, city="Harrowfield")
    made.places_at = [ServiceAtLocation(location=place)]
    page = reader.page("/services?words=choir&need=loneliness&postcode=m14+5aa&miles=5&age=70")
    assert "1 activity found" in page.text
    assert "Within 5 miles of M14" in page.text
    assert "/services?words=choir&postcode=M14&miles=5&age=70" in page.values
    assert "/services?words=choir&need=loneliness&age=70" in page.values


def test_a_full_postcode_does_not_travel_on(reader: Reader) -> None:
    for number in range(30):
        made = service(f"Club {number}")
        made.places_at = [ServiceAtLocation(location=Location(latitude=53.46, longitude=-2.2))]
    page = reader.page("/services?postcode=M14+5AA")
    assert any("page=2" in address for address in page.values)
    assert not any("5AA" in address for address in page.values)


@pytest.mark.parametrize(
    "query",
    [
        "need=x&day=x&kind=x&channel=x&freshness=x&miles=x&age=x&page=x",
        "age=-1&page=-5&miles=5",
        "page=99999999999999999999",
        "postcode=nowhere",
        "words=%F0%9F%98%80%22%27%3B--",
        "words=" + "x" * 3000,
    ],
)
def test_an_address_somebody_made_up_is_answered(reader: Reader, query: str) -> None:
    service()
    assert reader.get(f"/services?{query}").status_code == 200


def test_an_unknown_postcode_says_what_to_enter(reader: Reader) -> None:
    assert "We do not know this postcode" in reader.page("/services?postcode=XX99").text


def test_unlisted_activities_are_for_editors(client: Reader, cast: Any) -> None:
    made = service(listed=False)
    sign_in(client, cast.peer_coordinator)
    assert "0 activities found" in client.page("/services?everything=1").text
    assert client.get(f"/services/{made.key}").status_code == 404
    sign_in(client, cast.editor)
    assert "Unlisted" in client.page("/services?everything=1").text
    assert "Unlisted" in client.page(f"/services/{made.key}").text


def test_an_activity_is_read_with_what_is_known_of_it(reader: Reader) -> None:
    made = service(HOSTILE, description=HOSTILE, url="https://choir.example", phone="01632 960100")
    page = reader.page(f"/services/{made.key}")
    assert page.text.count(HOSTILE) >= 2
    assert "https://choir.example" in page.values
    assert "Place not stated" in page.text
    assert "Edit" not in page.text


def test_only_addresses_of_the_web_are_links(reader: Reader) -> None:
    made = service(url="javascript:alert(1)")
    answer = reader.get(f"/services/{made.key}").text
    assert "javascript:" not in answer
    assert "No website" in answer


def test_a_correction_is_saved_and_shown(editor: Reader) -> None:
    made = service()
    changes = {"name": "Evening choir", "needs": ["low_mood"], "kind": "course", "places": "6"}
    answer = editor.post(f"/services/{made.key}/edit", data=typed(made, **changes))
    assert answer.location == f"/services/{made.key}"
    db.session.expire_all()
    assert (made.name, made.needs, made.places) == ("Evening choir", ["low_mood"], 6)
    assert made.kind is ServiceKind.COURSE
    assert made.edited_fields == ["kind", "name", "needs", "places"]
    page = editor.page(f"/services/{made.key}")
    assert "Your changes are saved." in page.text


def test_what_is_wrong_is_said_and_what_was_typed_stays(editor: Reader) -> None:
    made = service()
    changes = {"url": "javascript:alert(1)", "minimum_age": "old", "ends_on": "soon", "name": ""}
    answer = editor.post(
        f"/services/{made.key}/edit", data=typed(made, description="Long words.", **changes)
    )
    page: Page = read(answer.text)
    assert answer.status_code == 422
    assert page.titles[0].startswith("Error: ")
    assert "Enter a name." in page.text
    assert "begins with https://" in page.text
    assert "Long words." in page.text


def test_ages_that_contradict_each_other_are_refused(editor: Reader) -> None:
    made = service()
    answer = editor.post(
        f"/services/{made.key}/edit", data=typed(made, minimum_age="60", maximum_age="18")
    )
    assert answer.status_code == 409
    assert "is above the oldest" in answer.text


def test_a_second_editor_keeps_their_words_sees_the_others_and_can_save(editor: Reader) -> None:
    made = service(description="Old words.")
    late = typed(made, description="My words.")
    first = typed(made, name="Chorus", once="first", description="Old words.")
    assert editor.post(f"/services/{made.key}/edit", data=first).status_code == 303
    answer = editor.post(f"/services/{made.key}/edit", data=late)
    page = read(answer.text)
    assert answer.status_code == 409
    assert "Somebody else changed this activity" in page.text
    assert "What the directory says now" in page.text
    assert "My words." in page.text
    assert "Chorus" in page.text
    db.session.expire_all()
    again = {**late, "version": made.version, "once": "again"}
    assert editor.post(f"/services/{made.key}/edit", data=again).status_code == 303
    db.session.expire_all()
    assert (made.name, made.description) == ("Choir", "My words.")


def test_still_right_and_off_the_list_take_one_press(editor: Reader) -> None:
    made = service()
    for verb in ("verify", "unlist", "unlist", "relist"):
        assert editor.post(f"/services/{made.key}/{verb}").status_code == 303
    db.session.expire_all()
    assert made.verified_at is not None
    assert made.listed


@pytest.mark.parametrize("path", ["edit", "verify", "unlist", "relist"])
def test_only_editors_may_correct(reader: Reader, path: str) -> None:
    made = service()
    assert reader.post(f"/services/{made.key}/{path}").status_code == 403
