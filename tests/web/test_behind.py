"""What is behind a figure: rows that name workers and nobody else, and what the figure means."""

from datetime import date, timedelta
from typing import Any

import pytest

from linkwork.capacity import calendar
from linkwork.casework import allocation
from linkwork.database import db
from linkwork.models import CloseReason, PostState
from linkwork.reports import behind
from tests.cast import case, contact, person, sign_in
from tests.conftest import NOW
from tests.web.test_capacity import northside, post, started

__all__ = ["northside"]

pytestmark = pytest.mark.one_engine
CLOSED = {"closed_at": NOW, "close_reason": CloseReason.PLAN_COMPLETED}


def page(client: Any, cast: Any, figure: str, **args: str) -> str:
    sign_in(client, cast.lead)
    asked = "&".join(f"{name}={value}" for name, value in args.items())
    text: str = client.page(f"/capacity/{cast.northside.key}/behind/{figure}?{asked}").text
    return text


def test_people_started_are_listed_by_day_and_worker_and_never_by_name(
    client: Any, northside: Any
) -> None:
    twice = person("Wilhelmina", "Secret")
    started(northside.amina, northside.northside, days_ago=200, person=twice, **CLOSED)
    started(northside.amina, northside.northside, person=twice)
    text = page(client, northside, "people_started")
    assert "People started: 22 people" in text
    assert "1 row of people who are in the list already." in text
    assert "18 November 2026 Amina Okafor Additional" in text
    assert "Ben Harte" not in text
    assert "18 November 2026 Ben Harte Existing" in page(
        client, northside, "people_started", scope="all"
    )
    assert "Secret" not in text
    assert "Wilhelmina" not in text


def test_what_waits_is_listed_from_the_longest_wait_on(client: Any, northside: Any) -> None:
    case(northside.northside, opened_at=NOW - timedelta(days=30), worker=northside.amina)
    text = page(client, northside, "waiting")
    assert "Waiting: 2 people" in text
    assert "2026/27, all link workers, to 18 November 2026." in text
    first = "19 October 2026 4 weeks Amina Okafor Routine"
    assert f"{first} 8 November 2026 1 week Nobody Routine" in text


def test_what_waited_then_is_what_was_counted_then_with_who_had_it(
    client: Any, northside: Any
) -> None:
    then = {"opened_at": NOW - timedelta(days=79), "accepted_at": NOW - timedelta(days=78)}
    error = {"closed_at": NOW - timedelta(days=59), "close_reason": CloseReason.OPENED_IN_ERROR}
    case(northside.northside, worker=northside.amina, **then, **error)
    handed = case(northside.northside, worker=northside.amina, **then)
    allocation.allocate(handed, northside.ben, by=northside.supervisor, at=NOW)
    text = page(client, northside, "waiting", as_of="2026-09-10")
    assert "Waiting: 1 person" in text
    assert text.count("31 August 2026 1 week") == 1
    assert "31 August 2026 1 week Amina Okafor" in text


def test_the_capacity_of_the_year_is_that_of_its_rows(client: Any, northside: Any) -> None:
    late = {"start_on": date(2026, 9, 1), "state": PostState.APPOINTED}
    post(northside.cath, northside.northside, **late)
    text = page(client, northside, "capacity")
    # From 19 November on, as she is not marked as begun: 90 of the 147 days since 1 September.
    assert "Cath Doyle 1.00 90.0" in text


def test_the_ceilings_open_to_the_closed_cases_and_their_assumptions(
    client: Any, northside: Any
) -> None:
    closed = started(northside.amina, northside.northside, days_ago=140, **CLOSED)
    contact(closed, by=northside.amina, at=NOW - timedelta(days=3))
    text = page(client, northside, "people_per_wte")
    assert "104 people a year for each WTE" in text  # 40 * 52 / 20 weeks
    assert "Length of support limits you now (20 weeks)." in text
    assert "18 November 2026 20.0 2 Amina Okafor" in text
    assert "Open cases one WTE can hold 40 standard cases" in text


def test_the_projection_opens_to_the_days_that_each_post_still_brings(
    client: Any, northside: Any
) -> None:
    text = page(client, northside, "projected")
    assert "21 people in 65.0 WTE-days since 19 August 2026." in text
    assert "Amina Okafor 1.00 90.0" in text


def test_every_figure_opens_where_nothing_is_recorded_yet(client: Any, cast: Any) -> None:
    for figure in behind.FIGURES:
        assert "What is behind it" in page(client, cast, figure)


def test_no_other_figure_and_no_other_pcn_opens(client: Any, northside: Any) -> None:
    sign_in(client, northside.lead)
    for address in (
        f"{northside.northside.key}/behind/names",
        f"{northside.northside.key}/behind/funnel.names",
        f"{northside.southside.key}/behind/waiting",
        f"{northside.southside.key}/behind/practices",
    ):
        assert client.get(f"/capacity/{address}").status_code == 404


def test_a_day_gone_by_is_shown_as_it_was_and_one_that_cannot_be_says_why(
    client: Any, northside: Any
) -> None:
    case(northside.northside, opened_at=NOW - timedelta(days=400))
    db.session.flush()
    sign_in(client, northside.lead)
    address = f"/capacity/{northside.northside.key}?as_of="
    assert (
        "By 30 September this PCN has started 4 people" in client.page(address + "2026-09-30").text
    )
    assert "2025/26, additional link workers only, to 31 December 2025." in (
        client.page(address + "2025-12-31").text
    )
    for day, why in {
        "2027-01-01": "1 January 2027 is still to come, so this page shows today.",
        "2020-01-01": "There is nothing before 1 April 2025, so this page shows today.",
        "tomorrow": "That is not a date we can read, so this page shows today.",
    }.items():
        text = client.page(address + day).text
        assert why in text
        assert "By 18 November this PCN has started 21 people" in text


def test_who_leaves_and_who_starts_is_marked_on_the_chart(client: Any, northside: Any) -> None:
    post(northside.cath, northside.northside, start_on=date(2026, 10, 1), end_on=date(2027, 1, 31))
    text = page(client, northside, "wte_in_post")
    assert "Cath" in text
    drawn = client.get("/capacity").text
    assert drawn.count("Cath Doyle starts") == drawn.count("Cath Doyle leaves") == 2


def test_a_year_without_bank_holidays_is_said_instead_of_a_wrong_number(
    client: Any, northside: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(year: int) -> tuple[date, ...]:
        raise calendar.BankHolidaysUnknown(f"The bank holidays of {year} are not known.")

    sign_in(client, northside.lead)
    monkeypatch.setattr(calendar, "_working_days_of", unknown)
    answer = client.get("/capacity")
    assert answer.status_code == 422
    assert "The bank holidays of 2026 are not known." in answer.text
