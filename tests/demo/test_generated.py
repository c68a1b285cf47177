"""Generated data is lawful, the same for the same seed, all or nothing, and never among people."""

from datetime import date
from pathlib import Path
from typing import Any

import nhs_number
import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select, text

from linkwork.app import create_app
from linkwork.capacity.targets import Scope
from linkwork.casework.counted_starts import recounted
from linkwork.cli import main
from linkwork.commands import running
from linkwork.database import Base, db
from linkwork.demo import bulk
from linkwork.demo.bulk import KEPT_FOR_SQLITE
from linkwork.demo.generated import TABLES, Size, generate
from linkwork.errors import RuleBroken
from linkwork.models import (
    Attendance,
    Contact,
    CountDue,
    CountedStart,
    Organisation,
    OrganisationKind,
    PeopleImport,
    Person,
    SupportCase,
)
from tests import engines, records
from tests.cast import Cast, user
from tests.conftest import NOW, SECRET, migrate

TODAY = date(2026, 11, 18)
SURROUNDINGS = (
    "SELECT tablename, indexdef FROM pg_indexes WHERE tablename = ANY(:tables) ORDER BY indexdef",
    """SELECT conname, contype, convalidated, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid::regclass::text = ANY(:tables) ORDER BY conname""",
    "SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname",
)
A_TRIGGER = """SELECT tgname FROM pg_trigger
WHERE tgrelid = 'support_case'::regclass AND NOT tgisinternal"""
SMALL = Size(pcns=3, people=150, years=2)


def make(size: Size = SMALL, *, among_others: bool = False) -> dict[str, int]:
    return generate(size, seed=7, today=TODAY, progress=lambda _: None, among_others=among_others)


def rows(query: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in db.session.execute(query)]


def everything() -> dict[str, list[tuple[Any, ...]]]:
    metadata = Base.metadata.tables
    return {name: rows(select(metadata[name]).order_by(metadata[name].c.id)) for name in TABLES}


def surroundings() -> list[Any]:
    """The indexes, constraints and triggers of the tables that are filled."""
    if db.engine.dialect.name == "sqlite":
        asked: list[tuple[str, Any]] = [(KEPT_FOR_SQLITE, {"table": table}) for table in TABLES]
    else:
        names = {"tables": list(TABLES)}
        asked = [(query, names) for query in SURROUNDINGS]
    return [tuple(row) for query, told in asked for row in db.session.execute(text(query), told)]


def test_generated_lives_are_lawful_and_counted_as_a_recount_counts_them(app: Flask) -> None:
    before = surroundings()
    written = make()
    assert surroundings() == before
    assert written["person"] == 150
    assert all(written.values()), written
    people = rows(select(Person.nhs_number, Person.key))
    numbers = [number for number, _ in people if number]
    assert 120 < len(set(numbers)) == len(numbers) < 150
    assert all(number.startswith("999") and nhs_number.is_valid(number) for number in numbers)
    assert all(key.startswith("made-up-") for _, key in people)
    cases = db.session.scalars(select(SupportCase)).all()
    for case in cases:
        moments = (case.opened_at, case.accepted_at, case.first_conversation_at, case.closed_at)
        known = [moment for moment in moments if moment]
        assert known == sorted(known)
        assert all(at.date() < TODAY and at.weekday() < 5 for at in known)
        assert (case.closed_at is None) == (case.close_reason is None)
    assert {case.state.value for case in cases} >= {"waiting", "started", "connected", "closed"}
    talks = Contact.case_id == SupportCase.id, Contact.outcome == "attended"
    ends = [select(end(Contact.at)).where(*talks).scalar_subquery() for end in (func.min, func.max)]
    says = select(SupportCase.first_conversation_at, SupportCase.last_contact_at, *ends)
    assert all((begun, last) == (first, latest) for begun, last, first, latest in rows(says))
    assert rows(select(func.max(Attendance.held_on)))[0][0] < TODAY
    which = (CountedStart.person_id, CountedStart.year, CountedStart.scope)
    kept = rows(select(*which, CountedStart.organisation_id))
    again = [(row[0], row[1], Scope(row[2]), row[3]) for row in rows(recounted())]
    assert sorted(kept) == sorted(again)
    assert len(kept) > 100
    assert rows(select(func.count(CountDue.id))) == [(0,)]


def test_the_same_seed_makes_the_same_data_on_either_engine(app: Flask, tmp_path: Path) -> None:
    make()
    here = everything()
    (tmp_path / "other").mkdir()
    url = engines.sqlite_url(tmp_path / "other", migrate)
    other = create_app({"SECRET_KEY": SECRET, "AUDIT_KEY": SECRET, "SQLALCHEMY_DATABASE_URI": url})
    with other.app_context():
        make()
        there = everything()
    for table in TABLES:
        assert there[table] == here[table], table


def test_real_people_are_never_mixed_with_generated_ones_unless_it_is_said(
    app: Flask, cast: Cast
) -> None:
    records.case(cast.northside)
    db.session.commit()
    people = db.session.scalar(select(func.count(Person.id))) or 0
    with pytest.raises(RuleBroken, match="not generated"):
        make()
    db.session.rollback()
    make(Size(1, 20, 1), among_others=True)
    added = rows(select(Person.nhs_number).where(Person.key.like("made-up-%")))
    assert added == [(None,)] * 20
    assert db.session.scalar(select(func.count(Person.id))) == people + 20


