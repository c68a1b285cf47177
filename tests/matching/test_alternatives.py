"""What would change it: steps that bring more, the number promised, and never anything lost."""

from datetime import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwork.matching import Fit, Limits, Offer, Ranking, Session, alternatives
from linkwork.matching.alternatives import KNOWN, Step, relaxed, step_of
from linkwork.matching.limits import JUDGES
from tests.matching.ranked import HERE, SHIPPED, ranking, service

NORTH_OF_HERE = {miles: ((HERE[0] + miles * 1.609344 / 111.195, HERE[1]),) for miles in range(1, 9)}
TUESDAY = frozenset({1})


def garden(code: str, **facts: object) -> Offer:
    return service(code, "gardening", **facts)


def changes(limits: Limits, *offers: Offer) -> list[tuple[str, str]]:
    def rank_with(asked: Limits) -> Ranking:
        return ranking(*offers, confirmed={"gardening": 2}, limits=asked)

    found = alternatives.alternatives(rank_with, rank_with(limits), limits)
    for one in found:
        step = step_of(one.step)
        assert step
        more = rank_with(relaxed(limits, step)).matches
        fresh = {m.offer.id for m in more if m.band == "good"} - {
            m.offer.id for m in rank_with(limits).matches
        }
        assert len(fresh) == one.count
        assert one.best.id in fresh
    return [(one.step, one.words) for one in found]


@pytest.mark.parametrize(
    ("limits", "facts", "step", "words"),
    [
        ({"origin": HERE, "max_km": 1.6}, {"places": NORTH_OF_HERE[4]}, "distance:5",
         "1 more within 5 miles"),
        ({"max_cost": Decimal(0)}, {"cost": Decimal("2.50")}, "cost:3",
         "1 more if it may cost £3"),
        ({"max_cost": Decimal(0)}, {"cost": Decimal(45)}, "cost:", "1 more if it may cost more"),
        ({"days": TUESDAY}, {"sessions": (Session(5, time(10), time(12)),)}, "day:5",
         "1 more on Saturdays"),
        ({"from_time": time(11)}, {"sessions": (Session(1, time(9, 30), time(11, 30)),)},
         "from:09:00", "1 more from 9am"),
        ({"to_time": time(15)}, {"sessions": (Session(1, time(14), time(16, 30)),)}, "to:17:00",
         "1 more until 5pm"),
        ({"ways": frozenset({"in_person"})}, {"channels": frozenset({"online"})}, "way:online",
         "1 more online"),
        ({"origin": HERE, "max_km": 1.0, "ways": frozenset({"in_person"})},
         {"places": NORTH_OF_HERE[8], "channels": frozenset({"in_person", "phone"})},
         "distance:10", "1 more within 10 miles"),
        ({"languages": frozenset({"ur"})}, {"languages": frozenset({"en"})}, "interpreter:",
         "1 more with an interpreter"),
        ({"gender": "women", "single_sex": True}, {}, "mixed:", "1 more if men may be there too"),
    ],
)  # fmt: skip
def test_one_step_further_is_told_with_what_it_brings(
    limits: dict[str, object], facts: dict[str, object], step: str, words: str
) -> None:
    assert (step, words) in changes(Limits(**limits), garden("g", **facts))  # type: ignore[arg-type]


def test_the_most_useful_comes_first_and_there_are_at_most_four() -> None:
    limits = Limits(
        origin=HERE, max_km=1.0, max_cost=Decimal(0), days=TUESDAY, ways=frozenset({"in_person"}),
        languages=frozenset({"ur"}), interpreter=False,
    )  # fmt: skip
    fits = {"channels": frozenset({"in_person"}), "cost": Decimal(0), "places": (HERE,),
            "languages": frozenset({"ur"}),
            "sessions": (Session(1, time(10), time(12)),)}  # fmt: skip
    dear = [garden(f"d{n}", **{**fits, "cost": Decimal(2)}) for n in range(3)]
    late = [garden("s", **{**fits, "sessions": (Session(5, time(10), time(12)),)})]
    far = [garden(f"f{n}", **{**fits, "places": NORTH_OF_HERE[2]}) for n in range(2)]
    other = [garden("e", **{**fits, "languages": frozenset({"en"})})]
    online = [garden("o", **{**fits, "channels": frozenset({"online"})})]

    found = changes(limits, *dear, *late, *far, *other, *online)

    assert [step for step, _ in found][:2] == ["cost:2", "distance:2"]
    assert len(found) == 4


