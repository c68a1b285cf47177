"""Posts from a sheet: each row looked at like a post that is typed, and all brought in or none."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from linkwork import access, audit
from linkwork.audit import Event
from linkwork.capacity.calendar import long_date
from linkwork.capacity.posts import PostSpan, over_one
from linkwork.casework import post_changes
from linkwork.casework.post_changes import Terms, terms_of
from linkwork.casework.sheets import Found, Problem
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import Organisation, Post, PostState, User


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it was read: what cannot be read is None, and said in ``problem``."""

    line: int
    pcn: str
    worker: str
    wte: Decimal | None
    additional: bool | None
    start_on: date | None
    end_on: date | None
    state: PostState | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class NewPost:
    """A row that would become a post."""

    line: int
    pcn: Organisation
    terms: Terms


@dataclass(frozen=True, slots=True)
class Known:
    """The PCNs and people a user may name in a sheet, by what they may be called."""

    pcns: dict[str, Organisation]
    people: dict[str, User]
    only: Organisation | None
    """The PCN that is meant where none is named: the user’s only one."""

    def pcn(self, text: str) -> Organisation:
        """The PCN of a code or a name. Raises ``RuleBroken``."""
        if not text and self.only is not None:
            return self.only
        if not text:
            raise RuleBroken("No PCN is named. Add a column “PCN code”, and fill it in each row.")
        found = self.pcns.get(text.lower())
        if found is None:
            raise RuleBroken(f"None of your PCNs has the code or name “{text}”. Check it.")
        return found

    def person(self, text: str) -> User | None:
        """Whoever has an email address or a name; None where none is given, a vacancy.

        Raises ``RuleBroken``.
        """
        if not text:
            return None
        found = self.people.get(text.lower())
        if found is None:
            raise RuleBroken(
                f"No link worker of your PCNs has the email address or name “{text}”. Check it, "
                "or ask an administrator to invite them."
            )
        return found


def known(user: User, *, on: date) -> Known:
    """Whom and what a user may name in a sheet. Names that two people share are left out."""
    own = list(db.session.scalars(access.pcns(user).where(Organisation.is_open(on))))
    pcns = {name.lower(): one for one in own for name in (one.name, one.ods_code) if name}
    people = post_changes.may_hold(user)
    often = Counter(one.name.lower() for one in people)
    named = {one.name.lower(): one for one in people if often[one.name.lower()] == 1}
    named |= {one.email.lower(): one for one in people}
    return Known(pcns, named, own[0] if len(own) == 1 else None)


def sort_out(lines: Sequence[Line], *, user: User, on: date) -> Found[NewPost]:
    """Part rows that are new from those that are recorded already and those that are wrong."""
    names = known(user, on=on)
    recorded = _recorded(names)
    marks = Counter((post.organisation_id, terms_of(post).mark) for post in recorded)
    held = {(post.organisation_id, post.worker_id, post.start_on) for post in recorded}
    held -= {one for one in held if one[1] is None}
    new: list[NewPost] = []
    problems: list[Problem] = []
    same = 0
    for line in lines:
        try:
            row = _row(line, names, on)
        except RuleBroken as wrong:
            problems.append(Problem(line.line, str(wrong)))
            continue
        mark = (row.pcn.id, row.terms.mark)
        if marks[mark]:
            marks[mark] -= 1
            same += 1
            continue
        worker = row.terms.worker
        place = (row.pcn.id, worker.id if worker else None, row.terms.start_on)
        if place in held and worker is not None:
            problems.append(Problem(line.line, _twice(row)))
            continue
        if worker is not None:
            held.add(place)
        new.append(row)
    return Found(tuple(new), same, tuple(problems), tuple(_notes(new, recorded)))


def bring_in(lines: Sequence[Line], *, by: User, on: date) -> int:
    """Add every new post of a sheet; return how many. Raises ``RuleBroken`` while one is wrong."""
    hold_pcns(by)
    found = sort_out(lines, user=by, on=on)
    found.must_be_whole()
    for row in found.new:
        post_changes.add(row.pcn, row.terms, by=by, on=on)
    audit.record(Event.POSTS_IMPORTED, None, by=by, rows=len(found.new), same=found.same)
    return len(found.new)


def hold_pcns(user: User) -> None:
    """Lock the PCNs of a user, so that no two sheets are brought in for one at a time."""
    own = access.pcns(user).with_only_columns(Organisation.id).order_by(Organisation.id)
    db.session.execute(own.with_for_update(of=Organisation, key_share=True))


def _recorded(names: Known) -> Sequence[Post]:
    numbers = {one.id for one in names.pcns.values()}
    return db.session.scalars(select(Post).where(Post.organisation_id.in_(numbers))).all()


def _row(line: Line, names: Known, on: date) -> NewPost:
    if line.problem or line.wte is None or line.additional is None:
        raise RuleBroken(line.problem)
    pcn, worker = names.pcn(line.pcn), names.person(line.worker)
    state = line.state or _usual(worker, line, on)
    terms = Terms(worker, line.wte, line.start_on, line.end_on, line.additional, state)
    post_changes.check(terms, on=on)
    return NewPost(line.line, pcn, terms)


def _usual(worker: User | None, line: Line, on: date) -> PostState:
    """What a row means that names no state."""
    if line.end_on is not None and line.end_on < on:
        return PostState.ENDED
    if worker is None:
        return PostState.APPROVED
    is_to_come = line.start_on is not None and line.start_on > on
    return PostState.APPOINTED if is_to_come else PostState.STARTED


def _twice(row: NewPost) -> str:
    assert row.terms.worker is not None  # noqa: S101 - asked before
    assert row.terms.start_on is not None  # noqa: S101 - what check let through
    return (
        f"{row.terms.worker.name} has a post here from {long_date(row.terms.start_on)} already, on "
        "other terms. Take the row out, and correct the post on the page of posts."
    )


def _notes(new: Sequence[NewPost], recorded: Sequence[Post]) -> list[str]:
    """Who would hold more than one full week."""
    named = {row.terms.worker.id: row.terms.worker.name for row in new if row.terms.worker}
    all_terms = [
        *(row.terms for row in new),
        *(terms_of(post) for post in recorded if post.worker_id in named),
    ]
    spans = [
        PostSpan(terms.worker.id, float(terms.wte), terms.start_on, terms.end_on)
        for terms in all_terms
        if terms.worker is not None and terms.start_on is not None
    ]
    return [
        f"{named[over.worker]} would hold {over.wte:g} WTE from {long_date(over.on)}, which is "
        "more than one full week. Check the WTE and the dates."
        for over in over_one(spans)
        if isinstance(over.worker, int) and over.worker in named
    ]
