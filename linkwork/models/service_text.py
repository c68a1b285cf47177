"""The words of services, indexed: FTS5 on SQLite, ``tsvector`` on PostgreSQL.

Text is cut into words here, in the same way for both engines and for what is looked for, so that
whatever a user types is only ever a list of words. ``reindex`` fills the index, and what is kept
beside it: facets, sessions and vocabulary. Facets and sessions also follow every flush.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    Connection,
    Float,
    Integer,
    Select,
    bindparam,
    event,
    func,
    literal,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Session

from linkwork.database import db
from linkwork.models import (
    service_facet,
    service_session,
    service_vector,
    service_vocabulary,
    service_wording,
)
from linkwork.models.location import Location, ServiceAtLocation
from linkwork.models.service import CostOption, Schedule, Service
from linkwork.models.service_wording import Row

MOST_WORDS = 40
AT_ONCE = 500
MOST_READ = 50
SHORTEST_BEGINNING = 3
STOP_WORDS = frozenset(
    "a about after all am an and any are as at be been but by can did do does for from had has "
    "have he her him his how i if in into is it its me my no not of on or our s she so some t "
    "than that the their them then there they this to too up very was we were what when where "
    "which who will with you your".split()
)

words_of = service_wording.words_of
CREATE_SQLITE = (
    "CREATE VIRTUAL TABLE service_fts USING fts5(name, terms, place, description, "
    "tokenize = 'porter unicode61 remove_diacritics 2')"
)
CREATE_TABLE = (
    "CREATE TABLE service_search (service_id INTEGER PRIMARY KEY "
    "REFERENCES service (id) ON DELETE CASCADE, document TSVECTOR NOT NULL)"
)
CREATE_INDEX = "CREATE INDEX ix_service_search_document ON service_search USING gin (document)"
# A word in the name weighs ten times one in the description, on either engine.
FIND_SQLITE = (
    "SELECT rowid AS service_id, -bm25(service_fts, 10.0, 6.0, 3.0, 1.0) AS score "
    "FROM service_fts WHERE service_fts MATCH :looked_for"
)
FIND_POSTGRESQL = (
    "SELECT service_id, ts_rank('{0.1, 0.3, 0.6, 1.0}', document, looked_for) AS score "
    "FROM service_search, to_tsquery('english', :looked_for) AS looked_for "
    "WHERE document @@ looked_for"
)
# What is only counted needs no rank, which is the dearer half of finding.
SCORE = re.compile(r"(?:-bm25|ts_rank)\([^)]*\) AS score")
ADD_SQLITE = (
    "INSERT INTO service_fts (rowid, name, terms, place, description) VALUES (?, ?, ?, ?, ?)"
)
ADD_POSTGRESQL = (
    "INSERT INTO service_search (service_id, document) VALUES (:id, "
    "setweight(to_tsvector('english', :name), 'A') || "
    "setweight(to_tsvector('english', :terms), 'B') || "
    "setweight(to_tsvector('english', :place), 'C') || "
    "setweight(to_tsvector('english', :description), 'D'))"
)


@dataclass(slots=True)
class New:
    """A service that an import has just made, with what is told of it in the index."""

    words: Row
    facts: Mapping[str, Any]
    """Its number as ``id``, and the columns ``service_facet`` reads."""
    schedules: Sequence[Any]
    costs: Sequence[Any]
    places: Sequence[Any]


def create(connection: Connection) -> None:
    """Make the index’s table; called by a migration."""
    on_postgresql = _is_postgresql(connection)
    for statement in (CREATE_TABLE, CREATE_INDEX) if on_postgresql else (CREATE_SQLITE,):
        connection.execute(text(statement))


def drop(connection: Connection) -> None:
    """Remove the index’s table; called by a migration."""
    name = "service_search" if _is_postgresql(connection) else "service_fts"
    connection.execute(text(f"DROP TABLE {name}"))


def is_part_of_it(table: str) -> bool:
    """Whether a table belongs to the index, and so to no model."""
    return table in ("service_search", "service_word") or table.startswith("service_fts")


def reindex(service_ids: Iterable[int], *, kept: set[str] | None = None) -> None:
    """Index these services again, as they stand in the database now.

    ``kept`` are words that were indexed just before: they are not looked for, and more are added.
    """
    db.session.flush()
    db.session.info[service_vector.CHANGED] = True
    connection = db.session.connection()
    for some in _in_parts(list(service_ids)):
        _index(connection, some, list(service_wording.rows(connection, some)), kept)
        _write_beside(connection, some)
        service_vector.mark(connection, some)


def add(new: Sequence[New], *, kept: set[str]) -> None:
    """Index new services, which nothing stands in the index of; ``kept`` as in ``reindex``."""
    connection = db.session.connection()
    db.session.info[service_vector.CHANGED] = True
    numbers = [one.facts["id"] for one in new]
    _index(connection, numbers, [one.words for one in new], kept)
    service_facet.add(connection, [(one.facts, one) for one in new])
    service_session.write(connection, [one.facts["id"] for one in new if one.schedules])


def _index(
    connection: Connection, service_ids: Sequence[int], rows: list[Row], kept: set[str] | None
) -> None:
    _forget(service_ids)
    if rows:
        _add(connection, rows)
    words = service_wording.distinct(rows)
    service_vocabulary.add(connection, words if kept is None else words - kept)
    if kept is not None:
        kept |= words


def _add(connection: Connection, rows: list[Row]) -> None:
    if _is_postgresql(connection):
        connection.execute(text(ADD_POSTGRESQL), rows)
    else:
        connection.exec_driver_sql(ADD_SQLITE, [tuple(row.values()) for row in rows])


def _write_beside(connection: Connection, service_ids: Sequence[int]) -> None:
    service_facet.write(connection, service_ids)
    service_session.write(connection, service_ids)


def fill(connection: Connection) -> None:
    """Keep the facets and the words of a directory that is there already; for a migration."""
    for some in _in_parts(list(connection.scalars(select(Service.id)))):
        service_vocabulary.add(
            connection, service_wording.distinct(service_wording.rows(connection, some))
        )
        _write_beside(connection, some)


def reindex_all() -> None:
    """Index the whole directory again."""
    reindex(db.session.scalars(select(Service.id)))


def matching(said: str, *, every: bool = True) -> CTE | None:
    """The services with these words, to join to: ``service_id`` and ``score``, higher is better.

    ``every`` asks for all of the words, or for words that begin so; otherwise any one will do.
    None where nothing is left to look for.
    """
    words = list(dict.fromkeys(word for word in words_of(said) if word not in STOP_WORDS))
    if not words:
        return None
    return _found(words[:MOST_WORDS], every)


def _found(words: Sequence[str], every: bool, name: str = "found", *, ranked: bool = True) -> CTE:
    on_postgresql = _is_postgresql(db.session.connection())
    find = FIND_POSTGRESQL if on_postgresql else FIND_SQLITE
    spell = _for_postgresql if on_postgresql else _for_sqlite
    asked = f"looked_for_in_{name}"
    find = (find if ranked else SCORE.sub("0.0 AS score", find)).replace(":looked_for", f":{asked}")
    query = text(find).bindparams(bindparam(asked, spell(words, every)))
    found = query.columns(service_id=Integer, score=Float).cte(name)
    # Asked once for all services: SQLite would otherwise ask the index again for each of them.
    return found.prefix_with("MATERIALIZED")


def matches(said: str, *, every: bool = False, at_most: int = 1000) -> dict[int, float]:
    """The services with these words, best first, with scores above 0 up to 1 for the best.

    Safe for any text; nothing is found where the text has no word to look for.
    """
    found = matching(said, every=every)
    if found is None:
        return {}
    rows = db.session.execute(select(found).order_by(found.c.score.desc()).limit(at_most)).all()
    best = max((row.score for row in rows), default=0) or 1
    return {row.service_id: max(row.score / best, 0.0) for row in rows}


def counts(words: Sequence[str], among: Select[Any], *, beginnings: bool = False) -> dict[str, int]:
    """How many of some services (facets, ``among``) have each word, or one that begins so."""
    queries = []
    for number, word in enumerate(words):
        found = _found([word], beginnings, f"found_{number}", ranked=False)
        count = _having(found, among).with_only_columns(func.count()).scalar_subquery()
        queries.append(select(literal(word).label("word"), count.label("n")))
    if not queries:
        return {}
    return {row.word: row.n for row in db.session.execute(union_all(*queries))}


def is_said(word: str, among: Select[Any]) -> bool:
    """Whether one of the services has the very word, and not only another form of it."""
    found = _found([word], every=True, ranked=False)
    connection = db.session.connection()
    query = _having(found, among).with_only_columns(found.c.service_id)
    rows = service_wording.rows(connection, list(connection.scalars(query.limit(MOST_READ))))
    return any(word in service_wording.distinct([row]) for row in rows)


def _having(found: CTE, among: Select[Any]) -> Select[Any]:
    return among.join(found, found.c.service_id == service_facet.ServiceFacet.service_id)


def _for_sqlite(words: Sequence[str], every: bool) -> str:
    joint = " AND " if every else " OR "
    return joint.join(f'"{word}"{"*" if _may_go_on(word, every) else ""}' for word in words)


def _for_postgresql(words: Sequence[str], every: bool) -> str:
    joint = " & " if every else " | "
    return joint.join(f"'{word}'{':*' if _may_go_on(word, every) else ''}" for word in words)


def _may_go_on(word: str, every: bool) -> bool:
    return every and len(word) >= SHORTEST_BEGINNING


def _forget(service_ids: Sequence[int]) -> None:
    on_postgresql = _is_postgresql(db.session.connection())
    table, column = ("service_search", "service_id") if on_postgresql else ("service_fts", "rowid")
    statement = text(f"DELETE FROM {table} WHERE {column} IN :ids")  # noqa: S608
    db.session.execute(
        statement.bindparams(bindparam("ids", expanding=True)), {"ids": list(service_ids)}
    )


def _in_parts(service_ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(service_ids), AT_ONCE):
        yield service_ids[start : start + AT_ONCE]


def _is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


@event.listens_for(Session, "after_flush")
def _follow(session: Session, _context: object) -> None:
    changed = {*session.new, *session.dirty}
    numbers = {one.id for one in changed if isinstance(one, Service)}
    parts = (Schedule, CostOption, ServiceAtLocation)
    numbers |= {one.service_id for one in {*changed, *session.deleted} if isinstance(one, parts)}
    places = [one.id for one in session.dirty if isinstance(one, Location)]
    if places:
        at = select(ServiceAtLocation.service_id).where(ServiceAtLocation.location_id.in_(places))
        numbers |= set(session.connection().scalars(at))
    numbers.discard(None)
    if numbers:
        _write_beside(session.connection(), sorted(numbers))
        service_vector.mark(session.connection(), sorted(numbers))
        session.info[service_vector.CHANGED] = True
