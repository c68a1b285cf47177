"""Migrations build what the models describe, and go back and forth with people in the tables."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from flask import Flask
from sqlalchemy import Engine, Inspector, create_engine, func, inspect, select, table, text

from linkwork import paths
from linkwork.database import db, migrate, migrate_back
from linkwork.models import Role, service_text
from tests import cast as make
from tests import engines


@pytest.fixture
def described(engine: str, tmp_path: Path) -> Iterator[Engine]:
    """A database made from the models, without a migration."""
    made = create_engine(engines.bare_url(engine, tmp_path, "described"))
    db.metadata.create_all(made)
    yield made
    made.dispose()


def ours(name: str | None) -> bool:
    return name is not None and name != "alembic_version" and not service_text.is_part_of_it(name)


def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    return kind != "table" or ours(name)


def shape(inspector: Inspector) -> dict[str, dict[str, list[Any]]]:
    """Return everything about the tables that has a name, or should have one."""

    def named(found: list[Any]) -> list[Any]:
        return sorted((str(each["name"]), each.get("column_names")) for each in found)

    return {
        name: {
            "columns": sorted(
                (c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(name)
            ),
            "primary key": [(str(inspector.get_pk_constraint(name)["name"]),)],
            "foreign keys": sorted(
                (str(k["name"]), k["referred_table"], str(k["options"]))
                for k in inspector.get_foreign_keys(name)
            ),
            "unique": named(inspector.get_unique_constraints(name)),
            "indexes": named(inspector.get_indexes(name)),
            "checks": sorted(
                (str(c["name"]), c["sqltext"]) for c in inspector.get_check_constraints(name)
            ),
        }
        for name in filter(ours, inspector.get_table_names())
    }


def counts() -> dict[str, int]:
    """Return how many rows each table holds."""
    names = filter(ours, inspect(db.engine).get_table_names())
    found = {n: db.session.scalar(select(func.count()).select_from(table(n))) or 0 for n in names}
    db.session.rollback()
    return found


def fill() -> None:
    """Put somebody, and what was done for them, into the tables."""
    people = make.assemble()
    case = make.case(people.northside, worker=people.amina)
    make.referral(people.birch, by=people.dev, case=case)
    make.contact(case, by=people.amina)
    service = make.service("Quarry allotment")
    make.onward_referral(case, by=people.amina, service=service)
    make.user("Nobody yet", people.southside, Role.SUPERVISOR)
    service_text.reindex([service.id])
    db.session.commit()


def revisions() -> list[Script]:
    """Return the migrations, the newest first."""
    return list(ScriptDirectory(str(paths.MIGRATIONS)).walk_revisions())


def test_migrations_leave_nothing_for_the_models_to_add(bare_app: Flask) -> None:
    migrate()
    with db.engine.connect() as connection:
        options = {
            "compare_type": True,
            "include_name": lambda name, kind, _: kind != "table" or ours(name),
        }
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, db.metadata) == []


def test_migrations_give_everything_the_name_the_models_give_it(
    bare_app: Flask, described: Engine
) -> None:
    migrate()
    migrated, wanted = shape(inspect(db.engine)), shape(inspect(described))
    assert migrated.keys() == wanted.keys()
    for name in wanted:
        assert migrated[name] == wanted[name], name
    assert "None" not in str(
        [(t["primary key"], t["unique"], t["checks"]) for t in wanted.values()]
    )


def test_migrating_twice_changes_nothing(bare_app: Flask) -> None:
    migrate()
    fill()
    before = counts()
    migrate()
    assert counts() == before


def test_each_migration_goes_back_and_forth_with_people_in_the_tables(bare_app: Flask) -> None:
    migrate()
    fill()
    for revision in revisions():
        before = counts()
        earlier = str(revision.down_revision or "base")
        migrate_back(earlier)
        kept = counts()
        assert kept == {name: before[name] for name in kept}
        migrate(revision.revision)
        again = counts()
        assert {name: again[name] for name in kept} == kept
        migrate_back(earlier)
    assert counts() == {}
    migrate()
    fill()
    assert counts()["person"] > 0


def test_a_migrated_database_knows_which_migration_it_has(bare_app: Flask) -> None:
    migrate()
    version = db.session.scalar(text("SELECT version_num FROM alembic_version"))
    assert version == revisions()[0].revision


def test_migrations_are_numbered_in_one_line() -> None:
    line = [script.revision for script in revisions()]
    assert line == [f"{number:04}" for number in range(len(line), 0, -1)]
    assert len(ScriptDirectory(str(paths.MIGRATIONS)).get_heads()) == 1
