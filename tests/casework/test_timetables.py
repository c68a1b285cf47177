"""An editor says that times which were read only in part are right."""

from datetime import UTC, datetime, time

import pytest

from linkwork.casework import timetables
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import Schedule, Service
from tests import cast as make
from tests.cast import Cast

NOW = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)


def doubtful(name: str = "Choir", doubt: str | None = "partly", **facts: bool) -> Service:
    service: Service = make.service(name, **facts)
    words = "Wed 10-12 at the mill"
    one = Schedule(freq="WEEKLY", byday="WE", opens_at=time(10), description=words)
    one.doubt, one.reading = doubt, "abc" if doubt else None
    service.schedules = [one]
    db.session.flush()
    return service


def test_doubtful_times_wait_for_an_editor_until_one_confirms_them(cast: Cast) -> None:
    service = doubtful()
    doubtful("Unlisted", listed=False)
    doubtful("Sure", doubt=None)
    assert timetables.unconfirmed(cast.editor) == [service]
    assert timetables.why_doubted(service).startswith("Some of the words")
    timetables.confirm(service, by=cast.editor, at=NOW)
    assert not timetables.needs_confirming(service)
    assert timetables.unconfirmed(cast.editor) == []
    assert service.times_confirmed_by_id == cast.editor.id


@pytest.mark.one_engine
def test_what_the_feed_says_anew_is_asked_anew(cast: Cast) -> None:
    service = doubtful()
    timetables.confirm(service, by=cast.editor, at=NOW)
    service.schedules[0].reading = "another"
    assert timetables.needs_confirming(service)


@pytest.mark.one_engine
def test_there_is_nothing_to_confirm_where_nothing_is_in_doubt(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="nothing to confirm"):
        timetables.confirm(doubtful(doubt=None), by=cast.editor, at=NOW)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("doubt", "why"), [("differs", "not those of its words"), ("refused", "could not be read")]
)
def test_the_reason_for_a_doubt_is_said(cast: Cast, doubt: str, why: str) -> None:
    assert why in timetables.why_doubted(doubtful(doubt=doubt))
