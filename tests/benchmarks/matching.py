"""How well and how quickly the engine ranks, on a folder of people with judged activities.

    python -m tests.benchmarks.matching --data DIR --set NAME [--confirmed] [--json]
        [--without-model] [--baselines [--postgresql ADDRESS]]
    python -m tests.benchmarks.matching --data DIR --set NAME,NAME,... --leave-one-out [...]

DIR holds ``activities.jsonl``, ``queries_NAME.jsonl`` and ``qrels_NAME.jsonl``. Notes go through
the product's own proposer and ranking, ``--confirmed`` words through the look-up a worker types
into, all in memory, so that no application is needed. The model of meaning is used where it is
installed; the first run with other concept files teaches it for half a minute. Intervals hold
95 % of the means when the people are drawn again (2,000 times, always alike); ``--baselines``
ranks the same people in other ways, after the same form, and tells by how much we are better,
person by person. ``--leave-one-out`` fits the weights on all sets but one, and ranks that one.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time as clock
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linkwork.matching import (
    NO_MEANING,
    Lexicon,
    Meaning,
    Proposal,
    attend,
    find_concept,
    propose,
    rank,
)
from linkwork.matching.limits import refusal
from linkwork.matching.mentions import Mentions
from linkwork.matching.prepared import Prepared
from linkwork.matching.weights import FITTED, Weights
from linkwork.meaning import ModelUnusable
from linkwork.paths import SEED_DATA
from tests.benchmarks import baselines, fitting
from tests.benchmarks.baselines import Order
from tests.benchmarks.figures import (
    ASKED_FOR,
    Figures,
    gain_over,
    intervals,
    means,
    measures,
    ndcg,
)
from tests.benchmarks.judged import ON, Person, Row, limits_of, offer_of, people, rows
from tests.benchmarks.meant import Model

__all__ = ["Person", "benchmark", "main", "measures", "ndcg"]
EIGHT = 8


class Bench:
    """The engine with everything an installation has ready before a note is typed."""

    def __init__(self, folder: Path, *, with_model: bool) -> None:
        """Read the activities; ``model`` is None where it is not wanted or not to be had."""
        self.lexicon = Lexicon.load(SEED_DATA / "concepts")
        self.activities = {row["id"]: row for row in rows(folder / "activities.jsonl")}
        self.prepared = Prepared.of(
            (offer_of(row, self.lexicon) for row in self.activities.values()), self.lexicon
        )
        self.mentions = Mentions.of(
            (
                (row["id"], row["name"], row["description"] or "")
                for row in self.activities.values()
            ),
            self.lexicon,
        )
        self.model = self._model() if with_model else None

    def _model(self) -> Model | None:
        try:
            return Model(self.lexicon, self.activities.values())
        except ModelUnusable:
            return None

    def confirmed(self, person: Row) -> dict[str, int]:
        """Return the concepts that a worker gets for the words typed."""
        found = (find_concept(word, self.lexicon) for word in person.get("confirmed", ()))
        return {concepts[0].id: 2 for concepts in found if concepts}

    def meant(self, note: str, confirmed: Collection[str]) -> Meaning:
        """Return what the model makes of a note and what is confirmed; nothing without one."""
        if self.model is None:
            return NO_MEANING
        wished = [self.lexicon.label(concept) for concept in confirmed]
        return attend(note, self.lexicon, self.model.understand(note, wished), confirmed)

    def proposed(
        self, note: str, meaning: Meaning, answered: Collection[str] = ()
    ) -> tuple[Proposal, ...]:
        """Return the eight needs that are proposed for a note, but what has an answer."""
        most = EIGHT + len(answered)
        found = propose(note, self.lexicon, meaning=meaning, at_most=most)
        return tuple(one for one in found if one.concept not in answered)[:EIGHT]

    def asked(self, person: Row, *, with_confirmed: bool) -> dict[str, Any]:
        """Return what ``rank`` is asked for one person."""
        confirmed = self.confirmed(person) if with_confirmed else {}
        meaning = self.meant(person["text"], confirmed)
        proposals = self.proposed(person["text"], meaning, confirmed)
        heard = [proposal for proposal in proposals if not proposal.is_meant]
        labels = [self.lexicon.label(concept) for concept in confirmed]
        return {
            "confirmed": confirmed,
            "cues": {proposal.concept: proposal.strength for proposal in heard},
            "cue_words": {proposal.concept: proposal.words for proposal in heard},
            "text_scores": self.mentions.scores([*labels, *(one.label for one in heard)]),
            "limits": limits_of(person["person"]),
            "meaning": meaning,
        }

    def ranked(self, asked: Mapping[str, Any], weights: Weights = FITTED) -> list[str]:
        """Return the ids of the matches for what is asked, best first."""
        ranking = rank(self.prepared, lexicon=self.lexicon, on=ON, weights=weights, **asked)
        # A card shows its near duplicates ("also in Dewsbury"), which are judged one by one.
        return [one.id for match in ranking.matches for one in (match.offer, *match.also)]

    def rightly_proposed(self, person: Row) -> Figures:
        """Return the share of the right needs among the eight proposed, for who has any."""
        right = self.confirmed(person).keys()
        if not right:
            return {}
        proposals = self.proposed(person["text"], self.meant(person["text"], ()))
        return {"proposed8": len(right & {one.concept for one in proposals}) / len(right)}

    def after_the_form(self, order: Order, person: Row, *, with_confirmed: bool) -> list[str]:
        """Return what another ranker gives, without what the form rules out."""
        typed = person.get("confirmed", ()) if with_confirmed else ()
        limits = limits_of(person["person"])
        offers = self.prepared.offers
        return [
            one
            for one in order(" ".join((person["text"], *typed)))
            if refusal(offers[self.prepared.numbers[one]], limits, on=ON)[0] is None
        ]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A ranker on a set: the figures of each person, and how long each list took."""

    each: Sequence[Figures]
    taken_ms: Sequence[float]


