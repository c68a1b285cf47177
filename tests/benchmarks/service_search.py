"""How quickly a large directory is searched, beside a bare search of the same words.

    python -m tests.benchmarks.service_search [--services 20000] [--engine both] [--rounds 30]
        [--page] [--json]

The services are made up, and the same each time. A search is what the page asks of the database
and of each service that it shows; ``--page`` measures the whole page, sign-in and template
included. ``cpu_ms`` is the processor time of this process alone, which other work on the machine
hardly changes: all of it on SQLite, without the server’s part on PostgreSQL. The floor is one
statement to the same index for the names of 25 services with a word.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import text

from linkwork.casework import service_search, service_words
from linkwork.casework.service_search import Criteria
from linkwork.database import db
from linkwork.geography import Place
from linkwork.models import OrganisationKind, Role, User
from tests import cast, engines
from tests.benchmarks import databases
from tests.benchmarks.measuring import statements
from tests.benchmarks.synthetic_services import Maker

Result = dict[str, Any]
AT = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
HERE = Place(53.46, -2.22)
FLOOR = {
    "sqlite": (
        "SELECT service.name FROM service_fts JOIN service ON service.id = service_fts.rowid "
        "WHERE service_fts MATCH '\"gardening\"*' "
        "ORDER BY bm25(service_fts, 10.0, 6.0, 3.0, 1.0) LIMIT 25"
    ),
    "postgresql": (
        "SELECT service.name FROM service_search JOIN service ON service.id = service_id, "
        "to_tsquery('english', 'gardening:*') AS wanted WHERE document @@ wanted "
        "ORDER BY ts_rank('{0.1, 0.3, 0.6, 1.0}', document, wanted) DESC LIMIT 25"
    ),
}
SEARCHES: dict[str, Criteria] = {
    "everything": Criteria(),
    "page 40": Criteria(),
    "one word": Criteria(words="gardening"),
    "two words": Criteria(words="gardening club"),
    "a beginning": Criteria(words="gard"),
    "a typo": Criteria(words="gardning"),
    "two typos": Criteria(words="balroom dancng"),
    "nonsense": Criteria(words="xqzzvw"),
    "a need": Criteria(need="loneliness"),
    "need, day, cost": Criteria(need="loneliness", day="TU", part="morning", price=0),
    "nearest": Criteria(near=HERE),
    "within 5 miles": Criteria(near=HERE, miles=5),
    "word, 10 miles": Criteria(words="choir", near=HERE, miles=10),
    "access, age": Criteria(access=("step_free", "toilet"), age=70),
    "open now": Criteria(meets="now"),
    "today, 10 miles": Criteria(meets="today", near=HERE, miles=10),
    "next session": Criteria(order="next"),
}
ADDRESSES: dict[str, dict[str, Any]] = {
    "everything": {},
    "page 40": {"page": 40},
    "one word": {"words": "gardening"},
    "a typo": {"words": "gardning"},
    "need, day, cost": {"need": "loneliness", "day": "TU", "part": "morning", "cost": "free"},
    "word, 10 miles": {"words": "choir", "postcode": "M14", "miles": 10},
    "open now": {"meets": "now"},
    "next session": {"order": "next"},
}


def worker() -> User:
    """Somebody who may search."""
    place = cast.organisation("Northside", OrganisationKind.PCN)
    user = cast.user("Amina", place, Role.LINK_WORKER)
    db.session.commit()
    return user


def look(name: str, criteria: Criteria, user: User) -> int:
    """Search as the page does, and put each service in words."""
    number = 40 if name.startswith("page") else 1
    found = service_search.search(criteria, user=user, at=AT, number=number)
    for service in found.services:
        service_words.when(service)
        service_words.cost(service)
        service_words.town(service)
    total = found.total
    db.session.rollback()
    db.session.expunge_all()
    return total


def measure(engine: str, folder: Path, services: int, rounds: int, *, page: bool) -> Result:
    """Fill a database and measure each search, in turn with the floor."""
    url = engines.bare_url(engine, folder, "search")
    app = databases.app_on(url)
    with app.app_context():
        began = time.perf_counter()
        Maker(AT).fill(services)
        if engine == "postgresql":
            db.session.execute(text("ANALYZE"))
            db.session.commit()
        filled_s = time.perf_counter() - began
        user_id = worker().id
        rows = list(_pages(app, rounds) if page else _searches(user_id, rounds))
        floor = [_ms(lambda: _floor(engine)) for _ in range(rounds + 3)][3:]
        databases.let_go()
    least = statistics.median(floor)
    for row in rows:
        row["ratio"] = round(row["p50_ms"] / least, 1)
    return {"engine": engine, "filled_s": filled_s, "floor_ms": least, "searches": rows}


def _floor(engine: str) -> None:
    db.session.execute(text(FLOOR[engine])).all()
    db.session.rollback()


def _searches(user_id: int, rounds: int) -> Iterator[Result]:
    def act(name: str, criteria: Criteria) -> int:
        user = db.session.get(User, user_id)
        assert user is not None
        return look(name, criteria, user)

    for name, criteria in SEARCHES.items():
        yield _measured(name, rounds, lambda n=name, c=criteria: act(n, c))  # type: ignore[misc]


def _pages(app: Any, rounds: int) -> Iterator[Result]:
    client = app.test_client()
    cast.sign_in(client, db.session.query(User).one())
    db.session.remove()

    def act(asked: str) -> int:
        with app.app_context():
            answer = client.get(f"/services?{asked}")
        assert answer.status_code == 200, answer.status
        return len(answer.data)

    for name, asked in ADDRESSES.items():
        words = urlencode(asked)
        yield _measured(name, rounds, lambda w=words: act(w))  # type: ignore[misc]


def _measured(name: str, rounds: int, act: Callable[[], int]) -> Result:
    with statements() as sent:
        counted = act()
    began = time.process_time()
    times = sorted(_ms(act) for _ in range(rounds))
    return {
        "search": name,
        "found": counted,
        "queries": len(sent),
        "cpu_ms": round((time.process_time() - began) * 1000 / rounds, 2),
        "p50_ms": round(statistics.median(times), 2),
        "p95_ms": round(times[min(len(times) - 1, int(len(times) * 0.95))], 2),
    }


def _ms(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


COLUMNS = (
    ("found", ">7"),
    ("queries", ">8"),
    ("cpu_ms", ">8.2f"),
    ("p50_ms", ">8.2f"),
    ("p95_ms", ">8.2f"),
    ("ratio", ">6.1f"),
)


def table(results: Sequence[Result]) -> Iterator[str]:
    """Yield the lines of the results as they are read."""
    for one in results:
        yield f"{one['engine']}: filled in {one['filled_s']:.1f} s, floor {one['floor_ms']:.2f} ms"
        yield f"{'search':18} " + " ".join(format(n, how.partition(".")[0]) for n, how in COLUMNS)
        for row in one["searches"]:
            yield f"{row['search']:18} " + " ".join(format(row[n], how) for n, how in COLUMNS)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", choices=(*engines.ENGINES, "both"), default="both")
    parser.add_argument("--services", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--page", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    chosen = engines.ENGINES if asked.engine == "both" else (asked.engine,)
    with databases.run(chosen) as folder:
        results = [
            measure(engine, folder, asked.services, asked.rounds, page=asked.page)
            for engine in chosen
        ]
    print(json.dumps(results, indent=1) if asked.json else "\n".join(table(results)))


if __name__ == "__main__":
    main()
