"""The plain words in which limits, times and costs are put to people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time
from decimal import Decimal

from linkwork.matching.offers import HOME, IN_PERSON, ONLINE, PHONE, TEXT, Offer, Session
from linkwork.matching.tongues import name_of

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
KM_PER_MILE = 1.609344
NEXT_DOOR_MILES = 0.1
CHECK_WITH_PROVIDER = "check with the provider"

WAYS = {
    IN_PERSON: "in person",
    HOME: "at their home",
    PHONE: "by phone",
    ONLINE: "online",
    TEXT: "by text",
}
NOT_STATED = {
    "mixed": "not stated who else is there",
    "age": "age limit not stated",
    "language": "their language not stated, ask about an interpreter",
    "channel": "how it is offered not stated",
    "distance": "place not stated",
    "cost": "cost not stated",
    "time": "days and times not stated",
    "access": "access not stated",
}
REFUSED = {
    "ended": "has ended",
    "places": "full",
    "tried": "tried before, and not wanted again",
    "unwanted": "about something they do not want",
    "mixed": "a mixed group",
    "language": "not in their language",
    "channel": "cannot be used from home, or not in a way that suits them",
    "time": "not on their days or times",
}
WITH_A_CONDITION = {
    "adhd": "ADHD",
    "brain_injury": "a brain injury",
    "cancer": "cancer",
    "dementia": "dementia",
    "diabetes": "diabetes",
    "epilepsy": "epilepsy",
    "fatigue": "fatigue",
    "gut": "a bowel or bladder condition",
    "hearing_loss": "hearing loss",
    "heart": "a heart condition",
    "hiv": "HIV",
    "kidney": "kidney disease",
    "learning_disability": "a learning disability",
    "limb_loss": "limb loss",
    "lungs": "a lung condition",
    "multiple_sclerosis": "multiple sclerosis",
    "parkinsons": "Parkinson’s",
    "sight_loss": "sight loss",
    "speech": "a speech difficulty",
    "stroke": "the effects of a stroke",
}
PEOPLE = {
    "african_caribbean": "African and Caribbean people",
    "arabic": "Arabic, Kurdish and Persian speakers",
    "autism": "autistic people",
    "care_leavers": "people who grew up in care",
    "chinese": "Chinese and East Asian people",
    "deaf": "Deaf people who sign",
    "eastern_european": "Eastern European people",
    "feeding": "parents feeding a baby",
    "gypsy_traveller": "Gypsies and Travellers",
    "housebound": "people who cannot leave home",
    "irish": "Irish people",
    "jewish": "Jewish people",
    "kinship": "people bringing up grandchildren",
    "lgbt": "LGBTQ+ people",
    "muslim": "Muslims",
    "new_mother_mood": "parents who feel low after a birth",
    "polish": "Polish people",
    "prison_leavers": "people leaving prison",
    "send": "parents of a child with additional needs",
    "separated_parents": "parents who live apart from their children",
    "south_asian": "South Asian people",
    "staff_wellbeing": "health and care staff",
    "trans": "trans and non-binary people",
    "under_fives": "parents of a small child",
}
"""Groups that are called otherwise than by their code."""
LEFT_OUT = {
    "ended": "ended",
    "places": "full",
    "tried": "tried before and not wanted again",
    "unwanted": "about something they do not want",
    "mixed": "mixed groups",
    "age": "for another age",
    "group": "for another group",
    "language": "not in their language",
    "channel": "not from home, or not in the way they can use",
    "distance": "too far",
    "cost": "too expensive",
    "time": "not on their days or times",
    "access": "without the access they need",
}
"""Why services are not shown, to follow a number: "12 too far"."""


def of_limit(name: str, fit: str, offer: Offer, needed: Iterable[str]) -> str:
    """Return the words for a limit of this service where no number of the person's is needed."""
    if name == "gender":
        return f"{offer.gender} only" + (f": {CHECK_WITH_PROVIDER}" if fit == "not_stated" else "")
    if name == "group":
        return _group(fit, offer)
    if fit == "not_stated":
        return f"{NOT_STATED[name]}: {CHECK_WITH_PROVIDER}"
    if fit == "no" and name in REFUSED:
        return REFUSED[name]
    return _stated(name, fit, offer, needed)


def _stated(name: str, fit: str, offer: Offer, needed: Iterable[str]) -> str:
    if name == "age":
        return ages(offer.minimum_age, offer.maximum_age)
    if name == "cost":
        return cost(offer)
    if name == "access":
        listed = listing(sorted(need.replace("_", " ") for need in needed))
        return listed if fit == "fits" else f"does not have all of: {listed}"
    return "in their language"


def _people(group: str) -> str:
    """The people of a group, by its concept: "people with diabetes"."""
    if group in WITH_A_CONDITION:
        return f"people with {WITH_A_CONDITION[group]}"
    return PEOPLE.get(group, group.replace("_", " "))


def _group(fit: str, offer: Offer) -> str:
    who = f"for {listing(sorted(_people(group) for group in offer.groups), 'or')}"
    return f"{who}: check that this is them" if fit == "not_stated" else who


def left_out(name: str, offer: Offer) -> str:
    """Return why a service is not shown, to follow a number ("4 women only")."""
    return f"{offer.gender} only" if name == "gender" else LEFT_OUT[name]


def distance(km: float | None) -> str:
    """Return kilometres as miles, as people in England say them; None needs no journey."""
    if km is None:
        return "by phone or online"
    miles = km / KM_PER_MILE
    return "around the corner" if miles < NEXT_DOOR_MILES else f"{miles:.1f} miles away"


def ways(some: Iterable[str]) -> str:
    """Return ways of taking part in a fixed order: "in person or by phone"."""
    return listing([WAYS[way] for way in WAYS if way in set(some)], "or")


def session(one: Session) -> str:
    """Return a weekly time: "Tuesday 10am to 12 noon"."""
    hours = [clock(at) for at in (one.opens, one.closes) if at]
    return " ".join([DAYS[one.weekday], " to ".join(hours)]).strip()


def clock(at: time) -> str:
    """Return an hour as the NHS writes it: "10am", "2:30pm", "12 noon", "midnight"."""
    if (at.hour, at.minute) in ((0, 0), (12, 0)):
        return "12 noon" if at.hour else "midnight"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def cost(offer: Offer) -> str:
    """Return "Free", the pounds of a session, or the provider's own words."""
    if offer.is_free:
        return "Free"
    return pounds(offer.cost) if offer.cost is not None else offer.cost_text


def pounds(amount: Decimal) -> str:
    """Return an amount with pence only where there are any."""
    return f"£{amount:.0f}" if amount == amount.to_integral_value() else f"£{amount:.2f}"


def ages(youngest: int | None, oldest: int | None) -> str:
    """Return the ages a service is for."""
    if oldest is None:
        return f"aged {youngest} and over"
    return f"aged {youngest} to {oldest}" if youngest else f"up to age {oldest}"


def amount(kept: object) -> Decimal:
    """Return pounds that are kept as text."""
    return Decimal(str(kept))


def languages(codes: Iterable[str]) -> str:
    """Return languages by their names: "Punjabi or Urdu"."""
    return listing(sorted(name_of(code) for code in codes), "or")


def day(on: date) -> str:
    """Return a date as "10 November 2026"."""
    return f"{on.day} {on:%B %Y}"


def listing(things: list[str], last: str = "and") -> str:
    """Return "a, b and c"."""
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} {last} {things[-1]}"
