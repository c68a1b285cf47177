"""How quickly activities are suggested while a note is typed, in a large directory.

    python -m tests.benchmarks.live_matching [--services 20000] [--engine both] [--rounds 40]
        [--without-model] [--parts] [--json]

The services are made up, the same each time; their vectors are random, for only their number
counts. First the parts of a suggestion in this process, then the whole request at a server such as
``linkwork serve`` starts, with one worker: a note that grows by some words each time, and the same
note of which only a chip changes. ``ratio`` is to the floor: the same server’s ``/health`` in the
same run. ``cpu_ms`` is processor time of the worker, which other work on the machine hardly
changes (a PostgreSQL server’s own is not in it); the memory is that of the worker, at the end.
``--parts`` leaves the server out.
"""

import argparse
import json
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import insert, text

from linkwork.casework import matches, meanings, offers, understandings
from linkwork.casework.lexicon import lexicon
from linkwork.casework.matches import Typed
from linkwork.casework.service_vectors import MODEL
from linkwork.database import db
from linkwork.matching import propose
from linkwork.meaning import DIMENSIONS, ModelUnusable, encoder, to_bytes
from linkwork.models import OrganisationKind, Role, ServiceVector, SupportCase, User
from tests import cast, engines
from tests.benchmarks import databases, serving
from tests.benchmarks.measuring import Connection, request
from tests.benchmarks.serving import Server
from tests.benchmarks.synthetic_services import Maker

Result = dict[str, Any]
Ask = Callable[[str, dict[str, Any] | None], None]
COOKIE = "linkwork"
AT = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
SENTENCES = (
    "She used to be out every day and now the flat is all she sees. Misses {} most of all.",
    "Money is short since the hours were cut, and the letters go unopened. Talked about {}.",
    "Sleeps badly, worries about his knees, and would try {} if somebody came along.",
    "Her sister rings on Sundays. Nobody else does. Was once very keen on {}.",
)
LIMITS = {"miles": 12, "days": [0, 1, 2, 3, 4], "max_cost": "5"}
TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
MARK = re.compile(rb'data-mark="([^"]+)"')
WARMING = 12


class Offering(Maker):
    """Makes services that are about something: four concepts each, and their words."""

    def _service(self, number: int, providers: int) -> dict[str, Any]:
        made = super()._service(number, providers)
        about = self._random.sample(sorted(lexicon().concepts), 4)
        labels = " ".join(lexicon().label(concept) for concept in about)
        weights = {concept: self._random.choice((0.6, 0.9, 1.0)) for concept in about}
        return {**made, "concepts": weights, "description": f"{made['description']} {labels}"}


class Guess:
    """Stands in for the model where only numbers are wanted: any vectors, at once."""

    def encode(self, texts: Sequence[str]) -> Any:
        """Return a random vector of length 1 for each text."""
        import numpy as np  # after linkwork.meaning, which holds it to one thread

        vectors = np.random.default_rng(len(texts)).standard_normal((len(texts), DIMENSIONS))
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def fill(services: int) -> tuple[int, int]:
    """Make the directory, its vectors, and a case of a worker; return both numbers."""
    Offering(AT).fill(services)
    understandings.teach(Guess(), at=AT)  # type: ignore[arg-type]
    db.session.commit()
    keys = offers.directory().keys
    vectors = [to_bytes(vector) for vector in Guess().encode([str(number) for number in keys])]
    kept = {"text_hash": "", "model_hash": MODEL, "built_at": AT, "is_checked": True}
    rows = [{**kept, "service_id": n, "vector": v} for n, v in zip(keys, vectors, strict=True)]
    db.session.execute(insert(ServiceVector), rows)
    pcn = cast.organisation("Northside", OrganisationKind.PCN)
    worker = cast.user("Amina", pcn, Role.LINK_WORKER)
    db.session.flush()
    found = cast.case(pcn, worker=worker, person=cast.person(postcode="M14 5AB"), limits=LIMITS)
    cast.contact(found, by=worker, notes=note(0))
    db.session.commit()
    return worker.id, found.id


def note(number: int) -> str:
    """Return four sentences, other ones for each number."""
    labels = sorted(concept.label for concept in lexicon().concepts.values())
    chance = random.Random(number)
    return " ".join(one.format(chance.choice(labels)) for one in SENTENCES)


def growing() -> Iterator[str]:
    """Yield a note as it is typed: three words more each time, then the next one."""
    for number in count(1):
        words = note(number).split()
        yield from (" ".join(words[:end]) for end in range(3, len(words) + 1, 3))


def parts(case_id: int, rounds: int) -> Iterator[Result]:
    """Measure what a suggestion is made of, each with other words each time."""
    known, typed = offers.directory(), growing()
    case = db.session.get(SupportCase, case_id)
    assert case is not None
    labels = [concept.label for concept in list(lexicon().concepts.values())[:12]]
    suggested = matches.suggest(case, on=AT.date(), typed=Typed(note(1)))
    yield _measured("has anything changed", rounds, offers.directory)
    yield _measured("our open referrals", rounds, lambda: offers.busy(known.keys))
    yield _measured("words of labels", rounds, lambda: known.mentions.scores(labels))
    yield _measured("needs in the note", rounds, lambda: propose(next(typed), lexicon()))
    yield _measured("meaning", rounds, lambda: meanings.of_note(next(typed), known))
    yield _measured("rank", rounds, lambda: suggested.rank_with(suggested.limits))
    yield _measured(
        "suggest", rounds, lambda: matches.suggest(case, on=AT.date(), typed=Typed(next(typed)))
    )


