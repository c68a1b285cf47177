"""That the benchmarks run, on as little as they can, and say what they promise."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.browser.demo_data import demo_url
from tests.exchange import feeds
from tests.paths import ROOT

PAGES = {
    "caseload",
    "case",
    "matches",
    "service search",
    "capacity",
    "practice list",
    "save a contact",
}
MAP = "PRACTICE_CODE,PRACTICE_NAME,PCN_CODE,PCN_NAME\nZ10001,Birch Road Surgery,Z00001,Northside\n"
LISTS = "CODE,NUMBER_OF_PATIENTS\nZ10001,9000\n"


def said_by(benchmark: str, *arguments: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{benchmark}", *arguments, "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.one_engine
def test_pages_are_measured_with_each_number_of_clients_beside_the_floor(
    engine: str, database_url: str, tmp_path: Path
) -> None:
    url = demo_url(engine, database_url, tmp_path)
    few = ("--clients", "1,2", "--rounds", "1", "--requests", "2")
    (result,) = said_by("pages", "--engine", engine, "--database", url, *few)
    assert {(row["page"], row["clients"]) for row in result["pages"]} == {
        (page, clients) for page in PAGES for clients in (1, 2)
    }
    for row in result["pages"]:
        assert 0 < row["p50_ms"] <= row["p95_ms"]
        assert min(row["ratio"], row["cpu_ms"], row["cpu_ratio"]) > 0
        assert 0 < row["queries"] <= row["with_session_and_audit"]
        assert row["bytes"] > 0
    assert result["worker_peak_mb"] > 0
    assert result["holds"]["people"] > 0


def test_imports_are_measured_beside_the_floor(tmp_path: Path) -> None:
    files = {"map": MAP, "lists": LISTS, "directory": json.dumps([feeds.service()])}
    named: list[str] = []
    for name, text in files.items():
        file = tmp_path / f"{name}.{'json' if name == 'directory' else 'csv'}"
        file.write_text(text, encoding="utf-8")
        named += [f"--{name}", str(file)]
    results = said_by("imports", *named, "--engine", "sqlite", "--rounds", "1")
    assert [one["what"] for one in results] == ["directory", "organisations"]
    for one in results:
        assert one["rows"] > 0
        assert one["ratio"] > 0
        assert one["peak_mb"] >= one["of_it_start_mb"] > 0


def test_the_public_api_is_measured_beside_a_bare_query(tmp_path: Path) -> None:
    file = tmp_path / "services.json"
    file.write_text(json.dumps({"services": [feeds.service()]}), encoding="utf-8")
    few = ("--directory", str(file), "--engine", "sqlite", "--rounds", "1")
    results = said_by("oruk_api", *few)
    promised = [one for one in results if one["ratio"] is not None]
    assert {one["page"] for one in promised} == {"first page", "page 10", "50 on a page"}
    assert all(one["ms"] > 0 and one["queries"] > 0 for one in results)


def test_searches_are_measured_beside_a_bare_one() -> None:
    few = ("--services", "40", "--engine", "sqlite", "--rounds", "1")
    (result,) = said_by("service_search", *few)
    assert result["floor_ms"] > 0
    found = {one["search"]: one["found"] for one in result["searches"]}
    assert found["everything"] > found["need, day, cost"]
    # The next sessions are looked for day by day, so their number depends on the hour of the run.
    assert all(one["cpu_ms"] > 0 and 0 < one["queries"] < 60 for one in result["searches"])


def test_the_model_of_meaning_is_measured(tmp_path: Path) -> None:
    file = tmp_path / "directory.json"
    file.write_text(json.dumps({"services": [feeds.service()]}), encoding="utf-8")
    found = said_by("meaning", "--services", "20", "--notes", "2", "--directory", str(file))
    assert found["directory_encoded"] == 1
    assert 0 < found["memory_before_mb"] < found["memory_after_mb"]
    assert 0 < found["typing_ms_p50"] <= found["typing_ms_p95"]
    assert min(found["load_s"], found["note_cpu_ms"], found["compare_ms_p95"]) >= 0


def test_suggestions_are_measured_part_by_part() -> None:
    few = ("--services", "30", "--engine", "sqlite", "--rounds", "1", "--without-model", "--parts")
    (result,) = said_by("live_matching", *few)
    found = {one["what"]: one for one in result["rows"]}
    assert found["suggest"]["p95_ms"] >= found["suggest"]["p50_ms"] > 0
    assert {"has anything changed", "rank", "meaning"} < set(found)


def test_the_pages_of_capacity_are_measured_beside_their_sums_by_hand() -> None:
    few = ("--people", "60", "--pcns", "2", "--years", "1", "--rounds", "1", "--requests", "2")
    (result,) = said_by("capacity", "--engine", "sqlite", *few)
    assert result["holds"]["person"] == 60
    assert result["generated"]["peak_mb"] > 0
    assert [row["page"] for row in result["pages"]] == ["lead", "board", "England"]
    for row in result["pages"]:
        assert 0 < row["p50_ms"] <= row["p95_ms"]
        assert min(row["sql_ms"], row["by_hand_ms"], row["ratio"], row["cpu_ms"]) > 0
        assert row["queries"] > 0
