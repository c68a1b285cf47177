"""Long absences from a sheet: all of them brought in, or none while one is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from linkwork import access, audit
from linkwork.audit import Event
from linkwork.casework import absences, post_imports
from linkwork.casework.absences import Away, away
from linkwork.casework.sheets import Found, Problem
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import Absence, AbsenceKind, Organisation, Post, User


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it was read: what cannot be read is None, and said in ``problem``."""

    line: int
    worker: str
    kind: AbsenceKind | None
    start_on: date | None
    end_on: date | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class NewAbsence:
    """A row that would become an absence, and the post it is from."""

    line: int
    away: Away
    post: Post


def sort_out(lines: Sequence[Line], *, user: User, on: date) -> Found[NewAbsence]:
    """Part rows that are new from those that are recorded already and those that are wrong."""
    names = post_imports.known(user, on=on)
    held = _held(user)
    workers = {one.id: one for one in _holders(held)}
    recorded = _recorded(workers)
    holders = {one.email.lower(): one for one in workers.values()}
    new: list[NewAbsence] = []
    problems: list[Problem] = []
    same = 0
    for line in lines:
        try:
            told = _told(line, names, workers, holders)
            own, others = held[told.worker.id], recorded.get(told.worker.id, [])
            alike = next((one for one in others if away(one).mark == told.mark), None)
            post = absences.check(told, own, others, but=alike)
            if alike is not None:
                same += 1
                continue
            _check_against(told, new)
        except RuleBroken as wrong:
            problems.append(Problem(line.line, str(wrong)))
            continue
        new.append(NewAbsence(line.line, told, post))
    return Found(tuple(new), same, tuple(problems))


def bring_in(lines: Sequence[Line], *, by: User, on: date) -> int:
    """Record every new absence; return how many. Raises ``RuleBroken`` while one is wrong."""
    post_imports.hold_pcns(by)
    found = sort_out(lines, user=by, on=on)
    found.must_be_whole()
    for row in found.new:
        absences.add(row.away, row.post, by=by)
    audit.record(Event.ABSENCES_IMPORTED, None, by=by, rows=len(found.new), same=found.same)
    return len(found.new)


def _held(user: User) -> dict[int, list[Post]]:
    """The posts of the user’s own PCNs, by whoever holds or held them."""
    own = access.pcns(user).with_only_columns(Organisation.id)
    query = select(Post).where(Post.organisation_id.in_(own), Post.worker_id.is_not(None))
    found: dict[int, list[Post]] = {}
    for post in db.session.scalars(query.options(joinedload(Post.worker)).order_by(Post.id)):
        assert post.worker_id is not None  # noqa: S101 - asked for
        found.setdefault(post.worker_id, []).append(post)
    return found


def _holders(held: dict[int, list[Post]]) -> list[User]:
    return [worker for own in held.values() if (worker := own[0].worker) is not None]


def _recorded(workers: dict[int, User]) -> dict[int, list[Absence]]:
    query = select(Absence).where(Absence.worker_id.in_(list(workers)))
    found: dict[int, list[Absence]] = {}
    for one in db.session.scalars(query.order_by(Absence.start_on)):
        found.setdefault(one.worker_id, []).append(one)
    return found


def _told(
    line: Line, names: post_imports.Known, workers: dict[int, User], holders: dict[str, User]
) -> Away:
    if line.problem or line.kind is None or line.start_on is None:
        raise RuleBroken(line.problem)
    worker = holders.get(line.worker.lower()) or names.person(line.worker)
    if worker is None:
        raise RuleBroken("Nobody is named. Write the email address of whoever is away.")
    if worker.id not in workers:
        raise RuleBroken(f"{worker.name} has no post at your PCNs. Add the post first.")
    return Away(worker, line.kind, line.start_on, line.end_on)


def _check_against(told: Away, new: Sequence[NewAbsence]) -> None:
    """Raise ``RuleBroken`` where an earlier row of the same sheet has the same days."""
    for row in new:
        other = row.away
        apart = (other.end_on is not None and other.end_on < told.start_on) or (
            told.end_on is not None and told.end_on < other.start_on
        )
        if other.worker.id == told.worker.id and not apart:
            raise RuleBroken(
                f"{told.worker.name} is away on the same days in line {row.line}. "
                "Make one row of the two, or change the days."
            )
