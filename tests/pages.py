"""A test client that reads every page it is given, as an editor would."""

import contextvars
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from linkwork.database import db

UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
SILENT = {"script", "style", "template"}
WITHOUT_END = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
# Where the words are the user’s own, not ours.
TYPED = "data-typed"
UNFINISHED = re.compile(
    r"\{\{|\}\}|\{%|%\}|\bUndefined\b|<function |<bound method|object at 0x"
    r"|[a-z;,] None\b|^None$|[/=_-]None\b"
)
STRAIGHT = re.compile(r"[^\W\d_]'[^\W\d_]")


TOKEN = re.compile(r'(name="csrf[_-]token" (?:value|content)=")[^"]*')


def without_tokens(page: str) -> str:
    """A page but for what differs each second it is made."""
    return TOKEN.sub(r"\1", page)


@dataclass
class Page:
    """What an inspection needs to know of one HTML page."""

    titles: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    labels_for: set[str] = field(default_factory=set)
    fields: list[dict[str, str | None]] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    language: str | None = None
    texts: list[str] = field(default_factory=list)
    ours: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything that is read on the page, with single spaces."""
        return " ".join(" ".join(self.texts).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._open: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag not in WITHOUT_END:
            self._open.append((tag, attributes))
        self._note(tag, attributes)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, -1, -1):
            if self._open[depth][0] == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self._open]
        if SILENT & set(tags) or not data.strip():
            return
        if "title" in tags and "svg" not in tags:
            self.page.titles.append(data)
            return
        if "h1" in tags:
            self.page.headings[-1] += data
        self.page.texts.append(data)
        if "textarea" not in tags and not any(TYPED in attributes for _, attributes in self._open):
            self.page.ours.append(data)

    def _note(self, tag: str, attributes: dict[str, str | None]) -> None:
        page = self.page
        if tag == "html":
            page.language = attributes.get("lang")
        if tag == "h1":
            page.headings.append("")
        if tag == "label":
            page.labels_for.add(attributes.get("for") or "")
        if "id" in attributes:
            page.ids.append(attributes["id"] or "")
        if tag in {"select", "textarea"} or (
            tag == "input" and attributes.get("type") not in UNLABELLED
        ):
            inside = any(open_tag == "label" for open_tag, _ in self._open)
            page.fields.append({**attributes, "inside a label": "yes" if inside else None})
        page.values.extend(v for k, v in attributes.items() if v and k in {"href", "action", "id"})


def read(html: str) -> Page:
    """Return what there is on an HTML page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


def faults(html: str) -> list[str]:
    """Return what is wrong with a page in a sentence each: nothing, on a page of ours."""
    page = read(html)
    found = []
    if len(page.titles) != 1 or not page.titles[0].strip():
        found.append(f"{len(page.titles)} titles")
    if len(page.headings) != 1 or not page.headings[0].strip():
        found.append(f"{len(page.headings)} h1 headings: {page.headings}")
    if not page.language:
        found.append("html has no lang")
    found += [f"id twice: {id_}" for id_ in sorted({i for i in page.ids if page.ids.count(i) > 1})]
    found += [f"no label: {f.get('name')}" for f in page.fields if not _labelled(f, page)]
    found += [
        f"unfinished: {text.strip()!r}"
        for text in [*page.titles, *page.texts, *page.values]
        if UNFINISHED.search(text.strip())
    ]
    return found


def straight_quotes(html: str) -> list[str]:
    """Return our own words on a page that have a straight apostrophe.

    What users typed is theirs: put it in an element with the attribute ``data-typed``.
    """
    page = read(html)
    return [text.strip() for text in [*page.titles, *page.ours] if STRAIGHT.search(text)]


def _labelled(control: dict[str, str | None], page: Page) -> bool:
    names = {"aria-label", "inside a label"} & {k for k, v in control.items() if v}
    pointed = set((control.get("aria-labelledby") or "-").split()) <= set(page.ids)
    return bool(names) or pointed or control.get("id") in page.labels_for


class Reader(FlaskClient):
    """Sends requests as a browser would, and fails on a page that has a fault.

    Each request runs in a context of its own, with its own session, as it does when served; what
    the test has prepared is committed first, and what it holds is read afresh afterwards.
    """

    inspecting = True

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send the request, and inspect what comes back if it is a page."""
        if has_app_context():  # not while a redirect is followed
            db.session.commit()
        response = contextvars.Context().run(super().open, *args, **kwargs)
        if self.inspecting and _is_page(response):
            found = faults(response.text)
            assert not found, f"{response.request.path}: {'; '.join(found)}"
        return response

    def page(self, address: str, **kwargs: Any) -> Page:
        """Load a page, following redirects, and return what is on it."""
        response = self.get(address, follow_redirects=True, **kwargs)
        assert response.status_code == 200, f"{address}: {response.status}"
        return read(response.text)


def _is_page(response: TestResponse) -> bool:
    redirected = 300 <= response.status_code < 400
    return response.mimetype == "text/html" and not redirected and bool(response.data)
