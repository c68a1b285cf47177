"""What the cells of an Excel workbook show: shared texts, and numbers by their styles.

Dates come as 2026-11-18, times as 10:30, other numbers as they are kept, with the noughts or the
sign their style puts before them.
"""

import math
import re
from datetime import datetime, timedelta

from linkwork.exchange.sheet_limits import LONGEST_CELL
from linkwork.exchange.zipped_xml import Archive

DATE_FORMATS = frozenset([14, 15, 16, 17, 22, *range(27, 32), 34, 35, 36, *range(50, 59)])
TIME_FORMATS = frozenset([18, 19, 20, 21, 32, 33, 45, 46, 47])
PERCENT_FORMATS = frozenset([9, 10])
NOT_SHOWN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h|m|s)[^\]]*\]', re.IGNORECASE)
PADDED = re.compile(r"0{2,20}")
LAST_SERIAL = 2_958_466
FIRST_DAYS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001


class Silent:
    """A listener that is told and does nothing: others change what they need."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, words: str) -> None:
        """Some text."""


class Styles(Silent):
    """How each style shows a number: as a date, a time, a percentage, in pounds, or padded."""

    def __init__(self, archive: Archive) -> None:
        self._keep = archive.keep
        self.formats: list[str] = []
        self._codes: dict[str, str] = {}
        self._in_use = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            code = self._keep(attributes.get("formatCode", ""))
            self._codes[self._keep(attributes.get("numFmtId", ""))] = code
        elif name == "cellXfs":
            self._in_use = True
        elif name == "xf" and self._in_use:
            number = attributes.get("numFmtId", "0")
            shown_as = _shown_as(number, self._codes.get(number))
            self.formats.append(self._keep(shown_as))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_use = False


def _shown_as(number: str, code: str | None) -> str:
    if code is None:
        known = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0
        kinds = {"date": DATE_FORMATS, "time": TIME_FORMATS, "percent": PERCENT_FORMATS}
        return next((kind for kind, numbers in kinds.items() if known in numbers), "")
    first = code.split(";")[0]
    plain = NOT_SHOWN.sub("", first).lower()
    if PADDED.fullmatch(plain):
        return plain
    if "£" in first:
        return "£"
    if "%" in plain:
        return "percent"
    if "general" in plain or not re.search("[ymdhs]", plain):
        return ""
    return "date" if re.search("[yd]|mmm", plain) else "time"


class Shared(Silent):
    """The texts that cells share, read when the first cell asks for one."""

    def __init__(self, archive: Archive) -> None:
        self._archive, self._texts, self._read = archive, list[str](), False
        self._parts: list[str] = []
        self._inside, self._spoken, self._length = False, 0, 0

    def __getitem__(self, number: str) -> str:
        if not self._read:
            self._read = True
            if self._archive.has("xl/sharedStrings.xml"):
                self._archive.read_all("xl/sharedStrings.xml", self)
        place = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else -1
        return self._texts[place] if 0 <= place < len(self._texts) else ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self._parts, self._length = [], 0
        elif name == "rPh":  # how a name is spoken, in some languages: not what is written
            self._spoken += 1
        self._inside = name == "t" and not self._spoken

    def end(self, name: str) -> None:
        self._inside = False
        if name == "rPh":
            self._spoken -= 1
        elif name == "si":
            self._texts.append(self._archive.keep("".join(self._parts)[:LONGEST_CELL]))

    def text(self, words: str) -> None:
        if self._inside and self._length < LONGEST_CELL:
            self._parts.append(words)
            self._length += len(words)


class Cells:
    """What a cell shows, by its kind, its style and what is kept in it."""

    def __init__(self, shared: Shared, formats: list[str], first_day: datetime) -> None:
        self._shared, self._formats, self._first_day = shared, formats, first_day

    def shown(self, kind: str, style: str, kept: str) -> str:
        """The text of a cell, from the attributes ``t`` and ``s`` and what it holds."""
        if kind == "s":
            return self._shared[kept].strip()
        if kind == "b":
            return "TRUE" if kept.strip() == "1" else "FALSE"
        if kind == "d":
            return kept.strip().removesuffix("T00:00:00")
        if kind in ("str", "inlineStr", "e") or not kept.strip():
            return kept.strip()
        place = int(style) if style.isascii() and style.isdigit() and len(style) < 6 else 0
        return self._number(kept.strip(), self._formats[place : place + 1])

    def _number(self, kept: str, formats: list[str]) -> str:
        try:
            number = float(kept)
        except ValueError:
            return kept
        if not math.isfinite(number):
            return kept
        how = formats[0] if formats else ""
        if how in ("date", "time") and 0 <= number < LAST_SERIAL:
            return self._moment(number, how)
        if how.startswith("0") and number == int(number) and number >= 0:
            return f"{int(number):0{len(how)}d}"
        if how == "percent":
            return f"{number * 100:.15g}%"
        return f"£{number:.2f}" if how == "£" else f"{number:.15g}"

    def _moment(self, serial: float, how: str) -> str:
        # Excel has a 29 February 1900, and so counts the days before it one short.
        early = 0 < serial < 60 and self._first_day.year < 1900
        moment = self._first_day + timedelta(days=serial + early)
        moment = (moment + timedelta(seconds=0.5)).replace(microsecond=0)
        if how == "time" or serial < 1:
            return f"{moment:%H:%M}"
        whole_day = moment.hour == moment.minute == 0
        return f"{moment:%Y-%m-%d}" if whole_day else f"{moment:%Y-%m-%d %H:%M}"
