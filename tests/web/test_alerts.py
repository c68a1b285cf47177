"""Alerts on the page: changed with a reason, seen on every page of the case."""

from datetime import date

import pytest

from linkwork.database import db
from linkwork.models import SupportCase
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.pages import Reader

TYPED = {
    "alert": "Large dog",
    "lone_worker": "y",
    "lone_worker_reason": "Threats from a neighbour",
    "lone_worker_review_on": "2026-12-18",
    "once": "one",
}


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina)


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    sign_in(client, cast.amina)
    return client


def save(client: Reader, case: SupportCase, **typed: str) -> int:
    version = str(case.person.version)
    address = f"/cases/{case.key}/alerts"
    return client.post(address, data={"version": version, **TYPED, **typed}).status_code


def test_an_alert_stands_on_every_page_of_the_case(amina: Reader, case: SupportCase) -> None:
    assert save(amina, case) == 303
    for page in ("", "/contacts/new", "/alerts"):
        text = amina.page(f"/cases/{case.key}{page}").text
        assert "Do not visit alone" in text
        assert "Before a visit: Large dog" in text
    assert "Amina Okafor changed" in amina.page(f"/cases/{case.key}/alerts").text


def test_a_warning_needs_a_reason_and_a_review(amina: Reader, case: SupportCase) -> None:
    assert save(amina, case, lone_worker_reason="") == 422
    assert save(amina, case, lone_worker_review_on="") == 409
    assert not case.person.lone_worker


def test_taking_the_tick_away_takes_the_warning_off(amina: Reader, case: SupportCase) -> None:
    save(amina, case)
    case.person.version  # noqa: B018 - read afresh
    assert save(amina, case, lone_worker="", once="two") == 303
    assert not case.person.lone_worker


def test_the_second_of_two_is_shown_what_the_first_saved(amina: Reader, case: SupportCase) -> None:
    read = str(case.person.version)
    save(amina, case)
    refused = amina.post(
        f"/cases/{case.key}/alerts",
        data={**TYPED, "version": read, "alert": "Small dog", "once": "x"},
    )
    assert refused.status_code == 409
    assert "Small dog" in refused.text
    assert "Threats from a neighbour" in refused.text


def test_a_review_that_is_overdue_is_said(amina: Reader, case: SupportCase) -> None:
    case.person.lone_worker_reason = "Threats"
    case.person.lone_worker_review_on = date(2026, 11, 1)
    db.session.commit()
    text = amina.page(f"/cases/{case.key}").text
    assert "Do not visit alone (review is due)" in text
