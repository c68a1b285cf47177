"""How a case lies on its worker: theirs and their supervisors’, and nowhere else to be found."""

import pytest
from sqlalchemy import select

from linkwork import access
from linkwork.casework import agendas, emotional_loads
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import AuditEntry, EmotionalLoad, Feeling, Role
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY


def marks(user: object) -> int:
    return len(db.session.scalars(access.emotional_loads(user)).all())  # type: ignore[arg-type]


def test_the_worker_and_the_supervisors_of_the_pcn_see_it_and_nobody_else(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    emotional_loads.mark(case, 3, feeling=Feeling.SAD, by=cast.amina, at=NOW)
    far = make.user("Fay Moor", cast.southside, Role.SUPERVISOR)
    away = make.user("Ina Far", cast.northside, Role.LINK_WORKER)
    db.session.flush()
    assert (marks(cast.amina), marks(cast.supervisor)) == (1, 1)
    others = [who for name, who in cast.users.items() if name not in ("amina", "supervisor")]
    assert [who.name for who in (*others, far, away) if marks(who)] == []
    [item] = agendas.of(cast.amina, viewer=cast.supervisor, on=TODAY)
    assert item.load is not None
    assert agendas.of(cast.amina, viewer=cast.ben, on=TODAY) == []


def test_it_stays_with_whoever_marked_it_when_the_case_is_given_away(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    emotional_loads.mark(case, 2, by=cast.amina, at=NOW)
    case.worker = cast.ben
    db.session.flush()
    assert (marks(cast.ben), marks(cast.amina)) == (0, 1)
    assert emotional_loads.of_case(case, viewer=cast.ben) is None
    assert agendas.of(cast.ben, viewer=cast.supervisor, on=TODAY) == []


def test_the_audit_trail_says_neither_of_what_nor_how_heavy(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    emotional_loads.mark(case, 3, feeling=Feeling.ANGRY, by=cast.amina, at=NOW)
    emotional_loads.clear(case, by=cast.amina)
    db.session.commit()
    for entry in db.session.scalars(select(AuditEntry)):
        assert (entry.record_type, entry.record_id, entry.person_id) == ("", None, None)
        assert (entry.event, entry.details) == ("supervision.prepared", {})


def test_marking_again_takes_the_place_of_the_first_mark(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    talk = make.contact(case, by=cast.amina)
    emotional_loads.mark(case, 1, by=cast.amina, at=NOW)
    emotional_loads.mark(case, 2, contact=talk, feeling=Feeling.STUCK, by=cast.amina, at=NOW)
    [mark] = db.session.scalars(select(EmotionalLoad)).all()
    assert (mark.weight, mark.feeling, mark.contact_id) == (2, Feeling.STUCK, talk.id)
    emotional_loads.clear(case, by=cast.amina)
    emotional_loads.clear(case, by=cast.amina)
    assert marks(cast.amina) == 0


def test_only_the_worker_of_the_case_marks_it_and_its_own_contacts(cast: Cast) -> None:
    case, other = (make.case(cast.northside, worker=cast.amina) for _ in range(2))
    with pytest.raises(RuleBroken, match="Only the worker"):
        emotional_loads.mark(case, 1, by=cast.supervisor, at=NOW)
    talk = make.contact(other, by=cast.amina)
    with pytest.raises(RuleBroken, match="own contacts"):
        emotional_loads.mark(case, 1, contact=talk, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="how heavy"):
        emotional_loads.mark(case, 4, by=cast.amina, at=NOW)
