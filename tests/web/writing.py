"""An app with a page for writing a note, and what somebody at a browser does there."""

import html
import re
from typing import Any

from flask import Flask
from wtforms import TextAreaField

from linkwork.access import Permission, requires
from linkwork.forms import Form, tidied
from linkwork.models import User
from linkwork.web.submissions import carry_out
from tests.cast import PASSWORD
from tests.pages import Reader

NOTE = "Rosa’s choir <b>& “tea”</b>\nsecond line 🎵 مرحبا"
saved: list[tuple[str, str]] = []


class NoteForm(Form):
    note = TextAreaField(filters=[tidied])
    reasons = TextAreaField()


def field(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"no {name} in {page}"
    return found[1]


def typed_sign_in(client: Reader, user: User, page: str | None = None, **more: str) -> Any:
    """Sign in on the sign-in page, or on ``page``, which stands for it."""
    page = page or client.get("/sign-in").text
    given = {"csrf_token": field(page, "csrf_token"), "email": user.email, "password": PASSWORD}
    if 'name="kept"' in page:
        given["kept"] = field(page, "kept")
    return client.post("/sign-in", data={**given, **more})


def writing(client: Reader) -> dict[str, str]:
    """A form that has been opened, filled in, and not yet been sent."""
    page = client.get("/note").text
    token, once = field(page, "csrf_token"), field(page, "once")
    return {"csrf_token": token, "once": once, "note": NOTE}


def resume(client: Reader, page: str) -> Any:
    """Press the button of the page that gives text back."""
    pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return client.post("/note", data={name: html.unescape(value) for name, value in pairs})


def add_a_page_for_notes(app: Flask) -> None:
    """Let a note be written at /note, and something be done with one press at /press."""
    saved.clear()

    @app.route("/note", methods=["GET", "POST"])
    @requires(Permission.WORK_CASES)
    def note() -> Any:
        form = NoteForm.from_request()
        done = carry_out(
            form, lambda: saved.append(("note", form.note.data)), then=lambda _: "/help"
        )
        text = app.jinja_env.from_string(
            "<!doctype html><html lang=en><title>Note</title><h1>Note</h1><form method=post>"
            "{{ form.hidden_tag() }}<label for=note>Note</label>{{ form.note() }}</form>"
        )
        return done or (text.render(form=form), form.status)

    @app.post("/press")
    @requires(Permission.WORK_CASES)
    def press() -> Any:
        saved.append(("press", ""))
        return "", 204
