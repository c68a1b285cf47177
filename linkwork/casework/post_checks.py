"""What does not fit in the posts of a PCN, in words: nothing of it is refused, all of it shown."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from sqlalchemy import select

from linkwork.capacity.calendar import long_date
from linkwork.capacity.posts import PostSpan, over_one
from linkwork.casework.posts import Staffing, has_ended
from linkwork.database import db
from linkwork.models import Organisation, OrganisationKind, Post, PostState, Role, User, UserRole


def warnings(pcn: Organisation, staffing: Staffing, *, on: date) -> list[str]:
    """Sentences that say what to look at in the posts of a PCN. Three queries.

    Posts that a holder has at other PCNs count for the hours of a week, which nobody has twice.
    """
    here = [(post, name) for post, name in staffing.posts if not has_ended(post, on)]
    names = {post.worker_id: name for post, name in here if post.worker_id}
    return [
        *_nobody(staffing, here, on),
        *_of_hours(names),
        *_together(here),
        *_about_to(here, on),
        *_without_post(pcn, names),
    ]


def _nobody(staffing: Staffing, here: Sequence[tuple[Post, str]], on: date) -> Iterator[str]:
    if not staffing.posts:
        yield "No post is recorded, so capacity cannot be given. Add the posts there are."
    elif not any(post.worker_id and post.start_on and post.start_on <= on for post, _ in here):
        yield "No link worker is in post, so nobody can be started. Fill a vacancy or add a post."


def _of_hours(names: dict[int, str]) -> Iterator[str]:
    held = db.session.scalars(select(Post).where(Post.worker_id.in_(list(names)))) if names else ()
    spans = [
        PostSpan(post.worker_id, float(post.wte), post.start_on, post.end_on)
        for post in held
        if post.start_on is not None
    ]
    for over in over_one(spans):
        name = next(text for id_, text in names.items() if id_ == over.worker)
        yield (
            f"{name} holds {over.wte:g} WTE from {long_date(over.on)}, which is more than one "
            "full week. Check the WTE and the dates of the posts."
        )


def _together(here: Sequence[tuple[Post, str]]) -> Iterator[str]:
    """Two posts of one person at once: often hours that changed and were added, not changed."""
    own: dict[int, list[tuple[Post, str]]] = defaultdict(list)
    for post, name in here:
        if post.worker_id and post.start_on:
            own[post.worker_id].append((post, name))
    for rows in own.values():
        for (first, name), (second, _) in pairwise(rows):
            if _overlap(first, second):
                later = max(first.start_on or date.min, second.start_on or date.min)
                yield (
                    f"{name} holds two posts at once from {long_date(later)}, of {first.wte:g} "
                    f"and {second.wte:g} WTE. Both count. If the hours changed, end the first."
                )


def _overlap(one: Post, other: Post) -> bool:
    return not (
        (one.end_on is not None and other.start_on is not None and one.end_on < other.start_on)
        or (other.end_on is not None and one.start_on is not None and other.end_on < one.start_on)
    )


def _about_to(here: Sequence[tuple[Post, str]], on: date) -> Iterator[str]:
    held = [post.worker_id for post, _ in here if post.worker_id]
    disabled = select(User.id).where(User.id.in_(held), User.disabled_at.is_not(None))
    gone = set(db.session.scalars(disabled)) if held else set()
    for post, name in here:
        due = post.start_on is not None and post.start_on <= on
        if post.state is PostState.APPOINTED and post.start_on and due:
            yield (
                f"{name} was to begin on {long_date(post.start_on)} and does not count yet. "
                "Say that they have begun, or correct the day."
            )
        if post.worker_id in gone and not post.end_on:
            yield f"The account of {name} is disabled but their post has no last day. Enter it."


def _without_post(pcn: Organisation, names: dict[int, str]) -> Iterator[str]:
    """Link workers employed here, or by the board and no PCN, whose hours nobody recorded."""
    practices = select(Organisation.id).where(
        Organisation.parent_id == pcn.id, Organisation.kind == OrganisationKind.PRACTICE
    )
    holding = select(UserRole.user_id).where(UserRole.role == Role.LINK_WORKER)
    anywhere = select(Post.worker_id).where(Post.worker_id.is_not(None), Post.end_on.is_(None))
    query = select(User.name, User.organisation_id).where(
        User.id.in_(holding),
        User.disabled_at.is_(None),
        User.organisation_id.in_([pcn.id, pcn.parent_id]) | User.organisation_id.in_(practices),
        User.id.not_in(list(names)),
        User.id.not_in(anywhere),
    )
    for name, employer_id in db.session.execute(query.order_by(User.name)):
        if employer_id == pcn.parent_id:
            yield (
                f"{name} is a link worker of the board and of no PCN, so their hours count "
                "nowhere. Add a post at the PCN they work for."
            )
        else:
            yield (
                f"{name} is a link worker here without a post, so their hours do not count. "
                "Add the post."
            )
