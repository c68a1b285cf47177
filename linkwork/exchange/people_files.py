"""Searches of GP systems (EMIS, SystmOne) and lists made by hand, as people to be referred.

Columns are read by what they were said to mean. A row that cannot be used is left out with its
line, the field and the reason; a part that cannot, such as a phone number that is none, is left
out of its row. Nothing of a row is ever logged.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from linkwork import geography
from linkwork.casework import people
from linkwork.casework.people import Identity
from linkwork.casework.people_imports import HAS_DIED, MOST_PEOPLE, Listed
from linkwork.errors import FileRefused, RuleBroken
from linkwork.exchange import column_mapping, spreadsheets
from linkwork.exchange.column_contents import is_nothing
from linkwork.exchange.column_mapping import SHEET, Mapped
from linkwork.exchange.import_report import Quarantined
from linkwork.exchange.oruk_values import CONTROL, EMAIL
from linkwork.exchange.person_columns import PEOPLE
from linkwork.exchange.row_values import day_of, english
from linkwork.exchange.spreadsheets import Sheet
from linkwork.models import Organisation

PHONE = re.compile(r"[+(]?[0-9][0-9 ().\-]{7,20}")
NAMES = frozenset(("family_name", "given_name", "preferred_name"))
LONGEST = 100
LONGEST_NOTE = 4_000
YES = frozenset("y yes true 1 agreed given consented obtained".split())
GENDERS = {
    "female": ("f", "female", "woman", "2"),
    "male": ("m", "male", "man", "1"),
    "non_binary": ("non-binary", "non binary", "nonbinary", "x"),
    "other": ("other", "indeterminate", "i", "9"),
}
ENGLISH = frozenset(("english", "main spoken language english", "en", "eng"))


Practices = Mapping[str, Organisation | None]
"""By code and by name in small letters; None where several have the name."""
SEVERAL = (
    "is the name of several practices. Give the code, or choose one practice for the whole list."
)


@dataclass(slots=True)
class PeopleFile:
    """What a list has: people to be looked at, rows left out, and parts left out."""

    listed: list[Listed] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    warnings: list[Quarantined] = field(default_factory=list)


class _RowUnusable(Exception):
    """A row that cannot be used: which field, and why."""

    def __init__(self, field_name: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field_name, reason


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: what its cells say by meaning, and somewhere to say what is left out."""

    line: int
    said: Callable[[str], list[str]]
    has: Callable[[str], bool]
    label: Callable[[str], str]
    warn: Callable[[Quarantined], None]

    def one(self, code: str) -> str | None:
        return next(iter(self.said(code)), None)

    def leave_out(self, code: str, reason: str) -> None:
        self.warn(Quarantined(self.line, None, self.label(code), reason))

    def unusable(self, code: str, reason: str) -> _RowUnusable:
        return _RowUnusable(self.label(code), reason)


def practices(places: Iterable[Organisation]) -> Practices:
    """What a row may call each of these practices."""
    found: dict[str, Organisation | None] = {}
    codes: dict[str, Organisation | None] = {}
    for place in places:
        name = _folded(place.name)
        found[name] = None if name in found else place
        if place.ods_code:
            codes[_folded(place.ods_code)] = place
    return found | codes


def _folded(words: str) -> str:
    return " ".join(words.lower().split())


def read(
    path: Path,
    name: str,
    *,
    mapping: Mapped,
    practices: Practices,
    place: Organisation | None,
    on: date,
) -> PeopleFile:
    """Read a list of people, today being ``on``.

    ``practices`` are those a person may be a patient of, as the function of that name gives them;
    ``place`` is where those are whose row names none. Raises FileRefused where there is no table,
    a column is missing, or there are more people than can be looked at.
    """
    sheet = spreadsheets.read(
        path, name, sheet=str(mapping.get(SHEET) or "") or None, vocabulary=PEOPLE
    )
    lost = column_mapping.missing(mapping, sheet.headers)
    if lost:
        raise FileRefused(f"{name} has no column {', '.join(lost)}. Choose its columns again.")
    found = PeopleFile()
    numbers: set[str] = set()
    for count, row in enumerate(_rows(sheet, mapping, found)):
        if count >= MOST_PEOPLE:
            raise FileRefused(
                f"{name} has more than {MOST_PEOPLE:,} people. Narrow the search, or split the "
                "list. Nothing was imported."
            )
        try:
            found.listed.append(_listed(row, practices, place, numbers, on))
        except _RowUnusable as wrong:
            found.quarantined.append(Quarantined(row.line, None, wrong.field, wrong.reason))
    return found


