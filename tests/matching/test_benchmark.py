"""The benchmark measures what it says, and the engine stays above what was measured before."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from linkwork.matching.weights import Weights
from tests.benchmarks import figures, fitting
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
    found = bench.benchmark(DATA, name, with_confirmed=False, with_model=False)
    assert found["ndcg10"] >= BEFORE[name]


@pytest.mark.skipif(not DATA.is_dir(), reason="shared data absent")
def test_confirmed_needs_rank_better_than_the_note_alone() -> None:
    alone, with_needs = (
        bench.benchmark(DATA, "oblique", with_confirmed=yes, with_model=False)["ndcg10"]
        for yes in (False, True)
    )
    assert with_needs > alone + 0.03


@pytest.mark.skipif(not DATA.is_dir(), reason="shared data absent")
def test_it_beats_every_other_ranker_after_the_same_form_beyond_chance() -> None:
    found = bench.benchmark(
        DATA, "plain", with_confirmed=False, with_model=False, with_baselines=True
    )
    assert set(found["baselines"]) == {"SQL LIKE", "SQLite FTS5 bm25"}
    for other in found["baselines"].values():
        gain, low, high = other["our_gain"]
        assert 0 < low < gain < high


def test_an_interval_holds_the_mean_and_is_the_same_each_time() -> None:
    each: list[figures.Figures] = [{"mrr": n / 10} for n in range(11)]
    low, high = figures.intervals(each)["mrr"]
    assert (low, high) == figures.intervals(each)["mrr"]
    assert 0.2 < low < figures.means(each)["mrr"] == 0.5 < high < 0.8


def test_weights_are_fitted_on_the_others_and_held_to_the_one_left_out() -> None:
    person = bench.Person({}, {"a": 3}, {})
    sets = {name: [(person, {"likes": name})] for name in ("one", "two", "odd")}

    def rank(asked: Mapping[str, str], weights: Weights) -> list[str]:
        is_right = (weights.near == 0.9) is (asked["likes"] != "odd")
        return ["a", "b"] if is_right else ["b", "a"]

    found = fitting.leave_one_out(sets, rank)
    assert found["odd"]["changed"] == {"near": 0.9}
    assert found["odd"]["gain"][0] < 0
    assert found["odd"]["shipped"] == [1, 1, 1]
    assert found["one"]["changed"] == {}


def test_a_broken_limit_counts_as_stated_where_a_field_of_the_activity_states_it() -> None:
    person = bench.Person({}, {}, {"a": ["cost"], "b": ["gender"], "c": ["cost", "age"]})
    blank = {"cost": None, "eligibility": {"gender": "any", "min_age": 18}}
    activities = {"a": {**blank, "cost": 9.0}, "b": blank, "c": blank}
    found = bench.measures(["a", "b", "c", "d"], person, activities)
    shares = [found[f"violations5{part}"] for part in ("", "_stated", "_blank")]
    assert shares == [0.75, 0.5, 0.25]


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
        "sys.argv",
        ["it", "--data", str(tmp_path), "--set", "new", "--confirmed", "--json", "--without-model"],
    )
    bench.main()
    found = json.loads(capsys.readouterr().out)
    assert found["ndcg10"] == 1
    asked_for = {
        "ndcg10", "recall10", "precision5", "mrr", "violations5", "latency_ms_p50",
        "latency_ms_p95",
    }  # fmt: skip
    assert asked_for < set(found)
    assert (found["people"], found["with_model"]) == (1, False)
