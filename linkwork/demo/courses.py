"""How support goes in a generated case: conversations, needs, a plan, activities, and the end."""

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import TYPE_CHECKING

from linkwork.demo.bulk import Bulk
from linkwork.demo.networks import Network
from linkwork.models import Need

if TYPE_CHECKING:
    from linkwork.demo.lives import WorkingDays

COLUMNS = {
    "contact": (
        "id", "created_at", "key", "version", "case_id", "worker_id", "at", "mode", "kind",
        "outcome", "minutes", "travel_minutes", "needs", "safety_concern", "share_with_gp",
        "recorded_at",
    ),
    "case_need": ("id", "created_at", "case_id", "need", "importance", "seen_at"),
    "plan": (
        "id", "created_at", "key", "version", "case_id", "agreed_at", "agreed_by_id", "review_on",
    ),
    "goal": (
        "id", "created_at", "key", "version", "case_id", "position", "words", "wording",
        "written_at", "written_by_id", "met_at",
    ),
    "onward_referral": (
        "id", "created_at", "key", "version", "case_id", "service_id", "made_by_id",
        "needs_accompanying", "agreed_at", "sent_at", "accepted_at", "first_attended_at",
        "declined_at", "decline_reason", "ended_at", "outcome",
    ),
    "attendance": (
        "id", "created_at", "version", "onward_referral_id", "held_on", "came", "reason",
        "said_by_id", "said_at",
    ),
    "gap": (
        "id", "created_at", "key", "organisation_id", "user_id", "case_id", "need", "place",
        "reason", "at",
    ),
}  # fmt: skip
TIMES = [
    f"{hour:02d}:{minute:02d}:00.000000" for hour in range(9, 17) for minute in range(0, 60, 5)
]
NEEDS = [need.value for need in Need]
WEIGHTS = [8, 3, 7, 6, 3, 6, 5, 3, 5, 2, 2, 5, 3, 2, 6, 2, 2, 1, 2, 1, 2, 2, 2, 1, 1]
MODES = ("phone", "phone", "phone", "in_person", "in_person", "visit", "video")
COMPLEXITY = (("light", 0.2, 2, 5), ("standard", 0.75, 5, 8), ("complex", 1.0, 7, 14))
MISSED, LATE, DROPS_OUT, PLANS, NOWHERE, IN_ERROR = 0.1, 0.02, 0.12, 0.94, 0.04, 0.004
MISSES = (("attempt", "no_reply"), ("conversation", "dna"), ("conversation", "cancelled_by_person"))
ENDS = ("plan_completed", "person_ended", "no_contact", "stepped_up", "moved", "redirected", "died")
AFTER_A_PLAN = (0.78, 0.87, 0.92, 0.95, 0.975, 0.99, 1.0)
GAPS = ("none", "none", "full", "full", "cost", "travel", "hours", "access", "language")
ONWARD = (0, 1, 1, 1, 2, 2, 3)
REFUSED, NEVER_WENT = 0.12, 0.3
REFUSALS = ("full", "not_eligible", "person_changed_mind", "cost", "travel", "not_reached")
REACH = 6
"""Activities a PCN sends people to, of those there are."""


@dataclass(slots=True)
class Course:
    """A case as it goes: rows to be written after it, and what it remembers of them."""

    number: int
    network: Network
    needs: list[str]
    complexity: str = "standard"
    worker: int | None = None
    first_at: str | None = None
    plan_at: str | None = None
    connected_at: str | None = None
    closed: int | None = None
    closed_at: str | None = None
    reason: str | None = None
    last_at: str | None = None
    next_action: str | None = None
    next_on: str | None = None
    contacts: list[tuple[str, int, str, str, int]] = field(default_factory=list)
    onward: list["Sent"] = field(default_factory=list)


@dataclass(slots=True)
class Sent:
    """Somebody sent to an activity: working days by number, None where it did not come to it."""

    agreed: int
    declined: bool
    attended: int | None