def _rows(sheet: Sheet, mapping: Mapped, found: PeopleFile) -> Iterator[_Row]:
    places = {
        code: [sheet.headers.index(header) for header in column_mapping.headers_of(mapping, code)]
        for code in PEOPLE.by_code
    }

    def label(code: str) -> str:
        headers = column_mapping.headers_of(mapping, code)
        return headers[0] if headers else PEOPLE.by_code[code].label

    for line, cells in sheet.rows:

        def said(code: str, cells: tuple[str, ...] = cells) -> list[str]:
            texts = (CONTROL.sub("", cells[place]).strip() for place in places[code])
            return [text for text in texts if _says(code, text)]

        yield _Row(line, said, lambda code: bool(places[code]), label, found.warnings.append)


def _says(code: str, text: str) -> bool:
    """Whether a cell says anything. Somebody may well be called Na, None or Nan."""
    return any(map(str.isalpha, text)) if code in NAMES else not is_nothing(text)


def _listed(
    row: _Row,
    practices: Practices,
    place: Organisation | None,
    numbers: set[str],
    on: date,
) -> Listed:
    if row.one("died_on"):
        raise row.unusable("died_on", HAS_DIED)
    _check_consent(row, on)
    number = _nhs_number(row)
    if number in numbers:
        raise row.unusable("nhs_number", "is in this list already, further up.")
    identity = Identity(
        family_name=_name(row, "family_name"),
        given_name=_name(row, "given_name", "preferred_name"),
        date_of_birth=_born_on(row, on),
        nhs_number=number,
        phone=_phone(row),
        postcode=_postcode(row),
        gender=_gender(row),
    )
    where = _place(row, practices, place)
    if number:
        numbers.add(number)
    return Listed(row.line, identity, where, _note(row), _facts(row, identity))


def _check_consent(row: _Row, on: date) -> None:
    words = row.said("consented")
    if not row.has("consented"):
        return
    day = day_of(words[0]) if words else None
    agreed = (words and words[0].lower() in YES) or (day is not None and day <= on)
    if not agreed:
        raise row.unusable(
            "consented", "does not say that they agreed. Ask them first, then refer them."
        )


def _nhs_number(row: _Row) -> str | None:
    try:
        return people.nhs_number(row.one("nhs_number"))
    except RuleBroken as wrong:
        raise row.unusable("nhs_number", "cannot be an NHS number: check its digits.") from wrong


def _name(row: _Row, *codes: str) -> str:
    words = next((found for code in codes if (found := row.one(code))), None)
    if words is None:
        raise row.unusable(codes[0], "is missing.")
    name = " ".join(words.split())
    if len(name) > LONGEST:
        raise row.unusable(codes[0], f"has more than {LONGEST} characters.")
    return name


def _born_on(row: _Row, on: date) -> date:
    words = row.one("date_of_birth")
    born_on = day_of(words)
    if words is None or born_on is None:
        why = "is missing." if words is None else "is not a date such as 12/3/1951."
        raise row.unusable("date_of_birth", why)
    try:
        people.check_date_of_birth(born_on, on=on)
    except RuleBroken as wrong:
        raise row.unusable("date_of_birth", str(wrong)) from wrong
    return born_on


def _phone(row: _Row) -> str | None:
    for code in ("mobile", "phone"):
        for words in row.said(code):
            number = english(words)
            if PHONE.fullmatch(number):
                return number
            row.leave_out(code, "is not a phone number, and was left out.")
    return None


def _postcode(row: _Row) -> str | None:
    words = row.one("postcode")
    found = geography.normal_postcode(words)
    if words and found is None:
        row.leave_out("postcode", "is not a UK postcode, and was left out.")
    return found


def _gender(row: _Row) -> str | None:
    words = (row.one("gender") or "").lower()
    return next((code for code, names in GENDERS.items() if words in names), None)


def _place(row: _Row, practices: Practices, place: Organisation | None) -> Organisation:
    for column in ("practice_code", "practice_name"):
        if words := row.one(column):
            found = practices.get(_folded(words))
            if found is None:
                is_one_of = _folded(words) in practices
                why = SEVERAL if is_one_of else "is not a practice of your PCNs."
                raise row.unusable(column, why)
            return found
    if place is None:
        raise row.unusable("practice_code", "is missing.")
    return place


def _note(row: _Row) -> str | None:
    words = "\n".join(row.said("note"))
    return words[:LONGEST_NOTE] or None


def _facts(row: _Row, identity: Identity) -> dict[str, str]:
    """What a new record has besides: address, email, how they like to be called, language."""
    preferred, email = row.one("preferred_name"), row.one("email")
    language = row.one("language")
    found = {
        "preferred_name": " ".join(preferred.split())[:LONGEST] if preferred else None,
        "address": ", ".join(row.said("address"))[:1000] or None,
        "email": email if email and EMAIL.fullmatch(email) else None,
        "language": language[:LONGEST] if language and language.lower() not in ENGLISH else None,
    }
    if email and not found["email"]:
        row.leave_out("email", "is not an email address, and was left out.")
    same = found["preferred_name"] or ""
    if people.folded(same) == people.folded(identity.given_name):
        found["preferred_name"] = None
    return {name: words for name, words in found.items() if words}
