"""What holds of every ranking, whatever comes in: order, reasons, limits, and speed."""

import random
import time as clock
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from linkwork.matching import Limits, Offer
from tests.matching.ranked import HERE, SHIPPED, ranking, service

CONCEPTS = st.sampled_from(sorted(SHIPPED.concepts))
OFFERS = st.lists(
    st.builds(
        Offer,
        id=st.integers(0, 999).map(str),
        name=st.sampled_from(["Hub", "Club", "Garden – Bury", "Garden – Leigh"]),
        provider=st.sampled_from(["", "P", "Q"]),
        concepts=st.dictionaries(CONCEPTS, st.floats(0.1, 1), max_size=4),
        places=st.just(()) | st.just((HERE,)),
        gender=st.sampled_from([None, "women", "men"]),
        minimum_age=st.none() | st.integers(0, 80),
        open_for_us=st.integers(0, 3),
    ),
    max_size=25,
    unique_by=lambda offer: offer.id,
)
WANTED = st.dictionaries(CONCEPTS, st.integers(1, 3), max_size=4)
HEARD = st.dictionaries(CONCEPTS, st.floats(0.1, 1), max_size=6)


@given(OFFERS, WANTED, HEARD, st.randoms())
def test_the_order_of_what_comes_in_never_changes_what_comes_out(
    offers: list[Offer], confirmed: dict[str, int], cues: dict[str, float], chance: random.Random
) -> None:
    limits = Limits(origin=HERE, max_km=5, age=40, gender="women")
    shuffled, turned = list(offers), dict(reversed(list(cues.items())))
    chance.shuffle(shuffled)
    once = ranking(*offers, confirmed=confirmed, cues=cues, limits=limits)
    again = ranking(*shuffled, confirmed=confirmed, cues=turned, limits=limits)
    assert once == again


@given(OFFERS, WANTED, HEARD)
def test_every_match_has_a_reason_and_breaks_nothing(
    offers: list[Offer], confirmed: dict[str, int], cues: dict[str, float]
) -> None:
    limits = Limits(origin=HERE, max_km=5, age=40, gender="women")
    found = ranking(*offers, confirmed=confirmed, cues=cues, limits=limits)
    for match in found.matches:
        assert match.reasons
        assert match.band in ("good", "possible")
        assert all(one.fit != "no" for one in match.checks)
    shown = {one.id for match in found.matches for one in (match.offer, *match.also)}
    left = {offer.id for group in found.not_shown for offer in group.offers}
    assert not shown & left


def test_two_thousand_services_are_ranked_in_a_moment() -> None:
    chance = random.Random(1)
    every = sorted(SHIPPED.concepts)
    offers = [
        service(str(n), *chance.sample(every, 4), places=((53.4 + n / 20_000, -2.24),))
        for n in range(2_000)
    ]
    wanted = dict.fromkeys(every[:4], 2)
    limits = Limits(origin=HERE, max_km=4, age=40, gender="men", max_cost=Decimal(5))
    taken = []
    for _ in range(5):
        started = clock.perf_counter()
        ranking(*offers, confirmed=wanted, limits=limits)
        taken.append(clock.perf_counter() - started)
    assert min(taken) < 0.1
