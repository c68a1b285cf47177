"""Adding and editing an activity: rows come and go without scripts, and nothing typed is lost."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from linkwork.casework import services
from linkwork.database import db
from linkwork.models import Provider, Service, ServiceChange, ServiceRemark, ServiceStatus
from tests import cast as the
from tests.cast import sign_in
from tests.conftest import NOW
from tests.pages import Page, Reader, read

# What is kept is asked on both engines: tests/casework/test_services.py.
pytestmark = pytest.mark.one_engine

TYPED: dict[str, Any] = {
    "name": "Allotment",
    "provider": "Green Fingers",
    "kind": "activity",
    "running": "active",
    "listed": "y",
    **dict.fromkeys(("gender", "referral_route", "capacity_status"), ""),
    "needs": ["loneliness", "low_mood"],
    "schedules-0-days": ["TU", "TH"],
    "schedules-0-often": "1",
    "schedules-0-opens_at": "10:00",
    "schedules-0-closes_at": "12:00",
    "schedules-1-days": "SA",
    "schedules-1-often": "month",
    "schedules-1-weeks": "1",
    "schedules-1-closed_on": "24/12/2026\n1/8/2027 to 31/8/2027",
    "places_at-0-name": "Long Row plots",
    "places_at-0-postcode": "m145rx",
    "places_at-0-access": "Step-free",
    "costs-0-kind": "price",
    "costs-0-amount": "£2.50",
    "costs-0-words": "each session",
    "languages": "Urdu, Punjabi",
    "once": "a-form",
}


@pytest.fixture
def editor(client: Reader, cast: Any) -> Reader:
    sign_in(client, cast.editor)
    return client


def only() -> Service:
    db.session.expire_all()
    return db.session.scalars(select(Service)).unique().one()


def values_of(html: str) -> dict[str, list[str]]:
    """What the form of a page would send, by name."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        ticked = not re.search(r'type="(checkbox|radio)"', tag) or " checked" in tag
        if name and ticked and name[1] not in ("csrf_token", "once"):
            found.setdefault(name[1], []).append(value[1] if value else "y")
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', html, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        found[name] = [chosen[1] if chosen else ""]
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', html, re.S):
        found[name] = [text.strip()]
    return found


def test_an_activity_is_added_with_its_sessions_places_and_costs(editor: Reader) -> None:
    answer = editor.post("/services/new", data=TYPED)
    made = only()
    assert answer.location == f"/services/{made.key}"
    assert [(one.freq, one.byday) for one in made.schedules] == [
        ("WEEKLY", "TU,TH"),
        ("MONTHLY", "1SA"),
    ]
    assert made.schedules[1].closed_on == ["2026-12-24", "2027-08-01/2027-08-31"]
    place = made.places_at[0].location
    assert (place.postcode, place.accessibility) == ("M14 5RX", ["Step-free"])
    assert (made.languages, made.needs) == (["Urdu", "Punjabi"], ["loneliness", "low_mood"])
    page = editor.page(f"/services/{made.key}")
    for words in ("Long Row plots", "£2.50 (each session)", "Green Fingers", "Checked today"):
        assert words in page.text


def test_saving_the_form_as_it_came_changes_nothing(editor: Reader) -> None:
    editor.post("/services/new", data=TYPED)
    made = only()
    html = editor.get(f"/services/{made.key}/edit").text
    assert editor.post(f"/services/{made.key}/edit", data=values_of(html)).status_code == 303
    assert (only().version, only().edited_fields) == (1, [])


def test_a_row_more_or_fewer_keeps_all_that_was_typed_and_saves_nothing(editor: Reader) -> None:
    more = editor.post("/services/new", data={**TYPED, "do": "schedules-add", "name": ""})
    page: Page = read(more.text)
    assert more.status_code == 200
    assert "Session 3" in page.text
    assert values_of(more.text)["schedules-1-closed_on"] == [TYPED["schedules-1-closed_on"]]
    fewer = editor.post("/services/new", data={**TYPED, "do": "schedules-remove-0"})
    kept = values_of(fewer.text)
    assert kept["schedules-1-days"] == ["SA"]
    assert "schedules-0-days" not in kept
    assert (kept["name"], kept["languages"]) == (["Allotment"], ["Urdu, Punjabi"])
    assert db.session.scalar(select(Service.id)) is None


