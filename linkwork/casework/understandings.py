"""What the model of meaning is taught of our concepts, and who is at work on what waits."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from linkwork import meaning
from linkwork.casework import service_vectors
from linkwork.casework.lexicon import lexicon
from linkwork.casework.service_vectors import MODEL
from linkwork.database import db, let_go
from linkwork.matching import Lexicon
from linkwork.meaning import Encoder, Taught
from linkwork.models import Understanding

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST_STEP = timedelta(minutes=10)
"""A process that has not been heard of for longer is taken for dead."""
AT_ONCE = 200
ONLY = 1
Say = Callable[[int, int], None]
"""Told how many are done, and of how many."""

_hashes: list[tuple[Lexicon, str]] = []


def found() -> Understanding | None:
    """What there is, of whatever concepts and model."""
    return db.session.get(Understanding, ONLY, populate_existing=True)


def is_taught() -> bool:
    """Whether the present concepts have been learnt by the present model."""
    row = found()
    return row is not None and _is_of_now(row)


def is_waiting() -> bool:
    """Whether anything is to be read: the words of the concepts, or some service."""
    return not is_taught() or bool(service_vectors.waiting())


def taught() -> Taught | None:
    """What the present model learnt of the present concepts; None where it has not yet."""
    row = found()
    if row is None or row.taught is None or not _is_of_now(row):
        return None
    ids = sorted({concept for concept, _ in _texts(lexicon())})
    return Taught.from_bytes(ids, row.taught)


def take(*, at: datetime) -> datetime | None:
    """Take the work for ten minutes, and return until when; None where somebody else is at it.

    Until when names who took it: whoever slept for longer finds another time there, and knows that
    the work is another’s now. The caller commits.
    """
    row = _held()
    if row.taken_until is not None and row.taken_until > at:
        return None
    row.taken_until = at + LONGEST_STEP
    return row.taken_until


def go_on(taken: datetime, *, at: datetime) -> datetime | None:
    """Keep the work for another ten minutes, and return until when; None where it is another’s."""
    row = _held()
    if row.taken_until != taken:
        return None
    row.taken_until = max(at + LONGEST_STEP, taken)
    return row.taken_until


def let_others(taken: datetime, *, at: datetime) -> None:
    """Let go of the work where it still is ours; where nothing waits, note that it is done."""
    row = _held()
    if row.taken_until == taken:
        row.taken_until = None
    if not is_waiting():
        row.finished_at = at


def teach(encoder: Encoder, *, at: datetime, say: Say | None = None) -> int:
    """Teach the model the present concepts, and return from how many texts.

    Takes up to half a minute, in which no transaction is open. The caller commits.
    """
    words = lexicon()
    texts = _texts(words)
    let_go()
    vectors = _encoded([text for _, text in texts], encoder, say or _nobody)
    learnt = meaning.taught([concept for concept, _ in texts], vectors).to_bytes()
    row = _held()
    row.taught, row.taught_at = learnt, at
    row.lexicon_hash, row.model_hash = _hash_of(words), MODEL
    return len(texts)


def _encoded(texts: list[str], encoder: Encoder, say: Say) -> NDArray[Any]:
    import numpy as np

    rows = []
    for start in range(0, len(texts), AT_ONCE):
        some = texts[start : start + AT_ONCE]
        rows.append(encoder.encode(some))
        say(start + len(some), len(texts))
    return np.concatenate(rows)


def _nobody(_done: int, _of: int) -> None:
    """Say nothing."""


def _texts(words: Lexicon) -> list[tuple[str, str]]:
    return meaning.lessons(words.concepts.values())


def _is_of_now(row: Understanding) -> bool:
    return (row.lexicon_hash, row.model_hash) == (_hash_of(lexicon()), MODEL)


def _hash_of(words: Lexicon) -> str:
    """The same for the same words in the same order; worked out once for a lexicon."""
    if not _hashes or _hashes[0][0] is not words:
        texts = (f"{concept}\t{text}" for concept, text in _texts(words))
        said = "\n".join((meaning.RECIPE, *texts))
        _hashes[:] = [(words, hashlib.blake2b(said.encode(), digest_size=16).hexdigest())]
    return _hashes[0][1]


def _held() -> Understanding:
    """The one row, held; made where there is none yet."""
    query = select(Understanding).where(Understanding.id == ONLY)
    held = query.with_for_update().execution_options(populate_existing=True)
    row = db.session.scalar(held)
    if row is not None:
        return row
    try:
        with db.session.begin_nested():
            db.session.add(Understanding(id=ONLY))
    except IntegrityError:  # somebody else made it at this moment
        pass
    return db.session.scalars(held).one()
