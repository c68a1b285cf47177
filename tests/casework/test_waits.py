"""The wait at a PCN as it is now: those who started lately, and those who still wait."""

from datetime import timedelta
from typing import Any

import pytest

from linkwork.casework import waits
from linkwork.models import CloseReason, SupportCase
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY


def started(cast: Cast, *, waited: int, days_ago: int = 7, **facts: Any) -> SupportCase:
    first = NOW - timedelta(days=days_ago)
    opened = first - timedelta(days=waited)
    return make.case(
        cast.northside,
        worker=cast.amina,
        person=make.person(nhs_number=None),
        opened_at=opened,
        first_conversation_at=first,
        **facts,
    )


def test_the_present_wait_is_the_median_of_those_who_started_lately(cast: Cast) -> None:
    for waited in (4, 6, 10, 20, 90):
        started(cast, waited=waited)
    wait = waits.at_present(cast.northside, TODAY)
    assert (wait.people, wait.median_days) == (5, 10)


def test_those_who_still_wait_count_for_as_long_as_they_have_waited(cast: Cast) -> None:
    for waited in (4, 6, 10, 20, 90):
        started(cast, waited=waited)
    for _ in range(3):
        person = make.person(nhs_number=None)
        make.case(cast.northside, person=person, opened_at=NOW - timedelta(days=50))
    wait = waits.at_present(cast.northside, TODAY)
    assert (wait.people, wait.waiting, wait.median_days, wait.most_days) == (5, 3, 20, 90)


def test_whoever_is_paused_or_was_not_taken_on_waits_for_nothing(cast: Cast) -> None:
    for facts in ({"paused_at": NOW}, {"declined_at": NOW}, {"closed_at": NOW}):
        make.case(cast.northside, person=make.person(nhs_number=None), **facts)
    assert waits.at_present(cast.northside, TODAY).waiting == 0


def test_the_present_wait_of_fewer_than_five_people_cannot_be_said(cast: Cast) -> None:
    for waited in (4, 6, 10, 20):
        started(cast, waited=waited)
    assert waits.at_present(cast.northside, TODAY).median_days is None


def test_the_present_wait_leaves_out_what_is_old_elsewhere_or_in_error(cast: Cast) -> None:
    for waited in (4, 6, 10, 20):
        started(cast, waited=waited)
    started(cast, waited=1, days_ago=91)
    started(cast, waited=1, close_reason=CloseReason.OPENED_IN_ERROR, closed_at=NOW)
    make.case(cast.southside, first_conversation_at=NOW)
    make.case(cast.northside)
    assert waits.at_present(cast.northside, TODAY).people == 4
    started(cast, waited=1, days_ago=90)
    assert waits.at_present(cast.northside, TODAY).people == 5


@pytest.mark.parametrize(("hour", "lasted", "days"), [(22, 1, 1), (23, 22, 0)])
def test_a_wait_is_counted_in_days_of_the_english_calendar(
    cast: Cast, hour: int, lasted: int, days: int
) -> None:
    """At 23:30 UTC in summer the next day has begun in London."""
    opened = NOW.replace(month=8, day=31, hour=hour, minute=30)
    for _ in range(5):
        make.case(
            cast.northside,
            person=make.person(nhs_number=None),
            opened_at=opened,
            first_conversation_at=opened + timedelta(hours=lasted),
        )
    assert waits.at_present(cast.northside, TODAY).median_days == days
