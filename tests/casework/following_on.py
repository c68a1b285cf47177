"""Every verb of onward referrals, for sequences of them, and what must hold of each afterwards."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from linkwork import clock
from linkwork.casework import (
    answer_links,
    answers,
    attendances,
    companions,
    onward_referrals,
)
from linkwork.casework.answers import Room, Said
from linkwork.models import (
    Absent,
    AnswerKind,
    CapacityStatus,
    OnwardDecline,
    OnwardOutcome,
    OnwardReferral,
)
from tests.cast import Cast

YES_WAIT_NO = [AnswerKind.ACCEPTED, AnswerKind.WAITLISTED, AnswerKind.DECLINED]


@dataclass
class Follower:
    """Whoever does something about one onward referral at a moment."""

    cast: Cast
    onward: OnwardReferral
    now: datetime
    at: datetime
    """Some days before or after now."""
    choice: int

    def act(self, verb: str) -> None:
        """Do a verb by its name."""
        onward, by, at = self.onward, self.cast.amina, self.now
        outcome = list(OnwardOutcome)[self.choice % len(OnwardOutcome)]
        verbs: dict[str, Callable[[], object]] = {
            "send": lambda: onward_referrals.send(onward, by=by, at=at),
            "send_again": self._send_again,
            "chase": lambda: onward_referrals.chase(onward, by=by, at=at),
            "answer": lambda: answers.give(onward, self._said(), by=by, at=at),
            "provider_answers": lambda: answers.give(onward, self._said(), by=None, at=at),
            "came": lambda: attendances.note(onward, on=self._on, came=True, by=by, now=at),
            "missed": self._missed,
            "provider_notes": self._provider_notes,
            "book": lambda: attendances.book(onward, self._on, by=by, at=at),
            "arrange": self._arrange,
            "went_along": lambda: companions.went_along(onward, by=by, at=at),
            "call_off": lambda: companions.call_off(onward, by=by),
            "say_room": self._say_room,
            "renew": lambda: answer_links.renew(onward, by=by, at=at),
            "take_back": lambda: answer_links.take_back(onward, by=by, at=at),
            "end": lambda: onward_referrals.end(onward, outcome, by=by, at=at),
            "cancel": lambda: onward_referrals.cancel(onward, by=by, at=at),
        }
        verbs[verb]()

    @property
    def _on(self) -> date:
        return clock.london(self.at).date()

    def _said(self) -> Said:
        kind = list(AnswerKind)[self.choice % len(AnswerKind)]
        return Said(
            kind,
            decline_reason=OnwardDecline.FULL if kind is AnswerKind.DECLINED else None,
            first_session_on=self._on if kind is AnswerKind.ACCEPTED else None,
            wait_weeks=self.choice if kind is AnswerKind.WAITLISTED else None,
        )

    def _send_again(self) -> None:
        self.onward.case.person.phone = f"07700 900{100 + self.choice}"
        onward_referrals.send_again(self.onward, by=self.cast.amina, at=self.now)

    def _missed(self) -> None:
        how = {"came": False, "reason": list(Absent)[self.choice % len(Absent)]}
        attendances.note(self.onward, on=self._on, by=self.cast.amina, now=self.now, **how)

    def _provider_notes(self) -> None:
        came = self.choice > 2
        attendances.note(self.onward, on=self._on, came=came, by=None, now=self.now)

    def _arrange(self) -> None:
        name = "Jo" if self.choice else None
        by = self.cast.amina
        companions.arrange(self.onward, on=self._on, name=name, by=by, at=self.now)

    def _say_room(self) -> None:
        status = CapacityStatus.WAITLIST if self.choice else CapacityStatus.NO_CAPACITY
        answers.say_room(self.onward, Room(status, places=self.choice), at=self.now)


def of_onward(onward: OnwardReferral, now: datetime) -> Iterator[tuple[str, bool]]:
    """What must hold of an onward referral whatever was done, and whether it does."""
    visited, agreed = onward.first_attended_at, onward.agreed_at
    yield "sent needs agreed", onward.sent_at is None or agreed is not None
    yield "nobody has been there tomorrow", visited is None or visited <= now
    yield "nobody goes before they agree", visited is None or agreed is None or agreed <= visited
    ends = (onward.declined_at, onward.cancelled_at, onward.ended_at)
    yield "there is one answer at most", sum(end is not None for end in ends) <= 1
    yield "what is sent is kept", (onward.sent_at is None) == (onward.sent_lines is None)
    yield "a no has a reason", (onward.declined_at is None) == (onward.decline_reason is None)
    yield from _of_what_was_said(onward)
    yield from _of_visits(onward, now)
    yield from _of_companions(onward)
    opening = [link for link in answer_links.of(onward) if answer_links.opens(link, at=now)]
    yield "a link is there only for what was sent", not opening or onward.sent_at is not None
    yield "one link at most opens it", len(opening) <= 1
    yield "the dead are not talked of", onward.case.person.died_on is None or not opening


def _of_what_was_said(onward: OnwardReferral) -> Iterator[tuple[str, bool]]:
    said = [answer for answer in onward.answers if answer.kind in YES_WAIT_NO]
    after_all = onward.cancelled_at or onward.ended_at or onward.first_attended_at
    last = said[-1].kind.value if said else None
    yield "the last answer holds", after_all is not None or last in (None, onward.state.value)
    yield (
        "nobody answers what was not sent",
        onward.sent_at is not None or all(answer.by_id is not None for answer in onward.answers),
    )


def _of_visits(onward: OnwardReferral, now: datetime) -> Iterator[tuple[str, bool]]:
    rows, today = onward.attendances, clock.london(now).date()
    days = [row.held_on for row in rows if row.came]
    first = onward.first_attended_at
    on = clock.london(first).date() if first else None
    yield "the first visit is the first they came", on == min(days, default=None)
    yield "no visit is to come", all(row.held_on <= today for row in rows)
    yield "one word for each date", len({row.held_on for row in rows}) == len(rows)
    yield "who came was sent", not rows or onward.sent_at is not None


def _of_companions(onward: OnwardReferral) -> Iterator[tuple[str, bool]]:
    named = onward.companion_shown is not None
    yield "who goes along has a day", named == (onward.accompanied_on is not None)
    yield "who went along was to go", onward.accompanied_at is None or named