@pytest.mark.one_engine
@pytest.mark.parametrize("real", ["accounts", "referrals from the public", "lists of people"])
def test_what_is_real_before_the_first_person_is_refused_too(app: Flask, real: str) -> None:
    pcn = Organisation(kind=OrganisationKind.PCN, name="Known PCN", ods_code="U12345")
    db.session.add(pcn)
    if real == "referrals from the public":
        records.public_referral(pcn)
    else:
        where = {"email": "made.up@generated.example"} if real != "accounts" else {}
        who = user("Ivy Marsh", pcn, **where)
        db.session.flush()
        if real == "lists of people":
            db.session.add(PeopleImport(user_id=who.id, at=NOW, sealed=b"sealed"))
    db.session.commit()
    with pytest.raises(RuleBroken, match=f"holds {real}.* not generated"):
        make(Size(1, 10, 1))


@pytest.mark.one_engine
def test_it_is_asked_again_for_what_is_real_once_nobody_else_can_write(app: Flask) -> None:
    def somebody_comes(step: str) -> None:
        if step.startswith("PCNs"):
            pcn = Organisation(kind=OrganisationKind.PCN, name="Known PCN", ods_code="U12345")
            user("Ivy Marsh", pcn)

    with pytest.raises(RuleBroken, match="holds accounts that were not generated"):
        generate(Size(1, 10, 1), seed=7, today=TODAY, progress=somebody_comes)


def test_a_trigger_that_was_off_stays_off(app: Flask, engine: str) -> None:
    if engine == "postgresql":
        name = db.session.scalar(text(f"{A_TRIGGER} ORDER BY tgname LIMIT 1"))
        db.session.execute(text(f'ALTER TABLE support_case DISABLE TRIGGER "{name}"'))
        name = db.session.scalar(text(f"{A_TRIGGER} ORDER BY tgname DESC LIMIT 1"))
        db.session.execute(text(f'ALTER TABLE support_case ENABLE ALWAYS TRIGGER "{name}"'))
    before = surroundings()
    with bulk.set_aside(["support_case"], held=["user"]):
        assert surroundings() != before
    assert surroundings() == before
    db.session.rollback()


def test_known_pcns_are_used_before_any_is_made_up_and_more_people_can_come_later(
    app: Flask,
) -> None:
    pcn = Organisation(kind=OrganisationKind.PCN, name="Known PCN", ods_code="U12345")
    db.session.add(pcn)
    db.session.commit()
    make(Size(2, 40, 1))
    codes = select(Organisation.ods_code).where(Organisation.kind == OrganisationKind.PCN)
    assert set(db.session.scalars(codes)) == {"U12345", "ZP00001"}
    at_known = select(func.count(SupportCase.id)).where(SupportCase.organisation_id == pcn.id)
    assert db.session.scalar(at_known)
    make(Size(3, 20, 1))
    assert set(db.session.scalars(codes)) == {"U12345", "ZP00001", "ZP00002"}
    assert db.session.scalar(select(func.count(Person.id))) == 60


def test_broken_off_it_has_not_happened(app: Flask) -> None:
    before = surroundings()

    def stop(step: str) -> None:
        if step.startswith("Indexes"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(SMALL, seed=7, today=TODAY, progress=stop)
    db.session.rollback()
    assert surroundings() == before
    assert db.session.scalar(select(func.count(Person.id))) == 0
    assert db.session.scalar(select(func.count(Organisation.id))) == 0


@pytest.mark.one_engine
def test_the_command_refuses_sizes_and_days_in_words(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "chosen", lambda in_demo: app)
    for words, said in (
        (["--pcns", "0", "--people", "10"], "The number of PCNs must be from 1 to 3,000."),
        (["--pcns", "1", "--people", "-3"], "The number of people must be from 1 to 5,000,000."),
        (["--pcns", "1", "--people", "1", "--years", "11"], "years must be from 1 to 10."),
        (["--pcns", "1", "--people", "9", "--until", "2026-11-19"], "must not be a day to come."),
    ):
        done = CliRunner().invoke(main, ["generate", *words])
        assert (done.exit_code, said in done.output) == (1, True), done.output


@pytest.mark.one_engine
def test_a_password_is_as_good_as_a_user_s_not_shown_and_not_among_others(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "chosen", lambda in_demo: app)
    few, good = ["--pcns", "1", "--people", "9"], "opens what is made up"
    for words, typed, said in (
        (["--password", "short"], "", "at least 12 characters"),
        (["--password"], "hidden\nhidden\n", "at least 12 characters"),
        (["--password", good, "--among-others"], "", "--password cannot go with --among-others"),
    ):
        done = CliRunner().invoke(main, ["generate", *few, *words], input=typed)
        assert (done.exit_code, said in done.output) == (1, True), done.output
        assert "hidden" not in done.output
    assert db.session.scalar(select(func.count(Person.id))) == 0
