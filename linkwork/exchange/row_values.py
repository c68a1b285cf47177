"""Values of spreadsheets' cells, from the words people write. Pure; what cannot be read is None."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

FREE = re.compile(
    r"(?:it is |it’s )?free(?: of charge| entry| to attend| to all)?[.!]?", re.IGNORECASE
)
AMOUNT = re.compile(r"(?:£|GBP)\s?([0-9]{1,6}(?:,[0-9]{3})*(?:\.[0-9]{1,2})?)", re.IGNORECASE)
PLAIN_AMOUNT = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,2})?")
AGE_RANGE = re.compile(
    r"(?:ages?|aged|for)?:?\s*([0-9]{1,3})\s*(?:-|–|—|to|and)\s*([0-9]{1,3})\s*(?:years?|yrs?)?"
    r"(?: old| of age)?\.?",
    re.IGNORECASE,
)
AGE_FROM = re.compile(
    r"(?:ages?|aged|for|over|from)?:?\s*([0-9]{1,3})\s*(?:\+|plus|years?(?: old)? and over|"
    r"and (?:over|above|older)|or (?:over|older)|years?\+|yrs?\+)\.?",
    re.IGNORECASE,
)
AGE_OVER = re.compile(r"(over|under)[ -]?([0-9]{1,3})'?s?\.?", re.IGNORECASE)
OLDEST_AGE = 130
DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d%b%Y")
TOO_FEW_DIGITS = re.compile(r"[0-9]{1,7}")
YEARS = range(2000, 2101)
YEAR_FIRST = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d")
CLOCK_BEHIND = re.compile(r"[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?$")
LOST_NOUGHT = re.compile(r"[1-37][0-9]{9}")
SEVERAL = re.compile(r"\s*[;|\n]\s*")
MOST_PARTS = 20


def day_of(text: str | None) -> date | None:
    """The day a cell names: 2026-11-18, 18/11/2026, 18 Nov 2026; the day comes before the month."""
    plain = CLOCK_BEHIND.sub("", " ".join((text or "").split()))[:30]
    # Of 2026118 nobody can say whether it is in January or in November.
    if not any(map(str.isdigit, plain)) or TOO_FEW_DIGITS.fullmatch(plain):
        return None
    for how in (*YEAR_FIRST, *DAY_FIRST):
        try:
            return datetime.strptime(plain, how).date()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    return None


def recent_day_of(text: str | None) -> date | None:
    """The day a cell names that is of these times: from 2000 to 2100."""
    found = day_of(text)
    return found if found and found.year in YEARS else None


def day(text: str | None) -> str | None:
    """A day in ISO format, or the words as they are where they name none."""
    found = day_of(text)
    return found.isoformat() if found else text


def price(words: str) -> dict[str, Any]:
    """A cost option: an amount where the words name exactly one, and always the words."""
    if FREE.fullmatch(words.strip()):
        return {"option": words, "amount": 0, "currency": "GBP"}
    if "free" in words.lower():
        return {"option": words}  # for some, or at first: which amount holds is not ours to say
    found = AMOUNT.findall(words) or PLAIN_AMOUNT.findall(words)[:2]
    is_plain = PLAIN_AMOUNT.fullmatch(words.strip()) or AMOUNT.fullmatch(words.strip())
    if len(found) != 1 or (not is_plain and not AMOUNT.search(words)):
        return {"option": words}
    amount = {"amount": str(Decimal(found[0].replace(",", ""))), "currency": "GBP"}
    return amount if is_plain else {"option": words, **amount}


def ages(words: str | None) -> tuple[int | None, int | None]:
    """The youngest and the oldest age that words name, where that is all they say."""
    plain = (words or "").strip()
    if found := AGE_RANGE.fullmatch(plain):
        return _age(found[1]), _age(found[2])
    if found := AGE_FROM.fullmatch(plain):
        return _age(found[1]), None
    if found := AGE_OVER.fullmatch(plain):
        number = int(found[2])
        return (_age(number), None) if found[1].lower() == "over" else (None, _age(number - 1))
    return None, None


def _age(number: str | int) -> int | None:
    return int(number) if 0 <= int(number) <= OLDEST_AGE else None


def english(phone: str) -> str:
    """A phone number with the nought that a spreadsheet took away."""
    plain = " ".join(phone.split())
    return f"0{plain}" if LOST_NOUGHT.fullmatch(plain) else plain


def web_address(words: str | None) -> str | None:
    """The first address of a cell that may hold several."""
    return words.split()[0].rstrip(",;") if words and words.split() else None


def split(words: str) -> list[str]:
    """The parts of a list in a cell: by semicolon, bar or line, never by comma."""
    parts = (" ".join(part.split()) for part in SEVERAL.split(words))
    return [part for part in parts if part][:MOST_PARTS]
