"""Posts are added, changed, filled and ended by whoever leads the PCN."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from linkwork import access, audit
from linkwork.audit import Event
from linkwork.capacity.calendar import long_date
from linkwork.casework.posts import has_ended
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import Organisation, OrganisationKind, Post, PostState, Role, User, UserRole

MOST_WTE = Decimal(2)
CHANGED = (
    "Somebody else changed this post while you were writing. What you typed is kept: compare it "
    "with the page of posts, and send it again if it still holds."
)
OVER = "This post is over. Correct it if its last day is wrong, or add a new post."


@dataclass(frozen=True, slots=True)
class Terms:
    """What a post is: ``worker`` None is a vacancy; ``wte`` whole-time equivalents."""

    worker: User | None
    wte: Decimal
    start_on: date | None
    end_on: date | None
    additional: bool
    state: PostState

    @property
    def mark(self) -> str:
        """A word that is another once anything of it changed."""
        parts = (
            self.worker.key if self.worker else "",
            f"{self.wte:.2f}",
            self.start_on,
            self.end_on,
            self.additional,
            self.state.value,
        )
        return "|".join(str(part) for part in parts)


def terms_of(post: Post) -> Terms:
    """What a post is now."""
    return Terms(post.worker, post.wte, post.start_on, post.end_on, post.additional, post.state)


def check(terms: Terms, *, on: date) -> None:
    """Raise ``RuleBroken`` for a post that cannot be true on a day, saying what to do."""
    _check_wte(terms.wte)
    if terms.start_on and terms.end_on and terms.end_on < terms.start_on:
        raise RuleBroken("The post ends before it starts. Check the two dates.")
    if terms.worker is None and terms.state in (PostState.APPOINTED, PostState.STARTED):
        raise RuleBroken("Say who holds the post, or that it is approved or advertised.")
    if terms.worker is not None and terms.state in (PostState.APPROVED, PostState.ADVERTISED):
        raise RuleBroken("A post with a holder is not vacant: choose appointed, started or ended.")
    if terms.worker is not None and terms.start_on is None:
        raise RuleBroken("Enter the first day of whoever holds the post.")
    _check_state(terms, on)


def _check_wte(wte: Decimal) -> None:
    if not wte.is_finite() or wte <= 0 or wte != round(wte, 2):
        raise RuleBroken("The WTE is a number above 0 with at most two decimals, for example 0.6.")
    if wte > MOST_WTE:
        raise RuleBroken(f"A post has at most {MOST_WTE} WTE. Make a post for each person.")


def _check_state(terms: Terms, on: date) -> None:
    if terms.state is not PostState.ENDED:
        return
    if terms.end_on is None:
        raise RuleBroken("Enter the last day of a post that has ended.")
    if terms.end_on > on:
        raise RuleBroken("The last day is still to come: leave the post as it is until then.")


def add(pcn: Organisation, terms: Terms, *, by: User, on: date) -> Post:
    """Add a post to a PCN. Raises ``RuleBroken``."""
    check(terms, on=on)
    made = Post(organisation=pcn)
    db.session.add(made)
    _fit(made, terms)
    audit.record(Event.POST_ADDED, made, by=by, pcn=pcn.id, after=_facts(terms))
    return made


def correct(post: Post, terms: Terms, *, mark: str, by: User, on: date) -> Post:
    """Put right what was recorded wrong: it counts as if it had always been so.

    ``mark`` is that of what the writer saw. Raises ``RuleBroken``.
    """
    _hold(post, mark)
    before = terms_of(post)
    check(terms, on=on)
    _fit(post, terms)
    _note(post, before, "corrected", by)
    return post


def change_hours(post: Post, wte: Decimal, from_on: date, *, mark: str, by: User, on: date) -> Post:
    """Let the holder work other hours from a day on: the post ends, and another follows it.

    Returns the one that follows. Raises ``RuleBroken``.
    """
    _hold(post, mark)
    before = terms_of(post)
    if has_ended(post, on):
        raise RuleBroken(OVER)
    if before.worker is None or before.start_on is None:
        raise RuleBroken("A vacancy has no hours to change. Correct its WTE.")
    if from_on <= before.start_on:
        raise RuleBroken(
            f"The post began on {long_date(before.start_on)}. Choose a later day, or correct it."
        )
    if before.end_on and from_on > before.end_on:
        raise RuleBroken(f"The post ends on {long_date(before.end_on)}. Choose an earlier day.")
    if wte == before.wte:
        raise RuleBroken("Those are the hours there are now.")
    after = replace(before, wte=wte, start_on=from_on)
    check(after, on=on)
    post.end_on = from_on - timedelta(days=1)
    follows = Post(organisation=post.organisation)
    db.session.add(follows)
    _fit(follows, after)
    _note(post, before, "hours", by, follows)
    return follows


def fill(post: Post, worker: User, start_on: date, *, mark: str, by: User, on: date) -> Post:
    """Give a vacancy to somebody, from their first day on. Raises ``RuleBroken``.

    Until a first day still to come, the vacancy is kept as one with a last day.
    """
    _hold(post, mark)
    if post.worker_id is not None:
        raise RuleBroken("Somebody holds this post already.")
    if has_ended(post, on):
        raise RuleBroken(OVER)
    state = PostState.APPOINTED if start_on > on else PostState.STARTED
    before = terms_of(post)
    after = replace(before, worker=worker, start_on=start_on, state=state)
    check(after, on=on)
    _fit(post, after)
    if start_on > on and (before.start_on is None or before.start_on < start_on):
        _add_vacancy(post, replace(before, end_on=start_on - timedelta(days=1)))
    _note(post, before, "filled", by)
    return post


def end(post: Post, end_on: date, *, vacant: bool, mark: str, by: User, on: date) -> Post:
    """End a post on its last day, past or to come; ``vacant`` leaves a vacancy after it.

    Raises ``RuleBroken``.
    """
    _hold(post, mark)
    if has_ended(post, on):
        raise RuleBroken(OVER)
    before = terms_of(post)
    after = replace(before, end_on=end_on)
    if end_on < on or (before.worker is None and end_on == on):
        after = replace(after, state=PostState.ENDED)
    check(after, on=on)
    _fit(post, after)
    if vacant:
        next_day = end_on + timedelta(days=1)
        left = Terms(None, post.wte, next_day, None, post.additional, PostState.APPROVED)
        _add_vacancy(post, left)
    _note(post, before, "ended", by)
    return post


def begin(post: Post, *, mark: str, by: User, on: date) -> Post:
    """Say that whoever was appointed has begun. Raises ``RuleBroken`` before their first day."""
    _hold(post, mark)
    if post.state is not PostState.APPOINTED:
        raise RuleBroken("Nobody is about to begin in this post.")
    before = terms_of(post)
    after = replace(before, state=PostState.STARTED)
    check(after, on=on)
    _fit(post, after)
    _note(post, before, "begun", by)
    return post


def remove(post: Post, *, mark: str, by: User) -> None:
    """Take away a post that was recorded by mistake; one that was real is ended instead."""
    _hold(post, mark)
    before = _facts(terms_of(post))
    audit.record(Event.POST_REMOVED, post, by=by, pcn=post.organisation_id, before=before)
    db.session.delete(post)


def may_hold(user: User) -> list[User]:
    """Who may be given a post by a user: link workers and supervisors of their own PCNs.

    Whoever leads a board may give one to those whom the board itself employs.
    """
    found = list(db.session.scalars(access.colleagues(user)).unique())
    if user.organisation.kind is not OrganisationKind.ICB:
        return found
    working = select(UserRole.user_id).where(UserRole.role.in_([Role.LINK_WORKER, Role.SUPERVISOR]))
    query = select(User).where(
        User.organisation_id == user.organisation_id,
        User.id.in_(working),
        User.disabled_at.is_(None),
    )
    return sorted([*found, *db.session.scalars(query).unique()], key=lambda one: one.name)


def _hold(post: Post, mark: str) -> None:
    """Wait until nobody else is at a post; refuse where it is another than the writer saw."""
    query = select(Post).where(Post.id == post.id).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotYours(Post.__name__)
    if terms_of(found).mark != mark:
        raise RuleBroken(CHANGED)


def _note(post: Post, before: Terms, how: str, by: User, follows: Post | None = None) -> None:
    """What a post was and is goes into the trail, because it moves figures of the past too."""
    facts: dict[str, Any] = {"before": _facts(before), "after": _facts(terms_of(post))}
    if follows is not None:
        facts["then"] = _facts(terms_of(follows))
    audit.record(Event.POST_CHANGED, post, by=by, how=how, pcn=post.organisation_id, **facts)


def _facts(terms: Terms) -> list[str]:
    """What moves figures: the holder’s number, the WTE, the kind, both days and the state."""
    return [
        str(terms.worker.id if terms.worker else "vacant"),
        f"{terms.wte:.2f} WTE",
        "additional" if terms.additional else "existing",
        str(terms.start_on or "no first day"),
        str(terms.end_on or "no last day"),
        terms.state.value,
    ]


def _add_vacancy(beside: Post, terms: Terms) -> None:
    vacancy = Post(organisation=beside.organisation)
    db.session.add(vacancy)
    _fit(vacancy, terms)


def _fit(post: Post, terms: Terms) -> None:
    post.worker, post.wte = terms.worker, terms.wte
    post.start_on, post.end_on = terms.start_on, terms.end_on
    post.additional, post.state = terms.additional, terms.state
    db.session.flush()
