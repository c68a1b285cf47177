"""Who is employed where: the posts of PCNs and the long absences of those who hold them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ScalarSelect, and_, bindparam, case, func, or_, select

from linkwork.capacity.posts import AbsenceSpan, PostSpan, wte_on
from linkwork.capacity.posts import PostState as Step
from linkwork.capacity.targets import Scope
from linkwork.database import db
from linkwork.models import Absence, Post, PostState, User


@dataclass(frozen=True, slots=True)
class Staffing:
    """The posts of one PCN, each with its holder's name, in that order; vacancies last.

    A vacancy has no holder; its name is empty.
    """

    posts: tuple[tuple[Post, str], ...] = ()
    absences: tuple[Absence, ...] = ()

    @property
    def spans(self) -> list[PostSpan]:
        """The posts that have a first day, as capacity is worked out from."""
        return [_span(post) for post, _ in self.posts if _is_dated(post)]

    @property
    def away(self) -> list[AbsenceSpan]:
        """The long absences, as capacity is worked out from."""
        return [AbsenceSpan(a.worker_id, a.start_on, a.end_on) for a in self.absences]

    def in_post_wte(self, on: date, scope: Scope) -> float:
        """WTE at work on a date: nobody on long absence, no vacancy."""
        return wte_on(self.spans, self.away, on, scope)

    def funded_wte(self, on: date, scope: Scope) -> float:
        """WTE paid for on a date: vacancies and long absences included.

        A post counts from its first day on, one without a first day at once: somebody who is to
        begin is not paid yet, and whoever they follow may be there still.
        """
        return float(
            sum(
                post.wte
                for post, _ in self.posts
                if scope.includes(post.additional) and is_funded(post, on)
            )
        )

    def name_of(self, worker_id: int) -> str:
        """The name of somebody who holds a post here."""
        return next(name for post, name in self.posts if post.worker_id == worker_id)

    def absence_of(self, worker_id: int | None, on: date) -> Absence | None:
        """The long absence a worker is on, if any."""
        spans = (a for a in self.absences if a.worker_id == worker_id and a.start_on <= on)
        return next((a for a in spans if a.end_on is None or on <= a.end_on), None)


def has_ended(post: Post, on: date) -> bool:
    """Whether a post is over on a date."""
    return post.end_on < on if post.end_on else post.state is PostState.ENDED


def is_funded(post: Post, on: date) -> bool:
    """Whether a post, or a vacancy, is there to be paid for on a date."""
    return (post.start_on is None or post.start_on <= on) and not has_ended(post, on)


def is_held_during(post: Post, first_on: date, last_on: date | None) -> bool:
    """Whether a post is held on a day of a stretch, ``last_on`` None while it goes on."""
    ended_without_a_day = post.state is PostState.ENDED and post.end_on is None
    if post.start_on is None or ended_without_a_day:
        return False
    has_begun = last_on is None or post.start_on <= last_on
    return has_begun and (post.end_on is None or first_on <= post.end_on)


def of_pcns(pcn_ids: Sequence[int]) -> dict[int, Staffing]:
    """The staffing of each PCN that has a post. Two queries, however many PCNs."""
    held, absent = _statements()
    asked = {"pcn_ids": list(pcn_ids)}
    rows = [(post, name or "") for post, name in db.session.execute(held, asked)]
    rows.sort(key=lambda row: (not row[1], row[1]))  # vacancies last, on either engine
    workers = {post.worker_id for post, _ in rows if post.worker_id}
    absences = list(db.session.scalars(absent, asked)) if workers else []
    return {id_: _staffing(id_, rows, absences) for id_ in {p.organisation_id for p, _ in rows}}


@cache
def _statements() -> tuple[Any, Any]:
    """Posts with their holders’ names, and absences, put together once: every page asks."""
    here = Post.organisation_id.in_(bindparam("pcn_ids", expanding=True))
    posts = select(Post, User.name).outerjoin(User, User.id == Post.worker_id).where(here)
    # By the posts again, not by worker: a list of workers could be longer than a query may be.
    workers = select(Post.worker_id).where(here)
    away = select(Absence).where(Absence.worker_id.in_(workers))
    return posts.order_by(Post.start_on, Post.id), away.order_by(Absence.start_on)


def wte_of(worker_ids: Sequence[int], on: date) -> dict[int, float]:
    """The WTE at work on a date of each worker who has a post. One query, for a few workers."""
    query = (
        select(Post, Absence)
        .outerjoin(Absence, Absence.worker_id == Post.worker_id)
        .where(Post.worker_id.in_(worker_ids))
    )
    rows: Sequence[Any] = db.session.execute(query).all()
    spans = {post.id: _span(post) for post, _ in rows if _is_dated(post)}
    away = [AbsenceSpan(a.worker_id, a.start_on, a.end_on) for _, a in rows if a is not None]
    own = {worker: [s for s in spans.values() if s.worker == worker] for worker in worker_ids}
    return {worker: wte_on(held, away, on) for worker, held in own.items() if held}


@dataclass(frozen=True, slots=True)
class Wte:
    """WTE of one PCN and one kind of post: at work, and paid for, on a date."""

    pcn_id: int
    additional: bool
    in_post: float
    funded: float


def wte_by_pcn(on: date) -> list[Wte]:
    """The WTE of every PCN that has a post, as ``Staffing`` has it, added up by the database.

    One query, and one row for each PCN and kind of post.
    """
    goes_on = or_(Post.end_on >= on, Post.end_on.is_(None) & (Post.state != PostState.ENDED))
    away = select(Absence.id).where(
        Absence.worker_id == Post.worker_id,
        Absence.start_on <= on,
        or_(Absence.end_on.is_(None), Absence.end_on >= on),
    )
    at_work = and_(
        Post.worker_id.is_not(None),
        Post.state.in_([PostState.STARTED, PostState.ENDED]),
        Post.start_on <= on,
        goes_on,
        ~away.exists(),
    )
    funded = and_(or_(Post.start_on.is_(None), Post.start_on <= on), goes_on)
    sums = (func.sum(case((which, Post.wte), else_=0)) for which in (at_work, funded))
    query = select(Post.organisation_id, Post.additional, *sums)
    rows = db.session.execute(query.group_by(Post.organisation_id, Post.additional))
    return [Wte(pcn, additional, float(here), float(paid)) for pcn, additional, here, paid in rows]


def wte_in_sql(worker_id: int, on: date) -> ScalarSelect[Decimal]:
    """What ``wte_of`` says of one worker, as a part of another query."""
    goes_on = Post.end_on.is_(None) & (Post.state != PostState.ENDED)
    away = select(Absence.id).where(
        Absence.worker_id == worker_id,
        Absence.start_on <= on,
        or_(Absence.end_on.is_(None), Absence.end_on >= on),
    )
    held = select(func.coalesce(func.sum(Post.wte), 0)).where(
        Post.worker_id == worker_id,
        Post.start_on <= on,
        or_(goes_on, Post.end_on >= on),
        Post.state.in_([PostState.STARTED, PostState.ENDED]),
        ~away.exists(),
    )
    return held.scalar_subquery()


def _staffing(
    pcn_id: int, rows: Sequence[tuple[Post, str]], absences: Sequence[Absence]
) -> Staffing:
    own = tuple(row for row in rows if row[0].organisation_id == pcn_id)
    held: dict[int | None, list[Post]] = {}
    for post, _ in own:
        held.setdefault(post.worker_id, []).append(post)
    during = (
        one
        for one in absences
        if any(is_held_during(p, one.start_on, one.end_on) for p in held.get(one.worker_id, ()))
    )
    return Staffing(own, tuple(during))


def _is_dated(post: Post) -> bool:
    ended_without_a_day = post.state is PostState.ENDED and post.end_on is None
    return post.start_on is not None and not ended_without_a_day


def _span(post: Post) -> PostSpan:
    assert post.start_on is not None  # noqa: S101 - what _is_dated let through
    return PostSpan(
        post.worker_id,
        float(post.wte),
        post.start_on,
        post.end_on,
        additional=post.additional,
        state=Step(post.state.value),
    )