def test_who_cannot_leave_home_is_not_told_to_go_out() -> None:
    limits = Limits(housebound=True, ways=frozenset({"phone"}))
    out = garden("g", channels=frozenset({"in_person"}))

    assert changes(limits, out, garden("v", channels=frozenset({"home"}))) == [
        ("way:home", "1 more at their home")
    ]


def test_nothing_is_promised_where_two_limits_are_in_the_way_or_none_can_give() -> None:
    limits = Limits(origin=HERE, max_km=1.0, max_cost=Decimal(0), age=40)
    far_and_dear = garden("a", places=NORTH_OF_HERE[2], cost=Decimal(2))
    too_old_for = garden("b", maximum_age=25)

    assert changes(limits, far_and_dear, too_old_for) == []


def test_what_is_only_near_to_what_was_asked_for_is_not_promised() -> None:
    [near] = list(SHIPPED.concepts["gardening"].near)[:1]
    far = service("n", near, places=NORTH_OF_HERE[2])
    limits = Limits(origin=HERE, max_km=1.0)

    assert changes(limits, garden("g", places=(HERE,)), far) == []
    assert changes(limits, garden("g", places=NORTH_OF_HERE[2]), far) == [
        ("distance:2", "1 more within 2 miles")
    ]


@pytest.mark.parametrize("code", ["", "age:", "distance:4", "day:7", "from:9am", "way:pigeon"])
def test_a_step_that_is_none_of_ours_is_none(code: str) -> None:
    assert step_of(code) is None


HOURS = st.sampled_from([None, time(9), time(10, 30), time(12), time(14), time(18)])
SOME_DAYS = st.frozensets(st.integers(0, 6))
OFFERS = st.builds(
    service,
    st.integers(0, 99).map(str),
    st.sampled_from(["gardening", "walking"]),
    places=st.just(()) | st.sampled_from(sorted(NORTH_OF_HERE.values())),
    cost=st.none() | st.integers(0, 12).map(Decimal),
    channels=st.frozensets(st.sampled_from(["in_person", "home", "phone", "online"])),
    sessions=st.lists(st.builds(Session, st.integers(0, 6), HOURS, HOURS), max_size=2).map(tuple),
    gender=st.sampled_from([None, "women"]),
    languages=st.frozensets(st.sampled_from(["en", "ur"])),
    access=st.none() | st.frozensets(st.sampled_from(["step_free", "seat"])),
)
LIMITS = st.builds(
    Limits,
    origin=st.none() | st.just(HERE),
    max_km=st.none() | st.sampled_from([1.6, 3.2, 5.0]),
    days=SOME_DAYS,
    from_time=HOURS,
    to_time=HOURS,
    more_days=SOME_DAYS,
    more_from=HOURS,
    max_cost=st.none() | st.integers(0, 5).map(Decimal),
    gender=st.just("women"),
    single_sex=st.booleans(),
    languages=st.frozensets(st.sampled_from(["en", "ur"])),
    interpreter=st.none() | st.booleans(),
    ways=st.frozensets(st.sampled_from(["in_person", "phone", "online"])),
    housebound=st.booleans(),
    access=st.frozensets(st.sampled_from(["step_free", "seat"])),
)


@settings(max_examples=40)
@given(LIMITS, st.lists(OFFERS, max_size=8, unique_by=lambda offer: offer.id))
def test_the_promised_number_is_what_you_get(limits: Limits, offers: list[Offer]) -> None:
    found = changes(limits, *offers)

    assert len(found) <= 4
    assert len({step for step, _ in found}) == len(found)


STEPS = [
    Step(limit, value)
    for limit, values in {
        "distance": ["", "1", "5"], "cost": ["", "1", "10"], "day": list("0123456"),
        "way": ["in_person", "home", "phone", "online"], "mixed": [""], "interpreter": [""],
        "from": ["", "08:00", "11:00"], "to": ["", "13:00", "20:00"],
    }.items()
    for value in values
]  # fmt: skip


@given(LIMITS, OFFERS, st.sampled_from(STEPS))
def test_relaxing_a_limit_never_loses_a_service_that_fitted(
    limits: Limits, offer: Offer, step: Step
) -> None:
    assert KNOWN[step.limit](step.value)
    wider = relaxed(limits, step)
    for name, judge in JUDGES.items():
        if judge(offer, limits) is not Fit.NO:
            assert judge(offer, wider) is not Fit.NO, name
