"""The person’s limits: asked once, kept with the case, and gone on with in the next episode.

What their record says is not asked again, and what a note says only leads to a question. What is
kept are plain values under the names of the form; ``limits_of`` makes the hard limits of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select

from linkwork import audit, geography
from linkwork.audit import Event
from linkwork.casework import cases, limit_answers
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.matching import Limits
from linkwork.matching.contradictions import contradictions
from linkwork.matching.hints import MOST, Hint, hints
from linkwork.matching.offers import ONLINE, PHONE, TEXT
from linkwork.matching.tongues import codes_of
from linkwork.matching.travel import Means, miles_in
from linkwork.models import OnwardOutcome, OnwardReferral, Person, Service, SupportCase, User

KM_PER_MILE = 1.609344
GENDERS = {"female": "women", "woman": "women", "male": "men", "man": "men"}
WAYS = ("in_person", "home", "phone", "online", "text")
KEPT_ON, ANSWERED, NOT_AGAIN = "kept_on", "answered", "not_again"
EARLIER = "of_earlier"
ABOUT = {KEPT_ON, ANSWERED, "any_language"}
DISAPPOINTED = (
    OnwardOutcome.DID_NOT_HELP,
    OnwardOutcome.NEVER_WENT,
    OnwardOutcome.STOPPED_GOING,
)
MOST_TRIED = 12
LANGUAGE = "language"
SPOKEN = "Must it be in this language, or with an interpreter?"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was asked, since when, and whether it was in an earlier episode."""

    values: Mapping[str, Any]
    kept_on: date | None = None
    is_earlier: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said of what an activity must keep to."""
        return not self.values.keys() - ABOUT

    @property
    def not_alone(self) -> bool:
        """Whether somebody has to go along, wherever they go."""
        return bool(self.values.get("not_alone"))


class Question(NamedTuple):
    """A question to the worker, and whether the record or a note led to it."""

    hint: Hint
    on_record: bool


def kept_of(case: SupportCase) -> Kept:
    """What is kept for a case, or for the last one of the same person at the same PCN."""
    if case.limits:
        return _kept(case.limits)
    query = (
        select(SupportCase.limits)
        .where(
            SupportCase.person_id == case.person_id,
            SupportCase.organisation_id == case.organisation_id,
            SupportCase.id != case.id,
        )
        .order_by(SupportCase.opened_at.desc(), SupportCase.id.desc())
    )
    earlier = next((values for values in db.session.scalars(query) if values), None)
    return _kept(earlier, is_earlier=True) if earlier else Kept({})


def limits_of(case: SupportCase, *, on: date) -> Limits:
    """The person’s hard limits: from their record, and from what was asked about activities."""
    return made_of(case.person, kept_of(case).values, on=on)


def made_of(person: Person, values: Mapping[str, Any], *, on: date) -> Limits:
    """The hard limits that a record and some kept values make together, on a day."""
    place = geography.place_of(person.postcode) if person.postcode else None
    miles, cost = miles_of(values), values.get("max_cost")
    languages, interpreter = language_of(person, values)
    return Limits(
        origin=(place.latitude, place.longitude) if place else None,
        max_km=miles * KM_PER_MILE if miles else None,
        days=_days(values.get("days")),
        from_time=_time(values.get("from_time")),
        to_time=_time(values.get("to_time")),
        more_days=_days(values.get("more_days")),
        more_from=_time(values.get("more_from")),
        more_to=_time(values.get("more_to")),
        age=age_of(person, on=on),
        gender=GENDERS.get((person.gender or "").lower()),
        single_sex=bool(values.get("single_sex")),
        max_cost=Decimal(str(cost)) if cost not in (None, "") else None,
        access=frozenset(values.get("access", ())),
        languages=languages,
        interpreter=interpreter,
        groups=_groups(person, values),
        all_groups=False,
        ways=frozenset(values.get("ways", ())),
        housebound=bool(values.get("housebound")),
        not_again=_as_they_are_now(values.get(NOT_AGAIN, ())),
        unwanted=frozenset(values.get("unwanted", ())),
    )


def keep(
    case: SupportCase, values: Mapping[str, Any], *, by: User, on: date, seen: str | None = None
) -> None:
    """Keep what an activity must be for this person, as plain values, instead of what was kept.

    ``seen`` is the ``limit_answers.digest`` of what they were filled in from. Raises ``RuleBroken``
    where something else is kept by now, the case has ended, or the limits leave nothing.
    """
    cases.hold(case)
    now = kept_of(case).values
    if seen is not None and seen != limit_answers.digest(now):
        raise RuleBroken(limit_answers.CHANGED)
    _keep(case, {ANSWERED: now.get(ANSWERED, []), **values}, by, on)


def confirm(case: SupportCase, *, by: User, on: date) -> None:
    """Say that the limits of an earlier episode are still right: they are this one’s now."""
    cases.hold(case)
    earlier = kept_of(case)
    if earlier.is_earlier:
        _keep(case, earlier.values, by, on)


def answer(case: SupportCase, code: str, *, yes: bool, by: User, on: date) -> None:
    """Answer the question that a word in a note led to; it is not asked again.

    Raises ``RuleBroken`` for a question that is none of ours, and for a yes that leaves nothing.
    """
    cases.hold(case)
    kept = kept_of(case)
    values = dict(kept.values)
    if code == LANGUAGE:
        spoken = {LANGUAGE: case.person.language, "interpreter": "yes"}
        changed = {**values, **(spoken if yes else {"any_language": True})}
    else:
        changed = limit_answers.after(values, code, yes=yes)
    changed[ANSWERED] = sorted({*values.get(ANSWERED, ()), code})
    _change(case, kept, changed, by, on)


def widen(case: SupportCase, step: str, *, by: User, on: date) -> None:
    """Take one step of ``matching.alternatives``: one limit, further than it was."""
    cases.hold(case)
    kept = kept_of(case)
    _change(case, kept, limit_answers.widened(dict(kept.values), step), by, on)


def never_again(case: SupportCase, service: Service, *, by: User, on: date) -> None:
    """Keep that a service was tried and is not wanted again. Twice is once."""
    cases.hold(case)
    kept = kept_of(case)
    not_again = sorted({*kept.values.get(NOT_AGAIN, ()), service.key})
    _change(case, kept, {**kept.values, NOT_AGAIN: not_again}, by, on)


def once_more(case: SupportCase, service: Service, *, by: User, on: date) -> None:
    """Take back that a service is not wanted again. Twice is once."""
    cases.hold(case)
    kept = kept_of(case)
    not_again = [key for key in kept.values.get(NOT_AGAIN, ()) if key != service.key]
    _change(case, kept, {**kept.values, NOT_AGAIN: not_again}, by, on)


def questions(case: SupportCase, note: str, kept: Kept) -> tuple[Question, ...]:
    """What the record and the notes lead to, but for what was answered or is kept: four at most."""
    person, settled = case.person, limit_answers.settled(kept.values)
    settled |= set(kept.values.get(ANSWERED, ()))
    asked = [Question(hint, True) for hint in hints(person.access_needs or "", without=settled)]
    spoken = codes_of(person.language or "")
    if spoken and "en" not in spoken and not person.interpreter and LANGUAGE not in settled:
        asked.insert(0, Question(Hint(LANGUAGE, person.language or "", SPOKEN), True))
    settled |= {question.hint.code for question in asked}
    heard = [Question(hint, False) for hint in hints(note, without=settled)]
    return tuple([*asked, *heard][:MOST])


def tried(case: SupportCase) -> Sequence[Service]:
    """Services this person was sent to from this PCN, and that came to nothing, newest first."""
    query = (
        select(Service)
        .join(OnwardReferral, OnwardReferral.service_id == Service.id)
        .join(SupportCase, SupportCase.id == OnwardReferral.case_id)
        .where(
            SupportCase.person_id == case.person_id,
            SupportCase.organisation_id == case.organisation_id,
            OnwardReferral.outcome.in_(DISAPPOINTED) | OnwardReferral.declined_at.is_not(None),
        )
        .order_by(OnwardReferral.id.desc())
        .limit(MOST_TRIED)
    )
    return list(dict.fromkeys(db.session.scalars(query).unique()))


def named(keys: Iterable[str]) -> dict[str, str]:
    """The names of services by their keys, those of the directory that are still there."""
    query = select(Service.key, Service.name).where(Service.key.in_(list(keys)))
    rows = db.session.execute(query.order_by(Service.name, Service.id))
    return {row.key: row.name for row in rows}


def miles_of(values: Mapping[str, Any]) -> float | None:
    """How far they go: miles as asked, or those that minutes stand for; None was not asked."""
    if values.get("miles"):
        return float(values["miles"])
    minutes = values.get("minutes")
    return miles_in(int(minutes), map(Means, values.get("means", ()))) if minutes else None


def language_of(person: Person, values: Mapping[str, Any]) -> tuple[frozenset[str], bool | None]:
    """The language it must be in and whether an interpreter would do.

    Until somebody says that any will do, the record says it: a language, and an interpreter.
    """
    would_do = {"yes": True, "no": False}.get(values.get("interpreter", ""))
    if values.get("language"):
        return codes_of(values["language"]), would_do
    if person.interpreter and person.language and not values.get("any_language"):
        spoken = codes_of(person.language)
        return (frozenset(), None) if "en" in spoken else (spoken, True)
    return frozenset(), None


def age_of(person: Person, *, on: date) -> int:
    """Their age in whole years on a day."""
    born = person.date_of_birth
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _change(case: SupportCase, kept: Kept, values: Mapping[str, Any], by: User, on: date) -> None:
    """Keep one change; the rest of an earlier episode’s limits is still to be confirmed."""
    earlier = {EARLIER: True} if kept.is_earlier else {}
    _keep(case, {**values, **earlier}, by, (kept.kept_on or on) if earlier else on)


def _keep(case: SupportCase, values: Mapping[str, Any], by: User, on: date) -> None:
    cases.must_be_open(case)
    kept = {name: value for name, value in values.items() if value not in (None, "", [], False)}
    wrong = contradictions(made_of(case.person, kept, on=on))
    if wrong:
        raise RuleBroken(" ".join(wrong))
    case.limits = {**kept, KEPT_ON: on.isoformat()}
    audit.record(Event.PERSON_EDITED, case, by=by, fields=["limits"])


def _kept(values: Mapping[str, Any], *, is_earlier: bool = False) -> Kept:
    """Values as they are kept now: of the first version, what was ruled out is what is left."""
    said = {n: v for n, v in values.items() if n not in ("not_online", "not_phone", EARLIER)}
    out = {ONLINE} if values.get("not_online") else set()
    out |= {PHONE, TEXT} if values.get("not_phone") else set()
    if out:
        said["ways"] = [way for way in WAYS if way not in out]
    on = values.get(KEPT_ON)
    is_earlier = is_earlier or bool(values.get(EARLIER))
    return Kept(said, date.fromisoformat(on) if on else None, is_earlier)


def _as_they_are_now(keys: Sequence[str]) -> frozenset[str]:
    """Keys of services; of one that was merged into another, the other’s as well."""
    if not keys:
        return frozenset()
    merged = select(Service.merged_into_id).where(
        Service.key.in_(list(keys)), Service.merged_into_id.is_not(None)
    )
    now = db.session.scalars(select(Service.key).where(Service.id.in_(merged)))
    return frozenset({*keys, *now})


def _groups(person: Person, values: Mapping[str, Any]) -> frozenset[str]:
    """The groups they are known to belong to; of the others nobody asked."""
    known = {"carers": person.carer, "housebound": values.get("housebound")}
    return frozenset(group for group, belongs in known.items() if belongs)


def _days(days: Iterable[int] | None) -> frozenset[int]:
    return frozenset(int(day) for day in days or ())


def _time(text: object) -> time | None:
    return time.fromisoformat(str(text)) if text else None
