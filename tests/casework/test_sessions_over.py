"""Weekly times that are over or have not begun fit nobody; midnight is the end of the day."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from linkwork.casework import limit_answers, offers
from linkwork.database import db
from linkwork.matching.alternatives import Step
from linkwork.models import Schedule
from tests import cast as make
from tests.conftest import NOW

TODAY = NOW.date()


def _days(on: date) -> set[int]:
    [offer] = offers.directory(on=on).offers
    return {session.weekday for session in offer.sessions}


@pytest.mark.one_engine
def test_a_weekly_time_counts_from_its_first_day_to_its_last(cast: Any) -> None:
    course = make.service("Choir")
    tomorrow = TODAY + timedelta(days=1)
    for byday, begins, ends in (("MO", None, TODAY), ("TU", tomorrow, None), ("TH", None, None)):
        db.session.add(
            Schedule(
                service_id=course.id,
                byday=byday,
                freq="WEEKLY",
                opens_at=time(10),
                valid_from=begins,
                valid_to=ends,
            )
        )
    db.session.commit()
    assert _days(TODAY) == {0, 3}
    assert _days(tomorrow) == {1, 3}


def test_an_earlier_hour_never_narrows_an_end_at_midnight() -> None:
    assert limit_answers._other_hour({"to_time": "00:00:00"}, Step("to", "18:00")) == {}
