"""Kept reports: made once, read again as they were, and set beside what is known now."""

import json
import re
import zlib
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.targets import Scope
from linkwork.casework import kept_reports, targets
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.exchange import xlsx
from linkwork.exchange.zipped_xml import Archive
from linkwork.models import (
    AuditEntry,
    CloseReason,
    KeptReport,
    ListSize,
    Post,
    PostState,
    Role,
    Succession,
    SupportCase,
)
from linkwork.reports import kept_reports as reports
from linkwork.reports.basis import Basis
from tests.cast import case, contact, sign_in, user
from tests.conftest import NOW, TODAY
from tests.web.writing import field

ONE_DAY = timedelta(days=1)
OCTOBER = date(2026, 10, 31)


def post(worker: Any, pcn: Any) -> Post:
    made = Post(
        organisation_id=pcn.id,
        worker_id=worker.id,
        wte=Decimal("1.00"),
        start_on=date(2024, 1, 8),
        additional=True,
        state=PostState.STARTED,
    )
    db.session.add(made)
    return made


def started(worker: Any, pcn: Any, at: datetime) -> SupportCase:
    of = case(pcn, worker=worker, first_conversation_at=at, opened_at=at - timedelta(days=9))
    contact(of, by=worker, at=at)
    return of


@pytest.fixture
def northside(cast: Any, clock: Any) -> Any:
    """Northside with a list of 52,000, a post and twelve people started by the end of October."""
    size = ListSize(organisation_id=cast.northside.id, as_of=date(2026, 1, 1), patients=52_000)
    db.session.add(size)
    db.session.flush()
    targets.freeze_shares(FinancialYear(2026), by=None, at=NOW)
    post(cast.amina, cast.northside)
    cast.board_lead = user("Ivy Marsh", cast.board, Role.PCN_LEAD)
    for n in range(12):
        started(cast.amina, cast.northside, NOW - timedelta(days=30 + 3 * n))
    db.session.commit()
    return cast


def kept(
    cast: Any, as_of: date = OCTOBER, scope: Scope = Scope.ALL, at: datetime = NOW
) -> KeptReport:
    made = reports.keep(cast.northside, scope=scope, as_of=as_of, by=cast.lead, at=at)
    db.session.commit()
    return made


def figures_on(html: str) -> dict[str, str]:
    return dict(re.findall(r'data-figure="([^"]+)">([^<]*)<', html))


def change_everything(cast: Any) -> None:
    """Cases, posts, names, settings, and the PCN itself are other than they were."""
    for n in range(4):
        started(cast.amina, cast.northside, NOW - timedelta(days=40 + n))
    gone = db.session.scalars(select(SupportCase)).first()
    assert gone is not None
    gone.close_reason, gone.closed_at = CloseReason.OPENED_IN_ERROR, NOW
    for one in db.session.scalars(select(Post)):
        one.end_on = date(2026, 5, 1)
    cast.northside.name = "Northside and Quay"
    cast.amina.name = "Amina Brook"
    db.session.add(
        Succession(
            organisation_id=cast.northside.id,
            successor_id=cast.southside.id,
            is_sole=True,
            succeeded_on=TODAY,
        )
    )
    cast.northside.closed_on = TODAY
    db.session.commit()


def address(cast: Any, of: KeptReport | None = None, more: str = "") -> str:
    return f"/capacity/{cast.northside.key}/kept{f'/{of.key}{more}' if of else ''}"


def sent(client: Any, cast: Any, as_of: str) -> Any:
    """The answer to the form that keeps a report, sent for that day."""
    index = client.get(address(cast)).text
    once = {name: field(index, name) for name in ("csrf_token", "once")}
    typed = {**once, "as_of": as_of, "scope": "all"}
    return client.post(address(cast), data=typed, follow_redirects=True)


