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
from linkwork.casework.following import Followed
from linkwork.models import CaseState, User

LATELY = timedelta(days=365)
FEWEST = 5
NOT_SHARED = "The patient shares no reason."


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of referrals. The wait is in days, None where fewer than five started."""

    referred: int
    stages: Mapping[str, int]
    endings: Mapping[str, int]
    started: int
    median_days: int | None


def figures(user: User, *, on: date) -> Figures:
    """What became of everything the user’s practice sent in the year up to ``on``."""
    since = clock.utc(datetime.combine(on - LATELY, time.min))
    sent = following.sent_since(user, since)
    stages = Counter(one.stage for one in sent)
    endings = Counter(one.ending or NOT_SHARED for one in sent if one.ended_at)
    started = [_days(one, one.started_at) for one in sent if one.started_at]
    waiting = [
        max(0, (on - clock.london(one.referral.referred_at).date()).days)
        for one in sent
        if one.state in (CaseState.NEW, CaseState.WAITING)
    ]
    half = days_within(0.5, started, waiting) if len(started) >= FEWEST else None
    return Figures(
        len(sent),
        dict(stages.most_common()),
        dict(endings.most_common()),
        len(started),
        half,
    )


def _days(one: Followed, ended_at: datetime) -> int:
    began = clock.london(one.referral.referred_at).date()
    return max(0, (clock.london(ended_at).date() - began).days)
