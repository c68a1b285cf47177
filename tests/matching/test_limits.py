"""Hard limits in three values: fits, not stated, no; and nothing where nothing was asked."""

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.matching import Check, Fit, Limits, Offer, Session, check
from linkwork.matching.limits import refusal

ON = date(2026, 11, 10)
HERE = (53.48, -2.24)
TUESDAY = Session(1, time(10), time(12))


def answer(name: str, offer: Offer, limits: Limits) -> Check | None:
    found = [one for one in check(offer, limits, on=ON) if one.limit == name]
    return found[0] if found else None


def service(**facts: object) -> Offer:
    return Offer(**({"id": "a", "name": "A"} | facts))  # type: ignore[arg-type]


STEP_FREE, VETERANS, URDU = frozenset({"step_free"}), frozenset({"veterans"}), frozenset({"ur"})
ON_TUESDAYS = frozenset({1})
IN_PERSON, CHOIR, ENGLISH = frozenset({"in_person"}), frozenset({"choir"}), frozenset({"en"})
WITHIN_2_KM = {"origin": HERE, "max_km": 2.0}
CASES: list[tuple[str, dict[str, object], dict[str, object], Fit | None, str]] = [
    ("distance", {"places": (HERE,)}, {**WITHIN_2_KM}, Fit.FITS, "around the corner"),
    ("distance", {"places": ((53.49, -2.24),)}, {**WITHIN_2_KM}, Fit.FITS, "0.7 miles"),
    ("distance", {"places": ((54.0, -2.24),)}, {**WITHIN_2_KM}, Fit.NO, "35.9 miles"),
    ("distance", {}, {**WITHIN_2_KM}, Fit.NOT_STATED, "place not stated"),
    ("distance", {"places": (HERE,)}, {"max_km": 2.0}, None, ""),
    (
        "distance",
        {"places": ((54.0, -2.24),), "channels": frozenset({"phone"})},
        {**WITHIN_2_KM},
        Fit.FITS,
        "by phone or online",
    ),
    (
        "distance",
        {"places": ((53.56, -2.24),), "channels": frozenset({"home"})},
        {**WITHIN_2_KM},
        Fit.FITS,
        "5.5 miles",
    ),
    ("age", {"minimum_age": 18}, {"age": 18}, Fit.FITS, "aged 18 and over"),
    ("age", {"minimum_age": 18}, {"age": 17}, Fit.NO, "aged 18 and over"),
    ("age", {"maximum_age": 25}, {"age": 25}, Fit.FITS, "up to age 25"),
    ("age", {"minimum_age": 16, "maximum_age": 25}, {"age": 26}, Fit.NO, "aged 16 to 25"),
    ("age", {}, {"age": 40}, Fit.NOT_STATED, "age limit not stated: check with the provider"),
    ("age", {"minimum_age": 18}, {}, None, ""),
    ("gender", {"gender": "women"}, {"gender": "women"}, Fit.FITS, "women only"),
    ("gender", {"gender": "women"}, {"gender": "men"}, Fit.NO, "women only"),
    ("gender", {"gender": "women"}, {}, Fit.NOT_STATED, "women only: check with the provider"),
    ("gender", {"gender": "men"}, {"gender": "nonbinary"}, Fit.NOT_STATED, "men only: check"),
    ("gender", {}, {"gender": "men"}, None, ""),
    ("cost", {"cost": Decimal(0)}, {"max_cost": Decimal(0)}, Fit.FITS, "Free"),
    ("cost", {"cost": Decimal("3.50")}, {"max_cost": Decimal(5)}, Fit.FITS, "£3.50"),
    ("cost", {"cost": Decimal(6)}, {"max_cost": Decimal(5)}, Fit.NO, "£6"),
    ("cost", {"cost_text": "Free entry"}, {"max_cost": Decimal(0)}, Fit.FITS, "Free"),
    ("cost", {}, {"max_cost": Decimal(5)}, Fit.NOT_STATED, "cost not stated"),
    ("time", {"sessions": (TUESDAY,)}, {"days": ON_TUESDAYS}, Fit.FITS, "10am to 12 noon"),
    ("time", {"sessions": (TUESDAY,)}, {"days": frozenset({2})}, Fit.NO, "not on their days"),
    ("time", {"sessions": (TUESDAY,)}, {"from_time": time(11)}, Fit.NO, "not on their days"),
    ("time", {"sessions": (Session(1, time(9), time(17)),)}, {"from_time": time(14)}, Fit.FITS, ""),
    ("time", {"sessions": (Session(1),)}, {"from_time": time(11)}, Fit.FITS, "Tuesday"),
    ("time", {}, {"days": ON_TUESDAYS}, Fit.NOT_STATED, "days and times not stated"),
    ("time", {}, {"days": frozenset(range(7))}, None, ""),
    ("access", {"access": STEP_FREE}, {"access": STEP_FREE}, Fit.FITS, "step free"),
    ("access", {"access": frozenset()}, {"access": STEP_FREE}, Fit.NO, "does not have"),
    ("access", {}, {"access": STEP_FREE}, Fit.NOT_STATED, "access not stated"),
    ("language", {"languages": URDU}, {"languages": URDU}, Fit.FITS, ""),
    ("language", {"languages": frozenset({"en"})}, {"languages": URDU}, Fit.NO, ""),
    ("language", {}, {"languages": URDU}, Fit.NOT_STATED, "ask about an interpreter"),
    ("language", {}, {"languages": frozenset({"en"})}, None, ""),
    (
        "language",
        {"languages": frozenset({"en"}), "concepts": {"esol": 1.0}},
        {"languages": URDU},
        Fit.NOT_STATED,
        "interpreter",
    ),
    ("group", {"groups": VETERANS}, {"groups": VETERANS}, Fit.FITS, "for veterans"),
    ("group", {"groups": VETERANS}, {"groups": frozenset()}, Fit.NO, "for veterans"),
    ("group", {"groups": VETERANS}, {}, Fit.NOT_STATED, "check that this is them"),
    ("channel", {"channels": frozenset({"home"})}, {"housebound": True}, Fit.FITS, "from home"),
    ("channel", {"channels": frozenset({"in_person"})}, {"housebound": True}, Fit.NO, "from home"),
    ("channel", {}, {"housebound": True}, Fit.NOT_STATED, "how it is offered not stated"),
    ("channel", {"channels": frozenset({"online"})}, {"online": False}, Fit.NO, ""),
    ("channel", {"channels": frozenset({"phone"})}, {"phone": False}, Fit.NO, ""),
    ("channel", {"channels": frozenset({"text"})}, {"ways": frozenset({"text"})}, Fit.FITS, "text"),
    ("channel", {"channels": IN_PERSON}, {"ways": frozenset({"phone"})}, Fit.NO, "suits them"),
    ("channel", {"channels": IN_PERSON}, {"ways": IN_PERSON}, Fit.FITS, "in person"),
    ("channel", {}, {"ways": IN_PERSON}, Fit.NOT_STATED, "how it is offered not stated"),
    ("mixed", {}, {"single_sex": True, "gender": "women"}, Fit.NO, "a mixed group"),
    ("mixed", {"channels": frozenset({"home"})}, {"single_sex": True}, Fit.NOT_STATED, "who else"),
    ("mixed", {"concepts": {"benefits": 1.0}}, {"single_sex": True}, Fit.NOT_STATED, "who else"),
    ("mixed", {"gender": "women"}, {"single_sex": True, "gender": "women"}, None, ""),
    ("mixed", {}, {"gender": "women"}, None, ""),
    ("tried", {}, {"not_again": frozenset({"a"})}, Fit.NO, "not wanted again"),
    ("tried", {}, {"not_again": frozenset({"b"})}, None, ""),
    ("unwanted", {"concepts": {"choir": 1.0}}, {"unwanted": CHOIR}, Fit.NO, "do not want"),
    ("unwanted", {"concepts": {"choir": 0.3, "art": 1.0}}, {"unwanted": CHOIR}, None, ""),
    ("time", {"sessions": (TUESDAY,)}, {"more_days": ON_TUESDAYS}, None, ""),
    ("time", {"sessions": (TUESDAY,)}, {"days": frozenset({2}), "more_days": ON_TUESDAYS},
     Fit.FITS, "10am to 12 noon"),
    ("time", {"sessions": (TUESDAY,)}, {"more_days": ON_TUESDAYS, "more_from": time(13)},
     Fit.NO, "not on their days"),
    ("time", {"sessions": (TUESDAY,)}, {"to_time": time(0)}, None, ""),
    ("language", {"languages": ENGLISH}, {"languages": URDU, "interpreter": True},
     Fit.NOT_STATED, "interpreter"),
    ("language", {"languages": ENGLISH, "concepts": {"esol": 1.0}},
     {"languages": URDU, "interpreter": False}, Fit.NO, "not in their language"),
    ("group", {"groups": VETERANS}, {"groups": frozenset(), "all_groups": False},
     Fit.NOT_STATED, "check that this is them"),
    ("group", {"groups": frozenset({"carers"}), "concepts": {"kinship": 1.0}},
     {"groups": frozenset({"kinship"})}, Fit.FITS, "for carers"),
    ("group", {"groups": frozenset({"diabetes"})}, {}, Fit.NOT_STATED, "for people with diabetes"),
    ("group", {"groups": frozenset({"autism"})}, {}, Fit.NOT_STATED, "for autistic people: check"),
    ("access", {"access": STEP_FREE}, {"access": STEP_FREE | {"seat"}}, Fit.NOT_STATED, "access"),
    ("access", {"access": frozenset({"seat"})}, {"access": STEP_FREE | {"seat"}}, Fit.NO, "seat"),
    ("access", {"channels": frozenset({"online"})}, {"access": STEP_FREE}, None, ""),
    ("access", {"channels": frozenset({"online"})},
     {"access": STEP_FREE, "ways": IN_PERSON}, Fit.NOT_STATED, "access not stated"),
    ("ended", {"ends_on": date(2026, 11, 9)}, {}, Fit.NO, "has ended"),
    ("ended", {"ends_on": ON}, {}, None, ""),
    ("places", {"capacity_status": "no-capacity"}, {}, Fit.NO, "full"),
    ("places", {"capacity_status": "waitlist"}, {}, None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "facts", "asked", "fit", "words"), CASES)
