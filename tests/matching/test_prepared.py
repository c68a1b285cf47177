"""A directory made ready once is ranked as its services are one by one, and quickly."""

import random
import time as clock
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from linkwork.matching import Lexicon, Limits, Meaning, Offer, Ranking, rank
from linkwork.matching.duplicates import shown_once
from linkwork.matching.prepared import Prepared
from linkwork.matching.wanting import wants
from tests.matching import one_by_one
from tests.matching.ranked import HERE, ON, SHIPPED, ids, ranking, service

CONCEPTS = st.sampled_from(
    "gardening bereavement carers veterans domestic_abuse alcohol loneliness walking".split()
)
OFFERS = st.lists(
    st.builds(
        Offer,
        id=st.integers(0, 99).map(str),
        name=st.sampled_from(["Hub", "Club", "Garden – Bury", "Garden – Leigh"]),
        provider=st.sampled_from(["", "P", "Q"]),
        concepts=st.dictionaries(CONCEPTS, st.floats(0.1, 1), max_size=6),
        places=st.sampled_from([(), (HERE,), ((53.5, -2.2), (53.6, -2.3))]),
        channels=st.sampled_from([frozenset[str](), frozenset({"phone"})]),
        gender=st.sampled_from([None, "women", "men"]),
        minimum_age=st.none() | st.integers(0, 80),
        capacity_status=st.sampled_from([None, "waitlist", "no-capacity"]),
        verified_on=st.sampled_from([None, date(2026, 10, 1), date(2025, 1, 1)]),
        open_for_us=st.integers(0, 3),
    ),
    max_size=25,
    unique_by=lambda offer: offer.id,
)
SHARES = st.dictionaries(st.integers(0, 99).map(str), st.floats(0, 1), max_size=12)
LIMITS = Limits(origin=HERE, max_km=9, age=40, gender="women", groups=frozenset({"carers"}))


@settings(max_examples=80, deadline=None)
@given(
    OFFERS,
    st.dictionaries(CONCEPTS, st.integers(1, 3), max_size=3),
    st.dictionaries(CONCEPTS, st.floats(0.1, 1), max_size=4),
    SHARES,
    SHARES,
)
def test_all_at_once_gives_the_order_and_the_scores_of_one_by_one(
    offers: list[Offer],
    confirmed: dict[str, int],
    cues: dict[str, float],
    text: dict[str, float],
    likeness: dict[str, float],
) -> None:
    near = Meaning(likeness=likeness)
    found = ranking(
        *offers, confirmed=confirmed, cues=cues, limits=LIMITS, text_scores=text, meaning=near
    )
    asked = replace(
        LIMITS,
        groups=frozenset({"carers", *(c for c in confirmed if SHIPPED.concepts[c].is_audience)}),
        heard_groups=frozenset(cues),
    )
    wanted = wants(confirmed, cues, {}, LIMITS, SHIPPED)
    plain = one_by_one.ordered(
        one_by_one.candidates(offers, wanted, text, SHIPPED, near), asked, ON, SHIPPED
    )
    first = shown_once([scored.offer for scored in plain], most=40)
    scores = {scored.offer.id: round(scored.score, 6) for scored in plain}
    assert [(m.offer, m.also, m.score) for m in found.matches] == [
        (offer, also, scores[offer.id]) for offer, also in first
    ]


@settings(max_examples=30, deadline=None)
@given(OFFERS, st.dictionaries(CONCEPTS, st.integers(1, 3), min_size=1, max_size=3))
def test_a_shorter_list_is_the_head_of_a_longer_one_with_all_near_duplicates(
    offers: list[Offer], confirmed: dict[str, int]
) -> None:
    prepared = Prepared.of(offers, SHIPPED)
    every = ranked(offers, confirmed, at_most=40)
    assert ranked(prepared, confirmed, at_most=40) == every
    for most in (1, 3):
        short = ranked(prepared, confirmed, at_most=most)
        assert short.matches == every.matches[:most]
        assert short.not_shown == every.not_shown


def test_a_near_duplicate_far_down_the_list_still_stands_beside_the_first() -> None:
    def at(town: str, provider: str, weight: float) -> Offer:
        about = {"concepts": {"gardening": weight}}
        return service(f"{town}{provider}", name=f"Garden in {town}", provider=provider, **about)

    others = [at("Leigh", f"Q{number}", 0.9) for number in range(4)]
    found = ranked([at("Bury", "P", 1.0), at("Leigh", "P", 0.1), *others], {"gardening": 2}, 2)
    assert [match.offer.id for match in found.matches] == ["BuryP", "LeighQ0"]
    assert [offer.id for offer in found.matches[0].also] == ["LeighP"]


