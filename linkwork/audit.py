"""The audit trail: who did what to which record, and nothing of what it said.

An entry is made in the function that makes the change and is written in the same transaction, as
its last act before the commit. Each entry is sealed with an HMAC over itself and the seal of the
entry before it, so that one that is changed, removed, inserted or moved is found by ``verify``,
and a cut tail by comparing with a head that was noted earlier.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from flask import current_app
from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.exc import DataError

from linkwork import clock
from linkwork.database import Base, afterwards, db
from linkwork.errors import RuleBroken
from linkwork.events import Event
from linkwork.models import AuditEntry, AuditHead, KeptReport, User

# Used by verbs together with what is here.
__all__ = ["Event"]

BEGINNING = "0" * 64
PAGE = 5000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What ``verify`` found: how many entries were read, and the first that is wrong, if any."""

    entries: int
    head: str
    problem: str | None

    @property
    def whole(self) -> bool:
        """Whether nothing was found wrong."""
        return self.problem is None


def record(
    event: Event,
    subject: Base | None,
    *,
    by: User | None,
    person_id: int | None = None,
    **details: Any,
) -> None:
    """Note that ``by`` caused ``event`` to ``subject``, about ``person_id`` where there is one.

    ``details`` hold codes, counts and field names, never words about anybody. The entry is
    written when the present transaction commits; where it cannot be, nothing commits.
    """
    db.session.flush()  # so that a new subject has its number
    entry = {
        "at": clock.now(),
        "event": event.value,
        "user_id": by.id if by else None,
        "record_type": subject.__tablename__ if subject is not None else "",
        "record_id": getattr(subject, "id", None),
        "person_id": person_id if person_id is not None else getattr(subject, "person_id", None),
        "details": details,
    }
    afterwards().append(lambda: _append(entry))


def verify(*, noted_head: str | None = None) -> Verdict:
    """Read the whole chain and say whether it is whole, and whether every kept report is there.

    ``noted_head`` is a head written down earlier, as ``number:digest``; it must still be in the
    chain, and raises ``RuleBroken`` where it is not of that form. Reads in pages of 5,000 entries,
    so memory stays small; what is added meanwhile is left for the next time.
    """
    noted = _parse(noted_head)
    head = db.session.execute(select(AuditHead.number, AuditHead.digest)).first()
    number, digest = 0, BEGINNING
    try:
        for entry in _entries(upto=head.number if head else 0):
            problem = _wrong(entry, number, digest) or _unlike(entry, noted)
            if problem:
                return Verdict(number, f"{number}:{digest}", problem)
            number, digest = entry["number"], entry["digest"]
    except (ValueError, TypeError, DataError):  # no program of ours wrote what is there
        unreadable = f"The trail cannot be read after entry {number}."
        return Verdict(number, f"{number}:{digest}", unreadable)
    problem = _wrong_end(number, digest, head, noted) or _report_gone()
    return Verdict(number, f"{number}:{digest}", problem)


def _append(entry: dict[str, Any]) -> None:
    head = _locked_head()
    sealed = {**entry, "number": head.number + 1, "previous": head.digest}
    sealed["digest"] = _seal(sealed)
    db.session.execute(insert(AuditEntry).values(**sealed))
    db.session.execute(update(AuditHead).values(number=sealed["number"], digest=sealed["digest"]))


def _locked_head() -> Any:
    """The chain's end, held until the commit: the next writer waits here for its turn."""
    head = db.session.execute(select(AuditHead.number, AuditHead.digest).with_for_update()).first()
    if head is None:
        raise LookupError("The audit trail has no head: run the migrations.")
    return head


def _seal(entry: dict[str, Any]) -> str:
    body = json.dumps(
        [
            entry["number"],
            entry["at"].astimezone(UTC).isoformat(timespec="microseconds"),
            *(entry[name] for name in ("event", "user_id", "record_type", "record_id")),
            *(entry[name] for name in ("person_id", "details", "previous")),
        ],
        sort_keys=True,
        separators=(",", ":"),
    )
    return sealed(body.encode())


def sealed(content: bytes) -> str:
    """The seal of some content: whoever has not the key of this site cannot make one."""
    key = str(current_app.config["AUDIT_KEY"]).encode()
    return hmac.new(key, content, hashlib.sha256).hexdigest()


def _entries(upto: int) -> Iterator[RowMapping]:
    table = AuditEntry.__table__
    query = select(table).where(table.c.number <= upto).order_by(table.c.number).limit(PAGE)
    page = db.session.execute(query).mappings().all()
    while page:
        yield from page
        following = query.where(table.c.number > page[-1]["number"])
        page = db.session.execute(following).mappings().all()


def _wrong(entry: RowMapping, number: int, digest: str) -> str | None:
    if entry["number"] > number + 1:
        return f"Entry {number + 1} is missing."
    if entry["number"] < number + 1:
        return f"Entry {entry['number']} stands before the first entry."
    if entry["previous"] != digest:
        return f"Entry {entry['number']} does not follow the entry before it."
    if _seal(dict(entry)) != entry["digest"]:
        return f"Entry {entry['number']} was changed after it was written."
    return None


def _parse(noted_head: str | None) -> tuple[int, str] | None:
    if noted_head is None:
        return None
    number, _, digest = noted_head.strip().partition(":")
    if not (number.isascii() and number.isdigit() and len(digest) == len(BEGINNING)):
        raise RuleBroken("A head is written as its number, a colon and 64 letters and digits.")
    return int(number), digest


def _unlike(entry: RowMapping, noted: tuple[int, str] | None) -> str | None:
    if noted and (entry["number"], entry["digest"]) != noted and entry["number"] == noted[0]:
        return f"Entry {entry['number']} is not the one that was noted."
    return None


def _wrong_end(number: int, digest: str, head: Any, noted: tuple[int, str] | None) -> str | None:
    if head is None or (head.number, head.digest) != (number, digest):
        return f"The trail ends at entry {number}, and its head says otherwise."
    if _beyond_the_head():
        return f"There are entries after entry {number}, where the trail’s head says it ends."
    if noted and noted[0] > number:
        return f"The trail ends at entry {number}; entry {noted[0]} was noted earlier."
    return None


def _beyond_the_head() -> bool:
    # In one statement, so that an entry which is being added is seen with its head or not at all.
    last = select(func.max(AuditEntry.number)).scalar_subquery()
    found = db.session.execute(select(AuditHead.number, last)).first()
    return found is not None and (found[1] or 0) > found[0]


def _report_gone() -> str | None:
    # A report is never taken away or changed: another row under its number has another seal.
    there = select(KeptReport.id).where(
        KeptReport.id == AuditEntry.record_id,
        KeptReport.seal == AuditEntry.details["seal"].as_string(),
    )
    kept = AuditEntry.event == Event.REPORT_KEPT.value
    gone = select(func.min(AuditEntry.number)).where(kept, ~there.exists())
    number = db.session.scalar(gone)
    return f"The report that entry {number} kept is gone or has another seal." if number else None
