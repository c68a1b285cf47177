"""What has been going on in the demo lately: done through the same verbs as in real life."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import cycle
from random import Random
from typing import Any, TypeVar

from sqlalchemy import Select, select

from linkwork import clock
from linkwork.casework import (
    concerns,
    emotional_loads,
    gaps,
    limits,
    messages,
    public_places,
    public_referrals,
    signposts,
    supervisions,
    tasks,
    visits,
)
from linkwork.casework.people import Identity
from linkwork.casework.public_referrals import Asked
from linkwork.casework.supervisions import Told
from linkwork.database import db
from linkwork.demo.content import content
from linkwork.demo.days import Days, in_office_hours
from linkwork.models import (
    Contact,
    Feeling,
    GapReason,
    Message,
    MessageKind,
    Need,
    Organisation,
    Person,
    ReferralSource,
    Role,
    Service,
    SupervisionKind,
    SupportCase,
    User,
    UserRole,
)

T = TypeVar("T")
MESSAGES_DAYS = 45
PROMISES = (
    "Send the times of the walking group",
    "Ring the advice centre about the letter",
    "Ask the surgery whether the form has come",
    "Post the large-print plan",
)
WANTED = (Need.MONEY_DEBT, Need.LONELINESS, Need.FOOD, Need.DIGITAL)
MISSED = (
    (Need.TRANSPORT, GapReason.NONE),
    (Need.MEMORY, GapReason.FULL),
    (Need.LANGUAGE, GapReason.HOURS),
    (Need.CULTURE_FAITH, GapReason.TRAVEL),
)
# What was asked of some of a worker’s people, one after another.
ASKED: tuple[dict[str, Any], ...] = (
    {"means": ["bus"], "miles": "3", "max_cost": "0"},
    {"means": ["walking"], "minutes": 20, "access": ["step_free", "seat"], "not_alone": True,
     "goes_with": "a neighbour"},
    {"means": ["car"], "miles": "10", "days": [5, 6], "more_days": [0, 1, 2, 3, 4],
     "more_from": "17:30:00"},
    {"days": [0, 2, 3, 4], "from_time": "10:00:00", "to_time": "16:00:00", "max_cost": "5"},
)  # fmt: skip


class Lately:
    """The last weeks of the demo’s staff."""

    def __init__(self, days: Days) -> None:
        self._days, self._rng = days, Random(2019)  # noqa: S311 - the same demo each time
        self._said = content("plans")

    def live(self) -> None:
        """Let the last weeks happen."""
        for worker in self._everybody(Role.LINK_WORKER):
            self._work(worker)
        self._look_after()
        self._write_to_practices()
        for user in self._everybody(Role.PRACTICE):
            self._point(user)
        self._ask()

    def _work(self, worker: User) -> None:
        rng = self._rng
        mine = self._all(
            select(SupportCase)
            .where(SupportCase.worker_id == worker.id, SupportCase.is_open)
            .where(SupportCase.organisation_id == worker.organisation_id)
            .where(SupportCase.first_conversation_at.is_not(None), SupportCase.paused_at.is_(None))
            # A visit would take the place of a next step that is overdue.
            .where(SupportCase.next_action_on >= self._days.today)
        )
        self._supervise(worker)
        if len(mine) < 4:
            return
        first, second, third, heavy = rng.sample(list(mine), 4)
        for case in (first, second):
            at, due = self._before(3), self._days.today + timedelta(days=rng.randint(-1, 6))
            due = max(due, clock.london(at).date())
            tasks.promise(case, rng.choice(PROMISES), due, owner=worker, by=worker, at=at)
        for case, ahead in ((second, 0), (third, 1)):
            day = self._days.after(self._days.today, ahead)
            start = clock.utc(datetime.combine(day, time(rng.choice((10, 11, 14, 15)))))
            place = None if case.person.address else "The community centre"
            visits.plan(case, planned_at=start, place=place, by=worker, at=self._before(4))
        for case, asked in zip(mine[::2], cycle(ASKED), strict=False):
            met_at = case.first_conversation_at or self._days.cutoff
            limits.keep(case, asked, by=worker, on=clock.london(met_at).date())
        feeling = rng.choice(list(Feeling))
        emotional_loads.mark(
            heavy, rng.randint(1, 3), feeling=feeling, by=worker, at=self._before(6)
        )
        for need, reason in rng.sample(MISSED, 2):
            postcode = heavy.person.postcode
            gaps.note(need, reason, postcode=postcode, case=heavy, by=worker, at=self._before(20))

    def _supervise(self, worker: User) -> None:
        supervisors = supervisions.supervisors_of(worker)
        if not supervisors:
            return
        held = clock.london(self._before(34, 20)).date()
        told = Told(
            kind=SupervisionKind.ONE_TO_ONE,
            held_on=held,
            next_due_on=held + timedelta(days=28),
            supervisor=self._rng.choice(supervisors),
            notes=self._rng.choice(self._said["supervision_notes"]),
        )
        supervisions.record(worker, told, by=worker, today=held)

    def _look_after(self) -> None:
        """Raise what conversations gave cause for; what is older has been looked into."""
        for contact in self._all(select(Contact).where(Contact.safety_concern)):
            raised = concerns.raise_concern(
                contact.case,
                what=self._rng.choice(self._said["feared"]),
                told=self._rng.choice(self._said["told"]),
                told_at=contact.at,
                high=self._rng.random() < 0.4,
                contact=contact,
                by=contact.worker,
                at=contact.at,
            )
            looked_into = contact.at + timedelta(days=18)
            if looked_into < self._days.cutoff:
                outcome = self._rng.choice(self._said["outcome"])
                concerns.close(raised, outcome, by=contact.worker, at=looked_into)

    def _write_to_practices(self) -> None:
        since = self._days.cutoff - timedelta(days=MESSAGES_DAYS)
        started, closed = SupportCase.first_conversation_at, SupportCase.closed_at
        lately = select(SupportCase).where((started > since) | (closed > since))
        for case in self._all(lately.where(SupportCase.worker_id.is_not(None))):
            if messages.obstacle(case) is None and case.worker is not None:
                self._write(case, case.worker, since)

    def _write(self, case: SupportCase, worker: User, since: datetime) -> None:
        """That support has started, or how it ended: what a closed case began with is long told."""
        closed = case.closed_at is not None
        at = case.closed_at or case.first_conversation_at
        if at is not None and at > since:
            kind = MessageKind.CLOSING if closed else MessageKind.STARTED
            self._read(messages.send(case, kind, by=worker, at=at))

    def _read(self, message: Message) -> None:
        at = message.sent_at + timedelta(hours=self._rng.randint(2, 60))
        readers = self._all(select(User).where(User.organisation_id == message.practice_id))
        if readers and at < self._days.cutoff:
            messages.read(message, by=readers[0], at=at)
            if self._rng.random() < 0.8:
                messages.file(message, by=readers[0], at=at)

    def _point(self, user: User) -> None:
        known = self._all(select(Service).where(Service.listed).order_by(Service.id).limit(8))
        for _ in range(self._rng.randint(3, 9)):
            at = self._before(25)
            if self._rng.random() < 0.7:
                signposts.record(service=self._rng.choice(known), again=True, by=user, at=at)
            else:
                signposts.record(need=self._rng.choice(WANTED), again=True, by=user, at=at)

    def _ask(self) -> None:
        """Two people ask for themselves, one of whom is known: for whoever checks to find out."""
        open_to_all = public_places.pcns(on=self._days.today)
        if not open_to_all:
            return
        place = open_to_all[0]
        known = self._all(
            select(SupportCase).where(
                SupportCase.organisation_id == place.id, SupportCase.closed_at.is_not(None)
            )
        )[0].person
        stranger = Identity(
            "Penhallow", "Morwenna", date(1963, 5, 17), phone="07700 900417", postcode="ZZ2 1AA"
        )
        notes = (
            "I have been on my own since my brother moved away and would like to get out more.",
            "You helped me once before. Could somebody ring me again, about the bills this time?",
        )
        self._referral(stranger, place, notes[0], Need.LONELINESS)
        self._referral(_as_they_write(known), place, notes[1], Need.MONEY_DEBT)

    def _referral(self, who: Identity, place: Organisation, note: str, need: Need) -> None:
        at = self._before(3)
        asked = Asked(who, ReferralSource.SELF, note, reasons=[need], consented=True)
        public_referrals.ask(
            asked,
            place=place,
            once=who.family_name,
            network_address="192.0.2.1",
            at=at,
            on=clock.london(at).date(),
        )

    def _before(self, most_days: int, least_days: int = 1) -> datetime:
        """A moment in office hours, on the working day that many days ago or the last before it."""
        wanted = self._days.today - timedelta(days=self._rng.randint(least_days, most_days))
        worked = self._days.between(wanted - timedelta(days=14), wanted)
        return in_office_hours(worked[-1], self._rng)

    def _everybody(self, role: Role) -> Sequence[User]:
        holding = select(UserRole.user_id).where(UserRole.role == role)
        return self._all(select(User).where(User.id.in_(holding), User.disabled_at.is_(None)))

    def _all(self, query: Select[T]) -> Sequence[T]:
        found: Sequence[T] = db.session.scalars(query.order_by("id")).unique().all()
        return found


def _as_they_write(person: Person) -> Identity:
    return Identity(
        person.family_name,
        person.given_name,
        person.date_of_birth,
        phone="07700 900562",
        postcode=person.postcode,
    )