def test_each_limit_fits_is_not_stated_or_is_broken(
    name: str, facts: dict[str, object], asked: dict[str, object], fit: Fit | None, words: str
) -> None:
    found = answer(name, service(**facts), Limits(**asked))  # type: ignore[arg-type]
    assert (found.fit if found else None) == fit
    assert words in (found.words if found else "")


def test_a_group_only_heard_in_the_note_is_not_stated() -> None:
    limits = Limits(groups=frozenset(), all_groups=False, heard_groups=frozenset({"veterans"}))
    found = answer("group", service(groups=frozenset({"veterans"})), limits)
    assert found
    assert found.fit is Fit.NOT_STATED


def test_a_session_that_goes_on_after_midnight_has_hours_on_its_evening() -> None:
    late = service(sessions=(Session(4, time(22), time(1)),))
    for begins, fit in ((time(21), Fit.FITS), (time(23, 30), Fit.NO)):
        found = answer("time", late, Limits(days=frozenset({4}), from_time=begins))
        assert found is not None
        assert found.fit is fit


def test_no_limits_give_no_checks() -> None:
    assert check(service(), Limits(), on=ON) == ()


OFFERS = st.builds(
    Offer,
    id=st.just("a"),
    name=st.text(max_size=10),
    places=st.lists(st.tuples(st.floats(49, 61), st.floats(-8, 2)), max_size=2).map(tuple),
    channels=st.frozensets(st.sampled_from(["in_person", "home", "phone", "online", "text"])),
    sessions=st.lists(
        st.builds(Session, st.integers(0, 6), st.none() | st.times(), st.none() | st.times()),
        max_size=3,
    ).map(tuple),
    cost=st.none() | st.decimals(0, 100, places=2),
    minimum_age=st.none() | st.integers(0, 100),
    maximum_age=st.none() | st.integers(0, 100),
    gender=st.sampled_from([None, "women", "men"]),
    groups=st.frozensets(st.sampled_from(["veterans", "carers"])),
    languages=st.frozensets(st.sampled_from(["en", "ur"])),
    access=st.none() | st.frozensets(st.sampled_from(["step_free", "quiet"])),
    capacity_status=st.sampled_from([None, "capacity", "waitlist", "no-capacity"]),
    ends_on=st.none() | st.dates(date(2026, 11, 1), date(2026, 11, 20)),
)
LIMITS = st.builds(
    Limits,
    origin=st.none() | st.just(HERE),
    max_km=st.none() | st.floats(0, 50),
    days=st.frozensets(st.integers(0, 6)),
    from_time=st.none() | st.times(),
    to_time=st.none() | st.times(),
    age=st.none() | st.integers(0, 110),
    gender=st.sampled_from([None, "women", "men", "nonbinary"]),
    max_cost=st.none() | st.decimals(0, 50, places=2),
    access=st.frozensets(st.sampled_from(["step_free", "quiet"])),
    languages=st.frozensets(st.sampled_from(["en", "ur"])),
    interpreter=st.none() | st.booleans(),
    groups=st.none() | st.frozensets(st.sampled_from(["veterans"])),
    all_groups=st.booleans(),
    single_sex=st.booleans(),
    more_days=st.frozensets(st.integers(0, 6)),
    more_from=st.none() | st.times(),
    ways=st.frozensets(st.sampled_from(["in_person", "home", "phone", "online", "text"])),
    not_again=st.frozensets(st.just("a")),
    housebound=st.booleans(),
    online=st.booleans(),
    phone=st.booleans(),
)


@given(OFFERS, LIMITS)
def test_the_quick_refusal_and_the_checks_for_people_always_agree(
    offer: Offer, limits: Limits
) -> None:
    checks = check(offer, limits, on=ON)
    broken = [one.limit for one in checks if one.fit is Fit.NO]
    limit, unknown = refusal(offer, limits, on=ON)
    assert limit == (broken[0] if broken else None)
    if limit is None:
        assert unknown == sum(one.fit is Fit.NOT_STATED for one in checks)


@given(OFFERS, LIMITS)
def test_every_check_has_words_for_people(offer: Offer, limits: Limits) -> None:
    assert all(one.words.strip() for one in check(offer, limits, on=ON))
