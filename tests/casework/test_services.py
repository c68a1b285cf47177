"""The directory is corrected without losing anybody’s work."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from linkwork.casework import service_words, services
from linkwork.casework.service_search import Criteria, search
from linkwork.database import db
from linkwork.errors import ChangedMeanwhile, RuleBroken
from linkwork.models import AuditEntry, CapacityStatus, Service, service_text
from tests import cast as the

AT = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
ON = date(2026, 11, 18)


def found(cast: Any) -> list[str]:
    return [one.name for one in search(Criteria(), user=cast.peer_coordinator, at=AT).services]


def service(name: str, **facts: Any) -> Service:
    made = the.service(name, **facts)
    service_text.reindex([made.id])
    return made


def test_an_edit_is_kept_with_who_made_it_and_what_was_changed(cast: Any) -> None:
    made = service("Choir", needs=["loneliness", "low_mood"])
    changes = {"name": "Evening choir", "needs": ["low_mood", "loneliness"], "places": 4}
    changed = services.edit(made, changes, version=made.version, by=cast.editor, at=AT)
    assert changed == {"name", "places"}
    assert made.edited_fields == ["name", "places"]
    assert made.capacity_confirmed_at == AT
    assert list(service_text.matches("evening")) == [made.id]
    db.session.commit()
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "service.edited")).one()
    assert (entry.user_id, entry.details) == (cast.editor.id, {"fields": ["name", "places"]})


def test_saving_without_a_change_leaves_no_trace(cast: Any) -> None:
    made = service("Choir")
    assert services.edit(made, {"name": "Choir"}, version=1, by=cast.editor, at=AT) == set()
    assert (made.edited_fields, made.version) == ([], 1)


def test_a_second_editor_is_told_that_somebody_was_first(cast: Any) -> None:
    made = service("Choir")
    services.edit(made, {"name": "Chorus"}, version=1, by=cast.editor, at=AT)
    db.session.flush()
    with pytest.raises(ChangedMeanwhile, match="Nothing you typed is lost"):
        services.edit(made, {"name": "Singers"}, version=1, by=cast.editor, at=AT)
    assert made.name == "Chorus"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": None}, "Give the activity a name"),
        ({"minimum_age": 60, "maximum_age": 18}, "youngest age \\(60\\) is above the oldest"),
        ({"opens_on": ON, "ends_on": ON - timedelta(days=1)}, "ends before it opens"),
    ],
)
def test_an_edit_that_contradicts_itself_says_how(
    cast: Any, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(RuleBroken, match=says):
        services.edit(service("Choir"), changes, version=1, by=cast.editor, at=AT)


def test_what_no_editor_may_touch_cannot_be_edited(cast: Any) -> None:
    with pytest.raises(KeyError):
        services.edit(service("Choir"), {"source": "Mine"}, version=1, by=cast.editor, at=AT)


def test_still_right_makes_an_entry_fresh(cast: Any) -> None:
    made = service("Choir", capacity_status=CapacityStatus.CAPACITY)
    services.verify(made, by=cast.editor, at=AT)
    assert (made.verified_at, made.verified_by_id) == (AT, cast.editor.id)
    assert made.capacity_confirmed_at == AT
    assert service_words.checked(made, on=ON).words == "Checked today"


def test_off_the_list_and_on_again(cast: Any) -> None:
    made = service("Choir")
    services.unlist(made, by=cast.editor, at=AT)
    db.session.flush()
    assert found(cast) == []
    services.relist(made, by=cast.editor, at=AT)
    db.session.flush()
    assert found(cast) == ["Choir"]