@pytest.mark.one_engine
def test_a_report_is_kept_from_its_page_and_read_there(client: Any, northside: Any) -> None:
    sign_in(client, northside.lead)
    assert "No report is kept yet." in client.get(address(northside)).text
    shown = sent(client, northside, "2026-10-31").text
    assert "Kept. It can be read here as it is now" in shown
    assert "Every figure would be the same if this report were made today." in shown
    assert figures_on(shown)["people_started"] == "12"
    event = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "report.kept")).one()
    assert event.details["as_of"] == "2026-10-31"
    assert event.user_id == northside.lead.id


@pytest.mark.one_engine
def test_a_day_to_come_cannot_be_kept(client: Any, northside: Any) -> None:
    sign_in(client, northside.lead)
    refused = sent(client, northside, "2026-12-01")
    assert refused.status_code == 409
    assert "That day is still to come." in refused.text
    assert db.session.scalars(select(KeptReport)).all() == []


@pytest.mark.one_engine
def test_a_kept_report_says_the_same_whatever_changes(client: Any, northside: Any) -> None:
    both = [kept(northside, scope=scope) for scope in Scope]
    sign_in(client, northside.board_lead)
    before = [figures_on(client.get(address(northside, one)).text) for one in both]
    said = [client.get(address(northside, one, "/report.json")).data for one in both]
    change_everything(northside)
    after = [figures_on(client.get(address(northside, one)).text) for one in both]
    assert after == before
    assert [client.get(address(northside, one, "/report.json")).data for one in both] == said
    assert before[1]["people_started"] == "12"
    assert before[1]["wte_in_post"] == "1.0"


@pytest.mark.one_engine
def test_every_figure_stands_beside_what_is_known_now(client: Any, northside: Any) -> None:
    one = kept(northside)
    change_everything(northside)
    found = {beside.kept["code"]: beside for beside in reports.beside_now(one)}
    assert (found["people_started"].now, found["people_started"].difference) == ("15", "+3")
    assert found["wte_in_post"].difference == "-1.0"
    assert found["capacity"].is_changed
    assert not found["share"].is_changed or found["share"].difference == reports.NOT_NOW


@pytest.mark.one_engine
def test_the_page_of_a_pcn_hears_what_changed_since(northside: Any) -> None:
    basis = Basis(FinancialYear(2026), TODAY, Scope.ALL)
    assert reports.changed_since(northside.northside, basis) is None
    one = kept(northside)
    assert reports.changed_since(northside.northside, basis) is None
    kept(northside, as_of=TODAY)
    for n in range(4):
        started(northside.amina, northside.northside, NOW - timedelta(days=40 + n))
    db.session.commit()
    change = reports.changed_since(northside.northside, basis)
    assert change is not None
    assert change.key == one.key
    assert change.sentence == "Figures changed since 18 November: +4 people started by 31 October."
    db.session.execute(update(KeptReport).values(people=3))
    db.session.expire_all()
    assert reports.changed_since(northside.northside, basis) is None


@pytest.mark.one_engine
def test_a_seal_is_of_the_address_too(northside: Any) -> None:
    one = kept(northside)
    assert kept_reports.is_whole(one)
    one.key = "another"
    assert not kept_reports.is_whole(one)


@pytest.mark.one_engine
def test_the_reports_of_the_months_stay_on_the_list_however_many_others_are_kept(
    northside: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_reports, "MOST_LISTED", 1)
    month = reports.keep_month(northside.northside, Scope.ALL, at=NOW)
    kept(northside, as_of=TODAY - timedelta(days=1))
    last = kept(northside, as_of=TODAY)
    assert list(kept_reports.of_pcn(northside.northside)) == [last, month]


@pytest.mark.one_engine
def test_one_person_keeps_the_same_report_once_a_day(client: Any, northside: Any) -> None:
    first = kept(northside, at=NOW - timedelta(hours=1))
    sign_in(client, northside.lead)
    shown = sent(client, northside, "2026-10-31")
    assert shown.request.path == address(northside, first)
    assert "You kept this report within the last day already." in shown.text
    others = [
        reports.keep(northside.northside, scope=Scope.ALL, as_of=OCTOBER, by=who, at=at)
        for who, at in ((northside.board_lead, NOW), (northside.lead, NOW + ONE_DAY))
    ]
    assert len({first.key, *(one.key for one in others)}) == 3


