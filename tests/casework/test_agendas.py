"""The agenda of supervision: which cases stand out, why, and who is shown what."""

from datetime import timedelta
from typing import Any

import pytest

from linkwork.casework import agendas, emotional_loads
from linkwork.casework.agendas import Why
from linkwork.database import db
from linkwork.models import Concern, SupportCase
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY
from tests.statements import watching

DAY = timedelta(days=1)
FRESH: dict[str, Any] = {"last_contact_at": NOW - DAY, "first_conversation_at": NOW - 5 * DAY}


def case(cast: Cast, **facts: Any) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina, **{**FRESH, **facts})


def whys(cast: Cast) -> list[tuple[Why, ...]]:
    return [item.why for item in agendas.of(cast.amina, viewer=cast.supervisor, on=TODAY)]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, None),
        ({"last_contact_at": NOW - 20 * DAY}, None),
        ({"last_contact_at": NOW - 21 * DAY, "accepted_at": NOW - 60 * DAY}, Why.QUIET),
        ({"last_contact_at": None, "accepted_at": NOW - 21 * DAY}, Why.QUIET),
        ({"last_contact_at": NOW - 40 * DAY, "accepted_at": NOW - 2 * DAY}, None),
        ({"first_conversation_at": NOW - 182 * DAY}, None),
        ({"first_conversation_at": NOW - 183 * DAY}, Why.LONG),
        ({"paused_at": NOW - 28 * DAY}, None),
        ({"paused_at": NOW - 29 * DAY, "last_contact_at": NOW - 90 * DAY}, Why.PAUSED),
    ],
)
def test_a_case_stands_out_by_its_dates(cast: Cast, facts: dict[str, Any], why: Why | None) -> None:
    case(cast, **facts)
    assert whys(cast) == ([(why,)] if why else [])


def test_a_case_stands_out_after_twelve_conversations(cast: Cast) -> None:
    of = case(cast)
    for _ in range(12):
        make.contact(of, by=cast.amina)
    assert whys(cast) == []
    make.contact(of, by=cast.amina)
    assert whys(cast) == [(Why.MANY,)]


def test_a_case_stands_out_for_what_is_to_be_feared(cast: Cast) -> None:
    case(cast, person=make.person(alert="A dog"))
    case(cast, person=make.person(lone_worker_reason="Threats"))
    make.contact(case(cast), by=cast.amina, safety_concern=True)
    make.contact(case(cast), by=cast.amina, safety_concern=True, at=NOW - 40 * DAY)
    feared = case(cast)
    for closed_at in (None, NOW):
        concern = Concern(
            case=feared if closed_at is None else case(cast), what="w", told="t", told_at=NOW,
            raised_at=NOW, raised_by_id=cast.amina.id, closed_at=closed_at,
        )  # fmt: skip
        db.session.add(concern)
    db.session.flush()
    assert whys(cast) == [(Why.CONCERN,), (Why.CRISIS,), (Why.ALERT,), (Why.NOT_ALONE,)]


def test_what_is_over_not_begun_or_a_colleagues_is_not_on_it(cast: Cast) -> None:
    old: dict[str, Any] = {"last_contact_at": NOW - 90 * DAY, "accepted_at": NOW - 99 * DAY}
    case(cast, **old, closed_at=NOW)
    case(cast, **old, declined_at=NOW)
    make.case(cast.northside, worker=cast.ben, **old)
    make.case(cast.northside)
    assert whys(cast) == []


def test_whoever_may_not_see_the_cases_sees_no_agenda(cast: Cast) -> None:
    case(cast, first_conversation_at=NOW - 300 * DAY)
    for viewer in (cast.cath, cast.lead, cast.dev, cast.caldicott, cast.admin):
        assert agendas.of(cast.amina, viewer=viewer, on=TODAY) == []


def test_what_is_kept_holds_numbers_and_codes_and_no_load(cast: Cast) -> None:
    heavy, long = case(cast), case(cast, first_conversation_at=NOW - 300 * DAY)
    for of in (heavy, long):
        emotional_loads.mark(of, 3, by=cast.amina, at=NOW)
    items = agendas.of(cast.amina, viewer=cast.amina, on=TODAY)
    assert [item.why for item in items] == [(Why.HEAVY,), (Why.HEAVY, Why.LONG)]
    kept = agendas.kept(items)
    assert kept == [{"case": long.id, "why": [Why.LONG]}]
    assert [item.case for item in agendas.again(kept, viewer=cast.supervisor)] == [long]
    assert agendas.again(kept, viewer=cast.cath) == []


def test_it_takes_two_questions_however_many_cases_there_are(cast: Cast) -> None:
    for _ in range(30):
        case(cast, first_conversation_at=NOW - 300 * DAY)
    db.session.commit()
    worker, viewer = cast.amina, cast.supervisor
    assert worker.organisation.id == viewer.organisation.id  # loaded before we count
    with watching() as asked:
        found = agendas.of(worker, viewer=viewer, on=TODAY)
        assert len({item.case.person.name for item in found}) == 1
    assert len(found) == 30
    assert len(asked) == 2
