"""A practice’s own figures: what became of the patients it referred in the last 12 months.

They are of its own referrals, which it can read one by one, so they are exact. What patients or
their families asked for themselves is not among them.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from linkwork import clock
from linkwork.capacity.waits import days_within
from linkwork.casework import following
from linkwork.casework.following import STAGES, TAKEN_BACK, Followed
from linkwork.models import CaseState, CloseReason, User

LATELY = timedelta(days=365)
FEWEST = 5
NOT_SHARED = "The patient shares no reason"
NOWHERE = (CloseReason.OPENED_IN_ERROR,)
IN_ORDER = (*dict.fromkeys(STAGES.values()), TAKEN_BACK)


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of referrals. The wait is in days, None where fewer than five started."""

    referred: int
    stages: Mapping[str, int]
    endings: Mapping[str, int]
    started: int
    median_days: int | None


def figures(user: User, *, on: date) -> Figures:
    """What became of everything the user’s practice sent in the year up to ``on``.

    What was opened in error counts nowhere.
    """
    since = clock.utc(datetime.combine(on - LATELY, time.min))
    sent = following.sent_since(user, since)
    sent = [one for one in sent if one.referral.case.close_reason not in NOWHERE]
    stages = Counter(one.stage for one in sent)
    endings = Counter(_in_short(one.ending) for one in sent if one.ended_at)
    started = [_days(one, one.started_at) for one in sent if one.started_at]
    waiting = [
        max(0, (on - clock.london(one.referral.referred_at).date()).days)
        for one in sent
        if one.state in (CaseState.NEW, CaseState.WAITING)
    ]
    half = days_within(0.5, started, waiting) if len(started) >= FEWEST else None
    return Figures(
        len(sent),
        {stage: stages[stage] for stage in IN_ORDER if stages[stage]},
        dict(endings.most_common()),
        len(started),
        half,
    )


def _in_short(ending: str) -> str:
    """The first sentence of why it ended: what to do about it stands beside each referral."""
    return ending.split(". ", maxsplit=1)[0].rstrip(".") or NOT_SHARED


def _days(one: Followed, ended_at: datetime) -> int:
    began = clock.london(one.referral.referred_at).date()
    return max(0, (clock.london(ended_at).date() - began).days)
