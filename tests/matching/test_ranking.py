"""The ranked list: order, bands, reasons, cautions, and what is left out and why."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest

from linkwork.matching import Limits, Ranking, Session, describe
from tests.matching.ranked import HERE, SHIPPED, ids, ranking, service

GARDEN, GRIEF, DEBT = service("g", "gardening"), service("b", "bereavement"), service("d", "debt")


def test_only_services_with_evidence_are_shown() -> None:
    assert ids(ranking(GARDEN, GRIEF, DEBT, confirmed={"gardening": 2})) == ["g"]


def test_nothing_wanted_shows_nothing() -> None:
    assert ranking(GARDEN, GRIEF) == Ranking((), ())


def test_no_services_show_nothing() -> None:
    assert ranking(confirmed={"gardening": 2}) == Ranking((), ())


def test_what_is_confirmed_stands_above_what_was_only_heard() -> None:
    found = ranking(GRIEF, GARDEN, confirmed={"gardening": 1}, cues={"bereavement": 1.0})
    assert ids(found) == ["g", "b"]


def test_what_matters_more_stands_higher() -> None:
    assert ids(ranking(GARDEN, GRIEF, confirmed={"gardening": 1, "bereavement": 3})) == ["b", "g"]


def test_reasons_come_from_what_scored_and_quote_the_note() -> None:
    both = service(
        "x",
        "gardening",
        "bereavement",
        places=((53.49, -2.24),),
        sessions=(Session(1, time(10), time(12)),),
        cost=Decimal(0),
    )
    found = ranking(
        both,
        confirmed={"gardening": 2},
        cues={"bereavement": 0.8},
        cue_words={"bereavement": ("since his wife died",)},
        limits=Limits(origin=HERE, max_km=3),
    )
    assert found.matches[0].reasons == (
        "gardening (confirmed)",
        "bereavement (“since his wife died”)",
        "0.7 miles away",
        "Tuesday 10am to 12 noon",
        "Free",
    )


def test_a_concept_near_to_a_need_says_what_it_goes_with() -> None:
    found = ranking(service("c", "coffee_morning"), confirmed={"loneliness": 2})
    assert found.matches[0].reasons == ("coffee and a chat (goes with loneliness)",)
    assert found.matches[0].band == "possible"


def test_the_best_answer_to_a_confirmed_need_is_good_and_a_weak_one_possible() -> None:
    weak = service("w", "bereavement")
    found = ranking(GARDEN, weak, confirmed={"gardening": 3}, cues={"bereavement": 0.3})
    assert [match.band for match in found.matches] == ["good", "possible"]


def test_a_hint_alone_is_never_good() -> None:
    assert ranking(DEBT, cues={"debt": 0.3}).matches[0].band == "possible"


def test_shared_words_alone_are_possible_and_say_so() -> None:
    found = ranking(service("x", "choir"), service("y"), text_scores={"x": 4.0, "y": 1.0})
    assert [(m.offer.id, m.band, m.reasons) for m in found.matches] == [
        ("x", "possible", ("shares words with the note",))
    ]


@pytest.mark.parametrize(
    ("facts", "limits", "limit", "words"),
    [
        ({"places": ((55.0, -2.24),)}, {"origin": HERE, "max_km": 5}, "distance", "too far"),
        ({"gender": "women"}, {"gender": "men"}, "gender", "women only"),
        ({"capacity_status": "no-capacity"}, {}, "places", "full"),
        ({"ends_on": date(2026, 1, 1)}, {}, "ended", "ended"),
        ({"minimum_age": 60}, {"age": 30}, "age", "for another age"),
        ({"cost": Decimal(9)}, {"max_cost": Decimal(5)}, "cost", "too expensive"),
        (
            {"sessions": (Session(6),)},
            {"days": frozenset({0})},
            "time",
            "not on their days or times",
        ),
    ],
)
def test_what_breaks_a_limit_is_left_out_and_counted_with_the_reason(
    facts: dict[str, object], limits: dict[str, object], limit: str, words: str
) -> None:
    out = [replace(GARDEN, id=code, **facts) for code in ("1", "2")]  # type: ignore[arg-type]
    asked = Limits(**limits)  # type: ignore[arg-type]
    found = ranking(*out, DEBT, confirmed={"gardening": 2}, limits=asked)
    assert found.matches == ()
    assert [(n.limit, n.words, n.count) for n in found.not_shown] == [(limit, words, 2)]


def test_what_nobody_asked_for_is_not_counted_among_the_left_out() -> None:
    far = replace(DEBT, places=((55.0, -2.24),))
    found = ranking(far, confirmed={"gardening": 2}, limits=Limits(origin=HERE, max_km=5))
    assert found == Ranking((), ())


def test_a_blank_field_stays_in_the_list_with_a_caution_below_one_that_is_known() -> None:
    known = replace(GARDEN, id="z", provider="z", minimum_age=18)
    found = ranking(GARDEN, known, confirmed={"gardening": 2}, limits=Limits(age=40))
    assert ids(found) == ["z", "g"]
    assert found.matches[1].cautions == ("age limit not stated: check with the provider",)


def test_a_stale_entry_sinks_and_says_when_it_was_checked() -> None:
    stale = replace(GARDEN, id="a", provider="a", verified_on=date(2025, 3, 5))
    found = ranking(stale, GARDEN, confirmed={"gardening": 2})
    assert ids(found) == ["g", "a"]
    assert found.matches[1].cautions == ("last checked on 5 March 2025: ring before you send",)


def test_a_waiting_list_is_a_caution_not_a_refusal() -> None:
    found = ranking(replace(GARDEN, capacity_status="waitlist"), confirmed={"gardening": 2})
    assert found.matches[0].cautions == ("waiting list: ask how long",)


def test_the_nearer_of_two_equal_services_is_first() -> None:
    near = replace(GARDEN, id="z", provider="z", places=((53.481, -2.24),))
    far = replace(GARDEN, id="a", provider="a", places=((53.51, -2.24),))
    limits = Limits(origin=HERE, max_km=5)
    assert ids(ranking(far, near, confirmed={"gardening": 2}, limits=limits)) == ["z", "a"]


def test_ties_go_to_the_service_with_fewer_of_our_open_referrals() -> None:
    busy = replace(GARDEN, id="a", provider="a", open_for_us=5)
    assert ids(ranking(busy, GARDEN, confirmed={"gardening": 2})) == ["g", "a"]


def test_near_duplicates_of_one_provider_are_shown_once_with_the_others_beside() -> None:
    twins = [
        service(town, "gardening", name=f"Growing Well – {town}", provider="Growers")
        for town in ("Bury", "Leigh")
    ]
    found = ranking(*twins, GARDEN, confirmed={"gardening": 2})
    assert ids(found) == ["Bury", "g"]
    assert [offer.id for offer in found.matches[0].also] == ["Leigh"]


def test_different_activities_of_one_provider_are_both_shown() -> None:
    one = service("1", "gardening", name="Allotment mornings", provider="P")
    two = service("2", "gardening", name="Window boxes at home", provider="P")
    assert ids(ranking(one, two, confirmed={"gardening": 2})) == ["1", "2"]


def test_a_service_for_a_group_asks_before_it_is_sent_to_somebody_else() -> None:
    theirs = service("v", "veterans", "gardening")
    found = ranking(theirs, GARDEN, confirmed={"gardening": 2})
    assert ids(found) == ["g", "v"]
    assert found.matches[1].cautions == ("seems to be for veterans: check with the provider",)


def test_a_confirmed_group_opens_what_is_only_for_it() -> None:
    theirs = service("v", "veterans", groups=frozenset({"veterans"}))
    asked = Limits(groups=frozenset())
    assert ids(ranking(theirs, confirmed={"veterans": 2}, limits=asked)) == ["v"]
    asked = Limits(groups=frozenset(), all_groups=False)
    heard = ranking(theirs, cues={"veterans": 0.9}, limits=asked)
    assert heard.matches[0].cautions == ("for veterans: check that this is them",)


ABUSE = service("s", "domestic_abuse", "loneliness")


@pytest.mark.parametrize(
    ("confirmed", "cues", "shown"),
    [
        ({"loneliness": 3}, {}, False),
        ({}, {"loneliness": 1.0}, False),
        ({}, {"domestic_abuse": 0.3}, False),
        ({"women": 3}, {}, False),
        ({}, {"domestic_abuse": 0.8}, True),
        ({"domestic_abuse": 1}, {}, True),
    ],
)
def test_a_sensitive_service_needs_its_own_cue_or_a_confirmed_need(
    confirmed: dict[str, int], cues: dict[str, float], shown: bool
) -> None:
    found = ranking(ABUSE, confirmed=confirmed, cues=cues, text_scores={"s": 9.0})
    assert ids(found) == (["s"] if shown else [])


def test_a_sensitive_service_without_a_cue_is_not_even_counted_as_left_out() -> None:
    far = replace(ABUSE, places=((55.0, -2.24),))
    limits = Limits(origin=HERE, max_km=5)
    assert ranking(far, confirmed={"loneliness": 2}, limits=limits) == Ranking((), ())


def test_a_sensitive_word_in_passing_does_not_hide_a_service() -> None:
    lake = replace(service("f", "fishing"), concepts={"fishing": 1.0, "alcohol": 0.3})
    assert ids(ranking(lake, confirmed={"fishing": 2})) == ["f"]


def test_a_sensitive_matter_in_the_description_guards_whatever_is_in_the_name() -> None:
    text = "A drop-in for women affected by domestic abuse, with lunch and a listening ear."
    concepts = describe(name="Haven Women's Centre", description=text, lexicon=SHIPPED)
    haven = replace(service("h"), concepts=concepts)
    assert ids(ranking(haven, confirmed={"women": 2, "loneliness": 2, "lunch_club": 2})) == []
    assert ids(ranking(haven, confirmed={"domestic_abuse": 2})) == ["h"]


def test_a_concept_that_the_lexicon_no_longer_knows_does_no_harm() -> None:
    assert ids(ranking(service("x", "gone"), confirmed={"gone": 2})) == ["x"]


def test_a_ranking_says_what_it_kept_to_with_the_groups_that_were_confirmed() -> None:
    found = ranking(
        service("a", "carers"), confirmed={"carers": 2}, limits=Limits(groups=frozenset())
    )
    assert found.limits.groups == {"carers"}
