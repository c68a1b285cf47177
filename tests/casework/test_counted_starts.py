"""What is kept of people started is what a recount finds, whoever changed what and however."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, event, select, text, update

from linkwork import database
from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.targets import Scope
from linkwork.casework import contacts, counted_starts, episodes, person_merges
from linkwork.casework.contacts import Conversation
from linkwork.database import db
from linkwork.models import (
    CloseReason,
    ContactKind,
    ContactMode,
    CountDue,
    CountedStart,
    Post,
    SupportCase,
    counted_start,
)
from linkwork.reports import frames
from tests import cast as make
from tests.casework.kept_counts import YEAR, assert_kept_is_right, kept, recount
from tests.cast import Cast
from tests.conftest import NOW
from tests.statements import at_once

END = YEAR.end
# 00:30 on 1 April in London, still March in Greenwich.
NEW_YEAR = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)


def begun(cast: Cast, at: datetime, **facts: Any) -> SupportCase:
    """A case of Amina’s that began at a moment, as it was committed."""
    given = {"first_conversation_at": at, "opened_at": at - timedelta(days=9), **facts}
    made = make.case(cast.northside, worker=cast.amina, **given)
    db.session.commit()
    return made


def people(cast: Cast, year: FinancialYear = YEAR) -> int:
    return frames.totals(None, year, year.end, Scope.ALL).get(cast.northside.id, 0)


def test_settling_counts_whoever_is_due_though_its_session_asked_nothing_before(
    cast: Cast,
) -> None:
    case = begun(cast, NEW_YEAR)
    db.session.execute(delete(CountedStart))
    db.session.add(CountDue(person_id=case.person_id))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "before_commits", [])
        db.session.commit()
    counted_starts.settle()
    db.session.commit()
    assert (db.session.query(CountDue).count(), people(cast)) == (0, 1)
    assert db.session.query(CountedStart).count() == 1


def test_half_past_midnight_on_the_first_of_april_is_in_the_new_year(cast: Cast) -> None:
    begun(cast, NEW_YEAR)
    begun(cast, NEW_YEAR - timedelta(hours=1))
    assert (people(cast, FinancialYear(2025)), people(cast)) == (1, 1)
    found = frames.counted(cast.northside, YEAR, YEAR.start, Scope.ALL)
    assert found.started_on == (date(2026, 4, 1),)


def test_an_episode_reopened_within_28_days_is_no_second_start(cast: Cast) -> None:
    case = begun(cast, NEW_YEAR - timedelta(days=9))
    by, at = cast.amina, NEW_YEAR - timedelta(days=5)
    episodes.close(case, CloseReason.PERSON_ENDED, summary=None, by=by, at=at)
    db.session.commit()
    episodes.reopen(case, by=by, at=at + timedelta(days=28))
    said = Conversation(mode=ContactMode.PHONE, minutes=20, notes="Talked.")
    contacts.record(case, said, by=by, at=at + timedelta(days=29), now=NOW)
    db.session.commit()
    assert (people(cast, FinancialYear(2025)), people(cast)) == (1, 0)


def test_a_late_entry_moves_a_start_and_with_it_the_year(cast: Cast) -> None:
    case = begun(cast, NEW_YEAR)
    said = Conversation(mode=ContactMode.PHONE, minutes=20, notes="Talked.")
    earlier = NEW_YEAR - timedelta(days=2)
    contacts.record(case, said, by=cast.amina, at=earlier, now=NOW)
    db.session.commit()
    assert (people(cast, FinancialYear(2025)), people(cast)) == (1, 0)


def test_a_person_seen_in_two_pcns_is_counted_in_one_and_said_in_both(cast: Cast) -> None:
    case = begun(cast, NEW_YEAR)
    later = NEW_YEAR + timedelta(days=3)
    make.case(cast.southside, worker=cast.cath, person=case.person, first_conversation_at=later)
    db.session.commit()
    day = later.date()
    for as_of, also in ((day - timedelta(days=1), (0, 0)), (END, (1, 1))):
        north, south = (
            frames.counted(pcn, YEAR, as_of, Scope.ALL) for pcn in (cast.northside, cast.southside)
        )
        assert (north.people, south.people) == (1, 0)
        assert (north.also_elsewhere, south.counted_elsewhere) == also


def test_two_records_made_one_are_one_person_and_two_again_when_they_are_parted(
    cast: Cast,
) -> None:
    whom = [make.person(nhs_number=None) for _ in range(2)]
    ended = {"closed_at": NOW, "close_reason": CloseReason.MOVED}
    for days, one in enumerate(whom):
        begun(cast, NEW_YEAR + timedelta(days=days), person=one, **ended)
    made = person_merges.merge(*whom, {}, by=cast.supervisor, at=NOW)
    db.session.commit()
    assert people(cast) == 1
    assert_kept_is_right()
    person_merges.undo(made, by=cast.supervisor, at=NOW)
    db.session.commit()
    assert people(cast) == 2
    assert_kept_is_right()


@pytest.mark.parametrize("deleted", [False, True])
def test_what_is_struck_or_deleted_no_longer_says_who_began(cast: Cast, *, deleted: bool) -> None:
    """Ben’s post is additional, Amina’s is not: without his conversation it is her start."""
    case = begun(cast, NEW_YEAR)
    make.post(cast.ben)
    talk = make.contact(case, by=cast.ben, at=NEW_YEAR)
    db.session.commit()
    assert frames.totals(None, YEAR, END, Scope.ADDITIONAL) == {cast.northside.id: 1}
    if deleted:
        db.session.delete(talk)
    else:
        talk.kind = ContactKind.STRUCK
    db.session.commit()
    assert frames.totals(None, YEAR, END, Scope.ADDITIONAL) == {}


def test_whose_a_case_is_says_who_began_where_no_conversation_is_recorded(cast: Cast) -> None:
    case = begun(cast, NEW_YEAR)
    make.post(cast.ben)
    for worker, found in ((cast.ben, {cast.northside.id: 1}), (cast.amina, {})):
        case.worker = worker
        db.session.commit()
        assert kept() == recount()
        assert frames.totals(None, YEAR, END, Scope.ADDITIONAL) == found


def test_a_post_that_is_changed_later_changes_who_counts(cast: Cast) -> None:
    begun(cast, NEW_YEAR)
    post = make.post(cast.amina, end_on=date(2026, 4, 1))
    for change, counts in (
        ({}, True),
        ({"end_on": date(2026, 3, 31)}, False),
        ({"end_on": None}, True),
        ({"additional": False}, False),
        ({"additional": True}, True),
        ({"start_on": date(2026, 4, 2)}, False),
    ):
        for name, value in change.items():
            setattr(post, name, value)
        db.session.commit()
        found = frames.totals(None, YEAR, END, Scope.ADDITIONAL)
        assert found == ({cast.northside.id: 1} if counts else {}), change


def test_cases_that_move_to_a_successor_take_their_people_along(cast: Cast) -> None:
    begun(cast, NEW_YEAR)
    to = {"organisation_id": cast.southside.id}
    db.session.execute(update(SupportCase).values(**to))
    db.session.commit()
    assert frames.totals(None, YEAR, END, Scope.ALL) == {cast.southside.id: 1}


def test_at_one_moment_the_lower_code_has_the_person_whatever_code_that_is_now(cast: Cast) -> None:
    case = begun(cast, NEW_YEAR)
    same = {"person": case.person, "first_conversation_at": NEW_YEAR}
    make.case(cast.southside, worker=cast.cath, **same)
    db.session.commit()
    for north, south, first in (("U2", "U10", "southside"), ("U2", "u10", "northside")):
        cast.northside.ods_code, cast.southside.ods_code = north, south
        db.session.commit()
        assert frames.totals(None, YEAR, END, Scope.ALL) == {getattr(cast, first).id: 1}


def test_what_is_changed_beside_the_application_is_never_shown_wrong(cast: Cast) -> None:
    begun(cast, NEW_YEAR)
    with db.engine.begin() as somebody:
        somebody.execute(text("UPDATE support_case SET close_reason = 'opened_in_error'"))
    assert db.session.scalars(select(CountDue.person_id)).all() != []
    assert people(cast) == 0  # counted anew
    assert frames.counted(cast.northside, YEAR, END, Scope.ALL).people == 0
    db.session.commit()  # of anything
    assert (kept(), recount()) == ([], [])


def test_an_installation_that_kept_nothing_so_far_is_filled(cast: Cast) -> None:
    begun(cast, NEW_YEAR)
    whole = kept()
    db.session.execute(delete(CountedStart))
    counted_start.mark_everybody(db.session.connection())
    assert people(cast) == 1
    counted_starts.settle()
    assert kept() == whole != []


def test_many_are_settled_some_at_a_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counted_starts, "AT_ONCE", 2)
    for _ in range(5):
        make.case(cast.northside, worker=cast.amina, first_conversation_at=NEW_YEAR)
    db.session.commit()
    assert people(cast) == 5
    assert db.session.scalars(select(CountDue.id)).all() == []


def test_a_conversation_that_starts_nothing_counts_nobody_again(cast: Cast) -> None:
    case = begun(cast, NEW_YEAR)
    written: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        written.extend(name for name in ("counted_start", "count_due") if name in statement)

    said = Conversation(mode=ContactMode.PHONE, minutes=20, notes="Talked.")
    contacts.record(case, said, by=cast.amina, at=NOW - timedelta(days=1), now=NOW)
    episodes.close(case, CloseReason.PERSON_ENDED, summary=None, by=cast.amina, at=NOW)
    event.listen(db.engine, "before_cursor_execute", note)
    db.session.commit()
    assert set(written) == {"count_due"}  # asked once whether anybody is due, and nobody is
    assert people(cast) == 1


def test_a_commit_of_nothing_asks_nothing(cast: Cast) -> None:
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *about: asked.append(about[2]))
    db.session.commit()
    db.session.commit()
    assert asked == []


def both(make_app: Callable[..., Flask], engine: str, *changes: Any) -> None:
    """Make two changes in two transactions, of which neither sees the other’s, and commit both."""
    both_wrote = threading.Barrier(2)

    def of(change: Any) -> Callable[[Flask], None]:
        def act(_app: Flask) -> None:
            db.session.execute(change)
            if engine == "postgresql":  # SQLite has one writer at a time
                both_wrote.wait(10)
            db.session.commit()

        return act

    at_once(make_app, *map(of, changes))
    db.session.expire_all()
    assert kept() == recount()


def starting(case: SupportCase, at: datetime) -> Any:
    return update(SupportCase).where(SupportCase.id == case.id).values(first_conversation_at=at)


def test_two_who_start_one_person_at_once_are_both_counted_right(
    cast: Cast, make_app: Callable[..., Flask], engine: str
) -> None:
    whom = make.person()
    north = make.case(cast.northside, worker=cast.amina, person=whom)
    south = make.case(cast.southside, worker=cast.cath, person=whom)
    later = NEW_YEAR + timedelta(hours=1)
    both(make_app, engine, starting(north, NEW_YEAR), starting(south, later))
    assert len(kept()) == 2


def test_whoever_is_started_while_a_post_is_entered_is_counted_by_it(
    cast: Cast, make_app: Callable[..., Flask], engine: str
) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    post = make.post(cast.amina, additional=False)
    entered = update(Post).where(Post.id == post.id).values(additional=True)
    both(make_app, engine, entered, starting(case, NEW_YEAR))
    assert frames.totals(None, YEAR, END, Scope.ADDITIONAL) == {cast.northside.id: 1}
