"""The pieces of a page, rendered as a page would, with unkind content; and their style sheets."""

import gzip
import re
from datetime import date
from types import SimpleNamespace

import pytest
from flask import Flask, render_template_string

from linkwork.paths import STATIC, TEMPLATES

HOSTILE = "<img src=x onerror=alert(1)>"
UI = '{% import "components/ui.html" as ui %}'


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("9990000018", "999 000 0018"),
        ("999 000 0018", "999 000 0018"),
        (None, "No NHS number"),
        ("", "No NHS number"),
    ],
)
def test_an_nhs_number_is_shown_in_threes_and_four(
    pages: Flask, digits: str | None, shown: str
) -> None:
    html = render_template_string(UI + "{{ ui.nhs_number(d) }}", d=digits)
    assert re.sub("<[^>]*>", "", html) == shown


def test_an_nhs_number_is_never_split_between_lines(pages: Flask) -> None:
    assert 'class="nowrap"' in render_template_string(UI + "{{ ui.nhs_number('9990000018') }}")


def test_the_identity_bar_says_who_this_is(pages: Flask) -> None:
    person = SimpleNamespace(
        family_name="O’Leary",
        given_name="Patrick",
        preferred_name="Pat",
        date_of_birth=date(1951, 3, 12),
        nhs_number="9990000018",
        phone="07700 900118",
        safe_to_contact=HOSTILE,
    )
    html = render_template_string(
        UI + "{{ ui.identity_bar(person, 75, ['Interpreter']) }}", person=person
    )
    words = " ".join(re.sub("<[^>]*>", " ", html).split())
    assert "O’LEARY, Patrick (known as Pat)" in words
    assert "Born 12 Mar 1951 (75y)" in words
    assert "NHS number 999 000 0018" in words
    assert 'href="tel:07700900118"' in html
    assert "Interpreter" in words
    assert HOSTILE not in html


def test_an_empty_value_is_said_to_be_empty(pages: Flask) -> None:
    html = render_template_string(
        UI + "{{ ui.summary_list([('Language', none), ('Phone', ''), ('Falls', 0)]) }}"
    )
    assert html.count("No data") == 2
    assert ">0</dd>" in html


@pytest.mark.parametrize(("key", "order"), [("name", "descending"), ("due", None)])
def test_the_heading_that_sorts_says_so(pages: Flask, key: str, order: str | None) -> None:
    sort = SimpleNamespace(key="name", descending=True, url=lambda key: f"?sort={key}")
    html = render_template_string(
        UI + "{{ ui.sort_header('Person', key, sort) }}", key=key, sort=sort
    )
    assert ("aria-sort" in html) is (order is not None)
    assert f'href="?sort={key}"' in html


def test_one_page_needs_no_pagination(pages: Flask) -> None:
    page = SimpleNamespace(number=1, pages=1, total=3, url=lambda n: f"?page={n}")
    assert render_template_string(UI + "{{ ui.pagination(page) }}", page=page).strip() == ""


def test_the_last_page_has_no_next(pages: Flask) -> None:
    page = SimpleNamespace(number=3, pages=3, total=42, url=lambda n: f"?page={n}")
    html = render_template_string(UI + "{{ ui.pagination(page) }}", page=page)
    assert 'href="?page=2"' in html
    assert "Next" not in html


def test_no_piece_of_a_page_obeys_what_it_is_given(pages: Flask) -> None:
    source = (
        UI
        + """
        {{ ui.tag(h) }}{{ ui.stats([{'value': h, 'label': h, 'url': '/', 'note': h}]) }}
        {{ ui.tabs([{'label': h, 'url': h, 'count': h}], h) }}
        {{ ui.chips([{'label': h, 'url': h}], h) }}
        {{ ui.page_header(h, h) }}{{ ui.empty(h) }}{{ ui.summary_list([(h, h)]) }}
        {% call ui.timeline_item(h, h, [h]) %}{{ h }}{% endcall %}{{ ui.phone(h) }}
        {% call ui.details(h) %}{{ h }}{% endcall %}{{ ui.warning(h) }}{{ ui.notice(h, h) }}
        {% call ui.panel(h) %}{{ h }}{% endcall %}{{ ui.reasons([h], [h]) }}
        {{ ui.nhs_number(h) }}"""
    )
    html = render_template_string(source, h=HOSTILE)
    assert "<img" not in html
    assert "onerror=alert(1)" in html


def test_the_style_sheets_are_small() -> None:
    sheets = b"".join(file.read_bytes() for file in sorted((STATIC / "css").glob("*.css")))
    assert len(gzip.compress(sheets)) <= 12 * 1024


def test_every_class_of_the_components_has_a_look() -> None:
    sheets = "".join(file.read_text("utf-8") for file in (STATIC / "css").glob("*.css"))
    known = set(re.findall(r"\.(-?[a-z][\w-]*)", sheets))
    sources = [TEMPLATES / "base.html", *(TEMPLATES / "components").glob("*.html")]
    used = {
        name
        for source in sources
        for value in re.findall(r'class="([^"{]+)', source.read_text("utf-8"))
        for name in value.split()
        if not name.endswith("--")
    }
    assert used - known == set()


def test_nothing_is_stored_in_the_browser_but_in_the_locked_store_and_what_names_nobody() -> None:
    kept = r"(local|session)Storage|indexedDB\.open|document\.cookie|caches\."
    files = (STATIC / "js").glob("*.js")
    storing = {file.name for file in files if re.search(kept, file.read_text("utf-8"))}
    # That something is unsent, and until when it is kept; keys on or off.
    marking = {"app.js", "chip-keys.js", "drafts.js", "keyboard.js", "taken-visits.js"}
    assert storing == marking | {"vault.js", "visit-worker.js"}
