"""How quickly the pages of capacity answer at any size, beside the same sums written by hand.

    python -m tests.benchmarks.capacity [--engine both] [--pcns 20] [--people 5000] [--years 3]
        [--rounds 3] [--requests 20] [--database URL] [--json]

Fills a new database of each engine with ``linkwork generate``, serves it as ``linkwork serve``
does, and asks the page of five leads in turn, of a board and of England, by one client. Beside
each stands the time that its sums take as SQL written by hand (tests/benchmarks/capacity_sql.py),
and that the page’s own statements take, asked in turn through the same driver. A database that
``linkwork generate --password`` filled before is measured with ``--database``. Times drift from
machine to machine: quote ratios, and on a busy machine processor time.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event, func, select

from linkwork import clock
from linkwork.capacity.calendar import FinancialYear
from linkwork.casework.starts import midnight
from linkwork.database import db
from linkwork.models import Contact, Organisation, OrganisationKind, Person, Role, User, UserRole
from tests import engines
from tests.benchmarks import capacity_sql, databases, serving
from tests.benchmarks.journeys import Visitor, known, signed_in
from tests.benchmarks.measuring import Timing, ask_all, request
from tests.paths import ROOT

SIZES = {"pcns": 20, "people": 5000, "years": 3}
ROUNDS, REQUESTS, LEADS, TIMES = 3, 20, 5, 9
PASSWORD = "opens what is measured"
COLUMNS = (
    ("page", "page", "<9"),
    ("p50_ms", "p50 ms", ">7.1f"),
    ("p95_ms", "p95 ms", ">7.1f"),
    ("cpu_ms", "CPU ms", ">7.1f"),
    ("bytes", "bytes", ">7"),
    ("queries", "queries", ">7"),
    ("sql_ms", "its SQL ms", ">10.2f"),
    ("by_hand_ms", "by hand ms", ">10.2f"),
    ("ratio", "ratio", ">5.2f"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page, who asks for it in turn, and the same sums by hand."""

    name: str
    path: str
    visitors: list[Visitor]
    by_hand: dict[str, str]

    def asked(self, number: int) -> bytes:
        """The nth request: each visitor’s in turn."""
        return request(self.path, cookie=self.visitors[number % len(self.visitors)].cookie)


def fill(url: str, asked: argparse.Namespace) -> dict[str, float]:
    """Fill a database by the command; how long it took, and the most memory, in MB."""
    words = ["generate", "--password", PASSWORD]
    for name in SIZES:
        words += [f"--{name}", str(getattr(asked, name))]
    settings = {"DATABASE_URL": url, "LINKWORK_SECRET_KEY": serving.SECRET}
    began = time.perf_counter()
    command = [sys.executable, "-c", "from linkwork.cli import main; main()", *words]
    environment = {**os.environ, **settings}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    # Of this process alone: the servers of an engine before it have had memory too.
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    peak = used.ru_maxrss / 1024
    return {"seconds": round(time.perf_counter() - began, 1), "peak_mb": round(peak, 1)}


def measure(engine: str, url: str, asked: argparse.Namespace) -> dict[str, Any]:
    """Measure every page on a database that was generated."""
    app = databases.app_on(url)
    with app.app_context():
        holds = {kind.__tablename__: _count(kind) for kind in (Organisation, Person, Contact)}
        pages = _pages()
        sums = {page.name: _sums(app, page) for page in pages}
        databases.let_go()
    timings = {page.name: Timing() for page in pages}
    # What reads notes is not asked here, and would take its memory and its time.
    with serving.linkwork(url, {"LINKWORK_MEANING": "off"}) as server:
        for page in pages:
            ask_all(server.port, [page.asked], LEADS * serving.WORKERS, 200, Timing())
        for _ in range(asked.rounds):
            for page in pages:
                into, before = timings[page.name], sum(server.cpu_s())
                ask_all(server.port, [page.asked], asked.requests, 200, into)
                into.cpu_s += sum(server.cpu_s()) - before
        peak = round(server.peak_mb(), 1)
    rows = [_row(page.name, timings[page.name], sums[page.name]) for page in pages]
    return {"engine": engine, "holds": holds, "pages": rows, "worker_peak_mb": peak}


def _row(name: str, timing: Timing, sums: dict[str, float]) -> dict[str, Any]:
    return {
        "page": name,
        "p50_ms": round(timing.p50_ms, 2),
        "p95_ms": round(timing.p95_ms, 2),
        "cpu_ms": round(timing.cpu_ms, 2),
        "bytes": timing.bytes,
        **sums,
    }


