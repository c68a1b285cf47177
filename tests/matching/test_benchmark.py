"""The benchmark measures what it says, and the engine stays above what was measured before."""

import json
from pathlib import Path

import pytest

from tests.benchmarks import matching as bench
from tests.paths import SHARED_DATA

DATA = SHARED_DATA / "matching"
BEFORE = {"dev": 0.80, "oblique": 0.70, "plain": 0.75}


def test_a_perfect_list_scores_one_and_an_empty_one_nothing() -> None:
    grades = {"a": 3, "b": 1}
    assert bench.ndcg(["a", "b"], grades) == 1
    assert bench.ndcg([], grades) == 0
    assert 0 < bench.ndcg(["b", "a"], grades) < 1


def test_relevant_is_a_grade_of_two_or_more() -> None:
    person = bench.Person({}, {"a": 3, "b": 1, "c": 2}, {"b": ["distance"]})
    found = bench.measures(["b", "a"], person)
    assert found["mrr"] == 0.5
    assert found["precision5"] == 0.2
    assert found["recall10"] == 0.5
    assert found["violations5"] == 0.5


@pytest.mark.skipif(not DATA.is_dir(), reason="shared data absent")
@pytest.mark.parametrize("name", BEFORE)
def test_the_engine_ranks_no_worse_than_before(name: str) -> None:
    assert bench.benchmark(DATA, name, with_confirmed=False)["ndcg10"] >= BEFORE[name]


@pytest.mark.skipif(not DATA.is_dir(), reason="shared data absent")
def test_confirmed_needs_rank_better_than_the_note_alone() -> None:
    alone = bench.benchmark(DATA, "oblique", with_confirmed=False)["ndcg10"]
    assert bench.benchmark(DATA, "oblique", with_confirmed=True)["ndcg10"] > alone + 0.03


def test_a_folder_of_any_name_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    activity = {
        "id": "A", "name": "Allotment", "organisation": "P", "description": "Dig and sow.",
        "taxonomy": None, "lat": 53.0, "lon": -2.0, "delivery": ["in_person"], "schedule": None,
        "schedule_text": "", "cost": None, "cost_text": "Free", "eligibility": None,
        "eligibility_text": None, "accessibility": None, "languages": None,
    }  # fmt: skip
    person = {
        "lat": 53.0, "lon": -2.0, "max_km": 5, "days": ["Mon"], "time": [9, 17], "age": 50,
        "gender": "men", "max_cost": 0, "access": [], "groups": [], "languages": ["en"],
        "housebound": False, "online": True,
    }  # fmt: skip
    query = {"id": "Q", "person": person, "text": "Loves gardening."}
    written = {
        "activities": activity,
        "queries_new": query,
        "qrels_new": {"id": "Q", "grades": {"A": 3}, "violations": {}},
    }
    for name, row in written.items():
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    monkeypatch.setattr(
        "sys.argv", ["matching", "--data", str(tmp_path), "--set", "new", "--confirmed", "--json"]
    )
    bench.main()
    figures = json.loads(capsys.readouterr().out)
    assert figures["ndcg10"] == 1
    assert set(figures) == {
        "ndcg10", "recall10", "precision5", "mrr", "violations5", "latency_ms_p50",
        "latency_ms_p95",
    }  # fmt: skip
