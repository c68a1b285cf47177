"""What happens to text when a session ends: it comes back to its writer, and to nobody else."""

from collections.abc import Iterator

import pytest
from flask import Flask

from linkwork.database import db
from linkwork.forms import tidied
from tests.cast import Cast, sign_in
from tests.pages import Reader, read
from tests.web.writing import (
    NOTE,
    add_a_page_for_notes,
    field,
    resume,
    saved,
    typed_sign_in,
    writing,
)


@pytest.fixture
def app(make_app) -> Iterator[Flask]:
    """The app as it is served, with a page for notes."""
    app = make_app(WTF_CSRF_ENABLED=True, DEMO=False)
    add_a_page_for_notes(app)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_a_note_sent_after_the_session_ended_comes_back_after_signing_in(
    client: Reader, cast: Cast, clock
) -> None:
    sign_in(client, cast.amina)
    form = writing(client)
    clock.advance(minutes=20)
    ended = client.post("/note", data=form)
    assert ended.status_code == 401
    assert "What you typed is kept" in ended.text
    back = typed_sign_in(client, cast.amina, page=ended.text)
    assert "Go back to what you were writing" in back.text
    shown = resume(client, back.text)
    assert (shown.status_code, saved) == (200, [])
    again = writing(client) | {"once": field(shown.text, "once")}
    assert client.post("/note", data=again).status_code == 303
    assert saved == [("note", tidied(NOTE))]


def test_a_wrong_password_in_between_loses_nothing(client: Reader, cast: Cast, clock) -> None:
    sign_in(client, cast.amina)
    form = writing(client)
    clock.advance(minutes=20)
    ended = client.post("/note", data=form)
    wrong = typed_sign_in(client, cast.amina, page=ended.text, password="wrong")
    assert "What you typed is kept" in wrong.text
    back = typed_sign_in(client, cast.amina, page=wrong.text)
    assert "second line 🎵" in back.text


def test_a_note_that_was_saved_before_is_not_saved_again_when_it_comes_back(
    client: Reader, cast: Cast, clock
) -> None:
    sign_in(client, cast.amina)
    form = writing(client)
    client.post("/note", data=form)
    clock.advance(minutes=20)
    ended = client.post("/note", data=form)
    back = typed_sign_in(client, cast.amina, page=ended.text)
    shown = resume(client, back.text)
    again = writing(client) | {"once": field(shown.text, "once")}
    assert client.post("/note", data=again).location == "/help"
    assert len(saved) == 1


def test_somebody_else_who_signs_in_does_not_get_the_text(
    client: Reader, cast: Cast, clock
) -> None:
    sign_in(client, cast.amina)
    form = writing(client)
    clock.advance(minutes=20)
    ended = client.post("/note", data=form)
    answer = typed_sign_in(client, cast.ben, page=ended.text)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "choir" not in answer.text


def test_a_form_somebody_else_left_open_is_not_sent_in_my_name(client: Reader, cast: Cast) -> None:
    sign_in(client, cast.amina)
    form = writing(client)
    sign_in(client, cast.ben)
    answer = client.post("/note", data=form)
    assert (answer.status_code, saved) == (401, [])
    mine = typed_sign_in(client, cast.ben, page=answer.text)
    assert "choir" not in mine.text
    hers = typed_sign_in(client, cast.amina, page=answer.text)
    assert "choir" in hers.text


def test_a_button_somebody_else_left_open_is_not_pressed_in_my_name(
    client: Reader, cast: Cast
) -> None:
    sign_in(client, cast.amina)
    form = writing(client)
    sign_in(client, cast.ben)
    answer = client.post("/press", data=form)
    assert (answer.status_code, saved) == (400, [])
    assert "Somebody else was signed in" in answer.text


def test_a_form_opened_before_signing_in_again_in_another_tab_is_simply_sent(
    client: Reader, cast: Cast, clock
) -> None:
    sign_in(client, cast.amina)
    form = writing(client)
    clock.advance(minutes=20)
    typed_sign_in(client, cast.amina)
    assert client.post("/note", data=form).status_code == 303
    assert saved == [("note", tidied(NOTE))]


def test_a_form_signed_out_of_in_another_tab_keeps_its_text(client: Reader, cast: Cast) -> None:
    sign_in(client, cast.amina)
    form = writing(client)
    client.post("/sign-out", data={"csrf_token": form["csrf_token"]})
    ended = client.post("/note", data=form)
    assert ended.status_code == 401
    assert "choir" in typed_sign_in(client, cast.amina, page=ended.text).text


def test_a_form_from_another_site_is_refused_and_plants_nothing(client: Reader, cast: Cast) -> None:
    sign_in(client, cast.amina)
    answer = client.post("/note", data={"note": "planted"})
    assert (answer.status_code, saved) == (400, [])
    client.delete_cookie("linkwork")
    unsigned = client.post("/note", data={"note": "planted"})
    assert unsigned.status_code == 401
    assert "kept" not in read(unsigned.text).text
    assert "planted" not in typed_sign_in(client, cast.amina, page=unsigned.text).text


def test_text_that_was_tampered_with_or_is_a_day_old_does_not_come_back(
    client: Reader, cast: Cast, clock
) -> None:
    sign_in(client, cast.amina)
    form = writing(client)
    clock.advance(minutes=20)
    ended = client.post("/note", data=form).text
    sealed = field(ended, "kept")
    changed = sealed[:20] + ("A" if sealed[20] != "A" else "B") + sealed[21:]
    for kept in (changed, "rubbish", "🦊"):
        assert typed_sign_in(client, cast.amina, page=ended, kept=kept).status_code == 303


def test_a_sign_in_page_overtaken_by_somebody_elses_still_holds_the_text(
    client: Reader, cast: Cast, clock
) -> None:
    sign_in(client, cast.amina)
    form = writing(client)
    clock.advance(minutes=20)
    ended = client.post("/note", data=form)
    sign_in(client, cast.ben)
    refused = typed_sign_in(client, cast.amina, page=ended.text)
    assert refused.status_code == 400
    assert "choir" in typed_sign_in(client, cast.amina, page=refused.text).text
