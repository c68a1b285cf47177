"""Lists of activities are looked at before they go in, and then they go in as they were shown."""

import io
import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from linkwork.casework import services, sources
from linkwork.database import db
from linkwork.models import DirectoryImport, ImportState, Service, Source
from linkwork.web import fetching
from tests import cast as make
from tests.cast import sign_in
from tests.conftest import NOW
from tests.exchange.feeds import key
from tests.exchange.feeds import service as record
from tests.pages import Page, Reader, read

# The verbs behind these pages are tested on both engines (tests/exchange/test_imports.py).
pytestmark = pytest.mark.one_engine

HOSTILE = "<img src=x onerror=alert(1)> O’Neill’s"


@pytest.fixture
def editor(client: Reader, cast: Any) -> Reader:
    sign_in(client, cast.editor)
    return client


def sent(*records: dict[str, Any], source: str = "Feed", name: str = "feed.json") -> dict[str, Any]:
    content = json.dumps({"services": records}).encode()
    return {"source": source, "file": (io.BytesIO(content), name), "once": "a-form"}


def begun(editor: Reader, *records: dict[str, Any], **how: Any) -> tuple[DirectoryImport, Page]:
    answer = editor.post("/imports/new", data=sent(*records, **how), follow_redirects=True)
    assert answer.status_code == 200, read(answer.text).text
    newest = select(DirectoryImport).order_by(DirectoryImport.id.desc())
    import_ = db.session.scalars(newest).first()
    assert import_ is not None
    return import_, read(answer.text)


def pressed(editor: Reader, import_: DirectoryImport, verb: str = "apply", **data: Any) -> Any:
    fields = {"shown": import_.shown, "once": "a-press", **data}
    return editor.post(f"/imports/{import_.key}/{verb}", data=fields, follow_redirects=True)


def how_many() -> int:
    return db.session.scalar(select(func.count()).select_from(Service)) or 0


def state(import_: DirectoryImport) -> ImportState:
    db.session.refresh(import_)
    return import_.state


def test_a_list_is_shown_and_then_brought_in(editor: Reader) -> None:
    rows = [record(1), record(2, status=HOSTILE), record(3, minimum_age=HOSTILE)]
    import_, page = begun(editor, *rows)
    assert "Ready to look at" in page.text
    assert "New , 2" in page.text
    assert "Left out , 1" in page.text
    assert "Green Fingers" in page.text
    assert how_many() == 0
    done = read(pressed(editor, import_).text)
    assert "In the directory" in done.text
    keys = db.session.scalars(select(Service.key).order_by(Service.name)).all()
    assert keys == [key(1), key(3)]


def test_what_is_left_out_is_listed_with_its_row_field_and_reason(editor: Reader) -> None:
    import_, _ = begun(editor, record(1), record(2, status=HOSTILE), record(3, minimum_age=HOSTILE))
    page = read(editor.get(f"/imports/{import_.key}?show=quarantined").text)
    assert f"2 status “{HOSTILE}” is not one of active" in page.text
    page = read(editor.get(f"/imports/{import_.key}?show=warning").text)
    assert f"3 minimum_age “{HOSTILE}” is not a number" in page.text


