"""Lives one case of the demo, from referral to close, as far as time has come."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from linkwork.demo.chronicle import EMPTY, Chronicle, Kind, Mode, NotYet, Outcome
from linkwork.demo.connections import Connection
from linkwork.demo.days import in_office_hours
from linkwork.demo.notes import Notebook
from linkwork.models import (
    CaseNeed,
    CloseReason,
    Complexity,
    Contact,
    DeclineReason,
    Need,
    OnwardReferral,
    Priority,
    SupportCase,
)

DECLINED = 0.045
IN_ERROR = 0.008
NEVER_REACHED = 0.1
STOPS_AFTER_ONE = 0.14
MISSED = 0.13
DECLINES = {
    DeclineReason.PERSON_DECLINED: 60,
    DeclineReason.OTHER_SERVICE_FITS: 18,
    DeclineReason.NOT_ELIGIBLE: 10,
    DeclineReason.DUPLICATE: 8,
    DeclineReason.UNSAFE: 4,
}
CLOSES = {
    CloseReason.PLAN_COMPLETED: 68,
    CloseReason.PERSON_ENDED: 13,
    CloseReason.NO_CONTACT: 8,
    CloseReason.MOVED: 4,
    CloseReason.STEPPED_UP: 4,
    CloseReason.REDIRECTED: 2,
    CloseReason.DIED: 2,
}
TALKS = {Complexity.LIGHT: (3, 6), Complexity.STANDARD: (4, 8), Complexity.COMPLEX: (6, 11)}
WAYS = {Mode.PHONE: 52, Mode.IN_PERSON: 26, Mode.VISIT: 17, Mode.VIDEO: 5}
MINUTES = {
    Mode.PHONE: (15, 45),
    Mode.IN_PERSON: (30, 60),
    Mode.VISIT: (45, 90),
    Mode.VIDEO: (20, 45),
}
MISSES = {Outcome.DNA: 45, Outcome.CANCELLED_BY_PERSON: 40, Outcome.CANCELLED_BY_US: 15}


@dataclass(slots=True)
class Episode(Chronicle):
    """One case. ``live`` makes its rows."""

    connections: list[Connection] = field(init=False, default_factory=list)
    step: dict[str, Any] = field(init=False, default_factory=dict)
    """The last conversation, with the next step that was agreed in it."""

    def live(self) -> None:
        """Let everything happen that has happened by now."""
        self.book = Notebook(self.story, self.somebody.voice, self.world.rng)
        self._refer()
        try:
            if self._triage() and self._reach():
                self._talk()
        except NotYet as later:
            self._stay_open(later.day)
        self._write_connections()

    def _refer(self) -> None:
        rows, rng = self.world.rows, self.world.rng
        self.at = in_office_hours(self.referred_on, rng)
        soon = rng.random() < 0.12
        rows.add(
            SupportCase,
            self.at,
            person_id=self.somebody.id,
            organisation_id=self.pcn_id,
            priority=Priority.SOON if soon else Priority.ROUTINE,
            complexity=Complexity(self.story["complexity"]),
            opened_at=self.at,
            share_with_gp=rng.random() < 0.88,
            **dict.fromkeys(EMPTY),
        )
        self.case = rows.of(SupportCase)[-1]
        received_at = self.world.referring.refer(
            self.case, self.practice, self.story["needs"], self.book
        )
        self.at = self.case["opened_at"] = received_at

    def _triage(self) -> bool:
        """Accept it, or not. Returns whether it goes on."""
        self._later(1, 3 if self.case["priority"] == Priority.SOON else 8)
        worker_id = self.world.staff.worker_for(self.pcn_id, self._day, self.world.rng)
        if self._chance(DECLINED):
            reason = self._pick(DECLINES)
            self.case |= {"declined_at": self.at, "declined_by_id": worker_id}
            self.case["decline_reason"] = reason
            return False
        self.case |= {"accepted_at": self.at, "accepted_by_id": worker_id, "worker_id": worker_id}
        if self._chance(IN_ERROR):
            self._later(1, 3)
            self._close(CloseReason.OPENED_IN_ERROR)
            return False
        return True

    def _reach(self) -> bool:
        """Try until they answer. Returns whether they did."""
        soon = self.case["priority"] == Priority.SOON
        self._later(1, 4 if soon else 16)
        if self._chance(NEVER_REACHED):
            self._give_up()
            return False
        for _ in range(self._pick({0: 55, 1: 28, 2: 12, 3: 5})):
            self._attempt(self._pick({Mode.PHONE: 8, Mode.TEXT: 2}))
            self._later(1, 6)
        return True

    def _give_up(self) -> None:
        """Three attempts, on two days or more, by two channels or more: the rule of no contact."""
        for mode in (Mode.PHONE, Mode.TEXT, Mode.PHONE, Mode.LETTER):
            self._attempt(mode)
            self._later(3, 12)
        self._close(CloseReason.NO_CONTACT)

    def _talk(self) -> None:
        least, most = TALKS[self.case["complexity"]]
        planned = 1 if self._chance(STOPS_AFTER_ONE) else self.world.rng.randint(least, most)
        for number in range(planned):
            if number:
                self._next_talk(number)
            self._converse(number, planned)
        self._finish(planned)

    def _next_talk(self, number: int) -> None:
        self._later(7, 18 + 4 * number)
        while self._chance(MISSED):
            self._missed(self._pick(MISSES))
            self._later(3, 14)
        if self._chance(0.08):
            self._attempt(Mode.PHONE)
            self._later(1, 5)

    def _converse(self, number: int, planned: int) -> None:
        rng, first = self.world.rng, number == 0
        self._take_step(self._day)
        told, way = self.book.first() if first else ("", None)
        mode = way or self._pick(WAYS)
        if number == 1:
            self._connect()
        connection = self.connections[0] if self.connections else None
        worried = rng.random() < 0.015
        self._contact(
            mode,
            Kind.CONVERSATION,
            Outcome.ATTENDED,
            notes=self.book.conversation(told, mode, connection, self.at),
            minutes=rng.randrange(*MINUTES[mode], 5),
            travel_minutes=rng.randrange(10, 45, 5) if mode == Mode.VISIT else 0,
            what_matters=self.book.matters() if first or rng.random() < 0.12 else None,
            strengths=self.book.phrase("strengths") if first else None,
            needs=list(self.story["needs"]) if first else self.story["needs"][:1],
            safety_concern=worried,
            safety_action=self.book.usual("safety") if worried else None,
            next_action=self._next_step() if number + 1 < planned else None,
            share_with_gp=rng.random() < 0.5,
        )
        self._follow(number)
        self.step = self.world.rows.of(Contact)[-1]

    def _take_step(self, on: date) -> None:
        """The step agreed last time is for the day of the next conversation."""
        if self.step.get("next_action"):
            self.step["next_action_on"] = on

    def _next_step(self) -> str:
        own = self.world.rng.random() < 0.6
        return self.book.phrase("next") if own else self.book.usual("next_generic")

    def _follow(self, number: int) -> None:
        """What a conversation changes in the case."""
        if number == 0:
            self.case["first_conversation_at"] = self.at
            self._find_needs()
        elif number == 1 and self.connections:
            self.case["plan_agreed_at"] = self.at
        self.case["last_contact_at"] = self.at

    def _find_needs(self) -> None:
        for place, need in enumerate(self.story["needs"]):
            self.world.rows.add(
                CaseNeed,
                self.at,
                case_id=self.case["id"],
                need=Need(need),
                importance=max(1, 3 - place),
                seen_at=self.at,
                resolved_at=None,
            )

    def _connect(self) -> None:
        """Agree what to go to. Not everybody wants, or finds, anything."""
        if self._chance(0.16):
            return
        world = self.world
        found = world.activities.for_story(self.story, self.somebody, self._day, world.rng)
        for activity in found:
            made = Connection(activity, self.at, world.days, world.rng)
            made.made = {
                "made_by_id": self._worker(),
                "message": self.book.usual("onward_messages"),
                "needs_accompanying": world.rng.random() < 0.18,
            }
            self.connections.append(made)

    def _finish(self, talks: int) -> None:
        rng = self.world.rng
        if self._chance(0.35):
            self._later(1, 10)
            self._note(self.book.usual("admin"))
        reason = self._pick(CLOSES) if not self.smooth else CloseReason.PLAN_COMPLETED
        if talks == 1:
            reason = rng.choice((CloseReason.PERSON_ENDED, CloseReason.NO_CONTACT))
        if reason == CloseReason.PLAN_COMPLETED and not self.connections:
            reason = CloseReason.PERSON_ENDED
        if reason == CloseReason.NO_CONTACT:
            self._later(8, 25)
            self._give_up()
            return
        self._later(10, 45)
        self._close(reason)

    def _close(self, reason: CloseReason) -> None:
        own = reason == CloseReason.PLAN_COMPLETED
        said = self._last_words() if own else self.book.usual("closed", reason)
        self.case |= {
            "closed_at": self.at,
            "closed_by_id": self._worker(),
            "close_reason": reason,
            "close_summary": said,
        }
        if own:
            self._resolve_needs()
        if reason == CloseReason.DIED:
            self.world.people.died(self.somebody, self._day - timedelta(days=2))

    def _last_words(self) -> str:
        went = (one for one in self.connections if one.attended_by(self.at))
        return self.book.closing(next(went, None), self.at)

    def _resolve_needs(self) -> None:
        for row in reversed(self.world.rows.of(CaseNeed)):
            if row["case_id"] != self.case["id"]:
                return
            if self.world.rng.random() < 0.7:
                row["resolved_at"] = self.at

    def _stay_open(self, planned_on: date) -> None:
        """Today has come first: leave a next step, now and then one that is overdue."""
        if self.case["accepted_at"] is None:
            return
        self._hand_over()
        today, rng = self.world.days.today, self.world.rng
        due, luck = planned_on, rng.random()
        if luck < 0.2:
            due = max(self._day + timedelta(days=1), today - timedelta(days=rng.randint(1, 12)))
        elif luck < 0.34:
            due = today
        self._take_step(due)
        started = self.case["first_conversation_at"] is not None
        agreed = self.step.get("next_action") or self._next_step()
        self.case["next_action"] = agreed if started else "First conversation"
        self.case["next_action_on"] = due
        if started and rng.random() < 0.03:
            self.case["paused_at"] = self.at

    def _write_connections(self) -> None:
        closed_at = self.case["closed_at"]
        until = closed_at or self.world.days.cutoff
        died = self.case["close_reason"] == CloseReason.DIED
        attended = []
        for one in self.connections:
            row = one.row(until, closed=closed_at is not None, died=died)
            self.world.rows.add(
                OnwardReferral,
                one.agreed_at,
                case_id=self.case["id"],
                service_id=one.activity.id,
                **row,
            )
            attended += [row["first_attended_at"]] if row["first_attended_at"] else []
        self.case["connected_at"] = min(attended, default=None)