@pytest.mark.one_engine
def test_a_report_that_was_tampered_with_is_not_shown(client: Any, northside: Any) -> None:
    one = kept(northside)
    other = zlib.compress(zlib.decompress(one.content).replace(b'"value":12', b'"value":21'))
    db.session.execute(update(KeptReport).values(content=other))
    sign_in(client, northside.lead)
    refused = client.get(address(northside, one))
    assert refused.status_code == 409
    assert "This report is not as it was kept" in refused.text
    assert "12" not in figures_on(refused.text).values()
    assert client.get(address(northside, one, "/report.xlsx")).status_code == 409
    with pytest.raises(RuleBroken, match="was changed after it was kept"):
        kept_reports.said(one)


def test_the_reports_of_a_pcn_that_merged_go_with_its_cases_to_the_one_it_merged_into(
    client: Any, northside: Any
) -> None:
    one = kept(northside)
    change_everything(northside)
    southern = user("Lena Field", northside.southside, Role.PCN_LEAD)
    db.session.flush()
    sign_in(client, southern)
    there = f"/capacity/{northside.southside.key}/kept"
    assert client.get(f"{there}/{one.key}").status_code == 404
    db.session.scalars(select(Succession)).one().carried_at = NOW
    db.session.commit()
    assert "which merged into this PCN" in client.get(there).text
    assert client.get(f"{there}/{one.key}").status_code == 200
    assert client.get(address(northside, one)).status_code == 404


@pytest.mark.one_engine
def test_a_report_of_another_pcn_is_not_found(client: Any, northside: Any) -> None:
    one = kept(northside)
    southern = user("Lena Field", northside.southside, Role.PCN_LEAD)
    db.session.flush()
    sign_in(client, southern)
    assert client.get(f"/capacity/{northside.southside.key}/kept/{one.key}").status_code == 404
    sign_in(client, northside.board_lead)
    assert client.get(f"/capacity/{northside.southside.key}/kept/{one.key}").status_code == 404


def test_each_month_is_kept_once_for_each_pcn_in_use_and_scope(northside: Any) -> None:
    found = [(pcn.name, scope) for pcn, scope in reports.due(NOW, most=9)]
    assert found == [(northside.northside.name, scope) for scope in Scope]
    for pcn, scope in list(reports.due(NOW, most=9)):
        one = reports.keep_month(pcn, scope, at=NOW)
        assert (one.as_of, one.month_on, one.kept_by) == (OCTOBER, date(2026, 10, 1), None)
    assert list(reports.due(NOW, most=9)) == []
    with pytest.raises(IntegrityError):
        reports.keep_month(northside.northside, Scope.ALL, at=NOW)


@pytest.mark.one_engine
def test_what_leaves_of_a_kept_report_is_what_it_says(
    client: Any, northside: Any, tmp_path: Path
) -> None:
    one = kept(northside)
    sign_in(client, northside.lead)
    said = json.loads(client.get(address(northside, one, "/report.json")).data)
    assert said == kept_reports.said(one)
    book = tmp_path / "kept.xlsx"
    book.write_bytes(client.get(address(northside, one, "/report.xlsx")).data)
    with Archive(book, book.name) as archive:
        sheets = {grid.title: [row for _, row in grid.rows] for grid in xlsx.grids(archive)}
    assert list(sheets)[:3] == ["Definitions", "Figures", "People started each month"]
    rows = {row[0]: row for row in sheets["Figures"]}
    assert rows["people_started"][3] == "12"
    events = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "report.exported"))
    assert [event.details["report"] for event in events] == ["kept", "tables"]
