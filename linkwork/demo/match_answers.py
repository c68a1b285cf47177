"""What was made of suggestions in the demo, and where nothing was found for people."""

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from linkwork.casework import gaps
from linkwork.casework.interests import PLAINEST
from linkwork.database import db
from linkwork.demo.days import Days
from linkwork.demo.rows import Rows
from linkwork.models import (
    CaseNeed,
    GapReason,
    MatchAnswer,
    MatchAnswerKind,
    Need,
    OnwardReferral,
    RejectReason,
    Service,
    ServiceStatus,
    SupportCase,
)

TURNED_DOWN = 0.55
"""Suggestions turned down for each one that was taken up."""
MAIN_REASON = 0.6
"""How often the reason is the one that is usual for an activity."""
REASONS = {
    RejectReason.TOO_FAR: 26,
    RejectReason.DOES_NOT_WANT: 20,
    RejectReason.TIME: 18,
    RejectReason.NOT_FOR_THEM: 14,
    RejectReason.COST: 9,
    RejectReason.FULL: 7,
    RejectReason.TRIED_BEFORE: 6,
}
GAP_REASONS = {
    GapReason.NONE: 34,
    GapReason.TRAVEL: 22,
    GapReason.FULL: 16,
    GapReason.HOURS: 14,
    GapReason.COST: 8,
    GapReason.LANGUAGE: 6,
}
MISSED = (Need.TRANSPORT, Need.MEMORY, Need.LANGUAGE, Need.CULTURE_FAITH, Need.DIGITAL)
GAPS, GAPS_DAYS = 90, 80


class MatchAnswers:
    """Answers beside the onward referrals there are, and the gaps of the last months."""

    def __init__(self, days: Days) -> None:
        self._days, self._rng = days, Random(1854)  # noqa: S311 - the same demo each time
        self._rows = Rows(self._rng)
        running = select(Service.id, Service.concepts).where(
            Service.listed, Service.status == ServiceStatus.ACTIVE
        )
        self._about = {row.id: row.concepts for row in db.session.execute(running.order_by("id"))}
        self._needs: dict[int, list[Need]] = defaultdict(list)
        for need in db.session.scalars(select(CaseNeed).order_by(CaseNeed.id)):
            self._needs[need.case_id].append(need.need)

    def live(self) -> None:
        """Write the answers in bulk, and note the gaps as workers do."""
        for onward in db.session.scalars(select(OnwardReferral).order_by(OnwardReferral.id)):
            self._answer(onward)
        self._rows.write()
        self._miss()

    def _answer(self, onward: OnwardReferral) -> None:
        at = onward.agreed_at
        if at is None:
            return
        wanted = {PLAINEST.get(need, need.value) for need in self._needs[onward.case_id]}
        about = wanted & self._about.get(onward.service_id, {}).keys()
        others = [
            n
            for n, known in self._about.items()
            if n != onward.service_id and wanted & known.keys()
        ]
        if others and self._rng.random() < TURNED_DOWN:
            # The same few come first on every list.
            other = others[min(int(self._rng.expovariate(0.3)), len(others) - 1)]
            self._add(
                onward, other, wanted & self._about[other].keys(), at, _reason(other, self._rng)
            )
        self._add(onward, onward.service_id, about, at, None)

    def _add(
        self,
        onward: OnwardReferral,
        service_id: int,
        about: set[str],
        at: datetime,
        reason: RejectReason | None,
    ) -> None:
        at = at - timedelta(minutes=4) if reason else at
        self._rows.add(
            MatchAnswer,
            at,
            case_id=onward.case_id,
            service_id=service_id,
            by_id=onward.made_by_id,
            at=at,
            kind=MatchAnswerKind.REJECTED if reason else MatchAnswerKind.ACCEPTED,
            reason=reason,
            onward_referral_id=None if reason else onward.id,
            band="good" if self._rng.random() < 0.8 else "possible",
            rank=self._rng.randint(1, 6),
            concepts=sorted(about),
        )

    def _miss(self) -> None:
        since = self._days.cutoff - timedelta(days=GAPS_DAYS)
        started = SupportCase.first_conversation_at
        query = (
            select(SupportCase)
            .where(SupportCase.last_contact_at > since, SupportCase.worker_id.is_not(None))
            .where(started.is_not(None))
            .options(joinedload(SupportCase.worker), joinedload(SupportCase.person))
        )
        known = db.session.scalars(query.order_by(SupportCase.id)).unique().all()
        for case in self._rng.sample(list(known), min(GAPS, len(known))):
            self._gap(case, since)

    def _gap(self, case: SupportCase, since: datetime) -> None:
        """One gap since the first conversation; the same thing is missing for all of a place."""
        first, last, by = case.first_conversation_at, case.last_contact_at, case.worker
        if first is None or last is None or by is None:
            return
        first = max(first, since)
        at = first + (last - first) * self._rng.random()
        postcode = case.person.postcode or ""
        lacking = MISSED[sum(map(ord, postcode[:-3])) % len(MISSED)]
        own = self._needs[case.id][:1]
        need = self._rng.choice((lacking, *own, *own))
        reason = self._rng.choices(list(GAP_REASONS), list(GAP_REASONS.values()))[0]
        gaps.note(need, reason, postcode=postcode, case=case, by=by, at=at)


def _reason(service_id: int, rng: Random) -> RejectReason:
    """The reason that is usual for an activity, or another."""
    usual = Random(service_id)  # noqa: S311 - the same demo each time
    chance = usual if rng.random() < MAIN_REASON else rng
    return chance.choices(list(REASONS), list(REASONS.values()))[0]