def requests(
    app: Flask, server: Server, worker_id: int, case_id: int, rounds: int
) -> Iterator[Result]:
    """Measure the whole request while a note grows, and while only a chip changes."""
    ask, path, form = _opened(app, server, worker_id, case_id)
    typed, told = growing(), note(1)
    concepts = [proposal.concept for proposal in propose(told, lexicon())]
    turns = count()

    def grow() -> None:
        ask(path, {**form, "notes": next(typed)})

    def tick() -> None:
        turn = next(turns)
        yes = [one for place, one in enumerate(concepts) if turn >> place & 1]
        ask(path, {**form, "notes": told, "yes": yes})

    for act in (grow, tick) * WARMING:
        act()
    floor = _measured("floor: /health", rounds, lambda: ask("/health", None), server)
    yield floor
    for name, act in (("note grows", grow), ("chip changes", tick)):
        found = _measured(name, rounds, act, server)
        yield {**found, "ratio": round(found["p50_ms"] / floor["p50_ms"], 1)}


def _opened(
    app: Flask, server: Server, worker_id: int, case_id: int
) -> tuple[Ask, str, dict[str, str]]:
    """Sign in, open the form of a conversation, and return how to ask, where, and what of it."""
    case, worker = db.session.get(SupportCase, case_id), db.session.get(User, worker_id)
    assert case is not None
    assert worker is not None
    key, client = case.key, cast.sign_in(app.test_client(), worker)
    db.session.remove()
    with app.app_context():
        client.get(f"/cases/{key}/contacts/new")  # its token is in the cookie from here on
    kept: Any = client.get_cookie(COOKIE)
    cookie, connection = f"{COOKIE}={kept.value}", Connection(server.port)
    page = connection.ask(request(f"/cases/{key}/contacts/new", cookie=cookie)).body
    token, mark = TOKEN.search(page), MARK.search(page)
    assert token, page[:2000]
    assert mark

    def ask(path: str, form: dict[str, Any] | None) -> None:
        filled = None if form is None else urlencode(form, doseq=True)
        answer = connection.ask(request(path, cookie=cookie, form=filled))
        assert answer.status == 200, (answer.status, answer.body[:2000])

    form = {"csrf_token": token[1].decode(), "mark": mark[1].decode()}
    return ask, f"/cases/{key}/matches/live", form


def _measured(
    name: str, rounds: int, act: Callable[[], object], server: Server | None = None
) -> Result:
    act()
    began, times = _cpu_s(server), []
    for _ in range(rounds):
        started = time.perf_counter()
        act()
        times.append((time.perf_counter() - started) * 1000)
    times.sort()
    return {
        "what": name,
        "cpu_ms": round((_cpu_s(server) - began) * 1000 / rounds, 2),
        "p50_ms": round(statistics.median(times), 2),
        "p95_ms": round(times[min(rounds - 1, int(rounds * 0.95))], 2),
    }


def _cpu_s(server: Server | None) -> float:
    return time.process_time() if server is None else sum(server.cpu_s())


def measure(
    engine: str, folder: Path, asked: argparse.Namespace, models: Sequence[bool]
) -> list[Result]:
    """Fill a database and measure on it with and without the model, as ``models`` say."""
    rounds = asked.rounds
    app = databases.app_on(url := engines.bare_url(engine, folder, "live"))
    results = []
    with app.app_context():
        worker_id, case_id = fill(asked.services)
        if engine == "postgresql":
            db.session.execute(text("ANALYZE"))
            db.session.commit()
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as alone:
                alone.execute(text("VACUUM ANALYZE"))  # as autovacuum does within minutes
        for with_model in models:
            app.config["MEANING"] = with_model
            found = list(parts(case_id, rounds))
            db.session.rollback()
            of_it = {"engine": engine, "services": asked.services, "with_model": with_model}
            results.append(of_it | {"rows": found})
            if asked.parts:
                continue
            setting = {"LINKWORK_MEANING": "auto" if with_model else "off"}
            with serving.linkwork(url, setting, workers=1) as server:
                found += requests(app, server, worker_id, case_id, rounds)
                results[-1] |= {"memory_mb": server.memory_mb(), "peak_mb": server.peak_mb()}
        databases.let_go()
    return results


def table(results: Sequence[Result]) -> Iterator[str]:
    """Yield the lines of the results as they are read."""
    for one in results:
        how = "with the model" if one["with_model"] else "without the model"
        yield f"{one['engine']}, {one['services']:,} services, {how}"
        if "memory_mb" in one:
            yield f"a worker holds {one['memory_mb']:.0f} MB, at most {one['peak_mb']:.0f}"
        yield f"{'':22} {'cpu ms':>8} {'p50 ms':>8} {'p95 ms':>8} {'ratio':>6}"
        for row in one["rows"]:
            times = " ".join(f"{row[name]:8.2f}" for name in ("cpu_ms", "p50_ms", "p95_ms"))
            yield f"{row['what']:22} {times} {row.get('ratio', ''):>6}"


def has_model() -> bool:
    """Say whether the model is installed."""
    try:
        encoder()
    except ModelUnusable:
        return False
    return True


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", choices=(*engines.ENGINES, "both"), default="both")
    parser.add_argument("--services", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--without-model", action="store_true")
    parser.add_argument("--parts", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    chosen = engines.ENGINES if asked.engine == "both" else (asked.engine,)
    models = (False,) if asked.without_model or not has_model() else (True, False)
    with databases.run(chosen) as folder:
        results = [one for engine in chosen for one in measure(engine, folder, asked, models)]
    print(json.dumps(results, indent=1) if asked.json else "\n".join(table(results)))


if __name__ == "__main__":
    main()
