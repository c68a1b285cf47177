"""Drafts: what somebody typed is kept every few seconds, and never in place of other words.

A draft is the author’s own and leaves no entry in the trail: nobody else reads it, and saving the
form it belongs to is audited. Times are UTC.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from linkwork import access, audit, clock
from linkwork.audit import Event
from linkwork.casework import alarms
from linkwork.casework.cases import hold
from linkwork.database import db, new_key
from linkwork.errors import RuleBroken
from linkwork.models import (
    Contact,
    ContactKind,
    ContactMode,
    ContactOutcome,
    Draft,
    DraftForm,
    SupportCase,
    User,
)

Fields = Mapping[str, Sequence[str]]
LONGEST = 100_000
MOST_FIELDS = 80
MOST_KEPT = 10
REMEMBERED = timedelta(days=30)
WORDS = ("what_matters", "notes", "strengths", "next_action", "safety_action")
SAID = (
    ("on", "On"),
    ("at", "At"),
    ("minutes", "Minutes"),
    ("what_matters", "What matters"),
    ("notes", "Notes"),
    ("strengths", "Strengths"),
    ("safety_action", "Safety concern"),
    ("told", "Told"),
    ("next_action", "Next"),
    ("next_action_on", "Next on"),
)
"""What of a draft is put on its case when its author is gone."""
OF_A_CONTACT = WORDS[:-1]
"""What a saved contact must hold of a copy that comes later; of safety it keeps what was meant."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a draft is now, and what else is written in the same form, newest first."""

    draft: Draft | None
    """None where these words were saved as a contact already."""
    version: int = 0
    """What the page may say it has seen: an older copy has not seen what is there."""
    beside: Sequence[Draft] = ()


def keep(
    case: SupportCase,
    form: DraftForm,
    fields: Fields,
    *,
    author: User,
    key: str,
    seen: int | None,
    at: datetime,
) -> Kept:
    """Keep what is in a form, under the key that its page gave it.

    ``seen`` is the version the page last knew. Where another window has written since, and these
    words do not hold all of what it wrote, they are kept as a draft of their own beside it.
    Raises ``RuleBroken`` for more than 100,000 characters or an eleventh draft of one form.
    """
    _must_fit(fields)
    hold(case)  # of a draft and the note it becomes, or of two copies, one comes after the other
    found = db.session.scalar(select(Draft).where(Draft.key == key))
    if found is not None and not _is_of(found, case, form, author):
        found, key = None, new_key()
    if found is not None and found.contact is not None:
        if _holds(_of_contact(found.contact), fields, OF_A_CONTACT):
            return Kept(None)
        found, key = None, new_key()
    if found is None:
        return _begun(case, form, fields, author, key, at)
    if found.version != seen and not _holds(fields, found.fields):
        if _holds(found.fields, fields):
            return Kept(found, seen or 0)  # an older copy, arriving late
        kept = _begun(case, form, fields, author, new_key(), at)
        others = of(case, form, author=author, but=kept.draft)
        return Kept(kept.draft, kept.version, others)
    found.fields, found.saved_at = dict(fields), at
    found.version += 1
    return Kept(found, found.version)


def of(
    case: SupportCase, form: DraftForm, *, author: User, but: Draft | None = None
) -> Sequence[Draft]:
    """What the author wrote in this form of the case and did not save, newest first."""
    query = (
        access.drafts(author)
        .where(Draft.case_id == case.id, Draft.form == form)
        .order_by(Draft.saved_at.desc(), Draft.id.desc())
        .limit(MOST_KEPT)
    )
    return [draft for draft in db.session.scalars(query) if draft is not but]


def of_case(case: SupportCase, *, author: User) -> Sequence[Draft]:
    """Everything the author wrote about the case and did not save, newest first."""
    query = access.drafts(author).where(Draft.case_id == case.id)
    return db.session.scalars(query.order_by(Draft.saved_at.desc()).limit(MOST_KEPT)).all()


def of_user(user: User) -> Sequence[Draft]:
    """What a user wrote about anybody and did not save, oldest first, with each case’s person.

    For a list of what waits: at most 50, of cases the user may still see.
    """
    query = access.drafts(user).options(joinedload(Draft.case).joinedload(SupportCase.person))
    return db.session.scalars(query.order_by(Draft.saved_at).limit(50)).all()