@pytest.mark.parametrize("asked", ["costs-remove-0", "schedules-remove-99999", "x", "name-add"])
def test_a_button_nobody_made_saves_nothing_either(editor: Reader, asked: str) -> None:
    assert editor.post("/services/new", data={**TYPED, "do": asked}).status_code == 200
    assert db.session.scalar(select(Service.id)) is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": ""}, "Enter a name."),
        ({"schedules-1-weeks": []}, "Choose which of the month"),
        ({"schedules-0-days": []}, "Choose the days of this session."),
        ({"schedules-0-often": "2"}, "Enter the first day"),
        ({"schedules-0-closes_at": "10:00"}, "ends when it begins"),
        ({"schedules-1-closed_on": "whenever"}, "We could not read “whenever”"),
        ({"schedules-1-closed_on": "2/1/2027 to 1/1/2027"}, "ends before it begins"),
        ({"places_at-0-postcode": "nowhere"}, "Enter a real postcode"),
        ({"costs-0-amount": "two"}, "Enter an amount in pounds"),
        ({"costs-0-amount": ""}, "Enter the price"),
        ({"costs-0-kind": "words", "costs-0-words": ""}, "Say in words what it costs."),
        ({"closed_until": "2026-12-01"}, "Choose “Closed for a while”"),
        ({"languages": ", ".join(f"Word {n}" for n in range(50))}, "Give at most 40 names"),
    ],
)
def test_what_is_wrong_is_said_beside_all_that_was_typed(
    editor: Reader, changes: dict[str, Any], says: str
) -> None:
    answer = editor.post("/services/new", data={**TYPED, **changes})
    assert answer.status_code == 422
    assert says in read(answer.text).text
    kept = values_of(answer.text)
    for name in ("provider", "places_at-0-name", "schedules-0-opens_at"):
        assert kept[name] == [TYPED[name]]
    for name, value in changes.items():
        if value:
            assert kept[name] == [value]
    assert db.session.scalar(select(Service.id)) is None


def test_a_provider_with_nearly_the_name_is_asked_about(editor: Reader) -> None:
    known = Provider(name="Green Fingers Trust")
    db.session.add(known)
    db.session.commit()
    asked = editor.post("/services/new", data=TYPED)
    assert asked.status_code == 422
    assert "Choose who runs it" in read(asked.text).text
    chosen = {**TYPED, "provider_key": known.key, "once": "chosen"}
    assert editor.post("/services/new", data=chosen).status_code == 303
    assert only().provider is known


def test_the_provider_is_known_by_its_name_or_new(editor: Reader) -> None:
    for once, name in (("one", "Moor Trust"), ("two", "moor trust"), ("three", "Other")):
        sent = {**TYPED, "provider": name, "name": once, "once": once}
        assert editor.post("/services/new", data=sent).status_code == 303
    assert db.session.scalars(select(Provider.name).order_by(Provider.name)).all() == [
        "Moor Trust",
        "Other",
    ]


def test_two_editors_at_once_see_both_texts_of_the_sessions_too(editor: Reader) -> None:
    editor.post("/services/new", data=TYPED)
    made = only()
    late = values_of(editor.get(f"/services/{made.key}/edit").text)
    first = {**late, "schedules-0-opens_at": "11:00", "once": "first"}
    assert editor.post(f"/services/{made.key}/edit", data=first).status_code == 303
    late |= {"schedules-0-closes_at": "13:00", "once": "late"}
    answer = editor.post(f"/services/{made.key}/edit", data=late)
    page = read(answer.text)
    assert answer.status_code == 409
    assert "The directory now" in page.text
    assert "11am to 12 noon" in page.text
    assert "10am to 1pm" in page.text
    again = {**values_of(answer.text), "once": "again"}
    assert editor.post(f"/services/{made.key}/edit", data=again).status_code == 303
    assert str(only().schedules[0].closes_at) == "13:00:00"


def test_closed_for_a_while_and_ended_are_said_at_the_top(editor: Reader) -> None:
    editor.post("/services/new", data=TYPED)
    made = only()
    html = editor.get(f"/services/{made.key}/edit").text
    closed = {**values_of(html), "running": "temporarily closed", "closed_until": "2026-12-01"}
    editor.post(f"/services/{made.key}/edit", data={**closed, "alert": "The roof is mended."})
    assert only().status is ServiceStatus.TEMPORARILY_CLOSED
    text = editor.page(f"/services/{made.key}").text
    assert "opens again on 1 December 2026" in text
    assert "The roof is mended." in text


