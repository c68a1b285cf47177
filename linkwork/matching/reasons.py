"""Why a service is shown and what to be careful about, in parts of a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from linkwork.matching import wording
from linkwork.matching.limits import Check, Fit, Limits, fitting_sessions, nearest_km
from linkwork.matching.offers import ASSESSMENT, WAITLIST, Offer
from linkwork.matching.wanting import Source, Want

MOST_TERMS = 4
STALE = timedelta(days=180)
SHARES_WORDS = "shares words with the note"


def facts(offer: Offer, checks: Sequence[Check], limits: Limits) -> tuple[str, ...]:
    """Return what else speaks for it: distance, time, cost and access, those that are known."""
    fitting = {c.limit: c.words for c in checks if c.fit is Fit.FITS}
    known = (_where(offer, limits, fitting), _when(offer, limits), _cost(offer))
    return tuple(fact for fact in (*known, fitting.get("access", "")) if fact)


def because(met: Sequence[tuple[Want, float]]) -> tuple[str, ...]:
    """Return the terms that scored, by weight."""
    terms = sorted(met, key=lambda pair: (-pair[1], pair[0].concept))
    said = [want.reason for want, _ in terms if want.source is not Source.NEAR]
    near = [want.reason for want, _ in terms if want.source is Source.NEAR]
    return tuple((said or near[:1] or [SHARES_WORDS])[:MOST_TERMS])


def cautions(offer: Offer, checks: Sequence[Check], group: str | None, on: date) -> tuple[str, ...]:
    """Return what is not stated, out of date or full for now, each with what to do about it."""
    unknown = [check.words for check in checks if check.fit is Fit.NOT_STATED]
    seems = [f"seems to be for {group}: {wording.CHECK_WITH_PROVIDER}"] if group else []
    return (*_about_places(offer), *_about_dates(offer, on), *seems, *unknown)


def is_stale(offer: Offer, on: date) -> bool:
    """Say whether nobody has checked the entry for half a year, or ever as far as is known."""
    return offer.verified_on is None or on - offer.verified_on > STALE


def _about_places(offer: Offer) -> list[str]:
    if offer.capacity_status == WAITLIST:
        return ["waiting list: ask how long"]
    return ["they assess people first"] if offer.capacity_status == ASSESSMENT else []


def _about_dates(offer: Offer, on: date) -> list[str]:
    said = [f"ends on {wording.day(offer.ends_on)}"] if offer.ends_on else []
    if offer.verified_on and is_stale(offer, on):
        said.append(f"last checked on {wording.day(offer.verified_on)}: ring before you send")
    return said


def _where(offer: Offer, limits: Limits, fitting: Mapping[str, str]) -> str:
    """How far it is, also for somebody who was not asked how far they can go."""
    if "distance" in fitting:
        return fitting["distance"]
    km = nearest_km(offer, limits)
    return "" if km is None else wording.distance(km)


def _when(offer: Offer, limits: Limits) -> str:
    sessions = fitting_sessions(offer, limits)
    if not sessions:
        return offer.sessions_text if not offer.sessions else ""
    if len(sessions) > 2:
        return offer.sessions_text or f"{len(sessions)} times a week"
    return " and ".join(wording.session(session) for session in sessions)


def _cost(offer: Offer) -> str:
    return wording.cost(offer) if offer.is_free or offer.cost is not None else offer.cost_text
