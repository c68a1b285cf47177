"""The words of services, indexed: FTS5 on SQLite, ``tsvector`` on PostgreSQL.

Text is cut into words here, in the same way for both engines and for what is looked for, so that
whatever a user types is only ever a list of words. ``reindex`` fills the index, and what is kept
beside it: facets, sessions and vocabulary. Facets and sessions also follow every flush.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
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
from linkwork.models import service_facet, service_session, service_vocabulary
from linkwork.models.location import Location, ServiceAtLocation
from linkwork.models.provider import Provider
from linkwork.models.service import CostOption, Schedule, Service, ServiceArea
from linkwork.models.taxonomy import ServiceTerm, TaxonomyTerm

WORD = re.compile(r"[^\W_]+")
LONGEST_WORD = 40
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

COLUMNS = ("name", "terms", "place", "description")
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
    "INSERT INTO service_fts (rowid, name, terms, place, description) "
    "VALUES (:id, :name, :terms, :place, :description)"
)
ADD_POSTGRESQL = (
    "INSERT INTO service_search (service_id, document) VALUES (:id, "
    "setweight(to_tsvector('english', :name), 'A') || "
    "setweight(to_tsvector('english', :terms), 'B') || "
    "setweight(to_tsvector('english', :place), 'C') || "
    "setweight(to_tsvector('english', :description), 'D'))"
)


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


def words_of(said: str) -> list[str]:
    """The words of a text, in small letters and without accents."""
    plain = unicodedata.normalize("NFKD", said.lower())
    if not plain.isascii():
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [word[:LONGEST_WORD] for word in WORD.findall(plain)]


def reindex(service_ids: Iterable[int]) -> None:
    """Index these services again, as they stand in the database now."""
    db.session.flush()
    connection = db.session.connection()
    for some in _in_parts(list(service_ids)):
        _forget(some)
        rows = list(_rows(connection, some))
        if rows:
            add = ADD_POSTGRESQL if _is_postgresql(connection) else ADD_SQLITE
            connection.execute(text(add), rows)
        service_vocabulary.add(connection, _distinct(rows))
        _write_beside(connection, some)


def _write_beside(connection: Connection, service_ids: Sequence[int]) -> None:
    service_facet.write(connection, service_ids)
    service_session.write(connection, service_ids)


def _distinct(rows: Iterable[dict[str, object]]) -> set[str]:
    return {word for row in rows for name in COLUMNS for word in str(row[name]).split()}


def fill(connection: Connection) -> None:
    """Keep the facets and the words of a directory that is there already; for a migration."""
    for some in _in_parts(list(connection.scalars(select(Service.id)))):
        service_vocabulary.add(connection, _distinct(_rows(connection, some)))
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
    rows = _rows(connection, list(connection.scalars(query.limit(MOST_READ))))
    return any(word in _distinct([row]) for row in rows)


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


def _rows(connection: Connection, service_ids: Sequence[int]) -> Iterator[dict[str, object]]:
    terms, places = _terms(connection, service_ids), _places(connection, service_ids)
    query = (
        select(Service.id, Service.name, Service.description, Provider.name.label("provider"))
        .outerjoin(Provider, Service.provider_id == Provider.id)
        .where(Service.id.in_(service_ids))
    )
    for row in connection.execute(query):
        texts = {
            "name": row.name,
            "terms": " ".join(terms[row.id]),
            "place": " ".join((row.provider or "", *places[row.id])),
            "description": row.description or "",
        }
        yield {"id": row.id, **{name: " ".join(words_of(said)) for name, said in texts.items()}}


def _terms(connection: Connection, service_ids: Sequence[int]) -> dict[int, list[str]]:
    query = (
        select(ServiceTerm.service_id, TaxonomyTerm.name)
        .join(TaxonomyTerm, ServiceTerm.term_id == TaxonomyTerm.id)
        .where(ServiceTerm.service_id.in_(service_ids))
    )
    return _gathered(connection.execute(query))


def _places(connection: Connection, service_ids: Sequence[int]) -> dict[int, list[str]]:
    one = func.coalesce
    where = one(Location.name, "") + " " + one(Location.address, "")
    where = where + " " + one(Location.city, "") + " " + one(Location.postcode, "")
    at = (
        select(ServiceAtLocation.service_id, where)
        .join(Location, ServiceAtLocation.location_id == Location.id)
        .where(ServiceAtLocation.service_id.in_(service_ids))
    )
    areas = select(ServiceArea.service_id, ServiceArea.name)
    areas = areas.where(ServiceArea.service_id.in_(service_ids))
    return _gathered(connection.execute(at.union_all(areas)))


def _gathered(rows: Iterable[Sequence[object]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for service_id, words in rows:
        found[int(str(service_id))].append(str(words))
    return found


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
