"""What the cells of a column look like, whatever its header says. Pure: text in, shares out."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from nhs_number import is_valid

from linkwork import geography
from linkwork.exchange.column_names import Content
from linkwork.exchange.oruk_values import EMAIL

NOTHING = frozenset(
    "na n/a n.a. n.a null none nil nan undefined unknown not_known not_applicable not_available "
    "not_relevant not_recorded not_specified not_stated no_data tbc tba - -- --- – — . ? #n/a "
    "#ref! #value! #name? #div/0! #null! #num!".split()
)
PHONE = re.compile(r"(?:\+44|0044|\(?0)[\d\s()\-./]{8,16}(?:\s?(?:x|ext\.?)\s?\d{1,6})?", re.I)
LOST_NOUGHT = re.compile(r"[1-37]\d{9}")  # a spreadsheet took 0161 496 0123 for a number
WEB = re.compile(r"(?:https?://|www\.)\S+|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,24}(?:/\S*)?", re.I)
MONEY = re.compile(r"(?:free(?: of charge)?|(?:£|GBP\s?)\s?\d[\d,]*(?:\.\d\d?)?.{0,40})", re.I)
DAY = re.compile(
    r"\b(?:mon|tues?|weds?|wednes|thurs?|fri|sat|satur|sun)(?:days?|s)?\b|24/7|daily|weekdays", re.I
)
CLOCK = re.compile(r"\b\d{1,2}(?:[:.]\d\d)?\s?(?:am|pm|noon)\b|\b\d{1,2}[:.]\d\d\b", re.I)
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?)?")
DATE = re.compile(
    r"\d{1,2}[/.\- ](?:\d{1,2}|[a-z]{3,9})[/.\- ](?:\d{4}|\d\d)(?: \d\d:\d\d(?::\d\d)?)?", re.I
)
DECIMAL = re.compile(r"-?\d{1,3}\.\d{2,20}")
AGES = re.compile(
    r"(?:(?:ages?|aged|over|under|up to)\s?)?\d{1,3}\s?(?:\+|(?:-|–|to)\s?\d{1,3})?"
    r"(?:\s?(?:years?|yrs?)(?: old)?)?(?:\s?(?:and|&) over)?|all(?: ages)?|adults?(?: only)?",
    re.IGNORECASE,
)
YES_NO = frozenset("y n yes no true false".split())
PRACTICE_CODE = re.compile(r"[A-HJ-NPV-Y]\d{5}")
AREA_CODE = re.compile(r"[EWSNK]\d{8}")
LONGEST_KEY = 40


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing to say: ``NA``, ``Not known``, ``-``."""
    plain = text.strip()
    return not plain or (len(plain) < LONGEST_KEY and "_".join(plain.lower().split()) in NOTHING)


def _is_nhs_number(text: str) -> bool:
    digits = re.sub(r"[\s\-]", "", text)
    return len(digits) == 10 and digits.isascii() and digits.isdigit() and bool(is_valid(digits))


def _is_postcode(text: str) -> bool:
    return geography.normal_postcode(text) is not None and any(c.isdigit() for c in text)


def _is_date(text: str) -> bool:
    if ISO_DATE.fullmatch(text):
        try:
            return date.fromisoformat(text[:10]) is not None
        except ValueError:
            return False
    return DATE.fullmatch(text) is not None


def _is_phone(text: str) -> bool:
    return PHONE.fullmatch(text) is not None or LOST_NOUGHT.fullmatch(text) is not None


def _between(low: float, high: float) -> Callable[[str], bool]:
    return lambda text: DECIMAL.fullmatch(text) is not None and low <= float(text) <= high


def _fits(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


# The order matters where two fit: what is said by a pattern that is harder to meet comes first.
KINDS: dict[Content, Callable[[str], bool]] = {
    Content.NHS_NUMBER: _is_nhs_number,
    Content.EMAIL: _fits(EMAIL),
    Content.AREA_CODE: _fits(AREA_CODE),
    Content.PRACTICE_CODE: _fits(PRACTICE_CODE),
    Content.POSTCODE: _is_postcode,
    Content.DATE: _is_date,
    Content.LATITUDE: _between(49.0, 61.5),
    Content.LONGITUDE: _between(-9.0, 2.5),
    Content.PHONE: _is_phone,
    Content.MONEY: _fits(MONEY),
    Content.YES_NO: lambda text: text.lower() in YES_NO,
    Content.AGES: _fits(AGES),
    Content.TIMES: lambda text: DAY.search(text) is not None and CLOCK.search(text) is not None,
    Content.WEB: _fits(WEB),
}
MOST_LOOKED_AT = 300
LONGEST_LOOKED_AT = 300


def shares(cells: Sequence[str]) -> dict[Content, float]:
    """Of the cells that say anything, the share that looks like each kind; empty where none do."""
    said = [cell.strip() for cell in cells if not is_nothing(cell)][:MOST_LOOKED_AT]
    short = [cell if len(cell) <= LONGEST_LOOKED_AT else "" for cell in said]
    if not said:
        return {}
    return {kind: sum(map(looks, short)) / len(said) for kind, looks in KINDS.items()}


def is_label(text: str) -> bool:
    """Whether a cell could be the name of a column: words, and none of the kinds of content."""
    plain = text.strip()
    if not 0 < len(plain) <= 100 or not any(c.isalpha() for c in plain):
        return False
    unlike = (kind for kind in KINDS if kind not in (Content.AGES, Content.MONEY, Content.YES_NO))
    return not any(KINDS[kind](plain) for kind in unlike)
