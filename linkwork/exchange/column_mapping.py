"""Which column means what: guessed from names and contents, and remembered as somebody chose it.

A mapping is what is kept: meaning to header, or to several headers where a meaning may have many.
Beside the meanings it has two entries of its own: ``SHEET``, the sheet that was chosen of several,
and ``UNUSED``, the headers that were seen and stand for nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from linkwork.exchange.column_contents import is_nothing, shares
from linkwork.exchange.column_names import Content, Meaning, Vocabulary, plain_name

SHEET, UNUSED = "sheet", "unused"
NOT_MEANINGS = frozenset((SHEET, UNUSED))
MOST_EXAMPLES = 3
ENOUGH = 0.6
NEARLY_ALL = 0.85
HARDLY_ANY = 0.2
LONGEST_EXAMPLE = 90
# What no column of words consists of, whatever its header.
UNLIKE_WORDS = (Content.POSTCODE, Content.PHONE, Content.EMAIL, Content.NHS_NUMBER)

Mapped = Mapping[str, str | list[str]]


class Certainty(StrEnum):
    """How sure a guess is."""

    SURE = "sure"
    LIKELY = "likely"
    UNSURE = "unsure"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Guess:
    """What one column may mean: its header, the code of the meaning, how sure, and why."""

    header: str
    meaning: str | None
    certainty: Certainty
    reason: str
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    points: float
    meaning: Meaning
    certainty: Certainty
    reason: str


def guess(
    headers: Sequence[str], rows: Sequence[Sequence[str]], vocabulary: Vocabulary
) -> list[Guess]:
    """Guess what each column means, from its header and some of its rows."""
    columns = [
        [row[place] if place < len(row) else "" for row in rows] for place in range(len(headers))
    ]
    seen = [shares(cells) for cells in columns]
    options = [
        _candidates(header, found, vocabulary) for header, found in zip(headers, seen, strict=True)
    ]
    chosen = _assigned(options)
    return [
        Guess(header, *_said(chosen.get(place), found), examples(cells))
        for place, (header, found, cells) in enumerate(zip(headers, seen, columns, strict=True))
    ]


def examples(cells: Sequence[str]) -> tuple[str, ...]:
    """Up to three different things that a column says."""
    said = dict.fromkeys(" ".join(cell.split()) for cell in cells if not is_nothing(cell))
    return tuple(
        text if len(text) <= LONGEST_EXAMPLE else f"{text[:LONGEST_EXAMPLE].rstrip()}…"
        for text in list(said)[:MOST_EXAMPLES]
    )


def mapping_of(guesses: Sequence[Guess], *, sheet: str = "") -> dict[str, str | list[str]]:
    """The mapping that guesses amount to, for a page to start from or a test to hold."""
    found = [(one.header, one.meaning or "") for one in guesses]
    return chosen_mapping(found, {one.meaning for one in guesses if one.meaning}, sheet=sheet)


def chosen_mapping(
    choices: Sequence[tuple[str, str]], known: set[str], *, sheet: str = ""
) -> dict[str, str | list[str]]:
    """The mapping of headers to the codes chosen for them; what has no known code is unused."""
    mapping: dict[str, str | list[str]] = {}
    unused = []
    for header, code in choices:
        if code not in known:
            unused.append(header)
            continue
        before = mapping.get(code)
        several = before if isinstance(before, list) else [before] if before else []
        mapping[code] = [*several, header] if several else header
    if unused:
        mapping[UNUSED] = unused
    if sheet:
        mapping[SHEET] = sheet
    return mapping


def headers_of(mapping: Mapped, code: str) -> list[str]:
    """The headers of one meaning, in their order."""
    given = mapping.get(code, [])
    return [given] if isinstance(given, str) else [str(one) for one in given]


def missing(mapping: Mapped, headers: Sequence[str]) -> list[str]:
    """The headers that a remembered mapping needs and a file has not."""
    wanted = [h for code in mapping if code not in NOT_MEANINGS for h in headers_of(mapping, code)]
    return [header for header in wanted if header not in headers]


def fits(mapping: Mapped, headers: Sequence[str]) -> bool:
    """Whether a file’s columns are as remembered: none is missing, and none is new."""
    if not mapping:
        return False
    known = {header for code in mapping if code != SHEET for header in headers_of(mapping, code)}
    return not missing(mapping, headers) and set(headers) <= known


def suggested(guesses: Sequence[Guess], remembered: Mapped) -> list[str]:
    """The code to begin with for each column: as remembered, else as guessed; empty is unused."""
    known = {
        header: "" if code == UNUSED else code
        for code in remembered
        if code != SHEET
        for header in headers_of(remembered, code)
    }
    taken = {known[guess.header] for guess in guesses if guess.header in known}
    return [
        known.get(guess.header, "" if guess.meaning in taken else guess.meaning or "")
        for guess in guesses
    ]


def problems(mapping: Mapped, vocabulary: Vocabulary) -> list[str]:
    """What a mapping lacks or has twice, as sentences; empty where it can be used."""
    found = []
    for meaning in vocabulary.meanings:
        headers = headers_of(mapping, meaning.code)
        if meaning.needed and not headers:
            found.append(f"Choose the column for “{meaning.label}”.")
        if len(headers) > 1 and not meaning.many:
            named = " and ".join(f"“{header}”" for header in headers)
            found.append(f"Only one column can be “{meaning.label}”: {named} both are.")
    for group in vocabulary.either:
        if not any(headers_of(mapping, code) for code in group):
            labels = " or ".join(f"“{vocabulary.by_code[code].label}”" for code in group)
            found.append(f"Choose a column for {labels}.")
    return found


def _candidates(
    header: str, found: Mapping[Content, float], vocabulary: Vocabulary
) -> list[_Candidate]:
    by_name = [
        candidate
        for meaning in vocabulary.meanings
        if (candidate := _by_name(header, meaning, found))
    ]
    by_content = [
        _Candidate(2 + found[meaning.content], meaning, Certainty.LIKELY, "")
        for meaning in vocabulary.meanings
        if meaning.tells and meaning.content and found.get(meaning.content, 0) >= NEARLY_ALL
    ]
    return [*by_name, *by_content]


def _by_name(header: str, meaning: Meaning, found: Mapping[Content, float]) -> _Candidate | None:
    plain = plain_name(header)
    share = found.get(meaning.content) if meaning.content and found else None
    contradicted = (share is not None and share < HARDLY_ANY) or (
        meaning.content is None
        and meaning.code != "id"  # a code may look like anything
        and any(found.get(one, 0) >= NEARLY_ALL for one in UNLIKE_WORDS)
    )
    named = f"The header is “{header}”"
    if plain in meaning.names:
        place = meaning.names.index(plain) / 100
        if contradicted:
            reason = f"{named}, but what is in it does not look like {meaning.content or 'that'}"
            return _Candidate(1.5, meaning, Certainty.UNSURE, reason)
        return _Candidate(5 - place, meaning, Certainty.SURE, named)
    if plain in meaning.last and not contradicted and (meaning.content is None or share):
        return _Candidate(1.2, meaning, Certainty.LIKELY, named)
    if _mentions(plain, meaning) and not contradicted and not _is_coded(found, meaning):
        return _Candidate(1 + (share or 0), meaning, Certainty.UNSURE, named)
    return None


def _is_coded(found: Mapping[Content, float], meaning: Meaning) -> bool:
    """Whether a column holds codes or dates, and the meaning is not said in such."""
    others = {Content.AREA_CODE, Content.PRACTICE_CODE, Content.NHS_NUMBER, Content.DATE}
    return any(found.get(one, 0) >= ENOUGH for one in others - {meaning.content})


def _mentions(plain: str, meaning: Meaning) -> bool:
    """Whether a longer header has one of the names among its words: ``contact_phone_day``."""
    return any(f"_{name}_" in f"_{plain}_" for name in meaning.names[:4] if len(name) > 3)


def _assigned(options: Sequence[Sequence[_Candidate]]) -> dict[int, _Candidate]:
    """The best candidate of each column, where no other column has a better right to it."""
    ranked = sorted(
        ((-one.points, place, one) for place, some in enumerate(options) for one in some),
        key=lambda entry: entry[:2],
    )
    chosen: dict[int, _Candidate] = {}
    taken: set[str] = set()
    for _, place, one in ranked:
        if place in chosen or (one.meaning.code in taken and not one.meaning.many):
            continue
        chosen[place] = one
        taken.add(one.meaning.code)
    for _, place, one in ranked:
        # Where nothing else is the name of the activity, that of the organisation is.
        if one.meaning.needed and one.meaning.code not in taken:
            chosen[place] = one
            taken.add(one.meaning.code)
    return chosen


def _said(
    chosen: _Candidate | None, found: Mapping[Content, float]
) -> tuple[str | None, Certainty, str]:
    if not found:
        empty = "There is nothing in it"
        if chosen is None:
            return None, Certainty.NONE, f"{empty}."
        return chosen.meaning.code, Certainty.UNSURE, f"{chosen.reason}. {empty}."
    if chosen is None:
        return None, Certainty.NONE, "Neither its header nor what is in it says what it means."
    content = chosen.meaning.content
    share = found.get(content, 0) if content else 0
    seen = f"{share:.0%} of what is in it looks like {content}" if share >= ENOUGH else ""
    reason = ", and ".join(part for part in (chosen.reason, seen) if part)
    return chosen.meaning.code, chosen.certainty, f"{reason}."
