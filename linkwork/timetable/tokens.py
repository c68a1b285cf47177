"""Words of a timetable cut into tokens: days, times, dates, and the words that change them.

Spans point into the text as it was given, so that what is left unread is shown as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from linkwork.timetable.vocabulary import ANOTHER_RHYTHM, SO_MANY

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_SURE_MONTH = MONTH.replace("mar(?:ch)?|", "mar|").replace("may|", "")
_DAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
    r"|sat(?:urday)?|sun(?:day)?)"
)
_NTH = r"(?:st|nd|rd|th)"
_ONE_OR_TWO = rf"\d{{1,2}}{_NTH}?(?:\s*(?:and|&|-|to)\s*\d{{1,2}}{_NTH}?)?"
_AGES = r"\d{1,3}(?:\s*(?:-|to|and)\s*\d{1,3}|\s*\+)?"
_OF_YEAR = r"(?:,?\s+(?:19|20)\d\d\b)"
_NOT_NEEDED = r"(?:book(?:ings?)?|appointments?|referrals?|charge|fee)"
_NEEDED = r"(?:\s+(?:is\s+)?(?:needed|necessary|required))"
_NUMBER_OF_WEEKS = r"(?:other|second|2nd|two|2|three|3|third|3rd|four|4|fourth|4th|six|6)"
_MERIDIEM = r"[ap](?:\.\s?m\b\.?|m\b)"


class Kind(Enum):
    """What a token is."""

    ASIDE = auto()  # money, telephone numbers, ages, lengths: figures that are no times
    ALWAYS = auto()
    ALL_DAY = auto()
    BANK = auto()
    HOLIDAYS = auto()
    TERM = auto()
    APPOINTMENT = auto()
    LAST_ENTRY = auto()
    SO_MANY = auto()  # "for six weeks", "quarterly": it does not come every week without end
    FEAST = auto()  # days that are named like a day of the week and are not one
    DATE = auto()
    MONTH = auto()
    EVERY_NTH = auto()
    INTERVAL = auto()
    OF_MONTH = auto()
    DAILY = auto()
    DAY = auto()
    TIME = auto()
    NUMBER = auto()
    CLOSED = auto()
    EXCEPT = auto()
    PART = auto()
    ORDINAL = auto()
    BETWEEN = auto()
    FROM = auto()
    TO = auto()
    AND = auto()
    COLON = auto()
    PAREN = auto()
    NEWLINE = auto()
    STOP = auto()
    WORD = auto()
    SPACE = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text from ``start`` to before ``end``; ``words`` are in small letters."""

    kind: Kind
    words: str
    start: int
    end: int


