"""Files of services as JSON, read one service at a time in bounded memory.

Known are an object with a list of services (``services``, or ``contents`` and ``content`` as a
page of the API has), a bare list, one service by itself, and any of these on lines one after
another. What is none of them is refused as a whole, in a sentence that says what was found.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from linkwork.errors import FileRefused
from linkwork.exchange.json_values import MOST_CHARACTERS, NOTHING, JsonText, TooLarge
from linkwork.exchange.text_files import beginning_of, opened

__all__ = ["WANTED", "Entry", "TooLarge", "records"]

LISTS = ("services", "contents", "content", "list", "items", "results", "data")
MOST_KEYS = 1000
GZIP = b"\x1f\x8b"
WANTED = (
    "Linkwork reads Open Referral UK: a JSON object with a list “services”, a page with a list "
    "“contents”, a list of services, a service on each line, or a zip of the tables as CSV."
)
TERMS = ("taxonomy_terms", "terms", "taxonomies")
OF_A_TERM = frozenset(("taxonomy", "term", "vocabulary", "parent_id", "taxonomy_id", "term_uri"))
OF_A_SERVICE = frozenset(("status", "organization", "organization_id", "service_at_locations"))
Entry = dict[str, Any] | TooLarge | None


def records(path: Path) -> Iterator[Entry]:
    """Give each service of the file as a dictionary; None for an entry that is not an object.

    Raises FileRefused when the file is not of a known shape, or breaks off: what was given until
    then must be thrown away.
    """
    _refuse_what_is_not_json(beginning_of(path))
    with opened(path) as file:
        text = JsonText(file, WANTED)
        alone = True
        while start := text.peek():
            if start == "[":
                yield from _entries(text.items())
            elif start == "{":
                yield from _of_object(text, alone=alone)
            else:
                text.value()
                yield None
            # What follows on other lines is one of many: odd ones are left out one by one.
            alone = False


def _refuse_what_is_not_json(start: bytes) -> None:
    if not start:
        raise FileRefused(f"The file is empty. {NOTHING} {WANTED}")
    if start.startswith(b"PK\x03\x04"):
        raise FileRefused(f"The file is a zip file or a workbook, not JSON. {NOTHING} {WANTED}")
    if start.startswith(GZIP):
        raise FileRefused(f"The file is packed with gzip: unpack it first. {NOTHING}")
    if start.startswith(b"<"):
        raise FileRefused(
            "The file is a web page or XML, not JSON: the address it came from may have shown a "
            f"sign-in or an error page. {NOTHING} {WANTED}"
        )
    if start[:1] not in (b"{", b"["):
        raise FileRefused(f"The file is not JSON: it may be a CSV table. {NOTHING} {WANTED}")


def _entries(values: Iterator[Any]) -> Iterator[Entry]:
    for place, value in enumerate(values):
        if not place and isinstance(value, dict):
            _refuse_a_term(value)
        yield value if isinstance(value, dict | TooLarge) else None


def _of_object(text: JsonText, *, alone: bool) -> Iterator[Entry]:
    """The services that an object lists, or the object itself where it is one."""
    begun, found, members = text.position, False, dict[str, Any]()
    for key in text.members():
        if key in LISTS and text.peek() == "[":
            found = True
            yield from _entries(text.items())
        elif not found and _is_small(text.position - begun, members):
            members[key] = None
            if key in TERMS:
                text.skip()
            else:
                members[key] = text.value()
        else:
            text.skip()
    if not found:
        yield _itself(members) if alone else members


def _is_small(characters: int, members: dict[str, Any]) -> bool:
    return characters < MOST_CHARACTERS and len(members) < MOST_KEYS


def _itself(members: dict[str, Any]) -> dict[str, Any]:
    if any(key in members for key in TERMS):
        raise _only_terms()
    _refuse_a_term(members)
    if {"id", "name"} <= set(members):
        return members
    raise FileRefused(f"The file has no list of services: {_found(members)} {NOTHING} {WANTED}")


def _refuse_a_term(entry: dict[str, Any]) -> None:
    if not OF_A_TERM.isdisjoint(entry) and OF_A_SERVICE.isdisjoint(entry):
        raise _only_terms()


class OnlyTerms(FileRefused):
    """The file holds the words that services are filed under, and no service."""


def _only_terms() -> OnlyTerms:
    return OnlyTerms(
        "The file is a taxonomy: the words that services are filed under, and no services. The "
        f"words come in with the services that use them: import the services. {NOTHING}"
    )


def _found(members: dict[str, Any]) -> str:
    if known := [key for key in LISTS if key in members]:
        return f"its “{known[0]}” is not a list."
    named = ", ".join(f"“{key[:40]}”" for key in list(members)[:5])
    return f"it holds {named}." if named else "it is an empty object."