def _pages() -> list[Page]:
    leads = _leads(OrganisationKind.PCN)
    some = leads[:: max(1, len(leads) // LEADS)][:LEADS]
    boards, england = _leads(OrganisationKind.ICB), _leads(OrganisationKind.NATIONAL)
    db.session.remove()  # nothing is read here while somebody signs in
    return [
        Page("lead", "/capacity", [signed_in(one) for one in some], capacity_sql.LEAD),
        Page("board", "/capacity", [signed_in(boards[0])], capacity_sql.ENGLAND),
        Page("England", "/capacity/england", [signed_in(england[0])], capacity_sql.ENGLAND),
    ]


def _leads(kind: OrganisationKind) -> list[Any]:
    query = (
        select(User)
        .join(Organisation, Organisation.id == User.organisation_id)
        .join(UserRole, UserRole.user_id == User.id)
        .where(Organisation.kind == kind, UserRole.role == Role.PCN_LEAD)
    )
    return [known(user) for user in db.session.scalars(query.order_by(User.id)).unique()]


def _count(kind: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


# The sums, by hand and as the page asks for them -------------------------------------------------


def _sums(app: Flask, page: Page) -> dict[str, Any]:
    """What the sums of a page take here: its own statements, and those written by hand."""
    sent = _statements_of(app, page)
    with db.engine.connect() as connection:
        driver: Any = connection.connection.cursor()
        values = _values(page.visitors[0].user.organisation_id)
        by_hand = [_by_hand(query, values) for query in page.by_hand.values()]
        ours, hand = _best(driver, sent), _best(driver, by_hand)
    return {
        "queries": len(sent),
        "sql_ms": round(ours, 2),
        "by_hand_ms": round(hand, 2),
        "ratio": round(ours / hand, 2),
    }


def _best(driver: Any, asked: Sequence[tuple[str, Any]]) -> float:
    """The median of the times that statements take together, in ms; the first does not count."""
    times = []
    for _ in range(1 + TIMES):
        began = time.perf_counter()
        for statement, values in asked:
            driver.execute(statement, values)
            driver.fetchall()
        times.append(time.perf_counter() - began)
    return statistics.median(times[1:]) * 1000


def _by_hand(query: str, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A statement as the driver of the engine reads it, with the values it names."""
    named = {name: value for name, value in values.items() if re.search(rf":{name}\b", query)}
    if db.engine.dialect.name == "postgresql":
        query = re.sub(r":(\w+)", r"%(\1)s", query)
    return query, named


def _statements_of(app: Flask, page: Page) -> list[tuple[str, Any]]:
    """What one answer asks the database for, with its values; without session and audit trail."""
    sent: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        asks = statement.lstrip().upper().startswith(("SELECT", "WITH"))
        if asks and not any(name in statement for name in ("user_session", "audit_")):
            sent.append((statement, values))

    with app.app_context():
        page.visitors[0].client.get(page.path)
        event.listen(Engine, "before_cursor_execute", note)
        try:
            answer = page.visitors[0].client.get(page.path)
        finally:
            event.remove(Engine, "before_cursor_execute", note)
    assert answer.status_code == 200, (page.name, answer.status_code)
    return sent


def _values(organisation: int) -> dict[str, Any]:
    """The values of the statements by hand, as each engine keeps them."""
    today = clock.today()
    year = FinancialYear.containing(today)
    end = midnight(today + timedelta(days=1))
    moments = {
        "begin": midnight(year.start),
        "end": end,
        "quarter": end - timedelta(weeks=13),
        "twelve": end - timedelta(weeks=52),
    }
    days: dict[str, Any] = {"today": today, **moments}
    if db.engine.dialect.name == "sqlite":
        days = {"today": today.isoformat()}
        days |= {name: f"{at:%Y-%m-%d %H:%M:%S.%f}" for name, at in moments.items()}
    return {"pcn": organisation, "year": year.first_year, "scope": "all", **days}


# The command -------------------------------------------------------------------------------------


def table(result: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a result as they are read."""
    holds = ", ".join(f"{number:,} {what}" for what, number in result["holds"].items())
    yield f"\n{result['engine']}: {holds}"
    if made := result["generated"]:
        yield f"generated in {made['seconds']} s with at most {made['peak_mb']} MB"
    yield " ".join(format(title, how.partition(".")[0]) for _, title, how in COLUMNS)
    for row in result["pages"]:
        yield " ".join(format(row[name], how) for name, _, how in COLUMNS)
    yield f"peak memory of a worker: {result['worker_peak_mb']} MB"


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", choices=(*engines.ENGINES, "both"), default="both")
    for name, number in SIZES.items():
        parser.add_argument(f"--{name}", type=int, default=number)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="in a round")
    parser.add_argument("--database", help="one that was generated; sessions are added to it")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def _made(engine: str, folder: Path, asked: argparse.Namespace) -> tuple[str, dict[str, float]]:
    url = engines.bare_url(engine, folder, "capacity")
    return url, fill(url, asked)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    asked = _asked(arguments)
    chosen = engines.ENGINES if asked.engine == "both" else (asked.engine,)
    if asked.database:
        chosen = ("postgresql" if asked.database.startswith("postgresql") else "sqlite",)
    results = []
    with databases.run(() if asked.database else chosen) as folder:
        for engine in chosen:
            url, made = (asked.database, {}) if asked.database else _made(engine, folder, asked)
            results.append({**measure(engine, url, asked), "generated": made})
            if not asked.json:
                print("\n".join(table(results[-1])))
    if asked.json:
        print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
