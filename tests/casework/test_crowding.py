"""Crowding: ours at one activity, counted over every PCN, against the places it said it has."""

from datetime import timedelta

import pytest

from linkwork.casework import crowding
from linkwork.casework.crowding import Crowding
from linkwork.models import Service
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW

DAY = timedelta(days=1)


@pytest.fixture
def choir(cast: Cast) -> Service:
    """An activity to which four were sent from two PCNs, and one was not yet."""
    choir = make.service()
    moments: list[dict[str, object]] = [
        {"sent_at": NOW - 2 * DAY},
        {"sent_at": NOW - 40 * DAY},
        {"sent_at": NOW - 3 * DAY, "waitlisted_at": NOW},
        {"sent_at": NOW - 4 * DAY, "accepted_at": NOW},
        {"sent_at": NOW - 5 * DAY, "cancelled_at": NOW},
        {},
    ]
    for nth, facts in enumerate(moments):
        pcn, worker = ((cast.northside, cast.amina), (cast.southside, cast.cath))[nth % 2]
        case = make.case(pcn, worker=worker)
        make.onward_referral(case, by=worker, service=choir, **facts)
    make.onward_referral(make.case(cast.northside), by=cast.amina, sent_at=NOW)
    return choir


def test_ours_are_counted_by_what_they_wait_for(choir: Service) -> None:
    assert crowding.at_service(choir, at=NOW) == Crowding(
        unanswered=2, on_their_list=1, sent_lately=3, sent_since=0, places=None
    )


def test_what_was_sent_since_places_were_stated_counts_against_them(choir: Service) -> None:
    choir.places, choir.capacity_confirmed_at = 2, NOW - 3 * DAY - timedelta(hours=1)
    counted = crowding.at_service(choir, at=NOW)
    assert (counted.sent_since, counted.is_too_many) == (2, True)
    choir.places = 3
    assert not crowding.at_service(choir, at=NOW).is_too_many


@pytest.mark.parametrize(
    ("unanswered", "places", "too_many"),
    [(2, None, False), (3, None, True), (0, 0, True), (1, 2, False), (2, 2, True)],
)
def test_one_more_is_too_many_from_here_on(
    unanswered: int, places: int | None, too_many: bool
) -> None:
    assert Crowding(unanswered, 0, 0, 0, places).is_too_many is too_many


def test_where_nobody_was_sent_nobody_is_counted(cast: Cast) -> None:
    assert crowding.at_service(make.service(), at=NOW) == Crowding(0, 0, 0, 0, None)
