"""Stopping and starting what the practice is told, on the page of a case."""

import pytest

from linkwork.models import SupportCase
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW
from tests.pages import Reader

STOP, START = "Stop sharing with the GP", "Share with the GP: they agreed"


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina)


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    sign_in(client, cast.amina)
    return client


def test_sharing_is_stopped_and_agreed_again_however_often_it_is_pressed(
    amina: Reader, case: SupportCase
) -> None:
    where = f"/cases/{case.key}"
    text = amina.page(where).text
    assert (STOP in text, START in text) == (True, False)
    for _ in range(2):
        assert amina.post(f"{where}/stop-sharing").location == where
    assert not case.share_with_gp
    text = amina.page(where).text
    assert "The GP practice is told nothing more." in text
    assert (STOP in text, START in text) == (False, True)
    for _ in range(2):
        assert amina.post(f"{where}/share").location == where
    assert case.share_with_gp
    assert STOP in amina.page(where).text


def test_of_a_case_that_has_ended_nothing_is_changed(amina: Reader, case: SupportCase) -> None:
    case.declined_at = NOW
    text = amina.page(f"/cases/{case.key}").text
    assert (STOP in text, START in text) == (False, False)
    refused = amina.post(f"/cases/{case.key}/stop-sharing")
    assert (refused.status_code, case.share_with_gp) == (409, True)


def test_a_practice_neither_stops_nor_starts_it(
    client: Reader, case: SupportCase, cast: Cast
) -> None:
    sign_in(client, cast.dev)
    for what in ("share", "stop-sharing"):
        assert client.post(f"/cases/{case.key}/{what}").status_code == 403