_TABLE: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (Kind.SPACE, (r"[^\S\n]+",)),
    (Kind.ASIDE, (r"https?://\S+", r"www\.\S+", r"[^\s@]+@[^\s@]+\.[a-z]+")),
    (Kind.ASIDE, (r"\bnext\s+(?:to|door)\b",)),
    (Kind.SO_MANY, (*SO_MANY, *ANOTHER_RHYTHM)),
    (Kind.ASIDE, (r"£\s?\d[\d,.]*\d?p?", r"\b\d+p\b", r"\+?\(?0\d[\d() -]{7,}\d\b")),
    (Kind.ASIDE, (r"\b[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}\b",)),
    (
        Kind.ASIDE,  # ages
        (
            rf"\b(?:ages?|aged)\s*:?\s*(?:between\s+|from\s+)?{_AGES}(?!\d|[:.]\d)",
            r"\b\d{1,3}\s*(?:-|to)\s*\d{1,3}\s*-?\s*(?:years?|yrs?|months?)\b",
            r"\b(?:over|under)[- ]?\d{1,3}'?s?(?!\d|[:.]\d|\s*[ap]\.?m)",
            r"(?<![-:.\d])(?:1[6-9]|[2-9]\d)\+",
            r"\b\d0'?s\b",
        ),
    ),
    (
        Kind.ASIDE,
        (rf"\bno\s+(?:need\s+to\s+)?{_NOT_NEEDED}\b{_NEEDED}?",),
    ),
    (Kind.ASIDE, (r"(?<=\s\s)\d\.(?=\s)",)),  # the figure of a list
    (Kind.ALWAYS, (r"\b24\s*/\s*7\b",)),
    (
        Kind.ALL_DAY,
        (
            r"\b24\s*-?\s*(?:hours?|hrs?)\b(?:\s*(?:a|per)\s*day\b)?",
            r"\bround\s+the\s+clock\b",
        ),
    ),
    (
        Kind.ASIDE,  # how long it lasts
        (r"\b(?:[1-9]|1[0-2]|\d{2,3}(?=\s*min))\s*-?\s*(?:minutes?|mins?|hours?|hrs?)\b",),
    ),
    (
        Kind.BANK,
        (r"\b(?:bank|public)(?:\s*(?:/|&|and|or)\s*public)?\s+hol(?:iday)?s?\b(?:\s+mondays?)?",),
    ),
    (
        Kind.HOLIDAYS,
        (r"\b(?:school|half[- ]?term)\s+(?:holidays?|hols|breaks?)\b", r"\bhalf[- ]?terms?\b"),
    ),
    (
        Kind.TERM,
        (
            r"\b(?:(?:during|in|local|school|the)\s+)*term[- ]?times?\b(?:\s+only\b)?",
            r"\b(?:during|in)\s+(?:the\s+)?school\s+terms?\b(?:\s+only\b)?",
        ),
    ),
    (
        Kind.APPOINTMENT,
        (
            r"\b(?:strictly\s+)?by\s+(?:prior\s+)?(?:appointment|arrangement)s?\b(?:\s+only\b)?",
            r"\bappointments?\s+(?:only|necessary|required|needed|essential)\b",
            r"\A\s*appointments?\s*\Z",
            r"\b(?:up)?on\s+request\b(?:\s+only\b)?",
        ),
    ),
    (
        Kind.LAST_ENTRY,
        (r"\b(?:last|final)\s+(?:entry|admissions?|orders?|referrals?|appointments?|bookings?)\b",),
    ),
    (Kind.ASIDE, (r"\bsat\s?nav\b", r"\boffice\s+hours\b")),
    (
        Kind.FEAST,
        (
            r"\b(?:good|black)\s+friday\b",
            r"\b(?:easter|whit)\s+(?:sun|mon)day\b",
            r"\b(?:ash\s+wednes|maundy\s+thurs|shrove\s+tues)day\b",
            r"\b(?:palm|mothering|remembrance)\s+sunday\b",
        ),
    ),
    (
        Kind.DATE,
        (
            rf"\b{_ONE_OR_TWO}(?:\s+of)?\s+{MONTH}\b{_OF_YEAR}?",
            rf"\b{MONTH}\s+\d{{1,2}}{_NTH}?\b(?!\s*(?:[:.-]|to\b|{_MERIDIEM})){_OF_YEAR}?",
            r"\b\d{1,2}/\d{1,2}/(?:20)?\d\d\b",
            r"\b20\d\d-\d\d-\d\d\b",
            r"\b(?:christmas\s+(?:day|eve)|boxing\s+day|new\s+year'?s\s+(?:day|eve))\b",
        ),
    ),
    (
        Kind.MONTH,
        (
            rf"\b{_SURE_MONTH}\b{_OF_YEAR}?",
            rf"\b(?:mar|march|may){_OF_YEAR}",
            rf"\b(?:march|may)\b(?=\s*(?:-|to|until|and|&)\s*{MONTH}\b)",
            r"(?:(?<=\bin )|(?<=\bto )|(?<=from )|(?<=until )|(?<=during ))(?:march|may)\b",
            r"(?:(?<=-)|(?<=- ))(?:march|may)\b",
        ),
    ),
    (
        Kind.EVERY_NTH,
        (r"\bevery\s+(?:second|2nd|third|3rd|fourth|4th|fifth|5th)\b(?!\s+weeks?)",),
    ),
    (
        Kind.INTERVAL,
        (
            rf"\bevery\s+{_NUMBER_OF_WEEKS}\s+weeks?\b",
            r"\bfortnightly\b",
            r"\bevery\s+fortnight\b",
            r"\balternat(?:e|ing)\b(?:\s+weeks?\b)?",
            r"\bevery\s+other\b(?!\s+(?:day|month))",
        ),
    ),
    (
        Kind.OF_MONTH,
        (
            r"\b(?:of|in)\s+(?:(?:the|each|every|a)\s+)?(?:calendar\s+)?month\b",
            r"\b(?:each|every|a|per)\s+month\b",
            r"\bmonthly\b",
        ),
    ),
    (
        Kind.DAILY,
        (
            r"\bdaily\b",
            r"\bevery\s*day\b",
            r"\beach\s+day\b",
            r"\b(?:7|seven)\s+days\b(?:\s*(?:a|per|/)\s*week\b)?",
        ),
    ),
    (Kind.DAY, (r"\bweek\s?days?\b", r"\bweek\s?ends?\b", r"\bm\s*-\s*f\b")),
    (
        Kind.DAY,  # with the stop of an abbreviation, but not that of a sentence
        (rf"\b{_DAY}(?:'?s'?)?\b(?:(?<!day)(?<!days)\.(?=\s*(?:[\d,&/-]|to\b|and\b)))?",),
    ),
    (
        Kind.TIME,
        (
            r"\b12(?:[:.]00)?\s*-?\s*(?:noon|mid-?day|midnight)\b",
            r"\b(?:noon|mid-?day|midnight)\b",
            rf"\b\d{{1,2}}(?:[:.]?\d\d)?\s*{_MERIDIEM}",
            r"\b\d{1,2}[:.]\d\d(?![\d:]|[.]\d)(?:\s*(?:hrs?|hours?|h)\b)?",
            r"\b[012]\d[0-5]\d\s*(?:hrs?|hours?|h)\b",
            r"\b[012]\d[0-5]\d(?=\s*(?:-|to)\s*[012]\d[0-5]\d\s*(?:hrs?|hours?|h)\b)",
            r"\b\d{1,2}\s*o'?clock\b",
        ),
    ),
    (Kind.ORDINAL, (r"\b(?:1st|first|2nd|second|3rd|third|4th|fourth|5th|fifth|last)\b",)),
    (Kind.NUMBER, (r"\d+(?:[.,:]\d+)*(?:st|nd|rd|th)?\b",)),
    (
        Kind.CLOSED,
        (
            r"\b(?:closed|shut|closures?|not\s+open|no\s+longer|unavailable)\b",
            r"\bnot\s+(?:running|meeting|available|operating|happening|taking\s+place)\b",
            r"\bno\s+(?:drop-?ins?|sessions?|groups?|class(?:es)?|meetings?|clubs?)\b",
        ),
    ),
    (
        Kind.EXCEPT,
        (
            r"\b(?:except(?:ing)?(?:\s+for)?|excluding|apart\s+from|other\s+than|but\s+not|not)\b",
            r"\b(?:excl|exc|ex)\b\.?",
            rf"\b(?:without|minus|bar|barring)\b(?=\s+(?:on\s+|the\s+)*{_DAY})",
        ),
    ),
    (Kind.PART, (r"\b(?:mornings?|afternoons?|evenings?|lunch\s?times?|nights?|am|pm)\b",)),
    (Kind.BETWEEN, (r"\bbetween\b",)),
    (Kind.FROM, (r"\b(?:from|at|start(?:s|ing)?)\b", r"@")),
    (Kind.TO, (r"-+", r"=", r"\b(?:to|until|till|til|through|thru)\b")),
    (Kind.AND, (r"[,&+/]", r"\b(?:and|plus)\b")),
    (Kind.COLON, (r":",)),
    (Kind.PAREN, (r"[()\[\]]",)),
    (Kind.NEWLINE, (r"\n",)),
    (Kind.WORD, (r"[^\W\d_](?:[\w'-]*\w)?",)),
    (Kind.STOP, (r".",)),
)
_PATTERN = re.compile("|".join(f"(?P<k{n}>{'|'.join(any_)})" for n, (_, any_) in enumerate(_TABLE)))
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_APOSTROPHES = "\u2018\u2019\u02bc\u0060\u00b4"
_PLAIN = str.maketrans(
    {**dict.fromkeys(_DASHES, "-"), **dict.fromkeys(_APOSTROPHES, "'"), "\xa0": " ", "\r": " "}
)


def tokens(text: str) -> list[Token]:
    """The tokens of a text in order, without the spaces between them."""
    return [token for token in _all(text) if token.kind is not Kind.SPACE]


def _all(text: str) -> Iterator[Token]:
    for found in _PATTERN.finditer(_plain(text)):
        kind = _TABLE[int((found.lastgroup or "k0")[1:])][0]
        yield Token(kind, found[0], found.start(), found.end())


def _plain(text: str) -> str:
    """Small letters and plain dashes, letter for letter, so that places stay where they were."""
    small = (letter.lower() for letter in text.translate(_PLAIN))
    return "".join(low if len(low) == 1 else was for low, was in zip(small, text, strict=True))
