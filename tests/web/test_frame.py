"""The frame of every page, and the pages that say that something could not be done."""

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, render_template, render_template_string

from tests.pages import faults

HOSTILE = "<img src=x onerror=alert(1)>"


def frame(**more: Any) -> dict[str, Any]:
    me = SimpleNamespace(key="k", name=HOSTILE, organisation=SimpleNamespace(name=HOSTILE))
    nav = [{"label": "Caseload", "url": "/caseload", "current": True}]
    return {
        "me": me,
        "nav": nav,
        "asset": lambda name: f"/static/{name}",
        "demo": True,
        "idle_minutes": 15,
        **more,
    }


def test_the_frame_says_error_before_the_title_and_only_then(pages: Flask) -> None:
    source = '{% extends "base.html" %}{% block title %}Note{% endblock %}'
    assert "<title>Note – Linkwork</title>" in render_template_string(source, **frame())
    assert "<title>Note – Linkwork</title>" in render_template_string(
        source, **frame(form=SimpleNamespace(errors={}))
    )
    assert "<title>Error: Note – Linkwork</title>" in render_template_string(
        source, **frame(form=SimpleNamespace(errors={"note": ["Enter a note"]}))
    )


def test_the_frame_writes_out_hostile_names(pages: Flask) -> None:
    html = render_template_string('{% extends "base.html" %}', **frame())
    assert html.count("&lt;img src=x") == 2
    assert "<img" not in html


def test_nobody_is_offered_signing_out_who_is_not_signed_in(pages: Flask) -> None:
    html = render_template_string('{% extends "base.html" %}', **frame(me=None, nav=[]))
    assert "Sign out" not in html
    assert "data-idle-minutes" not in html


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503])
def test_a_refusal_is_a_page_without_fault(pages: Flask, status: int) -> None:
    html = render_template("errors/refused.html", status=status, **frame())
    assert faults(html) == []


def test_a_refusal_says_what_the_rule_says(pages: Flask) -> None:
    html = render_template("errors/refused.html", status=409, error="Sam has it", **frame())
    assert "Sam has it" in html


def test_an_unexpected_error_says_what_to_quote(pages: Flask) -> None:
    html = render_template("errors/refused.html", status=500, reference="a1b2", **frame())
    assert "a1b2" in html


def test_the_page_of_last_resort_needs_nothing(pages: Flask) -> None:
    assert faults(render_template("errors/unavailable.html")) == []
