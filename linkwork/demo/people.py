"""Makes up the people of the demo. None of them exists: see docs/data.md."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import nhs_number

from linkwork.casework.people import folded
from linkwork.demo.content import content
from linkwork.demo.rows import Rows
from linkwork.demo.wording import Voice, voice_of
from linkwork.models import Person

NEIGHBOURING = 0.12
MALE_SHARE = 0.4
NO_NUMBER = 0.03
INWARD = "ABDEFGHJLNPQRSTUWXYZ"
# Stories that only make sense for some: who may be cast in them.
ONLY_GROUPS = {
    "isolated_muslim_mum": ("south_asian_pakistani", "south_asian_bangladeshi"),
    "refugee_new": ("middle_eastern", "african"),
    "culture_faith_elder": ("polish", "south_asian_pakistani", "south_asian_indian", "caribbean"),
}
INTERPRETED = {"isolated_muslim_mum", "refugee_new"}


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the demo, and how they are spoken of."""

    id: int
    home: str
    gender: str
    born_on: date
    voice: Voice


class People:
    """Casts people for stories, each with an NHS number of their own."""

    def __init__(self, rows: Rows, rng: Random) -> None:
        self._rows, self._rng = rows, rng
        self._numbers: set[str] = set()
        self._names: set[str] = set()
        self._content = content("people")

    def cast(self, story: dict[str, Any], practice: dict[str, Any], at: datetime) -> Somebody:
        """Make somebody up who lives near the practice and whose story this could be."""
        rng = self._rng
        group = self._group(story)
        gender = story["gender"] or ("male" if rng.random() < MALE_SHARE else "female")
        born_on, home = self._born_on(story, at.date()), self._postcode(practice)
        given, family = self._name(group, _given_names(group[gender], born_on))
        person_id = self._rows.add(
            Person,
            at,
            nhs_number=None if rng.random() < NO_NUMBER else self._nhs_number(),
            given_name=given,
            family_name=family,
            given_name_folded=folded(given),
            family_name_folded=folded(family),
            date_of_birth=born_on,
            gender=gender,
            ethnic_group=group["label"],
            address=f"{rng.randint(1, 188)} {rng.choice(self._content['streets'])}",
            postcode=home,
            practice_id=practice["id"],
            carer="carer_stress" in story["needs"],
            died_on=None,
            **self._language(group, story),
            **self._reaching(given, family),
            **self._circumstances(),
        )
        voice = self._voice(story, given, gender)
        return Somebody(person_id, home, gender, born_on, voice)

    def died(self, somebody: Somebody, on: date) -> None:
        """Note that they died."""
        row = next(row for row in self._rows.of(Person) if row["id"] == somebody.id)
        row["died_on"] = on

    def moved(self, somebody: Somebody, practice: dict[str, Any]) -> Somebody:
        """Let them move house and register with another practice."""
        row = next(row for row in self._rows.of(Person) if row["id"] == somebody.id)
        row |= {"practice_id": practice["id"], "postcode": self._postcode(practice)}
        return replace(somebody, home=row["postcode"])

    def _group(self, story: dict[str, Any]) -> dict[str, Any]:
        groups = self._content["groups"]
        names = ONLY_GROUPS.get(story["key"], tuple(groups))
        chosen = self._rng.choices(names, [groups[name]["weight"] for name in names])[0]
        group: dict[str, Any] = groups[chosen]
        return group

    def _name(self, group: dict[str, Any], given_names: list[str]) -> tuple[str, str]:
        """Return a name nobody has yet; a small group of names runs out, and then repeats."""
        for _ in range(40):
            given, family = self._rng.choice(given_names), self._rng.choice(group["family"])
            if f"{given} {family}" not in self._names:
                break
        self._names.add(f"{given} {family}")
        return given, family

    def _born_on(self, story: dict[str, Any], on: date) -> date:
        youngest, oldest = story["ages"]
        days = self._rng.randint(youngest * 366, oldest * 365)
        return on - timedelta(days=days)

    def _nhs_number(self) -> str:
        """Return a valid number of the range 999, which is never issued."""
        while True:
            stem = f"999{self._rng.randrange(10**6):06d}"
            number = f"{stem}{nhs_number.calculate_checksum(stem)}"
            if nhs_number.is_valid(number) and number not in self._numbers:
                self._numbers.add(number)
                return number

    def _postcode(self, practice: dict[str, Any]) -> str:
        outcode = str(practice["postcode"]).split()[0]
        if self._rng.random() < NEIGHBOURING:
            outcode = f"ZZ{min(24, max(1, int(outcode[2:]) + self._rng.choice((-1, 1))))}"
        letters = "".join(self._rng.choices(INWARD, k=2))
        return f"{outcode} {self._rng.randint(1, 9)}{letters}"

    def _language(self, group: dict[str, Any], story: dict[str, Any]) -> dict[str, Any]:
        spoken = dict(group["languages"])
        interpreter = story["key"] in INTERPRETED
        if interpreter and len(spoken) > 1:
            del spoken["English"]
        language = self._rng.choices(list(spoken), list(spoken.values()))[0]
        return {"language": language, "interpreter": interpreter and language != "English"}

    def _reaching(self, given: str, family: str) -> dict[str, Any]:
        rng = self._rng
        mobile = f"07700 900{rng.randrange(1000):03d}"
        landline = f"0161 496 0{rng.randrange(1000):03d}"
        address = f"{folded(given)}.{folded(family)}@mail.example"
        return {
            "phone": mobile if rng.random() < 0.8 else landline,
            "email": address if rng.random() < 0.4 else None,
        }

    def _circumstances(self) -> dict[str, Any]:
        """What some people need others to know, and most do not."""
        preferred = {"safe_to_contact": 0.22, "access_needs": 0.16, "alerts": 0.03}
        found = {
            name: self._rng.choice(self._content[name]) if self._rng.random() < share else None
            for name, share in preferred.items()
        }
        found["alert"] = found.pop("alerts")
        kin = self._rng.choice(self._content["next_of_kin"])
        found["next_of_kin"] = f"{kin.capitalize()}, 07700 900{self._rng.randrange(1000):03d}"
        return {**found, "preferred_name": None}

    def _voice(self, story: dict[str, Any], given: str, gender: str) -> Voice:
        slots, rng = content("notes")["slots"], self._rng
        other = {"female": "male", "male": "female"}[gender]
        whose = other if story["key"] == "lgbt_older" else gender
        partner, child = rng.choice(slots["partner"][whose]), rng.choice(slots["child"])
        return voice_of(given, gender, partner, child, rng)


def _given_names(names: list[str] | dict[str, list[str]], born_on: date) -> list[str]:
    """Names come and go: where they are kept by year of birth, those of the time."""
    if isinstance(names, list):
        return names
    return names[max(year for year in names if int(year) <= born_on.year)]