def test_history_is_read_and_a_change_put_back(editor: Reader, cast: Any) -> None:
    editor.post("/services/new", data=TYPED)
    made = only()
    services.edit(made, {"schedules": []}, version=1, by=cast.editor, at=NOW)
    step = db.session.scalars(select(ServiceChange).order_by(ServiceChange.id.desc())).first()
    assert step is not None
    db.session.commit()
    history = editor.page(f"/services/{made.key}/history")
    for words in ("Added", "Edith Vale", "Tuesdays and Thursdays, 10am to 12 noon", "Nothing"):
        assert words in history.text
    page = editor.page(f"/service-changes/{step.key}/put-back")
    assert "It will say" in page.text
    sent = {"version": only().version, "once": "x"}
    stale = editor.post(f"/service-changes/{step.key}/put-back", data={"version": 1, "once": "y"})
    assert stale.status_code == 409
    assert editor.post(f"/service-changes/{step.key}/put-back", data=sent).status_code == 303
    assert len(only().schedules) == 2
    assert "nothing to put back" in editor.page(f"/service-changes/{step.key}/put-back").text


def test_a_link_worker_says_what_is_wrong_and_an_editor_sees_it(client: Reader, cast: Any) -> None:
    made = the.service("Choir")
    sign_in(client, cast.amina)
    assert client.get(f"/services/{made.key}/history").status_code == 403
    assert client.post(f"/services/{made.key}/remark", data={"words": " "}).status_code == 422
    sent = {"words": "It moved to <b>Quay</b>", "once": "x"}
    assert client.post(f"/services/{made.key}/remark", data=sent).status_code == 303
    assert "Thank you" in client.page(f"/services/{made.key}").text
    sign_in(client, cast.editor)
    for address in (f"/services/{made.key}", "/service-remarks"):
        assert "It moved to <b>Quay</b>" in client.page(address).text
    remark = db.session.scalars(select(ServiceRemark)).unique().one()
    assert client.post(f"/service-remarks/{remark.key}/settle").status_code == 303
    assert "Nothing waits" in client.page("/service-remarks").text


def test_two_entries_are_merged_side_by_side_and_parted(client: Reader, cast: Any) -> None:
    one, other = the.service("Choir", phone="1"), the.service("Choir", phone="2", fees="£2")
    sign_in(client, cast.editor)
    assert "Choir" in client.page("/services/duplicates").text
    address = f"/services/{one.key}/same-as/{other.key}"
    assert "What is right?" in client.page(address).text
    assert client.post(address, data={"phone": "other", "fees": "other"}).status_code == 303
    db.session.expire_all()
    assert (one.phone, one.fees, other.listed) == ("2", "£2", False)
    assert client.get(f"/services/{other.key}").location == f"/services/{one.key}"
    page = client.page(f"/services/{one.key}")
    assert "was merged into this" in page.text
    undo = next(v for v in page.values if v.startswith("/service-merges/"))
    assert "Part these two entries again?" in client.page(undo).text
    assert client.post(undo).status_code == 303
    db.session.expire_all()
    assert (one.phone, one.fees, other.listed) == ("1", None, True)
    assert client.post(f"/services/{one.key}/not-same-as/{other.key}").status_code == 303
    assert "No two activities look alike" in client.page("/services/duplicates").text


def test_a_correction_is_given_back_to_its_list(client: Reader, cast: Any) -> None:
    made = the.service("Choir", phone="1", source="Feed")
    services.edit(made, {"phone": "2"}, version=1, by=cast.editor, at=NOW)
    sign_in(client, cast.editor)
    assert "Use what the list says" in client.page(f"/services/{made.key}").text
    assert client.post(f"/services/{made.key}/give-back/phone").status_code == 303
    assert client.post(f"/services/{made.key}/give-back/phone").status_code == 409
    db.session.expire_all()
    assert (made.phone, made.edited_fields) == ("1", [])


def test_words_are_read_into_the_boxes_and_shown_back(editor: Reader) -> None:
    sent = {**TYPED, "schedules-1-words": "Fridays 2pm to 4pm and Saturdays 10am to 12 noon"}
    answer = editor.post("/services/new", data={**sent, "do": "schedules-1-read"})
    kept, page = values_of(answer.text), read(answer.text)
    assert "This is how we understood it." in page.text
    assert "Fridays, 2pm to 4pm; Saturdays, 10am to 12 noon" in page.text
    assert (kept["schedules-1-days"], kept["schedules-1-opens_at"]) == (["FR"], ["14:00"])
    assert kept["schedules-2-days"] == ["SA"]
    assert kept["schedules-0-days"] == ["TU", "TH"]
    sent = {**TYPED, "schedules-1-words": "Ring us", "do": "schedules-1-read"}
    answer = editor.post("/services/new", data=sent)
    assert "We did not read it." in read(answer.text).text
    assert values_of(answer.text)["schedules-1-days"] == ["SA"]
