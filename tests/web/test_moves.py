"""WTE moved from one PCN of a board to another: both sides, and nothing is written."""

import re
from decimal import Decimal
from typing import Any

import pytest

from tests.cast import case, sign_in
from tests.web.test_capacity import leader_of, post, reader, started


@pytest.fixture
def two(cast: Any) -> Any:
    """Northside with a whole post and a queue, Southside with half a post."""
    cast.leader = leader_of(cast.board)
    post(cast.amina, cast.northside)
    post(cast.cath, cast.southside, wte=Decimal("0.50"))
    for pcn, worker, people in (
        (cast.northside, cast.amina, 4),
        (cast.southside, cast.cath, 3),
    ):
        for n in range(people):
            started(worker, pcn, days_ago=7 * n)
        for _ in range(12 if pcn is cast.northside else 1):
            case(pcn)
    return cast


def asked(cast: Any, **changes: str) -> str:
    given = {"giving": cast.southside.key, "receiving": cast.northside.key, "wte": "0.2",
             "from_on": "2026-12-01", **changes}  # fmt: skip
    return "/capacity/move?" + "&".join(f"{name}={value}" for name, value in given.items())


@pytest.mark.one_engine
def test_both_sides_of_a_move_are_shown(client: Any, two: Any) -> None:
    text = reader(client, two.leader).page(asked(two)).text
    found = re.search(
        r"Southside PCN would start (\d+) \w+ fewer by 31 March and Northside PCN (\d+) more", text
    )
    assert found
    lost, won = map(int, found.groups())
    assert 0 < lost < won
    assert f"together {won - lost} more." in text
    assert f" -{lost} " in text
    assert "0.2 WTE from 1 December 2026." in text


@pytest.mark.one_engine
def test_what_cannot_be_moved_is_refused_in_words(client: Any, two: Any) -> None:
    client = sign_in(client, two.leader)
    for name, value, words in (
        ("receiving", two.southside.key, "Choose two different PCNs."),
        ("wte", "0.8", "Southside PCN has 0.5 WTE at work."),
        ("wte", "much", "Enter a number, for example 0.6."),
        ("wte", "NaN", "number from 0.1 to 20."),
        ("from_on", "2026-11-18", "Choose a day after 18 November 2026"),
        ("giving", "AAAAAAAAAAAA", "Not a valid choice"),
    ):
        answer = client.get(asked(two, **{name: value}))
        assert answer.status_code == 422
        assert words in answer.text


@pytest.mark.one_engine
def test_somebody_with_one_pcn_has_nothing_to_move_between(client: Any, cast: Any) -> None:
    answer = sign_in(client, cast.lead).get("/capacity/move")
    assert answer.headers["Location"].endswith("/capacity")
