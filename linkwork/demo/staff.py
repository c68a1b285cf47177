"""The invented care board: its organisations, the people who sign in, and their posts."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from linkwork import clock, passwords
from linkwork.demo.content import content
from linkwork.demo.days import Days
from linkwork.demo.rows import Rows
from linkwork.models import (
    Absence,
    AbsenceKind,
    Assumption,
    ListProfile,
    ListSize,
    Organisation,
    OrganisationKind,
    OrganisationParent,
    Post,
    PostState,
    Role,
    User,
    UserRole,
)

PASSWORD = "three moors and a canal"  # noqa: S105
"""Opens every account of the demo. The demo’s people are invented, so it is no secret."""
LONG_AGO = timedelta(days=4 * 365)
BOARD = "QZZ"
COSTS = (37_200.0, 38_500.0)
"""Pounds that one WTE costs, last year and this year."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A time somebody holds a post at a PCN, or is away."""

    user_id: int
    pcn_id: int
    wte: float
    start_on: date
    end_on: date | None

    def covers(self, day: date) -> bool:
        """Whether the spell includes the day."""
        return self.start_on <= day and (self.end_on is None or day <= self.end_on)


class Staff:
    """Who works where, and when."""

    def __init__(self, days: Days, rows: Rows) -> None:
        self._days, self._rows = days, rows
        self.organisation_ids: dict[str, int] = {}
        self.practices: dict[str, list[dict[str, Any]]] = {}
        self.user_ids: dict[str, int] = {}
        self.practice_users: dict[int, tuple[int, str]] = {}
        self.posts: list[Spell] = []
        self.absences: list[Spell] = []
        self._made_at = _midnight(days.year.previous.start - LONG_AGO)
        for one in content("organisations")["organisations"]:
            self._organisation(one)
        self._users()
        self._costs()
        for post in content("posts")["posts"]:
            self._post(post)

    def present(self, pcn_id: int, day: date) -> list[tuple[int, float]]:
        """Return the workers of a PCN who are in post and not away, with their WTE."""
        away = {spell.user_id for spell in self.absences if spell.covers(day)}
        return [
            (post.user_id, post.wte)
            for post in self.posts
            if post.pcn_id == pcn_id and post.covers(day) and post.user_id not in away
        ]

    def holds_post(self, user_id: int, pcn_id: int, day: date) -> bool:
        """Whether somebody is in post there, away or not."""
        return any(
            post.user_id == user_id and post.pcn_id == pcn_id and post.covers(day)
            for post in self.posts
        )

    def worker_for(self, pcn_id: int, day: date, rng: Random) -> int:
        """Return who takes on a new case that day, more likely those with more hours.

        Raises IndexError where nobody is there: no PCN of the demo may be left like that.
        """
        team = self.present(pcn_id, day)
        return rng.choices([who for who, _ in team], [wte for _, wte in team])[0]

    def _organisation(self, one: dict[str, Any]) -> None:
        at, parent = self._made_at, one.get("parent")
        parent_id = self.organisation_ids[parent] if parent else None
        number = self._rows.add(
            Organisation,
            at,
            kind=OrganisationKind(one["kind"]),
            parent_id=parent_id,
            region=one.get("region"),
            **{name: one[name] for name in ("name", "ods_code", "postcode")},
        )
        self.organisation_ids[one["ods_code"]] = number
        if parent_id:
            self._rows.add(
                OrganisationParent,
                at,
                organisation_id=number,
                parent_id=parent_id,
                start_on=clock.london(at).date(),
            )
        if one["kind"] == "practice":
            self.practices.setdefault(str(parent), []).append({**one, "id": number})
        self._list_sizes(number, one.get("list_size"))
        if one["kind"] == "pcn":
            self._list_profile(number, one.get("imd_quintile_shares"))

    def _list_sizes(self, organisation_id: int, patients: int | None) -> None:
        for year in (self._days.year.previous, self._days.year) if patients else ():
            self._rows.add(
                ListSize,
                _midnight(year.start),
                organisation_id=organisation_id,
                as_of=year.start,
                patients=patients,
            )

    def _list_profile(self, organisation_id: int, parts: list[float] | None) -> None:
        if parts:
            self._rows.add(
                ListProfile,
                self._made_at,
                organisation_id=organisation_id,
                as_of=self._days.year.previous.start,
                **{f"q{fifth}": part for fifth, part in enumerate(parts, 1)},
            )

    def _users(self) -> None:
        password_hash = passwords.hashed(PASSWORD)
        for one in content("users")["users"]:
            number = self._rows.add(
                User,
                self._made_at,
                name=one["name"],
                email=one["email"],
                organisation_id=self.organisation_ids[one["organisation"]],
                password_hash=password_hash,
                disabled_at=self._days.cutoff - timedelta(days=39) if _left(one) else None,
            )
            self.user_ids[one["key"]] = number
            for role in one["roles"]:
                self._rows.add(UserRole, self._made_at, user_id=number, role=Role(role))
            if "practice" in one["roles"]:
                practice_id = self.organisation_ids[one["organisation"]]
                self.practice_users[practice_id] = (number, one["name"])

    def _costs(self) -> None:
        """What the board has filled in of its link workers’ pay, from the start of each year."""
        years = (self._days.year.previous, self._days.year)
        for year, pounds in zip(years, COSTS, strict=True):
            self._rows.add(
                Assumption,
                _midnight(year.start),
                organisation_id=self.organisation_ids[BOARD],
                code="cost_per_wte",
                value=pounds,
                from_on=year.start,
                set_at=_midnight(year.start),
                set_by_id=self.user_ids["bea_ormerod"],
            )

    def _post(self, one: dict[str, Any]) -> None:
        start_on, end_on = self._day(one["starts"]), self._day(one.get("ends"))
        worker_id = self.user_ids[one["worker"]] if one["worker"] else None
        pcn_id = self.organisation_ids[one["pcn"]]
        self._rows.add(
            Post,
            self._made_at,
            organisation_id=pcn_id,
            worker_id=worker_id,
            wte=Decimal(str(one["wte"])),
            start_on=start_on,
            end_on=end_on,
            additional=one["additional"],
            state=PostState(one["state"]),
        )
        if worker_id and start_on:
            self.posts.append(Spell(worker_id, pcn_id, one["wte"], start_on, end_on))
            for away in one.get("absences", ()):
                self._absence(worker_id, pcn_id, away)

    def _absence(self, worker_id: int, pcn_id: int, away: dict[str, Any]) -> None:
        start_on, end_on = self._date(away["starts"]), self._date(away["ends"])
        self._rows.add(
            Absence,
            _midnight(min(start_on, self._days.today)),
            worker_id=worker_id,
            kind=AbsenceKind(away["kind"]),
            start_on=start_on,
            end_on=end_on,
        )
        self.absences.append(Spell(worker_id, pcn_id, 0, start_on, end_on))

    def _day(self, offset: dict[str, int] | None) -> date | None:
        return self._date(offset) if offset else None

    def _date(self, offset: dict[str, int]) -> date:
        """Days are kept as an offset from today or from the start of the financial year."""
        if "fy" in offset:
            return self._days.year.start + timedelta(days=offset["fy"])
        return self._days.today + timedelta(days=offset["today"])


def _left(user: dict[str, Any]) -> bool:
    return bool(user.get("inactive"))


def _midnight(day: date) -> datetime:
    return clock.utc(datetime.combine(day, time()))
