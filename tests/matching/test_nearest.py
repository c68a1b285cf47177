"""What unknown words may have been meant as, and why one service was left out."""

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.casework.lexicon import lexicon
from linkwork.matching import Limits, Offer, Session
from linkwork.matching.nearest import nearest
from linkwork.matching.refusals import why

ON = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("gardning", "gardening"), ("loanliness", "loneliness"), ("swiming lessons", "swimming"),
     ("DEPT problem", "debt")],
)  # fmt: skip
def test_a_slip_of_the_keys_is_offered_what_it_was_meant_as(typed: str, meant: str) -> None:
    assert meant in [concept.label for concept in nearest(typed, lexicon())]


@pytest.mark.parametrize("typed", ["", "   ", "xylophagous quandary", "<script>", "…", "'"])
def test_what_is_like_nothing_is_offered_nothing(typed: str) -> None:
    assert nearest(typed, lexicon()) == ()


@given(st.text(max_size=120))
def test_any_words_are_answered_with_at_most_three_and_always_the_same(typed: str) -> None:
    found = nearest(typed, lexicon())
    assert len(found) <= 3
    assert found == nearest(typed, lexicon())


@pytest.mark.parametrize(
    ("facts", "limits", "limit", "words"),
    [
        ({"places": ((53.5, -2.2),)}, {"origin": (53.4, -2.2), "max_km": 2.0}, "distance",
         "6.9 miles away"),
        ({"gender": "women"}, {"gender": "men"}, "gender", "women only"),
        ({"minimum_age": 80}, {"age": 40}, "age", "aged 80 and over"),
        ({"cost": Decimal("7.50")}, {"max_cost": Decimal(5)}, "cost", "£7.50"),
        ({"sessions": (Session(2, time(14), time(16)),)}, {"days": frozenset({0})}, "time",
         "Wednesday 2pm to 4pm"),
        ({"ends_on": date(2026, 11, 1)}, {}, "ended", "ended on 1 November 2026"),
        ({"capacity_status": "no-capacity"}, {}, "places", "full"),
        ({}, {}, "distance", ""),
    ],
)  # fmt: skip
def test_each_service_left_out_has_its_own_reason(
    facts: dict, limits: dict, limit: str, words: str
) -> None:
    assert why(Offer("1", "Garden", **facts), limit, Limits(**limits), on=ON) == words


def test_many_times_are_not_all_told() -> None:
    sessions = tuple(Session(day, time(9), time(10)) for day in range(5))
    said = why(Offer("1", "Garden", sessions=sessions), "time", Limits(), on=ON)
    assert said.endswith("and 2 more")
