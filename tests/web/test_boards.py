"""Several PCNs side by side: for their board, and for those who look at all of England."""

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from linkwork.casework import targets
from linkwork.models import OrganisationKind, Role
from tests.cast import case as make_case
from tests.cast import organisation, sign_in, user
from tests.conftest import NOW
from tests.web.test_capacity import YEAR, counted, leader_of, listed, post, reader, started

MOST_QUERIES = 16
STARTED = ["Withheld", "9", "Withheld", "Withheld", "26"]


@pytest.fixture
def boards(cast: Any) -> Any:
    """Moorvale’s two PCNs and two more, a board of another region, and who looks at them."""
    cast.board.region = "North West"
    cast.far = organisation("Far board", OrganisationKind.ICB, region="London")
    cast.more = [organisation(f"More {n}", OrganisationKind.PCN, parent=cast.board) for n in "ab"]
    cast.away = organisation("Far PCN", OrganisationKind.PCN, parent=cast.far)
    nation = organisation("England office", OrganisationKind.NATIONAL)
    cast.national = user("Nat Irving", nation, Role.PCN_LEAD)
    cast.leader = leader_of(cast.board)
    return cast


@pytest.fixture
def counts(boards: Any) -> Any:
    """People started there, with one count that is small."""
    for n, pcn in enumerate((boards.northside, boards.southside, *boards.more, boards.away)):
        listed(pcn, 30_000 + 5_000 * n)
        post(None, pcn, additional=False)
        for _ in range((1, 8, 8, 9, 8)[n]):
            started(boards.amina, pcn)
    targets.freeze_shares(YEAR, by=None, at=NOW)
    return boards


def test_a_board_sees_its_pcns_and_enough_is_withheld_to_hide_a_small_count(
    client: Any, counts: Any
) -> None:
    text = reader(client, counts.leader).page("/capacity?sort=started").text
    assert "By 18 November 2026 our 4 PCNs started 26 people; their shares to date come" in text
    # In order of name, not of their counts.
    assert re.search(
        "More b 9 .*More a Withheld .*Northside PCN Withheld .*Southside PCN Withheld", text
    )
    assert re.search(r"More b 2\.0 \d\.\d to \d\.\d Like the others", text)
    assert "Far PCN" not in text
    weighed = client.page("/capacity?by=deprivation").text
    assert "No deprivation profile" in weighed
    assert "No PCN can be compared. A comparison needs a printed count" in weighed


def test_england_is_summed_by_region_and_board_and_opens_a_board(
    client: Any, counts: Any, clock: Any
) -> None:
    clock.advance(days=13)
    page = reader(client, counts.national).page
    text = page("/capacity/england").text
    assert "By 30 November 2026" in text
    assert "England’s 5 PCNs started 34 people" in text
    assert "London 8 " in text
    assert "North West 26 " in text
    assert "Far board 1 PCN London 8 " in text
    board = page(f"/capacity/england/{counts.board.key}").text
    assert "Northside PCN Withheld" in board
    assert "More b 9" in board


def test_england_does_not_move_from_day_to_day_and_its_boards_own_page_does(
    client: Any, counts: Any
) -> None:
    make_case(counts.northside)
    sign_in(client, counts.national)
    for path in ("/capacity/england", f"/capacity/england/{counts.board.key}"):
        text = client.page(path).text
        assert (
            "to 31 October 2026. These tables count up to the end of the last whole month" in text
        )
        # Whoever was started or referred this month is not in it: 0 started, 0 waiting.
        assert re.search(r"(England|All PCNs) 0 .* 0 ", text)
        assert "PCN Withheld" not in text
    saved = client.get("/capacity/england.csv").text
    assert "2026-10-31" in saved
    assert "2026-11" not in saved
    own = reader(client, counts.leader).page("/capacity").text
    assert "to 18 November 2026." in own
    assert "last whole month" not in own


@pytest.mark.one_engine
def test_a_lead_of_one_pcn_is_sent_away_before_all_of_england_is_read(
    client: Any, boards: Any
) -> None:
    sign_in(client, boards.lead)
    for ending in ("csv", "xlsx"):
        with counted() as statements:
            assert client.get(f"/capacity/board.{ending}").status_code == 302
        assert not any("FROM post" in statement for statement in statements)


@pytest.mark.one_engine
def test_whoever_sees_england_finds_no_pcn_and_no_case(client: Any, boards: Any) -> None:
    client = sign_in(client, boards.national)
    assert client.get("/capacity").headers["Location"].endswith("/capacity/england")
    assert client.get(f"/capacity/{boards.northside.key}").status_code == 404
    assert client.get(f"/capacity/england/{boards.northside.key}").status_code == 404
    assert client.get("/cases").status_code == 403


@pytest.mark.one_engine
def test_only_a_national_body_sees_england(client: Any, boards: Any) -> None:
    for who in (boards.leader, boards.lead):
        client = sign_in(client, who)
        assert client.get("/capacity/england").status_code == 403
        assert client.get(f"/capacity/england/{boards.board.key}").status_code == 403


@pytest.mark.one_engine
def test_a_board_costs_a_fixed_number_of_queries_and_so_does_england(
    client: Any, boards: Any
) -> None:
    for who, path in ((boards.leader, "/capacity"), (boards.national, "/capacity/england")):
        sign_in(client, who)
        with counted() as statements:
            client.page(path)
        assert len(statements) <= MOST_QUERIES, "\n\n".join(statements)


@pytest.mark.one_engine
def test_the_tables_leave_as_they_are_printed(client: Any, counts: Any, clock: Any) -> None:
    client = sign_in(client, counts.leader)
    lines = client.get("/capacity/board.csv").text.lstrip("\ufeff").splitlines()
    assert lines[0].startswith("PCN,People started,Share to date,Share of the year,")
    assert [line.split(",")[1] for line in lines[1:]] == STARTED
    assert client.get("/capacity/board.xlsx").status_code == 200
    assert client.get("/capacity/england.csv").status_code == 403
    clock.advance(days=13)
    client = sign_in(client, counts.national)
    assert "London,Far board,Far PCN,8," in client.get("/capacity/england.csv").text
    with ZipFile(BytesIO(client.get("/capacity/england.xlsx").data)) as book:
        sheets = re.findall('<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    assert sheets == ["Definitions", "PCNs", "Boards", "Regions"]
    assert sign_in(client, counts.lead).get("/capacity/board.csv").status_code == 302
