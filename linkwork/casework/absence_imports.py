"""Long absences from a sheet: all of them brought in, or none while one is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

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
    """A row that would become an absence."""

    line: int
    away: Away


def sort_out(lines: Sequence[Line], *, user: User, on: date) -> Found[NewAbsence]:
    """Part rows that are new from those that are recorded already and those that are wrong."""
    names = post_imports.known(user, on=on)
    workers = _employed(user)
    marks = {away(one).mark for one in _recorded(workers)}
    new: list[NewAbsence] = []
    problems: list[Problem] = []
    same = 0
    for line in lines:
        try:
            told = _told(line, names, workers)
            if told.mark in marks:
                same += 1
                continue
            absences.check(told)
            _check_against(told, new)
        except RuleBroken as wrong:
            problems.append(Problem(line.line, str(wrong)))
            continue
        new.append(NewAbsence(line.line, told))
    return Found(tuple(new), same, tuple(problems))


def bring_in(lines: Sequence[Line], *, by: User, on: date) -> int:
    """Record every new absence; return how many. Raises ``RuleBroken`` while one is wrong."""
    post_imports.hold_pcns(by)
    found = sort_out(lines, user=by, on=on)
    found.must_be_whole()
    for row in found.new:
        absences.record(row.away, by=by)
    audit.record(Event.ABSENCES_IMPORTED, None, by=by, rows=len(found.new), same=found.same)
    return len(found.new)


def _employed(user: User) -> dict[int, User]:
    """Those who hold, or held, a post of the user’s own PCNs."""
    own = access.pcns(user).with_only_columns(Organisation.id)
    held = select(Post.worker_id).where(Post.organisation_id.in_(own))
    found = db.session.scalars(select(User).where(User.id.in_(held))).unique()
    return {one.id: one for one in found}


def _recorded(workers: dict[int, User]) -> Sequence[Absence]:
    return db.session.scalars(select(Absence).where(Absence.worker_id.in_(list(workers)))).all()


def _told(line: Line, names: post_imports.Known, workers: dict[int, User]) -> Away:
    if line.problem or line.kind is None or line.start_on is None:
        raise RuleBroken(line.problem)
    holders = {one.email.lower(): one for one in workers.values()}
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
