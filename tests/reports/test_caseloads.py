"""Open cases as they are now, and as they were at the end of a day that is past."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.targets import Scope
from linkwork.casework import allocation, episodes
from linkwork.database import db
from linkwork.models import CloseReason, SupportCase
from linkwork.reports import frames, networks
from tests import cast as make
from tests.cast import Cast
from tests.conftest import TODAY

JUNE = date(2026, 6, 30)
# The end of that day in London, in summer.
END = datetime(2026, 6, 30, 23, 0, tzinfo=UTC)
BEFORE, AFTER = END - timedelta(minutes=1), END


def open_on(cast: Cast, on: date | None) -> list[tuple[str | None, bool, int]]:
    found = frames.open_cases([cast.northside.id], on)
    return sorted(((row.worker_name, row.started, row.cases) for row in found), key=repr)


def opened(cast: Cast, **facts: Any) -> SupportCase:
    """A case of Amina’s that was opened and accepted in May."""
    may = datetime(2026, 5, 4, tzinfo=UTC)
    return make.case(
        cast.northside, worker=cast.amina, **{"opened_at": may, "accepted_at": may, **facts}
    )


def closed(at: datetime, reason: CloseReason = CloseReason.PERSON_ENDED) -> dict[str, Any]:
    return {"closed_at": at, "close_reason": reason}


CASES: list[tuple[dict[str, Any], list[Any]]] = [
    ({}, [("Amina Okafor", False, 1)]),
    ({"opened_at": AFTER}, []),
    ({"first_conversation_at": BEFORE}, [("Amina Okafor", True, 1)]),
    ({"first_conversation_at": AFTER}, [("Amina Okafor", False, 1)]),
    (closed(BEFORE), []),
    (closed(AFTER), [("Amina Okafor", False, 1)]),
    (closed(AFTER, CloseReason.OPENED_IN_ERROR), []),
    ({"declined_at": BEFORE}, []),
    ({"declined_at": AFTER}, [("Amina Okafor", False, 1)]),
    ({"accepted_at": AFTER}, [(None, False, 1)]),
]


@pytest.mark.parametrize(("facts", "then"), CASES)
@pytest.mark.one_engine
def test_a_case_was_open_at_the_end_of_a_day(
    cast: Cast, facts: dict[str, Any], then: list[Any]
) -> None:
    opened(cast, **facts)
    assert open_on(cast, JUNE) == then


def test_those_who_wait_in_all_pcns_at_once_are_those_of_each(cast: Cast) -> None:
    for facts, _ in CASES:
        opened(cast, **facts)
        make.case(cast.southside, **{"opened_at": BEFORE, **facts})
    opened(cast, closed_at=AFTER, declined_at=AFTER)
    for on in (JUNE, TODAY):
        read = networks.read(FinancialYear.containing(on), on, Scope.ALL, [])
        of_each = {
            pcn.id: sum(row.cases for row in frames.open_cases([pcn.id], on) if not row.started)
            for pcn in (cast.northside, cast.southside)
        }
        assert {pcn.place.id: pcn.waiting for pcn in read.pcns} == of_each
        assert all(of_each.values())


def test_who_had_a_case_then_is_who_gave_it_away_first_since(cast: Cast) -> None:
    case = opened(cast)
    allocation.allocate(case, cast.ben, by=cast.supervisor, at=END + timedelta(days=9))
    allocation.allocate(case, cast.amina, by=cast.supervisor, at=END + timedelta(days=19))
    allocation.allocate(case, cast.ben, by=cast.supervisor, at=END + timedelta(days=29))
    for days, name in (
        (0, "Amina Okafor"),
        (9, "Ben Harte"),
        (19, "Amina Okafor"),
        (29, "Ben Harte"),
    ):
        assert open_on(cast, JUNE + timedelta(days=days + 1)) == [(name, False, 1)]
    assert open_on(cast, None) == open_on(cast, TODAY) == [("Ben Harte", False, 1)]


def test_a_case_that_went_on_within_28_days_was_open_all_along(cast: Cast) -> None:
    case = opened(cast)
    ended = CloseReason.PERSON_ENDED
    episodes.close(case, ended, summary=None, by=cast.amina, at=BEFORE - timedelta(days=9))
    assert open_on(cast, JUNE) == []
    episodes.reopen(case, by=cast.amina, at=BEFORE + timedelta(days=9))
    db.session.flush()
    assert open_on(cast, JUNE) == [("Amina Okafor", False, 1)]