def test_a_change_is_shown_in_words_before_and_after(editor: Reader) -> None:
    import_, _ = begun(editor, record(1), record(2))
    pressed(editor, import_)
    moved = record(1, cost_options=[], schedules=[{"freq": "WEEKLY", "byday": "FR"}])
    import_, page = begun(editor, moved)
    assert "Sessions Tuesdays and Thursdays, 10am to 12:30pm Fridays" in page.text
    assert "Costs £2.50 (a session) Nothing" in page.text
    assert "More than a fifth" not in page.text
    assert (
        "It is more than a fifth shorter than the last one. It has 1 row; the last one had 2"
        in page.text
    )
    gone = read(editor.get(f"/imports/{import_.key}?show=gone").text)
    assert "Allotment 2" in gone.text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"services": [{"id"', "breaks off before its end"),
        (b"", "is empty"),
        (b"<html>", "web page"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_a_sentence(
    editor: Reader, content: bytes, says: str
) -> None:
    data = {"source": "Feed", "file": (io.BytesIO(content), "feed.json")}
    answer = editor.post("/imports/new", data=data)
    assert answer.status_code == 409
    assert says in answer.text
    assert db.session.scalar(select(DirectoryImport.id)) is None


def test_a_form_without_a_file_or_an_address_says_so(editor: Reader) -> None:
    answer = editor.post("/imports/new", data={"source": ""})
    assert answer.status_code == 422
    assert "Choose a file, or enter an address." in answer.text
    assert "Enter a name for the list." in answer.text


def test_a_feed_with_an_address_of_another_kind_is_refused(editor: Reader) -> None:
    data = {"source": "Feed", "address": "file:///etc/passwd"}
    answer = editor.post("/imports/new", data=data)
    assert answer.status_code == 422
    assert "begins with https://" in answer.text


def test_a_file_that_is_too_large_is_refused(app: Flask, editor: Reader) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = editor.post("/imports/new", data=sent(record(1, description="x" * 5000)))
    assert answer.status_code == 413
    assert db.session.scalar(select(DirectoryImport.id)) is None


def test_the_same_file_sent_twice_leads_to_one_preview(editor: Reader) -> None:
    first, _ = begun(editor, record(1))
    second, _ = begun(editor, record(1))
    assert first is second


def test_a_double_press_brings_in_once(editor: Reader) -> None:
    import_, _ = begun(editor, record(1))
    assert pressed(editor, import_).status_code == 200
    assert pressed(editor, import_).status_code == 200
    late = pressed(editor, import_, once="another-tab")
    assert late.status_code == 409
    assert "applied already by" in late.text
    assert how_many() == 1


def test_a_second_editor_who_abandons_at_the_same_time_is_told(editor: Reader) -> None:
    import_, _ = begun(editor, record(1))
    pressed(editor, import_, "abandon")
    assert state(import_) is ImportState.ABANDONED
    answer = pressed(editor, import_, once="late")
    assert answer.status_code == 409
    assert "abandoned by" in answer.text
    assert how_many() == 0


def test_a_preview_that_is_out_of_date_is_shown_anew(editor: Reader, cast: Any) -> None:
    import_, _ = begun(editor, record(1))
    pressed(editor, import_)
    import_, _ = begun(editor, record(1, name="Orchard", description="Trees."))
    old = import_.shown
    entry = db.session.scalars(select(Service)).one()
    services.edit(entry, {"name": "Ours"}, version=entry.version, by=cast.editor, at=NOW)
    db.session.commit()
    page = read(pressed(editor, import_, shown=old, once="b").text)
    assert "Nothing was brought in: look at it again." in page.text
    assert "Orchard" not in page.text
    assert state(import_) is ImportState.PREVIEWED
    db.session.expire_all()
    assert entry.description == "Gardening for beginners."
    pressed(editor, import_, once="c")
    db.session.expire_all()
    assert (entry.name, entry.description) == ("Ours", "Trees.")


def test_a_held_list_goes_in_with_a_reason(editor: Reader) -> None:
    import_, _ = begun(editor, *(record(n) for n in range(1, 6)))
    pressed(editor, import_)
    import_, page = begun(editor, record(1))
    assert "This looks wrong" in page.text
    refused = pressed(editor, import_, once="b")
    assert refused.status_code == 409
    assert "Say why this is right" in refused.text
    pressed(editor, import_, once="c", reason="Four have closed.")
    assert state(import_) is ImportState.APPLIED
    assert "Four have closed." in editor.get(f"/imports/{import_.key}").text


def test_a_long_preview_comes_in_pages(editor: Reader) -> None:
    import_, page = begun(editor, *(record(n) for n in range(1, 61)))
    assert "Page 1 of 3" in page.text
    last = read(editor.get(f"/imports/{import_.key}?show=added&page=3").text)
    assert "Allotment 60" in last.text
    assert "Allotment 50" not in last.text


def test_the_lists_are_shown_with_what_became_of_them(editor: Reader) -> None:
    begun(editor, record(1), source="Town list")
    failing = sources.named("County feed")
    failing.address, failing.every_hours, failing.next_due_at = "https://c.example", 24, NOW
    sources.failed(failing, "The address answers with a sign-in page.", at=NOW)
    db.session.commit()
    page = read(editor.get("/imports").text)
    assert "Town list" in page.text
    assert "Failing The address answers with a sign-in page." in page.text


def test_a_list_gets_another_name_and_keeps_its_entries(editor: Reader) -> None:
    import_, _ = begun(editor, record(1))
    pressed(editor, import_)
    source = import_.source
    data = {"name": "Town list", "address": "", "every_hours": "", "once": "x"}
    page = read(
        editor.post(f"/imports/sources/{source.key}", data=data, follow_redirects=True).text
    )
    assert "Your changes are saved." in page.text
    assert db.session.scalars(select(Service.source)).all() == ["Town list"]
    again, _ = begun(editor, record(1), source="Town list", name="again.json")
    assert (again.unchanged, again.source_id) == (1, source.id)


def test_a_name_that_another_list_has_is_refused(editor: Reader) -> None:
    one, other = sources.named("One"), sources.named("Other")
    db.session.commit()
    data = {"name": other.name, "address": "", "every_hours": ""}
    answer = editor.post(f"/imports/sources/{one.key}", data=data)
    assert answer.status_code == 409
    assert "Another list has this name already" in answer.text


def test_a_schedule_needs_an_address(editor: Reader) -> None:
    source = sources.named("One")
    db.session.commit()
    data = {"name": "One", "address": "", "every_hours": "24"}
    answer = editor.post(f"/imports/sources/{source.key}", data=data)
    assert answer.status_code == 409
    assert "Enter the address it is fetched from" in answer.text


def test_an_address_is_fetched_in_the_background_once(
    editor: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(fetching, "start", lambda _app, source_id, _by: asked.append(source_id))
    data = {"source": "County", "address": "https://feed.example/services"}
    page = read(editor.post("/imports/new", data=data, follow_redirects=True).text)
    source = db.session.scalars(select(Source)).one()
    assert "It is being fetched now." in page.text
    assert (asked, source.address) == ([source.id], data["address"])
    again = editor.post(f"/imports/sources/{source.key}/fetch")
    assert again.status_code == 409
    assert "being fetched at this moment" in again.text
    assert asked == [source.id]


def test_only_editors_see_any_of_it(client: Reader, cast: Any) -> None:
    source = sources.named("One")
    db.session.commit()
    sign_in(client, cast.peer_coordinator)
    for path in ("/imports", "/imports/new", f"/imports/sources/{source.key}"):
        assert client.get(path).status_code == 403


def test_whose_referrals_would_go_elsewhere_is_shown(editor: Reader, cast: Any) -> None:
    pressed(editor, begun(editor, record(1, email="a@plots.example"))[0])
    entry = db.session.scalars(select(Service)).one()
    case = make.case(cast.northside, worker=cast.amina)
    make.onward_referral(case, by=cast.amina, service=entry)
    db.session.commit()
    changed = record(1, email="b@elsewhere.example", description="New words.")
    _, page = begun(editor, changed)
    panel = page.text.partition("People are being referred to these")[2].partition("What would")[0]
    assert "a@plots.example" in panel
    assert "b@elsewhere.example" in panel
    assert "New words." not in panel


@pytest.mark.parametrize("address", ["/services/new", "/services/{key}/edit", "/imports/new"])
def test_who_lists_an_activity_reads_that_anybody_can_read_it(
    app: Flask, editor: Reader, address: str
) -> None:
    made = make.service()
    db.session.commit()
    address, said = address.format(key=made.key), "without signing in"
    assert said in read(editor.get(address).text).text
    app.config["PUBLIC_API"] = False
    assert said not in read(editor.get(address).text).text
