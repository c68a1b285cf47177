"""The command, the page and the files say the same, figure by figure, for every scope and day."""

import json
import math
import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from linkwork.capacity.calendar import BankHolidaysUnknown, FinancialYear
from linkwork.capacity.targets import Scope
from linkwork.casework import targets
from linkwork.cli import main
from linkwork.database import db
from linkwork.models import AuditEntry, KeptReport, ListSize, Post, PostState
from linkwork.reports import capacity, documents, statements, tables
from tests.cast import case, contact, referral, sign_in
from tests.conftest import NOW, SECRET, TODAY
from tests.house import ROOT

pytestmark = pytest.mark.one_engine
DAYS = (TODAY, date(2026, 9, 30))


@pytest.fixture
def northside(cast: Any, clock: Any, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Any:
    """Northside with a list, two posts and thirty people started, and the command beside it."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("LINKWORK_SECRET_KEY", SECRET * 2)
    size = ListSize(organisation_id=cast.northside.id, as_of=date(2026, 1, 1), patients=52_000)
    db.session.add(size)
    cast.northside.ods_code = "U99001"
    db.session.flush()
    targets.freeze_shares(FinancialYear(2026), by=None, at=NOW)
    for worker, wte, additional in ((cast.amina, "1.00", True), (cast.ben, "0.60", False)):
        facts = {"worker_id": worker.id, "wte": Decimal(wte), "additional": additional}
        started = {"start_on": date(2024, 1, 8), "state": PostState.STARTED}
        db.session.add(Post(organisation_id=cast.northside.id, **facts, **started))
    for n in range(30):
        worker, at = (cast.amina, cast.ben)[n % 3 == 0], NOW - timedelta(days=5 * n)
        of = case(cast.northside, worker=worker, first_conversation_at=at, opened_at=at)
        contact(of, by=worker, at=at)
    referral(cast.birch, by=cast.dev)
    db.session.commit()
    return cast


def linkwork(*words: str) -> Result:
    db.session.rollback()
    return CliRunner().invoke(main, ["capacity", *words])


def said(*words: str) -> dict[str, Any]:
    done = linkwork("--pcn", "U99001", "--format", "json", *words)
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def shown(html: str) -> dict[str, list[str]]:
    """What a page says of each figure that it marks, or that leads to what is behind it."""
    found: dict[str, list[str]] = {}
    for whole in re.finditer(
        r'<(\w+)[^>]*?(?:data-figure="([^"]+)"|href="[^"]*/behind/(\w+)[^"]*")[^>]*>(.*?)</\1>',
        html,
        re.DOTALL,
    ):
        found.setdefault(whole[2] or whole[3], []).append(text(whole[4]))
    return found


def rows(html: str, heading: str) -> dict[str, list[str]]:
    """The rows of the table of that caption or section, by their first cell."""
    part = html[html.index(heading) :].split("</table>")[0]
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in part.split("<tr")[2:])
    return {text(row[0]): [text(cell) for cell in row[1:]] for row in cells if row}


@pytest.mark.parametrize("scope", Scope)
def test_the_command_and_the_page_say_the_same(client: Any, northside: Any, scope: Scope) -> None:
    for as_of in DAYS:
        hold_to_the_page(client, northside, scope, as_of)


def hold_to_the_page(client: Any, northside: Any, scope: Scope, as_of: date) -> None:
    target = {Scope.ADDITIONAL: "125000", Scope.ALL: "400000"}[scope]
    told = said("--as-of", as_of.isoformat(), "--target", target)
    sign_in(client, northside.lead)
    html = client.get(f"/capacity/{northside.northside.key}?scope={scope}&as_of={as_of}").text
    assert (told["scope"], told["as_of"]) == (scope, as_of.isoformat())
    assert told["sentence"] in text(html)
    figures = {one["code"]: one for one in told["figures"]}
    marked = {code: texts for code, texts in shown(html).items() if code in figures}
    assert len(marked) >= 4
    for code, texts in marked.items():
        printed = rf"(?<![\d.,]){re.escape(figures[code]['text'])}(?![\d,]|\.\d)"
        assert all(re.search(printed, one) for one in texts if re.search(r"\d|^-$", one)), code
    for month, cells in rows(html, "People started each month").items():
        name = next(
            f"{first:%Y-%m}" for first in FinancialYear(2026).months if f"{first:%B}" == month
        )
        wanted = [
            figures[f"{kind}.{name}"]["text"] for kind in ("people_started", "so_far", "share")
        ]
        assert [cell.replace("–", "-") for cell in cells] == wanted


def test_the_tables_of_the_page_say_what_the_command_says(client: Any, northside: Any) -> None:
    figures = {one["code"]: one["text"] for one in said()["figures"]}
    sign_in(client, northside.lead)
    html = client.get(f"/capacity/{northside.northside.key}").text
    steps = rows(html, "Referrals of the year, step by step")
    for name in ("Referred", "Contacted", "Started", "Connected", "Completed"):
        assert steps[name][0] == figures[f"funnel.{name.lower()}"]
        assert steps[name][3].rstrip("%") == figures[f"funnel.{name.lower()}.of_referred"]
    limits = rows(html, "by what would limit it")
    for code, name in (
        ("people_expected", "What is expected of one WTE"),
        ("ceiling_open_cases", "Open cases that one WTE can hold"),
        ("ceiling_hours", "Hours with people"),
    ):
        told = next(cells for first, cells in limits.items() if first.startswith(name))
        assert told[0].replace("–", "-") == figures[code]


def test_every_figure_is_a_number_with_its_text_or_a_reason(northside: Any) -> None:
    for scope in Scope:
        report = capacity.of_pcn(northside.northside, scope=scope, as_of=TODAY)
        found = statements.of_report(report)
        assert len({one.code for one in found}) == len(found)
        for one in found:
            assert (one.value is None) == bool(one.reason), one
            assert one.value is None or math.isfinite(one.value)
            assert all((one.label, one.unit, one.text, one.section))
        json.dumps(documents.of_report(report), allow_nan=False)


def test_every_name_and_code_is_described(northside: Any) -> None:
    page = (ROOT / "docs" / "capacity-json.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if line.startswith("| `")]
    described = {name for line in lines for name in re.findall(r"`([^`]+)`", line.split("|")[1])}
    told = said()
    assert set(told) <= described
    for figure in told["figures"]:
        assert set(figure) <= described
        plain = re.sub(r"\d{4}-\d{2}", "MONTH", figure["code"])
        plain = re.sub(r"^(what_if)\.\w+", r"\1.LEVER", plain)
        plain = re.sub(r"^(funnel)\.\w+", r"\1.STEP", plain)
        plain = re.sub(r"^(reach)\.\d\.", r"\1.N.", plain)
        plain = re.sub(r"^reach\.[2-5]$", "reach.1", plain)
        row = next((one for one in lines if f"`{plain}`" in one.split("|")[1]), "")
        assert row.endswith(f"| {figure['unit']} |"), figure


def test_a_pcn_with_nothing_has_reasons_and_no_number_of_nothing(cast: Any) -> None:
    report = capacity.of_pcn(cast.southside, scope=None, as_of=date(2026, 4, 1))
    told = {one.code: one for one in statements.of_report(report)}
    assert told["people_started"].text == "0"
    for code in ("share", "gap_days", "projected", "wte_in_post", "capacity", "load_used"):
        assert (told[code].value, told[code].text) == (None, "-"), code
        assert told[code].reason.endswith("."), code
    json.dumps(documents.of_report(report), allow_nan=False)


def test_the_table_says_each_figure_with_its_unit_or_its_reason(northside: Any) -> None:
    done = linkwork("--pcn", "u99001", "--as-of", "2026-09-30")
    assert done.exit_code == 0, done.output
    assert "Additional link workers only, to 30 September 2026." in done.stdout
    assert "Caseload, all link workers\n" in done.stdout
    assert "\nStaff\n" in done.stdout
    line = next(one for one in done.stdout.splitlines() if "WTE at work" in one)
    assert line.split()[-2:] == ["1.0", "WTE"]
    events = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "report.exported"))
    assert [event.details["report"] for event in events] == ["command"]


def test_what_cannot_be_answered_is_said_and_not_guessed(northside: Any) -> None:
    pcn = ("--pcn", "U99001")
    for words, sentence in (
        (("--pcn", "X1"), "No organisation has the code X1."),
        ((*pcn, "--as-of", "30 September"), "is no date that can be read."),
        ((*pcn, "--as-of", "2026-02-30"), "2026-02-30 is no date that can be read."),
        ((*pcn, "--as-of", "2026-12-24"), "24 December 2026 is still to come."),
        ((*pcn, "--as-of", "1850-01-01"), "There is nothing before 1 April 2026."),
        ((*pcn, "--target", "1000"), "is not one of '125000', '400000'"),
        ((), "Missing option '--pcn'"),
    ):
        done = linkwork(*words)
        assert (done.exit_code, done.stdout) == (2, ""), words
        assert sentence in " ".join(done.stderr.split())


def test_a_year_without_bank_holidays_is_said(
    northside: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise BankHolidaysUnknown("The bank holidays of 2026 are not known.")

    monkeypatch.setattr(capacity, "of_pcn", unknown)
    done = linkwork("--pcn", "U99001")
    assert done.exit_code == 2
    assert "The bank holidays of 2026 are not known." in done.stderr


def test_each_table_is_a_file_that_says_what_it_rests_on(client: Any, northside: Any) -> None:
    northside.amina.name = "=1+1"
    sign_in(client, northside.lead)
    index = client.page(f"/capacity/{northside.northside.key}/tables")
    assert "Save all as Excel" in index.text
    for name in tables.TABLES:
        file = client.get(f"/capacity/{northside.northside.key}/tables/{name}.csv?scope=all")
        assert file.status_code == 200
        head, *lines = file.text.removeprefix("\ufeff").splitlines()
        assert head.endswith("PCN code,PCN,Financial year,Counted,Up to")
        assert all(line.endswith("2026/27,all link workers,2026-11-18") for line in lines), name
        assert "'=1+1" in file.text or name not in {"team", "posts"}
    assert client.get(f"/capacity/{northside.northside.key}/tables/people.csv").status_code == 404
    book = client.get(f"/capacity/{northside.northside.key}/tables/all.xlsx")
    assert book.data.startswith(b"PK")
    assert "capacity-2026-11-18-additional.xlsx" in book.headers["Content-Disposition"]


def test_reminding_keeps_last_month_once(northside: Any) -> None:
    for _ in range(2):
        done = CliRunner().invoke(main, ["remind"])
        assert done.exit_code == 0, done.output
    kept = db.session.scalars(select(KeptReport)).all()
    assert {(one.scope, one.as_of) for one in kept} == {(s, date(2026, 10, 31)) for s in Scope}
    assert len(kept) == 2
