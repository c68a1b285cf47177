"""How the lists of PCNs are spread over the fifths of deprivation, as a published sheet has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from linkwork import audit
from linkwork.audit import Event
from linkwork.capacity.shares import PROFILE_SLACK
from linkwork.casework.sheets import Found, Problem
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import ListProfile, Organisation, OrganisationKind, User

FIFTHS = 5
HUNDRED = 100.0


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it was read: parts of a list, the most deprived fifth first, in any one unit.

    What cannot be read is said in ``problem``.
    """

    line: int
    pcn: str
    parts: tuple[float, ...]
    as_of: date | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class NewProfile:
    """A row that would become a profile; ``parts`` add up to 1."""

    line: int
    pcn: Organisation
    parts: tuple[float, ...]
    as_of: date

    @property
    def percents(self) -> str:
        """The parts in whole per cents, as they are printed."""
        return " / ".join(f"{HUNDRED * part:.0f}" for part in self.parts)


def newest() -> dict[int, ListProfile]:
    """The newest profile of every PCN that has one. One query."""
    last = (
        select(ListProfile.organisation_id, func.max(ListProfile.as_of).label("as_of"))
        .group_by(ListProfile.organisation_id)
        .subquery()
    )
    query = select(ListProfile).join(
        last,
        (last.c.organisation_id == ListProfile.organisation_id)
        & (last.c.as_of == ListProfile.as_of),
    )
    return {row.organisation_id: row for row in db.session.scalars(query)}


def sort_out(lines: Sequence[Line], *, on: date) -> Found[NewProfile]:
    """Part rows that are new from those that are recorded already and those that are wrong."""
    query = select(Organisation).where(Organisation.kind == OrganisationKind.PCN)
    pcns = {one.ods_code: one for one in db.session.scalars(query) if one.ods_code}
    recorded = {
        (row.organisation_id, row.as_of): row.quintiles
        for row in db.session.scalars(select(ListProfile))
    }
    new: list[NewProfile] = []
    problems: list[Problem] = []
    same = 0
    seen: dict[tuple[int, date], int] = {}
    for line in lines:
        try:
            row = _row(line, pcns, on)
            place = (row.pcn.id, row.as_of)
            if place in seen:
                raise RuleBroken(f"{line.pcn} stands in line {seen[place]} already. Keep one.")
            seen[place] = line.line
            if place in recorded:
                _must_be_same(row, recorded[place])
                same += 1
                continue
        except RuleBroken as wrong:
            problems.append(Problem(line.line, str(wrong)))
            continue
        new.append(row)
    return Found(tuple(new), same, tuple(problems))


def bring_in(lines: Sequence[Line], *, by: User, on: date) -> int:
    """Keep every new profile of a sheet; how many. Raises ``RuleBroken`` while a row is wrong."""
    found = sort_out(lines, on=on)
    found.must_be_whole()
    for row in found.new:
        q1, q2, q3, q4, q5 = row.parts
        db.session.add(
            ListProfile(
                organisation_id=row.pcn.id, as_of=row.as_of, q1=q1, q2=q2, q3=q3, q4=q4, q5=q5
            )
        )
    audit.record(Event.PROFILES_IMPORTED, None, by=by, rows=len(found.new), same=found.same)
    return len(found.new)


def _row(line: Line, pcns: dict[str, Organisation], on: date) -> NewProfile:
    if line.problem:
        raise RuleBroken(line.problem)
    pcn = pcns.get(line.pcn.upper())
    if pcn is None:
        raise RuleBroken(
            f"No PCN has the code “{line.pcn}”. Check it, or bring in the organisations first."
        )
    if line.as_of is not None and line.as_of > on:
        raise RuleBroken("The day of the list is still to come. Check it.")
    return NewProfile(line.line, pcn, _parts(line.parts), line.as_of or on)


def _parts(given: tuple[float, ...]) -> tuple[float, ...]:
    """Parts that add up to 1, of per cents, of parts, or of numbers of patients."""
    total = sum(given)
    if min(given) < 0 or total <= 0:
        raise RuleBroken("A fifth has a number below 0, or all of them are 0. Check the row.")
    is_counts = total > HUNDRED * (1 + PROFILE_SLACK) and all(one == int(one) for one in given)
    whole = HUNDRED if total > 1 + PROFILE_SLACK else 1.0
    if not is_counts and abs(total / whole - 1) > PROFILE_SLACK:
        raise RuleBroken(
            f"The five fifths add up to {total:g}. Write per cents that add up to 100, parts that "
            "add up to 1, or numbers of patients."
        )
    return tuple(one / total for one in given)


def _must_be_same(row: NewProfile, before: tuple[float, ...]) -> None:
    if any(abs(a - b) > 1e-9 for a, b in zip(row.parts, before, strict=True)):
        raise RuleBroken(
            f"{row.pcn.name} has another profile of the same day already. Shares may rest on it, "
            "so it is kept: give the new one its own day."
        )
