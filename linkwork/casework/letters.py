"""What a message to a practice says: plain parts, in the order of the PRSB headings, and as text.

A letter is made of values only, so that it can be kept with the message and the text and the
FHIR document (exchange.fhir_message) are made of the same. The headings are those of the PRSB
Social Prescribing Information Standard v1.1, as far as there is something to say under them.
"""

import hashlib
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Self

from linkwork.models import MessageKind, SnomedCode

SUBJECTS = {
    MessageKind.STARTED: "Social prescribing: support has started",
    MessageKind.UPDATE: "Social prescribing: how your patient is getting on",
    MessageKind.DECLINED: "Social prescribing: referral not taken on",
    MessageKind.CLOSING: "Social prescribing: support has ended",
}
CODE_NAMES = {
    SnomedCode.REFERRED: "Referral to social prescribing service",
    SnomedCode.DECLINED: "Social prescribing declined",
}
# Marks that turn the direction of everything after them: nobody’s name needs one.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
NOT_XML = frozenset("\ufffe\uffff")


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation that sends or receives: its name and ODS code."""

    name: str
    ods_code: str | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """Whom it is about: enough to find the record, and no more. The date is in ISO format."""

    family_name: str
    given_name: str
    born_on: str
    nhs_number: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One heading, and what stands under it: a line, or a paragraph, each."""

    title: str
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Activity:
    """One onward referral: the activity, where it stands (a code), and that in words."""

    name: str
    state: str
    words: str
    began_on: str
    changed_on: str
    why: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole message. Dates are in ISO format."""

    kind: MessageKind
    written_on: str
    practice: Party
    sender: Party
    worker: str
    patient: Patient
    referred_on: str
    by_practice: bool
    """Whether the practice that is written to referred the patient."""
    code: SnomedCode | None = None
    sections: list[Section] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    contact_keys: list[str] = field(default_factory=list)
    """The contacts it tells of, so that the next message need not tell of them again."""
    struck_keys: list[str] = field(default_factory=list)
    """Those it takes back."""

    @property
    def subject(self) -> str:
        """What it is about, without anybody’s name."""
        return SUBJECTS[self.kind]

    @property
    def code_line(self) -> str | None:
        """The code in words and figures, as a practice would look it up."""
        return f"{CODE_NAMES[self.code]} (SNOMED CT {self.code})" if self.code else None

    @property
    def digest(self) -> str:
        """A mark of what it says: two letters that read alike have the same."""
        return hashlib.sha256(text(self).encode()).hexdigest()[:32]

    def as_json(self) -> dict[str, Any]:
        """The letter as it is kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """The letter that ``as_json`` kept."""
        return cls(
            **{
                **kept,
                "kind": MessageKind(kept["kind"]),
                "code": SnomedCode(kept["code"]) if kept["code"] else None,
                "practice": Party(**kept["practice"]),
                "sender": Party(**kept["sender"]),
                "patient": Patient(**kept["patient"]),
                "sections": [Section(**part) for part in kept["sections"]],
                "activities": [Activity(**part) for part in kept["activities"]],
            }
        )


def text(letter: Letter) -> str:
    """A letter as plain text: headings at the margin, everything else two characters in.

    So nothing that somebody typed can pass for a heading or a code line.
    """
    patient = letter.patient
    head = [letter.subject, ""]
    head += [f"To: {_party(letter.practice)}", f"From: {_from(letter)}"]
    head += [f"Date: {day(date.fromisoformat(letter.written_on))}"]
    if letter.code_line:
        head += ["", "FOR THE GP RECORD", f"  {letter.code_line}"]
    who = [
        f"Name: {patient.family_name.upper()}, {patient.given_name}",
        f"NHS number: {spaced(patient.nhs_number)}",
        f"Date of birth: {day(date.fromisoformat(patient.born_on))}",
        *([f"Phone: {patient.phone}"] if patient.phone else []),
    ]
    head += ["", "PATIENT", *_indented(who)]
    for section in letter.sections:
        mark = "- " if len(section.lines) > 1 else ""
        head += ["", section.title.upper(), *_indented(section.lines, mark)]
    return "\n".join(head) + "\n"


def spaced(nhs_number: str | None) -> str:
    """An NHS number as it is written down: 999 000 0018."""
    if not nhs_number:
        return "not recorded"
    return f"{nhs_number[:3]} {nhs_number[3:6]} {nhs_number[6:]}"


def day(on: date) -> str:
    """10 November 2026."""
    return f"{on.day} {on:%B %Y}"


def line(typed: str | None) -> str:
    """What somebody typed, on one line."""
    return " ".join(clean(typed).split())


def clean(typed: str | None) -> str:
    """What somebody typed, fit to leave: lines kept, no character that hides or turns text."""
    kept = (_plain(c) for c in (typed or "").replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(kept).strip()


def _plain(character: str) -> str:
    if character == "\n":
        return character
    if character.isspace():
        return " "
    hidden = ord(character) < 32 or 127 <= ord(character) < 160 or 0xD800 <= ord(character) < 0xE000
    return "" if hidden or character in TURNING or character in NOT_XML else character


def _indented(lines: list[str], mark: str = "") -> list[str]:
    """Every line two characters in; each of several begins with a mark of its own."""
    between = "\n  " + " " * len(mark)
    whole = (f"  {mark}{words}".replace("\n", between) for words in lines)
    return [part.rstrip() for words in whole for part in words.split("\n")]


def _party(party: Party) -> str:
    return f"{party.name} ({party.ods_code})" if party.ods_code else party.name


def _from(letter: Letter) -> str:
    return f"{letter.worker}, social prescribing link worker, {_party(letter.sender)}"