def run(bench: Bench, some: Iterable[Person], *, with_confirmed: bool) -> Ranked:
    """Rank for each person, and time it from the note to the list."""
    each, taken = [], []
    for person in some:
        started = clock.perf_counter()
        found = bench.ranked(bench.asked(person.row, with_confirmed=with_confirmed))
        taken.append((clock.perf_counter() - started) * 1000)
        each.append(measures(found, person, bench.activities) | bench.rightly_proposed(person.row))
    return Ranked(each, taken)


def beside(
    bench: Bench, some: Sequence[Person], ours: Ranked, postgresql: str | None, confirmed: bool
) -> dict[str, Any]:
    """Return the figures of every other ranker for the same people, and our gain over each."""
    found = {}
    others = baselines.orders(
        list(bench.activities.values()), postgresql=postgresql, model=bench.model
    )
    for name, order in others.items():
        lists = [bench.after_the_form(order, p.row, with_confirmed=confirmed) for p in some]
        each = [measures(one, p, bench.activities) for one, p in zip(lists, some, strict=True)]
        gain = [round(value, 4) for value in gain_over(ours.each, each, "ndcg10")]
        found[name] = _rounded(means(each)) | {"intervals": _pairs(each), "our_gain": gain}
    return found


def benchmark(
    folder: Path,
    name: str,
    *,
    with_confirmed: bool,
    with_model: bool = True,
    with_baselines: bool = False,
    postgresql: str | None = None,
) -> dict[str, Any]:
    """Return the mean figures of a set, and the latency of one person's list in milliseconds."""
    bench, some = Bench(folder, with_model=with_model), people(folder, name)
    ours = run(bench, some, with_confirmed=with_confirmed)
    taken = sorted(ours.taken_ms)
    found: dict[str, Any] = _rounded(means(ours.each)) | {
        "latency_ms_p50": round(statistics.median(taken), 2),
        "latency_ms_p95": round(taken[min(len(taken) - 1, int(0.95 * len(taken)))], 2),
        "people": len(some),
        "with_model": bench.model is not None,
        "intervals": _pairs(ours.each),
    }
    if with_baselines:
        found["baselines"] = beside(bench, some, ours, postgresql, with_confirmed)
    return found


def leave_one_out(
    folder: Path, names: Sequence[str], *, with_confirmed: bool, with_model: bool = True
) -> dict[str, dict[str, Any]]:
    """Return for each set what weights do on it that were fitted on the other sets."""
    bench = Bench(folder, with_model=with_model)
    sets = {
        name: [
            (person, bench.asked(person.row, with_confirmed=with_confirmed))
            for person in people(folder, name)
        ]
        for name in names
    }
    return fitting.leave_one_out(sets, bench.ranked)


def _rounded(figures: Figures) -> Figures:
    return {name: round(value, 4) for name, value in figures.items()}


def _pairs(each: Sequence[Figures]) -> dict[str, list[float]]:
    return {name: [round(end, 4) for end in ends] for name, ends in intervals(each).items()}


def lines(figures: dict[str, Any]) -> Iterable[str]:
    """Yield the figures as they are read, then those of the others."""
    how = "with the model" if figures["with_model"] else "without the model"
    yield f"{figures['people']} people, {how}"
    for name, value in figures.items():
        if isinstance(value, float):
            low, high = figures["intervals"].get(name, (None, None))
            within = "" if low is None else f"   {low:.3f} to {high:.3f}"
            yield f"{name:20} {value:8.3f}{within}"
    for name, other in figures.get("baselines", {}).items():
        gain, low, high = other["our_gain"]
        said = "  ".join(f"{key} {other[key]:.3f}" for key in ASKED_FOR)
        yield f"{name:20} {said}  ndcg10 of ours: {gain:+.3f} ({low:+.3f} to {high:+.3f})"


def main() -> None:
    """Read the command line, run one set, print its figures."""
    parser = argparse.ArgumentParser(
        prog="tests.benchmarks.matching",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with the bench")
    parser.add_argument("--set", dest="name", required=True, help="dev, oblique, plain, ...")
    parser.add_argument("--confirmed", action="store_true", help="also use the confirmed needs")
    parser.add_argument("--without-model", action="store_true", help="also where it is installed")
    parser.add_argument("--baselines", action="store_true", help="rank in other ways as well")
    parser.add_argument("--postgresql", metavar="ADDRESS", help="a database for ts_rank")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--leave-one-out", action="store_true", help="fit on all sets but one")
    asked = parser.parse_args()
    chosen = {"with_confirmed": asked.confirmed, "with_model": not asked.without_model}
    if asked.leave_one_out:
        print(json.dumps(leave_one_out(asked.data, asked.name.split(","), **chosen), indent=1))
        return
    more = {"with_baselines": asked.baselines, "postgresql": asked.postgresql}
    figures = benchmark(asked.data, asked.name, **chosen, **more)
    print(json.dumps(figures) if asked.json else "\n".join(lines(figures)))


if __name__ == "__main__":
    main()
