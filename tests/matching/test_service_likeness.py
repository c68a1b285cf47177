"""Entries that may be the same activity are found, and those that only resemble are not."""

import time
from dataclasses import replace
from itertools import pairwise

import pytest

from linkwork.matching.service_likeness import Entry, compare, pairs

CHOIR = Entry(
    1,
    "Riverside Choir",
    "Riverside Trust",
    frozenset({"M14 5RX"}),
    frozenset({"M14"}),
    "1619610100",
    "choir.example/sing",
)
NOTHING = {
    "provider": "",
    "postcodes": frozenset[str](),
    "outcodes": frozenset[str](),
    "phone": "",
    "web": "",
}


def other(**facts: object) -> Entry:
    return replace(CHOIR, id=2, **facts)


@pytest.mark.parametrize(
    "twin",
    [
        other(),
        other(name="The Riverside Choir"),
        other(name="Choir, Riverside", phone=""),
        other(provider="", phone="", web=""),
        other(postcodes=frozenset(), phone="", web=""),
        other(**{**NOTHING, "phone": CHOIR.phone}),
        other(name="Riverside Chior", phone="", web=""),
    ],
)
def test_the_same_activity_of_two_lists_is_found(twin: Entry) -> None:
    found = pairs([CHOIR, twin])
    assert [(pair.one, pair.other) for pair in found] == [(1, 2)]
    assert found == [compare(twin, CHOIR)]


@pytest.mark.parametrize(
    "another",
    [
        other(name="Riverside Football"),
        other(name="Riverside Choir Tuesdays", postcodes=CHOIR.postcodes),
        other(name="Riverside Choir 2"),
        other(**NOTHING),
        other(postcodes=frozenset({"OL1 1AA"}), outcodes=frozenset({"OL1"}), phone="", web=""),
    ],
)
def test_what_only_resembles_is_not_asked_about(another: Entry) -> None:
    assert pairs([CHOIR, another]) == []


def test_two_things_of_one_place_are_two() -> None:
    one = replace(CHOIR, name="Park School - Grass pitches")
    assert pairs([one, other(name="Park School - Sports halls")]) == []
    assert pairs([one, other(name="Park School")]) == []
    assert (
        len(pairs([replace(CHOIR, name="Hale Golf Club - Golf"), other(name="Hale Golf Club")]))
        == 1
    )


def test_why_is_said_the_weightiest_first() -> None:
    [pair] = pairs([CHOIR, other(provider="Moor Council", phone="1619610999")])
    assert pair.agrees == ("the same name", "the same postcode", "the same web page")
    assert pair.differs == ("different providers", "different phone numbers")
    assert pair.is_almost_certain is (pair.points >= 6)


def test_a_large_directory_is_gone_through_in_seconds_and_in_order() -> None:
    words = "art walk song craft chair tea lunch games dance drum yarn seed clay film book".split()
    entries = [
        Entry(
            number,
            f"{words[number % 15]} {words[number // 15 % 15]} group of {number % 997}x",
            f"Provider {number % 400}",
            frozenset({f"M{number % 90} {number % 9}AA"}),
            frozenset({f"M{number % 90}"}),
            "1619610000",
        )
        for number in range(20_000)
    ]
    begun = time.perf_counter()
    found = pairs([*entries, replace(CHOIR, id=30_000), replace(CHOIR, id=30_001)])
    assert time.perf_counter() - begun < 15
    assert (30_000, 30_001) in {(pair.one, pair.other) for pair in found}
    assert all(one.points >= two.points for one, two in pairwise(found))
