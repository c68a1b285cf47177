"""What others would offer for the same note: each orders the activities by one measure alone.

All of them are told the same form, and leave out what it rules out, as the engine does.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import create_engine, text

from linkwork.matching.words import Text
from tests.benchmarks.judged import Row

STOP = frozenset(
    "the and to of a in is was her his he she for on not at that it has had since but they would "
    "been from who by be as my i no up out have so this are or after when about with them him if "
    "an all can does doesn don s t".split()
)
Order = Callable[[str], list[str]]
"""From the words of a note to the ids of activities, the best first."""


def words_of(said: str) -> list[str]:
    """Return the words that are worth looking for, once each."""
    words = (word for word in Text.of(said).words if word not in STOP and "'" not in word)
    return list(dict.fromkeys(words))


class FullText:
    """The words of every activity in an in-memory FTS5 table."""

    def __init__(self, activities: Iterable[Row]) -> None:
        """Index name, taxonomy and description."""
        self._db = sqlite3.connect(":memory:")
        self._db.execute(
            "create virtual table t using fts5(id unindexed, n, x, d, tokenize='porter unicode61')"
        )
        self._db.executemany("insert into t values (?, ?, ?, ?)", map(_columns, activities))

    def order(self, said: str) -> list[str]:
        """Return the ids of all activities that share a word, by bm25."""
        asked = " OR ".join(f'"{word}"' for word in words_of(said))
        query = "select id from t where t match ? order by bm25(t, 0, 3, 2, 1), id"
        return [found for (found,) in self._db.execute(query, (asked,))] if asked else []


class Like:
    """As a search box over a table does it: how many of the words an activity holds anywhere."""

    def __init__(self, activities: Iterable[Row]) -> None:
        """Keep what there is to look in."""
        self._db = sqlite3.connect(":memory:")
        self._db.execute("create table t (id, said)")
        self._db.executemany(
            "insert into t values (?, ?)",
            ((columns[0], " ".join(columns[1:])) for columns in map(_columns, activities)),
        )

    def order(self, said: str) -> list[str]:
        """Return the ids of the activities with any of the words, those with most of them first."""
        counts: dict[str, int] = {}
        for word in words_of(said):
            query = "select id from t where said like ? order by id"
            for (found,) in self._db.execute(query, (f"%{word}%",)):
                counts[found] = counts.get(found, 0) + 1
        return sorted(counts, key=lambda one: (-counts[one], one))


class TsRank:
    """PostgreSQL's ``ts_rank`` with weights as Linkwork's own index has them."""

    def __init__(self, url: str, activities: Iterable[Row]) -> None:
        """Index name, taxonomy and description in a table that goes with the connection."""
        self._db = create_engine(url).connect()
        self._db.execute(text("create temporary table bench_t (id text, d tsvector)"))
        insert = (
            "insert into bench_t values (:id, setweight(to_tsvector('english', :n), 'A') || "
            "setweight(to_tsvector('english', :x), 'B') || "
            "setweight(to_tsvector('english', :d), 'D'))"
        )
        named = [dict(zip(("id", "n", "x", "d"), _columns(one), strict=True)) for one in activities]
        self._db.execute(text(insert), named)

    def order(self, said: str) -> list[str]:
        """Return the ids of all activities that share a word, by ts_rank."""
        asked = " | ".join(f"'{word}'" for word in words_of(said))
        query = (
            "select id from bench_t, to_tsquery('english', :asked) as q where d @@ q "
            "order by ts_rank('{0.1, 0.3, 0.6, 1.0}', d, q) desc, id"
        )
        return list(self._db.execute(text(query), {"asked": asked}).scalars()) if asked else []


def orders(
    activities: Sequence[Row], *, postgresql: str | None, model: Any | None
) -> Mapping[str, Order]:
    """Return every ranker that can be had here, by its name."""
    found: dict[str, Order] = {
        "SQL LIKE": Like(activities).order,
        "SQLite FTS5 bm25": FullText(activities).order,
    }
    if postgresql:
        found["PostgreSQL ts_rank"] = TsRank(postgresql, activities).order
    if model is not None:
        found["the model alone"] = model.order
    return found


def _columns(row: Row) -> tuple[str, str, str, str]:
    return row["id"], row["name"], " ".join(row["taxonomy"] or ()), row["description"] or ""
