"""A worker leaves: what they wrote and did not save, and what they promised in cases of others."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from linkwork.casework import drafts, handover, users, visits
from linkwork.casework.handover import Takers
from linkwork.database import db, new_key
from linkwork.errors import RuleBroken
from linkwork.models import Alarm, AuditEntry, Contact, ContactKind, Draft, DraftForm, SupportCase
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW

DAY = timedelta(days=1)


def unsaved(cast: Cast, case: SupportCase, words: str = "She lives alone.") -> Draft:
    fields = {"notes": [words], "minutes": ["20"], "next_action": [""]}
    kept = drafts.keep(
        case, DraftForm.CONVERSATION, fields, author=cast.amina, key=new_key(), seen=None, at=NOW
    )
    assert kept.draft is not None
    return kept.draft


def test_who_has_unsaved_notes_cannot_be_disabled(cast: Cast) -> None:
    unsaved(cast, make.case(cast.northside, worker=cast.ben))
    with pytest.raises(RuleBroken, match=r"1 unsaved note\. .*saved or discarded by whoever wrote"):
        users.disable(cast.amina, by=cast.admin, at=NOW)
    assert cast.amina.disabled_at is None


def test_unsaved_notes_of_who_is_gone_are_put_on_the_cases_unchecked(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.ben)
    unsaved(cast, case, "She said she wants to die.")
    elsewhere = unsaved(cast, make.case(cast.southside))
    cast.amina.disabled_at = NOW
    assert cast.amina in [worker for worker, _ in handover.team(cast.supervisor)]
    for number in (1, 0):
        assert handover.keep_unsaved(cast.amina, by=cast.supervisor, at=NOW + DAY) == number
    [note] = db.session.scalars(select(Contact)).all()
    said = "Unsaved note of Amina Okafor of 18 November 2026, not checked."
    assert note.notes == f"{said}\nMinutes: 20\nNotes: She said she wants to die."
    assert (note.kind, note.case, note.worker) == (ContactKind.ADMIN, case, cast.supervisor)
    assert (note.minutes, case.first_conversation_at, case.last_contact_at) == (0, None, None)
    assert db.session.scalar(select(func.count()).select_from(Alarm)) == 1
    assert elsewhere.contact is None
    db.session.commit()
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.record_id == note.id)).first()
    assert entry is not None
    assert (entry.event, entry.person_id) == ("contact.recorded", case.person_id)
    assert entry.details == {"unsaved_of": cast.amina.id}


def test_only_what_is_of_the_leaver_is_passed_on_and_each_is_in_the_trail(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.ben)
    task, bens = make.task(case, owner=cast.amina), make.task(case, owner=cast.ben)
    going = make.onward_referral(case, by=cast.ben, sent_at=NOW, companion_id=cast.amina.id)
    plans: dict[str, Any] = {"planned_at": NOW + DAY, "place": "The hall", "at": NOW}
    hers_to_go = visits.plan(case, by=cast.amina, **plans)
    covering = visits.plan(case, by=cast.supervisor, **plans)
    handover.give(cast.amina, Takers({}, {}), note="Hers.", by=cast.supervisor, at=NOW)
    db.session.commit()
    assert {task.owner_id, bens.owner_id, going.companion_id} == {cast.ben.id}
    assert (hers_to_go.worker, covering.worker) == (cast.ben, cast.supervisor)
    passed = ["onward_referral.accompanied", "task.passed_on", "visit.changed"]
    query = select(AuditEntry.event, AuditEntry.record_id).where(
        AuditEntry.person_id == case.person_id, AuditEntry.event.in_(passed)
    )
    assert sorted(map(tuple, db.session.execute(query))) == [
        (passed[0], going.id),
        (passed[1], task.id),
        (passed[2], hers_to_go.id),
    ]


def test_the_visits_of_a_colleague_who_covers_stay_with_them(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    plans: dict[str, Any] = {"planned_at": NOW + DAY, "place": "The hall", "at": NOW}
    own, covering = (visits.plan(case, by=by, **plans) for by in (cast.amina, cast.supervisor))
    handover.give(cast.amina, Takers({}, {}, cast.ben), note="Hers.", by=cast.supervisor, at=NOW)
    assert (own.worker, covering.worker) == (cast.ben, cast.supervisor)
