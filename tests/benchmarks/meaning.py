"""What the model of meaning costs: seconds to load, memory of a worker, milliseconds of a note.

    python -m tests.benchmarks.meaning [--directory FILE.json] [--services 20000] [--notes 40]
        [--json]

FILE is a directory in Open Referral UK, whose services are encoded as an import has them encoded
(64 of them, the time of all of them reckoned from that, unless ``--all`` is given). Notes are five
sentences of our own, in other words each time; ``typing_ms`` is a note of which one sentence is
new. Times ending in ``_cpu_ms`` are of the processor, which other work hardly changes. Everything
runs on one thread, as in a worker.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from linkwork import meaning

SUBJECTS = (
    "wife husband sister mother neighbour daughter brother partner friend dog job house car "
    "garden choir church allotment pension rent knees hip chest sleep memory English".split()
)
SENTENCES = (
    "He has not left the flat much since his {} was gone.",
    "Used to love pottering about, but the {} put an end to that.",
    "Says the {} is what worries him when he lies awake.",
    "Would go out on a weekday if somebody with a {} came along.",
    "The bus stops running at six and the {} is too far to walk.",
)
SAMPLE = 64
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
MEGABYTE = 1_000_000


def memory_mb() -> float:
    """Return what this process holds in memory now."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return round(int(pages) * PAGE_BYTES / MEGABYTE, 1)


def note(number: int) -> list[str]:
    """Return the sentences of a note, other ones for each number."""
    subjects = [SUBJECTS[(number + 7 * place) % len(SUBJECTS)] for place in range(len(SENTENCES))]
    return [
        sentence.format(f"{subject} number {number}")
        for sentence, subject in zip(SENTENCES, subjects, strict=True)
    ]


def timed(act: Callable[[int], Any], times: int) -> dict[str, float]:
    """Return p50 and p95 in milliseconds, and the processor time of one, of this many."""
    took, cpu = [], time.process_time()
    for number in range(times):
        began = time.perf_counter()
        act(number)
        took.append((time.perf_counter() - began) * 1000)
    cpu_ms = (time.process_time() - cpu) * 1000 / times
    took.sort()
    return {
        "p50": round(statistics.median(took), 1),
        "p95": round(took[min(times - 1, int(times * 0.95))], 1),
        "cpu": round(cpu_ms, 1),
    }


def loading() -> dict[str, Any]:
    """Load the model: the seconds it took, and the memory before and after the first text."""
    import numpy as np  # what every worker has anyway, with its reports

    assert np
    before, began = memory_mb(), time.perf_counter()
    encoder = meaning.encoder()
    seconds = time.perf_counter() - began
    encoder.encode([" ".join(note(0))])
    after = memory_mb()
    return {
        "load_s": round(seconds, 2),
        "memory_before_mb": before,
        "memory_after_mb": after,
        "memory_of_model_mb": round(after - before, 1),
    }


def reading(times: int) -> dict[str, Any]:
    """Encode notes: all of each, and one new sentence of each."""
    encoder = meaning.encoder()
    whole = timed(lambda number: encoder.encode(note(number)), times)
    typing = timed(lambda number: encoder.encode(note(number)[:1]), times)
    named = {"note": whole, "typing": typing}
    found = {f"{name}_ms_{part}": values[part] for name, values in named.items()
             for part in ("p50", "p95")}  # fmt: skip
    return found | {f"{name}_cpu_ms": values["cpu"] for name, values in named.items()}


def comparing(services: int, times: int) -> dict[str, Any]:
    """Hold a note against the vectors of this many services, and say how much memory they take."""
    import numpy as np

    vectors = np.random.default_rng(5).standard_normal((services, meaning.DIMENSIONS))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    known = meaning.rows_of([f"{n:06}" for n in range(services)], vectors.astype(np.float32))
    sentences = meaning.encoder().encode(note(1))
    took = timed(lambda _: meaning.understand(sentences, None, known), times)
    return {
        "services": services,
        "compare_ms_p50": took["p50"],
        "compare_ms_p95": took["p95"],
        "compare_cpu_ms": took["cpu"],
        "vectors_mb": round(known.vectors.nbytes / MEGABYTE, 1),
    }


def directory(file: Path, *, every: bool) -> dict[str, Any]:
    """Encode the services of a directory; the seconds for all of them, reckoned from some."""
    records = json.loads(file.read_text(encoding="utf-8"))
    records = records.get("services", records) if isinstance(records, dict) else records
    texts = [meaning.service_text(row["name"], row.get("description")) for row in records]
    some = texts if every else texts[:: max(1, len(texts) // SAMPLE)]
    began, cpu = time.perf_counter(), time.process_time()
    meaning.encoder().encode(some)
    share = len(texts) / len(some)
    return {
        "directory": len(texts),
        "directory_encoded": len(some),
        "directory_s": round((time.perf_counter() - began) * share, 1),
        "directory_cpu_s": round((time.process_time() - cpu) * share, 1),
    }


def main() -> None:
    """Measure, and print a line for each figure, or all of them as JSON."""
    parser = argparse.ArgumentParser(description="What the model of meaning costs.")
    parser.add_argument("--directory", type=Path, help="a file in Open Referral UK")
    parser.add_argument("--all", action="store_true", help="encode every service of it")
    parser.add_argument("--services", type=int, default=20_000)
    parser.add_argument("--notes", type=int, default=40)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = loading() | reading(given.notes) | comparing(given.services, given.notes)
    if given.directory:
        found |= directory(given.directory, every=given.all)
    if given.json:
        print(json.dumps(found))
    else:
        print("\n".join(f"{name:20} {value:>10,}" for name, value in found.items()))


if __name__ == "__main__":
    main()
