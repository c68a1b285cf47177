"""What is kept of people started is what a recount finds, whoever changed what and however."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, select, text, update

from linkwork.capacity import counting
from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.counting import Start
from linkwork.capacity.targets import Scope
from linkwork.casework import (
    contacts,
    corrections,
    counted_starts,
    episodes,
    person_merges,
)
from linkwork.casework.contacts import Conversation
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    CloseReason,
    Contact,
    ContactKind,
    ContactMode,
    CountDue,
    CountedStart,
    PersonMerge,
    Post,
    SupportCase,
    User,
    counted_start,
)
from linkwork.reports import frames
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW
from tests.statements import at_once

YEAR = FinancialYear(2026)
END = YEAR.end
# 00:30 on 1 April in London, still March in Greenwich.
NEW_YEAR = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)


def kept() -> list[tuple[Any, ...]]:
    query = select(*(CountedStart.__table__.c[name] for name in counted_starts.COLUMNS))
    return sorted(map(tuple, db.session.execute(query)), key=repr)


def recount() -> list[tuple[Any, ...]]:
    found = db.session.execute(counted_starts.recounted())
    return sorted(((*row[:6], bool(row[6]), row[7]) for row in found), key=repr)


def assert_kept_is_right(*years: FinancialYear) -> None:
    """What is kept is what SQL finds in the cases, and what plain Python makes of them."""
    assert db.session.scalars(select(CountDue.person_id)).all() == []
    assert kept() == recount()
    pcns = {case.organisation for case in _all_cases()}
    plainly = list(_plainly())
    for year in years or (YEAR,):
        for scope in Scope:
            pure = counting.count(plainly, year, year.end, scope)
            for pcn in pcns:
                assert frames.counted(pcn, year, year.end, scope) == pure.of(pcn.ods_code or "")
    db.session.rollback()


def _all_cases() -> list[SupportCase]:
    return list(db.session.scalars(select(SupportCase)).unique())


def _plainly() -> Iterator[Start]:
    for case in _all_cases():
        at, code = case.first_conversation_at, case.organisation.ods_code or ""
        if at is not None and case.close_reason is not CloseReason.OPENED_IN_ERROR:
            yield Start(case.person_id, code, at, _is_additional(case))


def _is_additional(case: SupportCase) -> bool:
    at = case.first_conversation_at
    assert at is not None
    talked = select(Contact.worker_id).where(
        Contact.case_id == case.id, Contact.at == at, Contact.kind == ContactKind.CONVERSATION
    )
    worker = min(db.session.scalars(talked), default=case.worker_id)
    on = counting.london_date(at)
    held = select(Post).where(Post.worker_id == worker, Post.additional)
    return any(
        post.organisation_id == case.organisation_id
        and post.start_on <= on
        and (post.end_on is None or on <= post.end_on)
        for post in db.session.scalars(held).unique()
        if post.start_on
    )


class World:
    """Three people with cases at two PCNs, and what may become of them."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.now = cast, NOW
        people = [make.person(nhs_number=None) for _ in range(3)]
        pairs = [(cast.northside, cast.amina), (cast.southside, cast.cath)]
        self.cases = [
            make.case(pcn, worker=worker, person=one, opened_at=NEW_YEAR - YEAR_AGO).id
            for one in people
            for pcn, worker in pairs
        ]
        self.posts = [make.post(worker).id for _, worker in pairs]
        self.people = [one.id for one in people]
        db.session.commit()

    def act(self, verb: str, which: int, days: int) -> None:
        case = db.session.get_one(SupportCase, self.cases[which % 6])
        by = db.session.get_one(User, case.worker_id)
        at = self.now - timedelta(days=days)
        getattr(self, f"_{verb}")(case, by, at, which)

    def _talk(self, case: SupportCase, by: User, at: datetime, which: int) -> None:
        said = Conversation(mode=ContactMode.PHONE, minutes=20, notes="Talked.")
        contacts.record(case, said, by=by, at=at, now=self.now)

    def _close(self, case: SupportCase, by: User, at: datetime, which: int) -> None:
        reason = (CloseReason.OPENED_IN_ERROR, CloseReason.PERSON_ENDED)[which // 6 % 2]
        episodes.close(case, reason, summary=None, by=by, at=self.now)

    def _reopen(self, case: SupportCase, by: User, at: datetime, which: int) -> None:
        episodes.reopen(case, by=by, at=self.now)

    def _strike(self, case: SupportCase, by: User, at: datetime, which: int) -> None:
        corrections.strike(_last(case), reason="Somebody else.", by=_last(case).worker, at=self.now)

    def _correct(self, case: SupportCase, by: User, at: datetime, which: int) -> None:
        contact = _last(case)
        wording = corrections.Wording(at, ContactMode.PHONE, 20, None, "Talked.", None, False)
        seen = contact.version
        corrections.correct(
            contact, wording, reason="A slip", seen=seen, by=contact.worker, at=self.now
        )

    def _merge(self, case: SupportCase, by: User, at: datetime, which: int) -> None:
        other = db.session.get_one(type(case.person), self.people[which % 3])
        person_merges.merge(case.person, other, {}, by=self.cast.supervisor, at=self.now)

    def _part(self, case: SupportCase, by: User, at: datetime, which: int) -> None:
        made = db.session.scalars(
            select(PersonMerge).where(PersonMerge.undone_at.is_(None))
        ).first()
        if made:
            person_merges.undo(made, by=self.cast.supervisor, at=self.now)

    def _post(self, case: SupportCase, by: User, at: datetime, which: int) -> None:
        """Somebody notes only now that a post ended, began, or was no additional one."""
        post = db.session.get_one(Post, self.posts[which % 2])
        post.end_on = at.date() if which % 3 else None
        post.additional = which % 5 > 0

    def _hand_over(self, case: SupportCase, by: User, at: datetime, which: int) -> None:
        """Past every verb, and past the ORM: in bulk."""
        whose = SupportCase.person_id == case.person_id
        to = (self.cast.ben, self.cast.cath)[which % 2].id
        db.session.execute(update(SupportCase).where(whose).values(worker_id=to))

    def _delete(self, case: SupportCase, by: User, at: datetime, which: int) -> None:
        lately = delete(Contact).where(Contact.worker_id == by.id, Contact.at > at)
        db.session.execute(lately.where(~Contact.corrections.any()))


YEAR_AGO = timedelta(days=365)
VERBS = "talk talk close reopen strike correct merge part post hand_over delete".split()
THEN = st.sampled_from("commit commit crash go".split())
AGO = st.sampled_from([0, 1, 40, 40, 200, 231, 232, 233, 300])
STEP = st.tuples(st.sampled_from(VERBS), st.integers(0, 11), AGO, THEN)


def _last(case: SupportCase) -> Contact:
    found = contacts.of_case(case)
    if not found:
        raise RuleBroken("Nobody talked.")
    return found[0]


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEP, min_size=10, max_size=14))
def test_what_is_kept_is_a_recount_after_anything_and_after_a_crash(
    cast: Cast, steps: list[tuple[str, int, int, str]]
) -> None:
    world = World(cast)
    try:
        for verb, which, days, then in steps:
            try:
                with db.session.begin_nested():
                    world.act(verb, which, days)
            except RuleBroken:
                pass
            if then == "crash":
                db.session.rollback()
            elif then == "commit":
                db.session.commit()
            if then != "go":
                assert_kept_is_right(YEAR, FinancialYear(2025))
    finally:
        db.session.rollback()