def ranked(
    offers: list[Offer] | Prepared, confirmed: Mapping[str, int], at_most: int, **more: object
) -> Ranking:
    return rank(
        offers,
        confirmed=confirmed,
        cues={},
        text_scores={},
        limits=LIMITS,
        lexicon=SHIPPED,
        on=ON,
        at_most=at_most,
        **more,  # type: ignore[arg-type]
    )


def test_what_it_is_asked_to_leave_away_is_neither_shown_nor_counted() -> None:
    offers = [service("g", "gardening"), service("h", "gardening", gender="men")]
    prepared = Prepared.of(offers, SHIPPED)
    found = ranked(prepared, {"gardening": 2}, 40)
    assert (ids(found), found.not_shown[0].count) == (["g"], 1)
    assert ranked(prepared, {"gardening": 2}, 40, without={"g", "h", "?"}) == Ranking((), ())


def test_how_many_referrals_are_open_is_told_with_each_request() -> None:
    prepared = Prepared.of([service("a", "gardening"), service("b", "gardening")], SHIPPED)
    assert ids(ranked(prepared, {"gardening": 2}, 40, busy={"a": 2})) == ["b", "a"]
    assert ids(ranked(prepared, {"gardening": 2}, 40, busy={"b": 2, "?": 1})) == ["a", "b"]


def test_what_was_made_ready_by_other_concept_files_is_made_ready_again() -> None:
    abuse = SHIPPED.concepts["domestic_abuse"]
    harmless = Lexicon.of({"domestic_abuse": replace(abuse, sensitive=False)})
    prepared = Prepared.of([service("a", "domestic_abuse")], harmless)
    cues = {"domestic_abuse": 0.2}
    assert ranking(*prepared.offers, cues=cues).matches == ()
    assert ids(rank_with(prepared, cues, harmless)) == ["a"]
    assert ids(rank_with(prepared, cues, SHIPPED)) == []


def rank_with(offers: Prepared, cues: Mapping[str, float], lexicon: Lexicon) -> Ranking:
    return rank(
        offers, confirmed={}, cues=cues, text_scores={}, limits=Limits(), lexicon=lexicon, on=ON
    )


def test_who_is_left_out_is_looked_up_only_when_asked_for() -> None:
    names = ["Oak", "Ash", "Elm"]
    offers = [service(name, "gardening", name=name, gender="men") for name in names]
    (group,) = ranked(offers, {"gardening": 2}, 40).not_shown
    assert group.count == 3
    assert [offer.name for offer in group.offers[:2]] == ["Ash", "Elm"]
    assert list(group.offers) == [offers[1], offers[2], offers[0]]
    assert (group.offers[-1].name, hash(group.offers)) == ("Oak", hash(group.offers))
    assert group.offers != offers


def test_the_most_promising_of_what_is_left_out_is_told_best_first() -> None:
    men = [service(code, "gardening", name=code, gender="men") for code in ("b", "a")]
    weak = service("w", gender="men", concepts={"gardening": 0.2})
    late = replace(men[0], id="c", capacity_status="waitlist")
    offers = [service("g", "gardening"), weak, late, *men]
    found = ranked(offers, {"gardening": 2}, 40)
    assert [offer.id for offer in found.nearly] == ["a", "b", "c"]
    alone = ranked([weak], {"gardening": 2}, 40)
    assert [offer.id for offer in alone.nearly] == ["w"]


def test_twenty_thousand_services_made_ready_are_ranked_in_a_moment() -> None:
    chance = random.Random(1)
    every = sorted(SHIPPED.concepts)
    places = [((53 + chance.random(), -2 - chance.random()),) for _ in range(500)]
    prepared = Prepared.of(
        [
            service(str(n), *chance.sample(every, 4), places=chance.choice(places))
            for n in range(20_000)
        ],
        SHIPPED,
    )
    taken = []
    for _ in range(5):
        started = clock.perf_counter()
        ranked(prepared, dict.fromkeys(every[:20], 2), 40)
        taken.append(clock.perf_counter() - started)
    assert min(taken) < 0.05
