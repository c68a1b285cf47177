"""Section 8, out of the database: the queue, who comes, who leaves, and what people waited."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from linkwork.capacity.assumptions import Assumptions
from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.ceilings import Ceilings
from linkwork.capacity.load import Load
from linkwork.capacity.targets import Scope
from linkwork.casework.posts import Staffing
from linkwork.database import db
from linkwork.models import CloseReason, OrganisationKind, SupportCase
from linkwork.reports import flows, waiting
from linkwork.reports.basis import Basis
from linkwork.reports.waiting import Waiting
from tests.cast import organisation, person, post, user
from tests.statements import watching

AS_OF = date(2026, 11, 18)
BASIS = Basis(FinancialYear(2026), AS_OF, Scope.ALL)
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ROOM = Load(0, 40, 0)


@pytest.fixture
def pcn(app: Flask) -> Any:
    made = organisation("Northside PCN", OrganisationKind.PCN)
    db.session.flush()
    return made


def found(pcn: Any, queue: int = 0, load: Load = ROOM, wte: str = "", **given: Any) -> Waiting:
    """The report, with so many WTE at work."""
    held = post(worker, wte) if wte and (worker := user("Amina Okafor", pcn)) else None
    staffing = Staffing(((held, "Amina Okafor"),)) if held else Staffing()
    ceilings = Ceilings(given.pop("workload", Assumptions().workload), None, None)
    return waiting.of_pcn(
        pcn,
        BASIS,
        assumptions=replace(Assumptions(), **given),
        staffing=staffing,
        queue=queue,
        load=load,
        ceilings=ceilings,
        flow=flows.of_pcn(pcn.id, BASIS),
    )


def cases(pcn: Any, *rows: dict[str, int | None]) -> None:
    """Cases whose moments are so many days before noon of the date; None has not been."""
    who = person()
    db.session.flush()
    usual = {"accepted": None, "started": None, "closed": None, "declined": None, "paused": None}
    names = {"opened": "opened_at", "accepted": "accepted_at", "closed": "closed_at",
             "started": "first_conversation_at", "declined": "declined_at",
             "paused": "paused_at"}  # fmt: skip
    values = [
        {
            names[key]: None if days is None else NOON - days * DAY
            for key, days in {**usual, **row}.items()
        }
        | {"organisation_id": pcn.id, "person_id": who.id, "close_details": {}}
        for row in rows
    ]
    if values:
        db.session.execute(insert(SupportCase), values)


def test_section_8_the_worked_list_of_60_out_of_the_database(pcn: Any) -> None:
    # 91 accepted in 13 weeks are 7 a week.
    cases(pcn, *({"opened": n, "accepted": n} for n in range(91)))
    report = found(pcn, queue=60, wte="1.6")
    assert report.ahead.referred == 7
    assert report.ahead.leaving == 0.1
    assert not report.leaving_is_own
    assert report.ahead.started == pytest.approx(7.69, abs=0.005)
    assert report.sentence == "Somebody referred now waits about 8 weeks."
    assert report.outlook == "At this pace the list is empty in 43 weeks."
    assert report.relief_sentence == (
        "To bring the wait down to 4 weeks within 26 weeks, start 8.4 people a week, 1.7 WTE;"
        " then 7.3 people a week, 1.5 WTE."
    )


def test_a_list_that_nobody_works_on_says_so_and_gives_no_number(pcn: Any) -> None:
    cases(pcn, {"opened": 3, "accepted": 3})
    report = found(pcn, queue=60)
    assert report.sentence == "The wait cannot be given: nobody can be started at present."
    assert report.started_each.reason == "No link worker was at work in the last 13 weeks."
    assert report.median_days.reason == "Only 0 people started in the last 13 weeks."


def test_a_list_that_grows_says_by_how_much(pcn: Any) -> None:
    cases(pcn, *({"opened": n, "accepted": n} for n in range(91)))
    assert found(pcn, queue=60, wte="1.2").outlook == (
        "The list will grow by 0.5 a week without end."
    )


def test_section_8_free_places_limit_what_can_be_started(pcn: Any) -> None:
    closed = ({"opened": 60, "accepted": 60, "started": 50, "closed": n} for n in range(26))
    cases(pcn, *closed)
    report = found(pcn, queue=10, load=Load(40, 40, 40), wte="1.0")
    assert report.places == report.ahead.started == 2
    assert report.limited_by_places


def test_the_share_that_leaves_is_the_pcns_own_once_20_waits_have_ended(pcn: Any) -> None:
    stayed = [{"opened": 50, "accepted": 50, "started": 40, "closed": 35}] * 16
    left = [{"opened": 50, "accepted": 50, "closed": 30}] * 4
    cases(pcn, *stayed, *left[1:])
    assert not found(pcn).leaving_is_own
    cases(pcn, left[0])
    assert found(pcn).leaving_is_own
    assert found(pcn).ahead.leaving == 0.2


def test_the_actual_waits_count_who_still_waits(pcn: Any) -> None:
    cases(pcn, *({"opened": 20 + n, "accepted": 20, "started": 20} for n in range(1, 11)))
    report = found(pcn)
    assert (report.median_days.value, report.most_days.value) == (5, 9)
    cases(pcn, *[{"opened": 40}] * 10, {"opened": 90, "paused": 3})
    report = found(pcn)
    assert report.median_days.value == 10
    assert report.most_days.reason == "So many still wait that it cannot be said yet."


def test_the_list_takes_two_queries_however_many_cases(pcn: Any) -> None:
    cases(pcn, *({"opened": n, "accepted": n, "started": n // 2} for n in range(50)))
    staffing, ceilings = Staffing(), Ceilings(Assumptions().workload, None, None)
    with watching() as asked:
        waiting.of_pcn(pcn, BASIS, assumptions=Assumptions(), staffing=staffing, queue=0,
                       load=ROOM, ceilings=ceilings, flow=flows.of_pcn(pcn.id, BASIS))  # fmt: skip
    assert len(asked) == 2


def moments() -> st.SearchStrategy[dict[str, int | None]]:
    """A case whose moments follow one another, some of them after the date."""
    some = st.integers(-5, 120)

    def ordered(days: list[int], kind: str) -> dict[str, int | None]:
        opened, accepted, started, closed = sorted([*days], reverse=True)
        row: dict[str, int | None] = {"opened": opened + 300 * (kind == "old")}
        row["accepted"] = None if kind == "new" else accepted
        row["started"] = started if kind in ("started", "closed", "old") else None
        row["closed"] = closed if kind in ("closed", "left", "old") else None
        return row

    kinds = st.sampled_from(["new", "accepted", "started", "closed", "left", "old"])
    return st.builds(ordered, st.lists(some, min_size=4, max_size=4), kinds)


def by(days: int | None, first: int = 10_000) -> bool:
    """Whether it has been by the end of the date, and from so many days before on."""
    return days is not None and 0 <= days < first


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(moments(), max_size=40))
def test_what_came_and_went_is_a_plain_recount(pcn: Any, rows: list[dict[str, int | None]]) -> None:
    db.session.execute(delete(SupportCase))
    cases(pcn, *rows)
    report, every = found(pcn), [(r["accepted"], r["started"], r["closed"]) for r in rows]
    assert report.accepted == sum(by(a, 91) for a, _, _ in every)
    assert report.started == sum(by(s, 91) for _, s, _ in every)
    closed = sum(by(s) and by(c, 91) for _, s, c in every)
    assert report.places == pytest.approx(40 + closed / 13)
    stayed = sum(a is not None and by(s, 365) for a, s, _ in every)
    left = sum(a is not None and not by(s) and by(c, 365) for a, s, c in every)
    own = stayed + left >= 20
    assert report.leaving_is_own == own
    assert report.ahead.leaving == pytest.approx(left / (stayed + left) if own else 0.1)


def test_a_case_opened_in_error_counts_nowhere(pcn: Any) -> None:
    cases(pcn, *[{"opened": 5, "accepted": 5, "closed": 1}] * 3)
    of = db.session.query(SupportCase).all()
    for one in of:
        one.close_reason = CloseReason.OPENED_IN_ERROR
    db.session.flush()
    assert found(pcn).accepted == 0
