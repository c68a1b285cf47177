"""Whose the records of capacity are: a part of ``access``, which is what others ask."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from linkwork.models import Absence, Assumption, KeptReport, Organisation, Post, User
from linkwork.permissions import Permission, in_own_pcns, may, merged_into, pcns


def absences(user: User) -> Select[Absence]:
    """The long absences on a day of which somebody held a post of the user’s own PCNs.

    Whom a worker was employed by before, or is after, learns nothing of them.
    """
    last_on = func.coalesce(Absence.end_on, date.max)
    held = posts(user).where(
        Post.worker_id == Absence.worker_id, Post.is_held_during(Absence.start_on, last_on)
    )
    return select(Absence).where(held.exists())


def assumptions(user: User) -> Select[Assumption]:
    """What a user may take back: of their own PCNs, of their board, or of the installation."""
    allowed: list[ColumnElement[bool]] = [false()]
    if may(user, Permission.MANAGE_STAFFING):
        own = Assumption.organisation_id == user.organisation_id
        allowed += [own, in_own_pcns(user, Assumption.organisation_id)]
    if may(user, Permission.MANAGE_ORGANISATIONS):
        allowed.append(Assumption.organisation_id.is_(None))
    return select(Assumption).where(or_(*allowed))


def kept_reports(user: User) -> Select[KeptReport]:
    """Kept reports of the user’s own PCNs, and of those that merged into these."""
    query = select(KeptReport)
    if not may(user, Permission.SEE_CAPACITY):
        return query.where(false())
    own = pcns(user).with_only_columns(Organisation.id)
    return query.where(KeptReport.organisation_id.in_(merged_into(own)))


def posts(user: User) -> Select[Post]:
    """The posts of the user’s own PCNs, for those who manage staffing."""
    allowed: ColumnElement[bool] = false()
    if may(user, Permission.MANAGE_STAFFING):
        allowed = in_own_pcns(user, Post.organisation_id)
    return select(Post).where(allowed)


SCOPES: dict[type[Any], Callable[[User], Select[Any]]] = {
    Absence: absences,
    Assumption: assumptions,
    KeptReport: kept_reports,
    Post: posts,
}
