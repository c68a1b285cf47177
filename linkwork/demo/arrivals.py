"""How many people arrive at which PCN, on which days.

The present year brings about nine tenths of the referrals that its share of the target would need
so far, unevenly over the PCNs, so that some are ahead and some behind; the rest came the year
before.
"""

from dataclasses import dataclass
from datetime import date
from random import Random

from linkwork.demo.content import content
from linkwork.demo.days import Days

PEOPLE = 700
PER_PATIENT = 125_000 / 60_025_000
STARTED_OF_REFERRED = 0.74
MOST_THIS_YEAR = 560
# Against its share: a team that is full, one with somebody away, one that is ahead.
KEENNESS = {
    "Z00001": 1.05,
    "Z00002": 0.8,
    "Z00003": 0.75,
    "Z00004": 1.1,
    "Z00005": 1.15,
    "Z00006": 0.85,
}
# In the last week a few more: there is always a queue.
BUSY_LATELY = 0.03


@dataclass(frozen=True, order=True, slots=True)
class Arrival:
    """Somebody is referred."""

    on: date
    pcn_code: str


def arrivals(days: Days, rng: Random) -> list[Arrival]:
    """Return everybody’s arrival, the earliest first."""
    weights = {
        one["ods_code"]: one["list_size"] * KEENNESS[one["ods_code"]]
        for one in content("organisations")["organisations"]
        if one["kind"] == "pcn"
    }
    this_year = days.between(days.year.start, days.today)[:-1]
    before = days.between(days.year.previous.start, days.year.previous.end)
    here = _this_year(sum(weights.values()), len(this_year) / 253)
    lately = round(PEOPLE * BUSY_LATELY)
    when = [
        *rng.choices([*before, *this_year][-5:], k=lately),
        *rng.choices(before, k=PEOPLE - here - lately),
        *(rng.choices(this_year, k=here) if here else []),
    ]
    return sorted(
        Arrival(day, rng.choices(list(weights), list(weights.values()))[0]) for day in when
    )


def _this_year(patients: float, elapsed: float) -> int:
    needed = patients * PER_PATIENT * elapsed / STARTED_OF_REFERRED
    return min(MOST_THIS_YEAR, round(needed))
