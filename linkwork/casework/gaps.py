"""Gaps: noted with one press where a search found nothing, and counted by need and place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from linkwork import access, audit, geography
from linkwork.audit import Event
from linkwork.casework.lexicon import lexicon
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.matching.words import Text
from linkwork.models import (
    Gap,
    GapReason,
    Need,
    Organisation,
    OrganisationKind,
    SupportCase,
    User,
)

DOUBLE = timedelta(seconds=10)
UNDO = timedelta(minutes=10)
SINCE = timedelta(days=365)
MOST_COUNTED = 200


@dataclass(frozen=True, slots=True)
class Count:
    """How often one need met nothing in one place for one reason, in a year."""

    organisation: Organisation
    need: Need
    place: str | None
    reason: GapReason
    times: int
    last_at: datetime


def note(
    need: Need,
    reason: GapReason,
    *,
    postcode: str | None = None,
    case: SupportCase | None = None,
    by: User,
    at: datetime,
) -> Gap:
    """Note that nothing was found for a need, and why; of a postcode only its first half is kept.

    The same of the same case counts once, and a press within ``DOUBLE`` of another too.
    """
    db.session.execute(select(User.id).where(User.id == by.id).with_for_update(key_share=True))
    place = geography.outcode_of(postcode)
    earlier = _earlier(need, reason, place, case, by, at)
    if earlier is not None:
        return earlier
    made = Gap(need=need, reason=reason, place=place, user_id=by.id, at=at)
    made.organisation_id = case.organisation_id if case else _where(by)
    made.case_id = case.id if case else None
    db.session.add(made)
    audit.record(Event.GAP_NOTED, made, by=by, need=need, reason=reason)
    return made


def undo(gap: Gap, *, by: User, at: datetime) -> None:
    """Take a gap back, within ``UNDO``, where one noted it oneself. Twice is once."""
    if gap.user_id != by.id:
        raise RuleBroken("Only whoever noted this can take it back.")
    if gap.undone_at is not None:
        return
    if at - gap.at > UNDO:
        raise RuleBroken("This was noted more than ten minutes ago, so it stays.")
    gap.undone_at = at
    audit.record(Event.GAP_UNDONE, gap, by=by)


def undoable(user: User, *, at: datetime) -> Sequence[Gap]:
    """What a user noted in the last ten minutes and may take back, the newest first."""
    query = access.gaps(user).where(
        Gap.user_id == user.id, Gap.undone_at.is_(None), Gap.at >= at - UNDO
    )
    return db.session.scalars(query.order_by(Gap.at.desc(), Gap.id.desc()).limit(5)).all()


def counts(user: User, *, at: datetime) -> list[Count]:
    """Gaps of a year that ``user`` may see, by PCN, need, place and reason, most first.

    A gap of a case is a person: the page withholds what is small where the reader may not see the
    people. At most ``MOST_COUNTED`` rows.
    """
    rows = db.session.execute(
        access.gaps(user)
        .where(Gap.undone_at.is_(None), Gap.at >= at - SINCE)
        .group_by(Gap.organisation_id, Gap.need, Gap.place, Gap.reason)
        .with_only_columns(
            Gap.organisation_id,
            Gap.need,
            Gap.place,
            Gap.reason,
            func.count().label("times"),
            func.max(Gap.at).label("last_at"),
        )
        .order_by(func.count().desc(), func.max(Gap.at).desc(), Gap.need, Gap.place)
        .limit(MOST_COUNTED)
    ).all()
    numbers = {row.organisation_id for row in rows}
    found = db.session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(numbers))
        .options(joinedload(Organisation.parent))
    )
    names = {organisation.id: organisation for organisation in found}
    return [Count(names[row[0]], *row[1:]) for row in rows]


def need_in(words: str) -> Need | None:
    """The need that the words of a search speak of, where they speak of one we know."""
    known, text = lexicon(), Text.of(words)
    for phrases in (known.names, known.directories, known.people):
        for hit in phrases.find(text):
            need = known.concepts[hit.concept].need
            if need is not None:
                return Need(need)
    return None


def _where(by: User) -> int:
    own = by.organisation
    if own.kind is OrganisationKind.PRACTICE and own.parent_id is not None:
        return own.parent_id
    return own.id


def _earlier(
    need: Need,
    reason: GapReason,
    place: str | None,
    case: SupportCase | None,
    by: User,
    at: datetime,
) -> Gap | None:
    same = select(Gap).where(
        Gap.need == need, Gap.reason == reason, Gap.place == place, Gap.undone_at.is_(None)
    )
    if case is not None:
        return db.session.scalar(same.where(Gap.case_id == case.id).limit(1))
    mine = same.where(Gap.user_id == by.id, Gap.case_id.is_(None), Gap.at > at - DOUBLE)
    return db.session.scalar(mine.limit(1))
