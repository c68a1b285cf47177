"""How quickly the pages of the main job answer, beside a floor with the same rows.

    python -m tests.benchmarks.pages [--engine both] [--clients 1,8] [--rounds 5] [--json]
        [--directory FILE] [--services N] [--queries]

Makes the demo in a new database of each engine, serves it as ``linkwork serve`` does and the
floor (tests/benchmarks/floor.py) beside it, and asks both in turn, round by round, so that
whatever else the machine does befalls both. Times drift from machine to machine: quote ratios,
and on a busy machine the processor time of an answer (of the web workers; a PostgreSQL server’s
own is not in it). Saving on PostgreSQL is compared with a floor that saves on SQLite.
The client runs on the same processors, so that with several clients it costs answers a second.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from linkwork.database import db
from linkwork.models import Person, Service, SupportCase
from tests import engines
from tests.benchmarks import databases, floor, serving
from tests.benchmarks.journeys import Page, journeys
from tests.benchmarks.measuring import Timing, ask_all, of_the_page, statements
from tests.benchmarks.serving import Server

CLIENTS, ROUNDS, REQUESTS = "1,8", 5, 30
COLUMNS = (
    ("page", "page", "<15"),
    ("clients", "clients", ">7"),
    ("p50_ms", "p50 ms", ">7.1f"),
    ("p95_ms", "p95 ms", ">7.1f"),
    ("per_second", "a second", ">8.0f"),
    ("cpu_ms", "CPU ms", ">6.1f"),
    ("queries", "queries", ">7"),
    ("with_session_and_audit", "+session, audit", ">15"),
    ("bytes", "bytes", ">6"),
    ("floor_p50_ms", "floor ms", ">8.1f"),
    ("floor_per_second", "floor a second", ">14.0f"),
    ("floor_cpu_ms", "floor CPU ms", ">12.2f"),
    ("ratio", "ratio", ">5.1f"),
    ("cpu_ratio", "CPU ratio", ">9.1f"),
)


@dataclass
class Measured:
    """A page at one number of clients: Linkwork, and the floor in the same rounds."""

    page: Page
    clients: int
    ours: Timing = field(default_factory=Timing)
    floor: Timing = field(default_factory=Timing)

    def row(self, sent: Sequence[str]) -> dict[str, Any]:
        """Return the line of the table; ``sent`` are the statements of one answer."""
        return {
            "page": self.page.name,
            "clients": self.clients,
            "p50_ms": round(self.ours.p50_ms, 2),
            "p95_ms": round(self.ours.p95_ms, 2),
            "per_second": round(self.ours.per_second, 1),
            "queries": len(of_the_page(sent)),
            "with_session_and_audit": len(sent),
            "bytes": self.ours.bytes,
            "floor_p50_ms": round(self.floor.p50_ms, 2),
            "floor_per_second": round(self.floor.per_second, 1),
            "ratio": round(self.ours.p50_ms / self.floor.p50_ms, 2),
            "cpu_ms": round(self.ours.cpu_ms, 2),
            "floor_cpu_ms": round(self.floor.cpu_ms, 3),
            "cpu_ratio": round(self.ours.cpu_ms / self.floor.cpu_ms, 2),
        }


def measure(engine: str, url: str, folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Measure every page on the database at ``url``, which must hold the demo."""
    file = folder / f"floor-{engine}.sqlite"
    clients = [int(number) for number in asked.clients.split(",")]
    with databases.app_on(url).app_context(), ExitStack() as stack:
        floor.fill(file, db.engine)
        holds = _held()
        ours = stack.enter_context(serving.linkwork(url))
        beside = stack.enter_context(serving.floor(file))
        pages = journeys(ours.port, most=max(clients))
        sent = {page.name: _statements_of(page) for page in pages}
        databases.let_go()
        found = [Measured(page, number) for number in clients for page in pages]
        for _ in _rounds(asked.rounds):
            for one in found:
                _ask(one, ours, beside, asked.requests)
        return {
            "engine": engine,
            "holds": holds,
            "pages": [one.row(sent[one.page.name]) for one in found],
            "statements": sent if asked.queries else {},
            "cpu_s_of_workers": [round(seconds, 2) for seconds in ours.cpu_s()],
            "worker_peak_mb": round(ours.peak_mb(), 1),
            "floor_worker_peak_mb": round(beside.peak_mb(), 1),
        }


def _held() -> dict[str, int]:
    kinds = {"people": Person, "cases": SupportCase, "services": Service}
    with db.engine.connect() as there:
        return {
            name: there.scalar(select(func.count()).select_from(kind)) or 0
            for name, kind in kinds.items()
        }


def _statements_of(page: Page) -> list[str]:
    """What one answer sends to the database, once whatever is kept in memory is there."""
    page.answer_here()
    with statements() as sent:
        status = page.answer_here()
    assert status == page.status, (page.name, status)
    return sent


def _rounds(number: int) -> Iterator[int]:
    for one in range(number):
        if sys.stderr.isatty():
            print(f"round {one + 1} of {number}", file=sys.stderr)
        yield one


def _ask(one: Measured, ours: Server, beside: Server, requests: int) -> None:
    for server, asking, into in (
        (ours, one.page.ours, one.ours),
        (beside, one.page.floor, one.floor),
    ):
        before = sum(server.cpu_s())
        ask_all(server.port, asking[: one.clients], requests, one.page.status, into)
        into.cpu_s += sum(server.cpu_s()) - before


def table(result: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a result as they are read."""
    holds = ", ".join(f"{number:,} {what}" for what, number in result["holds"].items())
    yield f"\n{result['engine']}: {holds}"
    yield " ".join(format(title, how.partition(".")[0]) for _, title, how in COLUMNS)
    for row in result["pages"]:
        yield " ".join(format(row[name], how) for name, _, how in COLUMNS)
    memory = result["worker_peak_mb"], result["floor_worker_peak_mb"]
    yield "peak memory of a worker: {} MB; of the floor’s: {} MB".format(*memory)
    shares = ", ".join(f"{seconds} s" for seconds in result["cpu_s_of_workers"])
    yield f"processor time of the workers: {shares}"
    for name, sent in result["statements"].items():
        yield f"\n{name}"
        yield from (f"  {number:2} {line[:240]}" for number, line in enumerate(sent, start=1))


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", choices=(*engines.ENGINES, "both"), default="both")
    parser.add_argument("--clients", default=CLIENTS, help="how many at once, e.g. 1,8")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--requests", type=int, default=REQUESTS, help="of a client in a round")
    parser.add_argument("--directory", type=Path, help="Open Referral UK JSON to bring in")
    parser.add_argument("--services", type=int, default=0, help="copy the directory to so many")
    parser.add_argument("--database", help="a database that holds the demo; it is written to")
    parser.add_argument("--queries", action="store_true", help="show the statements of each page")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    asked = _asked(arguments)
    chosen = engines.ENGINES if asked.engine == "both" else (asked.engine,)
    results = []
    with databases.run(() if asked.database else chosen) as folder:
        for engine in chosen:
            url = asked.database or databases.demo(
                engine, folder, directory=asked.directory, services=asked.services
            )
            results.append(measure(engine, url, folder, asked))
            if not asked.json:
                print("\n".join(table(results[-1])))
    if asked.json:
        print(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
