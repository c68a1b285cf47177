"""The workers of generated PCNs: their accounts, posts, long absences and supervision."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import ceil
from random import Random

from linkwork import clock
from linkwork.demo.names import Names
from linkwork.demo.rows import Rows
from linkwork.models import (
    Absence,
    AbsenceKind,
    Post,
    PostState,
    Role,
    Supervision,
    SupervisionKind,
    User,
    UserRole,
)

ADDITIONAL, LEAVES, AWAY, VACANT, COMING = 0.35, 0.14, 0.07, 0.06, 0.05
AT_NOBODYS = "@generated.example"
"""How the address of every generated account ends: no email can be sent there."""
SUPERVISED_EVERY = timedelta(weeks=6)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spell:
    """A time a worker is in post and not away, inclusive; ``wte`` is how much of a week."""

    worker_id: int
    wte: float
    first_on: date
    last_on: date


class Workforce:
    """Makes users and posts from ``first_on`` on, as somebody knows them on ``today``.

    ``password_hash`` opens the accounts; None leaves them shut.
    """

    def __init__(
        self, rng: Random, rows: Rows, first_on: date, today: date, password_hash: str | None
    ) -> None:
        self._rng, self._rows, self._names = rng, rows, Names(rng)
        self._first_on, self._today, self._password = first_on, today, password_hash
        self._at = midnight(first_on)

    def user(self, organisation: int, name: str, role: Role) -> int:
        """An account."""
        number = self._rows.add(
            User,
            self._at,
            name=name,
            email=f"user.{self._rng.getrandbits(40):010x}{AT_NOBODYS}",
            organisation_id=organisation,
            password_hash=self._password,
        )
        self._rows.add(UserRole, self._at, user_id=number, role=role)
        return number

    def team(self, pcn: int, wte: float) -> list[Spell]:
        """Posts at a PCN of about so many WTE, some changing hands, and who is there when."""
        rng = self._rng
        wte = max(0.4, wte * rng.uniform(0.85, 1.2))
        posts = max(1, ceil(wte / 0.95))
        each = min(1.0, max(0.2, round(wte / posts, 1)))
        spells = [spell for _ in range(posts) for spell in self._post(pcn, each)]
        if rng.random() < VACANT:
            begins = self._today + timedelta(days=60)
            self._row(pcn, each, False, PostState.ADVERTISED, None, begins, None)
        if rng.random() < COMING:
            begins = self._today + timedelta(days=rng.randint(10, 90))
            self._row(pcn, each, True, PostState.APPOINTED, self._worker(pcn), begins, None)
        return spells

    def _post(self, pcn: int, wte: float) -> list[Spell]:
        """A post that was there before, with whoever follows where its holder leaves."""
        rng = self._rng
        begins = self._first_on - timedelta(days=rng.randint(30, 700))
        additional = rng.random() < ADDITIONAL
        if rng.random() >= LEAVES:
            return self._held(pcn, wte, begins, None, additional)
        end = self._some_day()
        spells = self._held(pcn, wte, begins, end, additional)
        return spells + self._held(pcn, wte, end + timedelta(days=42), None, additional)

    def _held(
        self, pcn: int, wte: float, begins: date, end: date | None, additional: bool
    ) -> list[Spell]:
        worker = self._worker(pcn)
        state = PostState.STARTED if begins <= self._today else PostState.APPOINTED
        if end and end < self._today:
            state = PostState.ENDED
        self._row(pcn, wte, additional, state, worker, begins, end)
        last = end or date.max
        self._supervision(worker, begins, min(last, self._today))
        if end or begins >= self._first_on or self._rng.random() >= AWAY:
            return [Spell(worker, wte, begins, last)]
        left, back = self._absence(worker)
        there = Spell(worker, wte, begins, left - ONE_DAY)
        return [there, Spell(worker, wte, back + ONE_DAY, last)]

    def _worker(self, pcn: int) -> int:
        name = self._names.draw()
        return self.user(pcn, f"{name.given} {name.family}", Role.LINK_WORKER)

    def _row(
        self,
        pcn: int,
        wte: float,
        additional: bool,
        state: PostState,
        worker: int | None,
        begins: date,
        end: date | None,
    ) -> None:
        self._rows.add(
            Post,
            self._at,
            organisation_id=pcn,
            worker_id=worker,
            wte=Decimal(str(wte)),
            start_on=begins,
            end_on=end,
            additional=additional,
            state=state,
        )

    def _absence(self, worker: int) -> tuple[date, date]:
        """Let somebody be away for some months; the first and the last day of it."""
        first = self._some_day()
        last = first + timedelta(days=self._rng.randint(40, 200))
        self._rows.add(
            Absence,
            midnight(first),
            worker_id=worker,
            kind=self._rng.choice(list(AbsenceKind)),
            start_on=first,
            end_on=last,
        )
        return first, last

    def _supervision(self, worker: int, first: date, last: date) -> None:
        """Every six weeks of the last year."""
        year_ago = self._today - timedelta(days=365)
        day = max(first, year_ago) + timedelta(days=self._rng.randrange(42))
        while day < last:
            self._rows.add(
                Supervision,
                midnight(day),
                worker_id=worker,
                recorded_by_id=worker,
                with_whom="The practice’s lead GP",
                kind=SupervisionKind.ONE_TO_ONE,
                held_on=day,
                next_due_on=day + SUPERVISED_EVERY,
                agenda=[],
            )
            day += SUPERVISED_EVERY

    def _some_day(self) -> date:
        days = (self._today - self._first_on).days
        return self._first_on + timedelta(days=self._rng.randrange(days))


def midnight(day: date) -> datetime:
    """The moment a day begins in London."""
    return clock.utc(datetime.combine(day, time()))
