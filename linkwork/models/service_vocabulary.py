"""The distinct words of the directory, to find the ones that a mistyped word may be.

Kept beside the index of words and filled with it. Words stay when their last service is gone: who
asks makes sure that a service still has the word (``service_text.counts``). Each word is also kept
backwards, so that words that end alike are as near as words that begin alike.
"""

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import Connection, text

SHORTEST, LONGEST = 4, 40
MOST_NEAR = 12
LAST = "\U0010ffff"
CREATE = "CREATE TABLE service_word (word TEXT {0} NOT NULL, backwards TEXT {0} NOT NULL)"
# In the order of bytes on both engines, whatever the language of a cluster.
BY_BYTES = {"sqlite": "COLLATE BINARY", "postgresql": 'COLLATE "C"'}
INDEXES = (
    "CREATE INDEX ix_service_word_word ON service_word (word)",
    "CREATE INDEX ix_service_word_backwards ON service_word (backwards)",
)
# Nothing makes a word unique: two imports at once may both add one, and neither waits.
ADD_SQLITE = (
    "INSERT INTO service_word (word, backwards) SELECT ?1, ?2 "
    "WHERE NOT EXISTS (SELECT 1 FROM service_word WHERE word = ?1)"
)
ADD_POSTGRESQL = (
    "INSERT INTO service_word (word, backwards) SELECT new, reverse(new) "
    "FROM unnest(CAST(:words AS text[])) AS new "
    "WHERE NOT EXISTS (SELECT 1 FROM service_word WHERE word = new)"
)
FIND = (
    "SELECT word FROM service_word WHERE word >= :begins AND word < :begins_until "
    "AND length(word) BETWEEN :shortest AND :longest UNION "
    "SELECT word FROM service_word WHERE backwards >= :ends AND backwards < :ends_until "
    "AND length(word) BETWEEN :shortest AND :longest"
)


def create(connection: Connection) -> None:
    """Make the table; called by a migration."""
    for statement in (CREATE.format(BY_BYTES[connection.dialect.name]), *INDEXES):
        connection.execute(text(statement))


def drop(connection: Connection) -> None:
    """Remove the table; called by a migration."""
    connection.execute(text("DROP TABLE service_word"))


def add(connection: Connection, words: Iterable[str]) -> None:
    """Keep these words; those that are kept already, or can never be meant, change nothing."""
    wanted = sorted({word for word in words if is_correctable(word)})
    if not wanted:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(text(ADD_POSTGRESQL), {"words": wanted})
    else:
        connection.exec_driver_sql(ADD_SQLITE, [(word, word[::-1]) for word in wanted])


def is_correctable(word: str) -> bool:
    """Whether a word is one that people mistype: letters, and neither short nor endless."""
    return word.isalpha() and SHORTEST <= len(word) <= LONGEST


def near(connection: Connection, word: str) -> list[tuple[str, int]]:
    """Words that ``word`` may have been meant to be, with how many slips apart, fewest first.

    A slip is a letter too many, too few, wrong, or two that changed places: one is forgiven in
    four letters, two in eight, three in twelve. Only words that begin or end with the same two
    or three letters are looked at: slips at both ends at once are beyond what is found.
    """
    if not is_correctable(word):
        return []
    allowed = min(len(word) // 4, 3)
    found = connection.execute(text(FIND), _looked_at(word, allowed)).scalars().all()
    nearest = process.extract(
        word, found, scorer=OSA.distance, score_cutoff=allowed, limit=MOST_NEAR
    )
    return sorted(((one, int(slips)) for one, slips, _ in nearest), key=lambda pair: pair[::-1])


def _looked_at(word: str, allowed: int) -> dict[str, object]:
    same = 1 if len(word) < 6 else 2 if len(word) < 8 else 3
    begins, ends = word[:same], word[::-1][: max(same, 2)]
    return {
        "begins": begins,
        "begins_until": begins + LAST,
        "ends": ends,
        "ends_until": ends + LAST,
        "shortest": max(SHORTEST, len(word) - allowed),
        "longest": len(word) + allowed,
    }
