"""People started, out of the database: counts that are kept, rows, and frames that name nobody.

Section 4 of the capacity rules (docs/capacity.md, "Counting"): each person counts once in a
financial year, for the PCN of the first start in the year and scope (at the same moment, the
lower code). ``counted`` and ``totals`` read what is kept (``linkwork.casework.counted_starts``)
and count anew where somebody waits to be counted again; ``starts`` always does.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import CTE, Select, Subquery, bindparam, func, select

from linkwork.capacity import counting
from linkwork.capacity.calendar import LONDON, FinancialYear
from linkwork.capacity.counting import PcnCount, Start
from linkwork.capacity.targets import Scope
from linkwork.casework import starts as begun_cases
from linkwork.casework.counted_starts import is_due
from linkwork.casework.starts import midnight
from linkwork.database import db
from linkwork.models import CountedStart, Organisation, SupportCase
from linkwork.reports.caseloads import PCNS, OpenCases, open_cases

if TYPE_CHECKING:
    import pandas

# Used by other reports together with what is here.
__all__ = ["OpenCases", "midnight", "open_cases"]

COLUMNS = ["person", "pcn_code", "started_at", "additional"]
kept = CountedStart
IN_PERIOD = (
    kept.year == bindparam("first_year"),
    kept.scope == bindparam("scope"),
    kept.started_on <= bindparam("last_day"),
)


def counted(pcn: Organisation, year: FinancialYear, as_of: date, scope: Scope) -> PcnCount:
    """People one PCN started in a financial year up to the end of ``as_of``, as they are kept.

    What ``counting.count`` says of the PCN, day by day. One query, or two where nobody started;
    where somebody waits to be counted again, out of the cases instead.
    """
    asked = {"pcn_ids": [pcn.id], **_asked(year, as_of, scope)}
    rows = db.session.execute(_of_one(), asked).all()
    code = pcn.ods_code or pcn.key
    if _is_due(rows):
        found = counting.count(starts([pcn.id], year, as_of), year, as_of, scope)
        return found.of(code)
    also = [is_counted for _, is_counted, since, _ in rows if since and since <= as_of]
    days = tuple(on for on, is_counted, _, _ in rows if is_counted)
    return PcnCount(code, days, len(also), also.count(False))


def totals(
    pcn_ids: Sequence[int] | None, year: FinancialYear, as_of: date, scope: Scope
) -> dict[int, int]:
    """People started and attributed, by number of PCN; None is every PCN there is.

    The sum is the distinct people. PCNs that started nobody are absent. One query, or two where
    nobody started; where somebody waits to be counted again, out of the cases instead.
    """
    asked = _asked(year, as_of, scope)
    if pcn_ids is not None:
        asked["pcn_ids"] = list(pcn_ids)
    rows = db.session.execute(_of_many(everywhere=pcn_ids is None), asked).all()
    if _is_due(rows):
        return _recounted(pcn_ids, year, as_of, scope)
    return {pcn_id: people for pcn_id, people, _ in rows}


def starts(pcn_ids: Sequence[int], year: FinancialYear, as_of: date) -> list[Start]:
    """Starts of the people any of these PCNs started in ``year`` up to the end of ``as_of``.

    One row for each person, PCN and kind of post, its earliest moment; starts of the same people
    at other PCNs too, because attribution needs them. A person is a number without meaning here.
    """
    begun = _begun(pcn_ids, year, as_of)
    first = func.min(begun.c.started_at)
    query = select(begun.c.person, begun.c.pcn_code, first, begun.c.additional)
    rows = db.session.execute(query.group_by(begun.c.person, begun.c.pcn_code, begun.c.additional))
    return [Start(person, code, at, bool(mark)) for person, code, at, mark in rows]


def starts_frame(rows: Sequence[Start]) -> "pandas.DataFrame":
    """Starts as a frame, ``started_on`` being the date in London."""
    import pandas

    frame = pandas.DataFrame(
        [(row.person, row.pcn_code, row.started_at, row.additional) for row in rows],
        columns=COLUMNS,
    )
    # Said, because a frame without rows would not know.
    frame = frame.astype({"additional": bool})
    moments = pandas.to_datetime(frame["started_at"], utc=True)
    return frame.assign(started_at=moments, started_on=moments.dt.tz_convert(LONDON).dt.date)


def pcn_months(frame: "pandas.DataFrame", scope: Scope) -> "pandas.DataFrame":
    """People started by PCN (index) and first day of the month (columns), from `starts_frame`."""
    import pandas

    mine = frame[frame["additional"]] if scope is Scope.ADDITIONAL else frame
    first = mine.sort_values(["started_at", "pcn_code"]).drop_duplicates("person")
    month = pandas.Series([day.replace(day=1) for day in first["started_on"]], first.index)
    return pandas.crosstab(first["pcn_code"], month.rename("month"))


# Put together once: that takes longer than to carry them out.
@cache
def _of_one() -> Any:
    mine = select(kept.started_on, kept.is_counted, kept.elsewhere_on, is_due()).where(*IN_PERIOD)
    return mine.where(kept.organisation_id.in_(PCNS)).order_by(kept.started_on)


@cache
def _of_many(*, everywhere: bool) -> Any:
    query = select(kept.organisation_id, func.count(), is_due()).where(kept.is_counted, *IN_PERIOD)
    some = query if everywhere else query.where(kept.organisation_id.in_(PCNS))
    return some.group_by(kept.organisation_id)


def _asked(year: FinancialYear, as_of: date, scope: Scope) -> dict[str, Any]:
    return {"first_year": year.first_year, "scope": scope, "last_day": as_of}


def _is_due(rows: Sequence[Any]) -> bool:
    """Whether what was read may be out of date; each row says so, and none says nothing."""
    return bool(rows[0][-1] if rows else db.session.scalar(select(is_due())))


def _recounted(
    pcn_ids: Sequence[int] | None, year: FinancialYear, as_of: date, scope: Scope
) -> dict[int, int]:
    first = _first_starts(_begun(pcn_ids, year, as_of), scope)
    query = select(first.c.pcn_id, func.count()).where(first.c.place == 1)
    if pcn_ids is not None:
        query = query.where(first.c.pcn_id.in_(pcn_ids))
    rows = db.session.execute(query.group_by(first.c.pcn_id)).all()
    return {pcn_id: people for pcn_id, people in rows}  # noqa: C416 - dict() cannot be typed


def _first_starts(begun: CTE, scope: Scope) -> Subquery:
    """The same rows with their place among the person's: 1 is the first."""
    place = func.row_number().over(
        partition_by=begun.c.person, order_by=(begun.c.started_at, begun.c.pcn_code)
    )
    query = select(begun, place.label("place"))
    return _within(query, begun, scope).subquery()


def _within(query: Select[Any], begun: CTE, scope: Scope) -> Select[Any]:
    return query.where(begun.c.additional == 1) if scope is Scope.ADDITIONAL else query


def _begun(pcn_ids: Sequence[int] | None, year: FinancialYear, as_of: date) -> CTE:
    """One row for each case begun in the period, of people whom one of the PCNs started in it."""
    period = begun_cases.in_period(year, as_of)
    if pcn_ids is None:
        return begun_cases.begun(*period)
    known = select(SupportCase.person_id).where(SupportCase.organisation_id.in_(pcn_ids), *period)
    return begun_cases.begun(SupportCase.person_id.in_(known), *period)