def begun(cast: Cast, at: datetime, **facts: Any) -> SupportCase:
    """A case of Amina’s that began at a moment, as it was committed."""
    given = {"first_conversation_at": at, "opened_at": at - timedelta(days=9), **facts}
    made = make.case(cast.northside, worker=cast.amina, **given)
    db.session.commit()
    return made


def people(cast: Cast, year: FinancialYear = YEAR) -> int:
    return frames.totals(None, year, year.end, Scope.ALL).get(cast.northside.id, 0)


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


def test_two_who_start_one_person_at_once_are_both_counted_right(
    cast: Cast, make_app: Callable[..., Flask], engine: str
) -> None:
    whom = make.person()
    cases = [
        make.case(pcn, worker=worker, person=whom).id
        for pcn, worker in ((cast.northside, cast.amina), (cast.southside, cast.cath))
    ]
    db.session.commit()
    both_wrote = threading.Barrier(2)

    def start(number: int) -> Callable[[Flask], None]:
        def act(_app: Flask) -> None:
            db.session.execute(
                update(SupportCase)
                .where(SupportCase.id == cases[number])
                .values(first_conversation_at=NEW_YEAR + timedelta(hours=number))
            )
            if engine == "postgresql":  # SQLite has one writer at a time
                both_wrote.wait(10)
            db.session.commit()

        return act

    at_once(make_app, start(0), start(1))
    db.session.expire_all()
    assert len(kept()) == 2
    assert kept() == recount()