def saved(contact: Contact, form: DraftForm, key: str | None, *, author: User) -> None:
    """Let go of the drafts that hold nothing but what ``contact`` says now.

    The one its page wrote under ``key`` stays as a row without words, so that a copy of it that
    arrives later is known for what it is.
    """
    said = _of_contact(contact)
    for draft in of(contact.case, form, author=author):
        if draft.key == key:
            _became(draft, contact)
        elif _holds(said, draft.fields, OF_A_CONTACT):
            db.session.delete(draft)
    if key and db.session.scalar(select(Draft.id).where(Draft.key == key)) is None:
        _leave_a_mark(contact, form, key, author)
    _forget_old_ones(author, contact.recorded_at or contact.at)


def discard(draft: Draft) -> None:
    """Forget a draft, because its author says so."""
    db.session.delete(draft)


def put_on_case(draft: Draft, *, by: User, at: datetime) -> bool:
    """Put the words of somebody who is gone on their case, as they are; False where it was done.

    It is an administrative note of ``by``, who has not checked it: it starts and counts nothing.
    """
    hold(draft.case)
    db.session.refresh(draft)
    if draft.contact_id is not None:
        return False
    written_on = clock.london(draft.saved_at).date()
    day = f"{written_on.day} {written_on:%B %Y}"
    words = [
        f"{label}: {text}" for name, label in SAID for text in draft.fields.get(name, ()) if text
    ]
    note = Contact(
        case=draft.case,
        worker_id=by.id,
        at=draft.saved_at,
        kind=ContactKind.ADMIN,
        mode=ContactMode.LETTER,
        outcome=ContactOutcome.ATTENDED,
        notes="\n".join([f"Unsaved note of {draft.user.name} of {day}, not checked.", *words]),
        recorded_at=at,
    )
    db.session.add(note)
    db.session.flush()
    _became(draft, note)
    whose: dict[str, int] = {"unsaved_of": draft.user_id}
    audit.record(Event.CONTACT_RECORDED, note, by=by, person_id=draft.case.person_id, **whose)
    alarms.listen(note, by=by, at=at)
    return True


def _leave_a_mark(contact: Contact, form: DraftForm, key: str, author: User) -> None:
    left = Draft(key=key, case_id=contact.case_id, user_id=author.id, form=form)
    left.saved_at = contact.recorded_at or contact.at
    _became(left, contact)
    db.session.add(left)


def _became(draft: Draft, contact: Contact) -> None:
    draft.fields, draft.contact = {}, contact


def _begun(
    case: SupportCase, form: DraftForm, fields: Fields, author: User, key: str, at: datetime
) -> Kept:
    others = of(case, form, author=author)
    if len(others) >= MOST_KEPT:
        raise RuleBroken("You have ten unsaved notes about this person. Save or discard some.")
    draft = Draft(key=key, case_id=case.id, user_id=author.id, form=form, saved_at=at)
    draft.fields = dict(fields)
    db.session.add(draft)
    db.session.flush()
    return Kept(draft, draft.version)


def _is_of(draft: Draft, case: SupportCase, form: DraftForm, author: User) -> bool:
    return (draft.case_id, draft.form, draft.user_id) == (case.id, form, author.id)


def _must_fit(fields: Fields) -> None:
    letters = sum(len(name) + sum(map(len, values)) for name, values in fields.items())
    if letters > LONGEST or len(fields) > MOST_FIELDS:
        raise RuleBroken("This is too long to keep as a draft. Save it, or shorten it.")


def _holds(newer: Fields, older: Fields, names: Sequence[str] = WORDS) -> bool:
    """Whether everything that is written in ``older`` is in ``newer`` too."""
    return all(
        any(_plain(text) in _plain(there) for there in newer.get(name, ()))
        for name in names
        for text in older.get(name, ())
        if text.strip()
    )


def _plain(text: str) -> str:
    return " ".join(text.split())


def _of_contact(contact: Contact) -> Fields:
    texts: Iterable[tuple[str, str | None]] = ((n, getattr(contact, n)) for n in OF_A_CONTACT)
    return {name: [text] for name, text in texts if text}


def _forget_old_ones(author: User, at: datetime) -> None:
    old = (Draft.user_id == author.id) & Draft.contact_id.is_not(None)
    db.session.execute(delete(Draft).where(old, Draft.saved_at < at - REMEMBERED))
