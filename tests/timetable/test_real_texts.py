"""The real opening times of the shared data: none is read wrong, and few are refused."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

import pytest

from linkwork.timetable.reading import Outcome, read
from tests.paths import SHARED_DATA
from tests.timetable.notation import compact
from tests.timetable.real_labels import LABELS

DIRECTORY = SHARED_DATA / "directory"
ACTIVITIES = SHARED_DATA / "matching" / "activities.jsonl"
pytestmark = [
    pytest.mark.one_engine,
    pytest.mark.skipif(not DIRECTORY.is_dir(), reason="shared data absent"),
]


def _services() -> Iterator[str]:
    with (DIRECTORY / "gm_oruk_3.0_services.json").open(encoding="utf-8") as file:
        for service in json.load(file)["services"]:
            # Several schedules of one service repeat the words they all come from.
            yield from dict.fromkeys(one["description"] for one in service.get("schedules") or [])


def _cells(name: str, column: str) -> Iterator[str]:
    with (DIRECTORY / name).open(encoding="utf-8-sig", newline="") as file:
        yield from (row[column] for row in csv.DictReader(file))


TEXTS = {
    "services": _services,
    "food banks": lambda: _cells("gm_food_banks.csv", "Opening times"),
    "mental health": lambda: _cells("trafford_mental_health_services.csv", "description"),
}
FIGURES = {
    "services": {"read": 118, "partly": 18, "refused": 5, "nothing": 14},
    "food banks": {"read": 118, "partly": 18, "refused": 5, "nothing": 30},
    "mental health": {"read": 0, "partly": 13, "refused": 1, "nothing": 46},
}


@pytest.mark.parametrize("file", TEXTS)
def test_no_real_time_is_read_otherwise_than_labelled(file: str) -> None:
    wrong = []
    figures: Counter[str] = Counter()
    for text in TEXTS[file]():
        key = sha256(text.encode()).hexdigest()[:10]
        reading = read(text)
        figures[reading.outcome.value] += 1
        if compact(reading) != LABELS.get(key, ""):
            wrong.append((key, compact(reading), LABELS.get(key, "")))
    assert wrong == []
    assert {**dict.fromkeys(("read", "partly", "refused", "nothing"), 0), **figures} == FIGURES[
        file
    ]


def test_the_activities_for_measuring_are_read_as_their_own_hours_say() -> None:
    figures: Counter[Outcome] = Counter()
    for line in ACTIVITIES.read_text(encoding="utf-8").splitlines():
        activity = json.loads(line)
        reading = read(activity["schedule_text"])
        figures[reading.outcome] += 1
        stated = {
            (one["day"][:2].upper(), one["start"], one["end"].replace("24:00", "23:59"))
            for one in activity["schedule"]
        }
        found = {
            (code, f"{slot.opens_at:%H:%M}", f"{slot.closes_at:%H:%M}")
            for slot in reading.slots
            if slot.opens_at and slot.closes_at
            for code in slot.byday.split(",")
        }
        # Some leave their hours out; words such as "office hours" are no hours.
        assert found == stated or not stated or not found
    assert figures == {Outcome.READ: 378, Outcome.PARTLY: 45}
