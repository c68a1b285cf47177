"""Why one service was left out: its own words, where a count says only "12 too far"."""

from __future__ import annotations

from datetime import date

from linkwork.matching import wording
from linkwork.matching.limits import Limits, check
from linkwork.matching.offers import Offer

MOST_SESSIONS = 3


def why(offer: Offer, limit: str, limits: Limits, *, on: date) -> str:
    """Return why the limit rules the service out, as this service has it: "6.1 miles away".

    ``limit`` is that of the group in which ``rank`` left it out; empty where it does not rule it
    out, as the words of the group say enough then.
    """
    if limit == "ended" and offer.ends_on:
        return f"ended on {wording.day(offer.ends_on)}"
    if limit == "time":
        return _times(offer)
    found = [one.words for one in check(offer, limits, on=on) if one.limit == limit]
    return found[0] if found else ""


def _times(offer: Offer) -> str:
    """When it is, which is not when they can."""
    said = [wording.session(session) for session in offer.sessions[:MOST_SESSIONS]]
    if not said:
        return ""
    more = len(offer.sessions) - len(said)
    return f"{wording.listing(said)}{f', and {more} more' if more else ''}"
