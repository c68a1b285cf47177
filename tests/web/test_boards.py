"""Several PCNs side by side: for their board, and for those who look at all of England."""

from typing import Any

import pytest

from linkwork.casework import targets
from linkwork.models import OrganisationKind, Role
from tests.cast import organisation, sign_in, user
from tests.conftest import NOW
from tests.web.test_capacity import YEAR, counted, leader_of, listed, post, reader, started

MOST_QUERIES = 16


@pytest.fixture
def boards(cast: Any) -> Any:
    """Moorvale’s two PCNs and three more, and a board of another region with three."""
    cast.board.region = "North West"
    far = organisation("Far board", OrganisationKind.ICB, region="London")
    cast.more = [organisation(f"More {n}", OrganisationKind.PCN, parent=cast.board) for n in "abc"]
    cast.far = [organisation(f"Far {n}", OrganisationKind.PCN, parent=far) for n in "abc"]
    cast.far_board = far
    cast.nation = organisation("England office", OrganisationKind.NATIONAL)
    cast.national = user("Nat Irving", cast.nation, Role.PCN_LEAD)
    cast.leader = leader_of(cast.board)
    for n, pcn in enumerate((cast.northside, cast.southside, *cast.more, *cast.far)):
        listed(pcn, 30_000 + 5_000 * n)
        post(None, pcn, additional=False)
    targets.freeze_shares(YEAR, by=None, at=NOW)
    return cast


def many(worker: Any, pcn: Any, people: int) -> None:
    for _ in range(people):
        started(worker, pcn)


@pytest.fixture
def counts(boards: Any) -> Any:
    for pcn, people in zip(
        (boards.northside, boards.southside, *boards.more, *boards.far),
        (5, 9, 11, 12, 14, 8, 9, 10),
        strict=True,
    ):
        many(boards.amina, pcn, people)
    return boards


def test_a_board_sees_its_pcns_and_enough_is_withheld_to_hide_a_small_count(
    client: Any, counts: Any
) -> None:
    page = reader(client, counts.leader).page("/capacity?scope=all")
    text = page.text
    assert "By 18 November 2026 our 5 PCNs started 51 people" in text
    for name in ("Northside PCN", "Southside PCN", "More a"):
        assert f"{name} Withheld 128 200" in text or f"{name} Withheld" in text
    assert "More b 12" in text
    assert "More c 14" in text
    assert "7 or fewer" not in text
    assert "Far a" not in text


def test_a_withheld_count_has_no_place_in_the_order(client: Any, counts: Any) -> None:
    counts.northside.name = "Zeal PCN"
    for turn in ("", "&dir=desc"):
        text = reader(client, counts.leader).page(f"/capacity?scope=all&sort=started{turn}").text
        places = [
            text.index(f"{name} Withheld") for name in ("More a", "Southside PCN", "Zeal PCN")
        ]
        assert places == sorted(places)
        assert text.index("More b 12") < places[0]
    assert text.index("More c 14") < text.index("More b 12")


def test_england_is_summed_by_region_and_board_and_opens_a_board(client: Any, counts: Any) -> None:
    page = reader(client, counts.national).page
    text = page("/capacity/england?scope=all").text
    assert "England’s 8 PCNs started 78 people" in text
    assert "London 27" in text
    assert "North West 51" in text
    assert "Far board 3 PCNs London 27" in text
    board = page(f"/capacity/england/{counts.board.key}?scope=all").text
    assert "Northside PCN Withheld" in board
    assert "More b 12" in board


def test_whoever_sees_england_finds_no_pcn_and_no_case(client: Any, counts: Any) -> None:
    client = sign_in(client, counts.national)
    assert client.get("/capacity").headers["Location"].endswith("/capacity/england")
    assert client.get(f"/capacity/{counts.northside.key}").status_code == 404
    assert client.get(f"/capacity/england/{counts.northside.key}").status_code == 404
    assert client.get("/cases").status_code == 403


def test_only_a_national_body_sees_england(client: Any, counts: Any) -> None:
    for who in (counts.leader, counts.lead):
        client = sign_in(client, who)
        assert client.get("/capacity/england").status_code == 403
        assert client.get(f"/capacity/england/{counts.board.key}").status_code == 403


def test_pcns_are_compared_by_patients_and_where_they_cannot_be_it_says_why(
    client: Any, counts: Any
) -> None:
    page = reader(client, counts.leader).page
    text = page("/capacity?scope=all").text
    # 12 of 45,000 patients
    assert "2.7 Like the others" in text
    assert "None of 2 PCNs differs from the others by more than chance could explain." in text
    weighed = page("/capacity?scope=all&by=deprivation").text
    assert "No deprivation profile" in weighed
    assert "No PCN can be compared." in weighed


def test_a_board_costs_a_fixed_number_of_queries_and_so_does_england(
    client: Any, counts: Any
) -> None:
    for who, path in ((counts.leader, "/capacity"), (counts.national, "/capacity/england")):
        sign_in(client, who)
        with counted() as statements:
            client.page(path)
        assert len(statements) <= MOST_QUERIES, "\n\n".join(statements)
