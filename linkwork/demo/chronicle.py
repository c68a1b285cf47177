"""The thread of one case of the demo: where it has come to, and what was noted on the way."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from linkwork import clock
from linkwork.demo.days import Days, in_office_hours
from linkwork.demo.notes import Notebook
from linkwork.demo.people import People, Somebody
from linkwork.demo.referring import Referring
from linkwork.demo.rows import Rows
from linkwork.demo.services import Activities
from linkwork.demo.staff import Staff
from linkwork.models import Contact, ContactKind, ContactMode, ContactOutcome

Kind, Mode, Outcome = ContactKind, ContactMode, ContactOutcome
EMPTY = (
    "worker_id accepted_at accepted_by_id declined_at declined_by_id decline_reason "
    "first_conversation_at plan_agreed_at connected_at paused_at closed_at closed_by_id "
    "close_reason close_summary last_contact_at next_action next_action_on"
).split()
PLAIN_CONTACT: dict[str, Any] = {
    "travel_minutes": 0,
    "what_matters": None,
    "strengths": None,
    "needs": [],
    "safety_concern": False,
    "safety_action": None,
    "next_action": None,
    "next_action_on": None,
    "share_with_gp": False,
}


class NotYet(Exception):
    """What comes next lies ahead of today: the day it is planned for."""

    def __init__(self, day: date) -> None:
        super().__init__(day.isoformat())
        self.day = day


@dataclass(slots=True)
class World:
    """What every case shares."""

    days: Days
    rows: Rows
    rng: Random
    staff: Staff
    people: People
    activities: Activities
    referring: Referring


@dataclass(slots=True)
class Chronicle:
    """One case as time goes on. It never passes the present day."""

    world: World
    somebody: Somebody
    story: dict[str, Any]
    pcn_id: int
    practice: dict[str, Any]
    referred_on: date
    smooth: bool = False
    """Whether it shall be talked through and closed: for the people known to two PCNs."""
    at: datetime = field(init=False)
    case: dict[str, Any] = field(init=False)
    book: Notebook = field(init=False)

    def _chance(self, share: float) -> bool:
        return self.world.rng.random() < share and not self.smooth

    def _pick(self, weights: dict[Any, int]) -> Any:
        return self.world.rng.choices(list(weights), list(weights.values()))[0]

    def _later(self, least: int, most: int) -> None:
        """Move on by some days, to a moment in office hours. Raises NotYet at today."""
        day = self.world.days.after(self._day, self.world.rng.randint(least, most))
        if day >= self.world.days.today:
            raise NotYet(day)
        self.at = in_office_hours(day, self.world.rng)

    @property
    def _day(self) -> date:
        return clock.london(self.at).date()

    def _attempt(self, mode: ContactMode) -> None:
        self._contact(mode, Kind.ATTEMPT, Outcome.NO_REPLY, self.book.attempt(mode), minutes=5)

    def _missed(self, outcome: ContactOutcome) -> None:
        mode = self.world.rng.choice((Mode.IN_PERSON, Mode.VISIT, Mode.PHONE))
        minutes = 20 if outcome == Outcome.DNA else 5
        self._contact(mode, Kind.ATTEMPT, outcome, self.book.missed(outcome), minutes=minutes)

    def _note(self, notes: str) -> None:
        self._contact(Mode.PHONE, Kind.ADMIN, Outcome.ATTENDED, notes, minutes=10)

    def _contact(
        self,
        mode: ContactMode,
        kind: ContactKind,
        outcome: ContactOutcome,
        notes: str,
        **more: Any,
    ) -> None:
        self.world.rows.add(
            Contact,
            self.at,
            case_id=self.case["id"],
            worker_id=self._worker(),
            at=self.at,
            mode=mode,
            kind=kind,
            outcome=outcome,
            notes=notes,
            **{**PLAIN_CONTACT, **more},
        )

    def _worker(self) -> int:
        """Who is there that day: the case’s worker, or cover; a leaver’s case is handed over."""
        staff, day, own = self.world.staff, self._day, self.case["worker_id"]
        if own in (who for who, _ in staff.present(self.pcn_id, day)):
            return int(own)
        cover = staff.worker_for(self.pcn_id, day, self.world.rng)
        if not staff.holds_post(own, self.pcn_id, day):
            self.case["worker_id"] = cover
        return cover

    def _hand_over(self) -> None:
        staff, today = self.world.staff, self.world.days.today
        if staff.holds_post(self.case["worker_id"], self.pcn_id, today - timedelta(days=1)):
            return
        try:
            self._later(1, 4)
            self._worker()
            self._note(
                "Taken over from a colleague who has left. Read the notes, rang to say hello."
            )
        except NotYet:
            self.case["worker_id"] = staff.worker_for(self.pcn_id, today, self.world.rng)
