"""The page of what would change a PCN’s figures: a GET form that keeps nothing."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from linkwork.database import db
from linkwork.models import Assumption, Role, SupportCase
from tests.cast import person, post, sign_in, user
from tests.conftest import NOW
from tests.pages import read

DAY = timedelta(days=1)


def cases(cast: Any, many: int, started: bool) -> None:
    """Cases of the last weeks: started nine days after their referral, or waiting."""
    helped = [person() for _ in range(many)]
    db.session.flush()
    rows = []
    for n, who in enumerate(helped):
        opened = NOW - (n % 60 + 10) * DAY
        at = opened + 9 * DAY
        row = {"person_id": who.id, "organisation_id": cast.northside.id, "opened_at": opened}
        row |= {"accepted_at": opened, "worker_id": cast.amina.id, "close_details": {}}
        rows.append({**row, "first_conversation_at": at if started else None})
    db.session.execute(insert(SupportCase), rows)


@pytest.fixture
def page(client: Any, cast: Any) -> Any:
    """The page as the lead sees it, with some numbers in its address."""
    post(cast.amina)
    cases(cast, 30, started=True)
    cases(cast, 90, started=False)
    cost = {"organisation_id": cast.northside.id, "code": "cost_per_wte", "value": 36_428.0}
    db.session.add(Assumption(**cost, from_on=date(2026, 4, 1), set_at=NOW))
    db.session.commit()
    sign_in(client, cast.lead)
    address = f"/capacity/{cast.northside.key}/what-if"
    return lambda **numbers: client.get(address, query_string=numbers)


def said(response: Any) -> str:
    return read(response.text).text


def test_the_levers_stand_side_by_side_with_what_each_brings(page: Any) -> None:
    text = said(page())
    # 82 of 251 working days are left from 1 December.
    for lever in (
        "Do nothing 0",
        "Recruit 1 WTE from 1 December 2026 ",
        "Shorten support to 10 weeks",
        "Fewer contacts: 6 for each person",
        "Move 0.2 WTE here from another PCN Another PCN would start 16 people fewer. 16 ",
    ):
        assert lever in text
    assert "2026/27, additional link workers only, to 18 November 2026." in text


@pytest.mark.one_engine
def test_numbers_are_tried_from_the_address_and_nothing_is_kept(page: Any) -> None:
    text = said(page(wte="0.5", from_on="2027-01-04", weeks="6", contacts="4", moved_wte="0.1"))
    assert "Recruit 0.5 WTE from 4 January 2027" in text
    assert "Shorten support to 6 weeks" in text
    assert "Fewer contacts: 4 for each person" in text
    assert "Move 0.1 WTE here from another PCN" in text
    assert 'value="0.5"' in page(wte="0.5").text
    assert "POST" not in page().text


@pytest.mark.one_engine
def test_extra_people_cost_their_pay(page: Any) -> None:
    rows = page(wte="1").text.split("<tr>")
    recruit = next(row for row in rows if "Recruit 1 WTE" in row)
    assert "£11,901" in recruit  # 36,428 * 82 / 251


REFUSED: list[tuple[dict[str, str], str]] = [
    ({"wte": "0"}, "WTE to recruit: enter a number from 0.1 to 50."),
    ({"wte": "NaN"}, "WTE to recruit: enter a number from 0.1 to 50."),
    ({"wte": "one"}, "Enter a number, for example 0.6."),
    ({"weeks": "1e9"}, "Shorten support to: enter a number from 1 to 104."),
    ({"contacts": "-3"}, "Contacts for each person: enter a number from 1 to 50."),
    ({"from_on": "2026-11-18"}, "Choose a day after 18 November 2026 and no later than"),
    ({"from_on": "2027-04-01"}, "Choose a day after 18 November 2026 and no later than"),
    ({"from_on": "2027-02-30"}, "Enter a real date"),
]


@pytest.mark.one_engine
def test_what_cannot_be_is_refused_in_words(page: Any) -> None:
    for numbers, sentence in REFUSED:
        response = page(**numbers)
        assert response.status_code == 422
        assert sentence in said(response)
        assert "What each would bring" not in said(response)


@pytest.mark.one_engine
def test_the_other_pcn_is_one_whose_figures_the_reader_may_see(
    page: Any, client: Any, cast: Any
) -> None:
    assert "Southside PCN" not in said(page())
    board_lead = user("Lena Field", cast.board, Role.PCN_LEAD)
    post(cast.cath, wte="0.3")
    db.session.commit()
    sign_in(client, board_lead)
    text = said(page(moved_from=cast.southside.key))
    assert "Move 0.2 WTE here from Southside PCN Southside PCN would start 16 people fewer." in text
    refused = said(page(moved_from=cast.southside.key, moved_wte="0.4"))
    assert "Southside PCN has less than that at work." in refused


@pytest.mark.one_engine
def test_another_pcn_has_no_such_page(client: Any, page: Any, cast: Any) -> None:
    assert client.get(f"/capacity/{cast.southside.key}/what-if").status_code == 404