class Courses:
    """Lets cases go on, up to yesterday."""

    def __init__(self, rng: Random, days: "WorkingDays", bulk: Bulk, services: list[int]) -> None:
        self._rng, self._days, self._bulk, self._services = rng, days, bulk, services
        self._spells: dict[int, list[tuple[int, int, int, float]]] = {}
        self._text = days.texts

    def moment(self, day: int) -> str:
        """Some moment of a working day, in office hours in summer and in winter."""
        return f"{self._text[day]} {TIMES[int(self._rng.random() * len(TIMES))]}"

    def needs(self) -> list[str]:
        """What somebody wants help with: one to three needs."""
        rng = self._rng
        return list(dict.fromkeys(rng.choices(NEEDS, WEIGHTS, k=rng.randint(1, 3))))

    def attempts(self, course: Course, first: int, last: int) -> None:
        """Try to reach somebody who is not to be reached."""
        worker = self._worker(course.network, first, None)
        if worker is None:
            return
        course.worker = worker
        for _ in range(self._rng.randint(1, 3)):
            first += self._rng.randint(1, 6)
            if first < last:
                self._contact(course, first, "attempt", "no_reply")

    def support(self, course: Course, begins: int) -> None:
        """Support somebody from a day on; without a worker they go on waiting."""
        rng, last = self._rng, self._days.last
        course.worker = self._worker(course.network, begins, None)
        if course.worker is None:
            return
        course.complexity, _, fewest, most = self._complexity()
        times = 1 if rng.random() < DROPS_OUT else rng.randint(fewest, most)
        course.first_at = self._contact(course, begins, "conversation", "attended")
        day, plan = begins, None
        for turn in range(1, times):
            day += rng.randint(4, 13)
            if day > last:
                break
            if rng.random() < MISSED:
                self._contact(course, day, *rng.choice(MISSES))
                continue
            at = self._contact(course, day, "conversation", "attended")
            if plan is None and turn > 1 and rng.random() < PLANS:
                plan, course.plan_at = day, at
        self._end(course, day + rng.randint(2, 12), plan)
        if plan is not None:
            self._send(course, plan)

    def close(self, course: Course, day: int, reason: str) -> None:
        """End a case."""
        course.closed, course.closed_at, course.reason = day, self.moment(day), reason

    def write(self, course: Course) -> None:
        """Write what belongs to the case, once its own row is kept."""
        bulk, rng, worker, case = self._bulk, self._rng, course.worker, course.number
        for at, who, kind, outcome, minutes in course.contacts:
            mode = MODES[int(rng.random() * len(MODES))]
            bulk.add(
                "contact", at, self._key(), 1, case, who, at, mode, kind, outcome, minutes,
                20 if mode == "visit" else 0, "[]", 0, 0, self._recorded(at),
            )  # fmt: skip
        if course.first_at is None or worker is None:
            return
        for importance, need in zip((3, 2, 1), course.needs, strict=False):
            bulk.add("case_need", course.first_at, case, need, importance, course.first_at)
        if rng.random() < NOWHERE:
            bulk.add(
                "gap", course.first_at, self._key(), course.network.id, worker, case,
                course.needs[-1], f"ZZ{rng.randint(1, 24)}", rng.choice(GAPS), course.first_at,
            )  # fmt: skip
        if course.plan_at is not None:
            self._plan(course, worker, course.plan_at)
        for sent in course.onward:
            self._onward(course, worker, sent)

    # How it goes ---------------------------------------------------------------------------------

    def _complexity(self) -> tuple[str, float, int, int]:
        draw = self._rng.random()
        return next(one for one in COMPLEXITY if draw < one[1])

    def _worker(self, network: Network, day: int, before: int | None) -> int | None:
        """Whoever is there that day, the one before if they are; None where nobody is."""
        if network.id not in self._spells:
            number, last = self._days.number, len(self._days.days)
            self._spells[network.id] = [
                (s.worker_id, number(s.first_on),
                 last if s.last_on == date.max else number(s.last_on), s.wte)
                for s in network.spells
            ]  # fmt: skip
        there = [(w, wte) for w, first, end, wte in self._spells[network.id] if first <= day < end]
        if not there:
            return None
        if any(worker == before for worker, _ in there):
            return before
        if len(there) == 1:
            return there[0][0]
        return self._rng.choices([w for w, _ in there], [wte for _, wte in there])[0]

    def _contact(self, course: Course, day: int, kind: str, outcome: str) -> str:
        """Note a contact, by somebody else where the worker has left. Returns its moment."""
        course.worker = self._worker(course.network, day, course.worker) or course.worker
        assert course.worker is not None  # noqa: S101 - nobody is contacted before there is one
        at, attended = self.moment(day), outcome == "attended"
        if attended:
            course.last_at = at
        minutes = (60 if not course.contacts else 30) if attended else 5
        course.contacts.append((at, course.worker, kind, outcome, minutes))
        return at

    def _end(self, course: Course, day: int, plan: int | None) -> None:
        rng = self._rng
        if day > self._days.last:
            course.next_action, course.next_on = "Call again", self._text[day]
        elif rng.random() < IN_ERROR:
            self.close(course, day, "opened_in_error")
        elif plan is None:
            self.close(course, day, rng.choice(ENDS[1:6]))
        else:
            draw = rng.random()
            ends = zip(ENDS, AFTER_A_PLAN, strict=True)
            self.close(course, day, next(one for one, upto in ends if draw < upto))

    def _send(self, course: Course, plan: int) -> None:
        """Send somebody to some activities; the first they go to is a connection."""
        rng = self._rng
        last = self._days.last if course.closed is None else course.closed
        day = plan
        for _ in range(ONWARD[int(rng.random() * len(ONWARD))] if self._services else 0):
            declined = rng.random() < REFUSED
            went = not declined and rng.random() >= NEVER_WENT
            attended = day + rng.randint(4, 20) if went else None
            if attended is not None and attended > last:
                attended = None
            course.onward.append(Sent(day, declined, attended))
            day += rng.randint(3, 15)
            if day >= last:
                break
        begun = [sent.attended for sent in course.onward if sent.attended is not None]
        if begun:
            course.connected_at = f"{self._text[min(begun)]} 18:00:00.000000"

    # What is written of it -----------------------------------------------------------------------

    def _plan(self, course: Course, worker: int, at: str) -> None:
        met = course.closed_at if course.reason == "plan_completed" else None
        review = course.next_on
        self._bulk.add("plan", at, self._key(), 1, course.number, at, worker, review)
        words = f"I want help with {course.needs[0].replace('_', ' ')}"
        self._bulk.add("goal", at, self._key(), 1, course.number, 1, words, 1, at, worker, met)

    def _onward(self, course: Course, worker: int, sent: Sent) -> None:
        rng, text, last = self._rng, self._text, self._days.last
        at = f"{text[sent.agreed]} 17:00:00.000000"
        answered = sent.agreed + rng.randint(1, 6)
        answer = f"{text[answered]} 17:30:00.000000" if answered <= last else None
        taken = sent.attended is not None or not sent.declined
        refused = sent.declined and answer is not None
        ended = course.closed_at if not refused else None
        outcome = (
            ("helped" if rng.random() < 0.8 else "stopped_going") if sent.attended else "never_went"
        )
        service = self._services[
            (course.network.id * 7 + rng.randrange(REACH)) % len(self._services)
        ]
        number = self._bulk.add(
            "onward_referral", at, self._key(), 1, course.number, service, worker, 0, at, at,
            answer if taken else None,
            f"{text[sent.attended]} 18:00:00.000000" if sent.attended is not None else None,
            answer if refused else None, rng.choice(REFUSALS) if refused else None, ended,
            outcome if ended else None,
        )  # fmt: skip
        if sent.attended is not None:
            self._attendances(number, sent.attended, worker)

    def _attendances(self, onward: int, first: int, worker: int) -> None:
        """The first date they came, and some weeks after it."""
        for week in range(self._rng.randint(1, 4)):
            day = first + 5 * week
            if day > self._days.last:
                return
            came = week == 0 or self._rng.random() < 0.8
            at = f"{self._text[day]} 18:00:00.000000"
            why = None if came else "not_known"
            self._bulk.add("attendance", at, 1, onward, self._text[day], int(came), why, worker, at)

    def _recorded(self, at: str) -> str:
        """When it was written down: that evening, or now and then two working weeks later."""
        if self._rng.random() >= LATE:
            return f"{at[:10]} 17:45:00.000000"
        later = self._days.number(date.fromisoformat(at[:10])) + 9
        return f"{self._text[min(later, self._days.last)]} 17:45:00.000000"

    def _key(self) -> str:
        return f"{self._rng.getrandbits(72):018x}"
