"""What a note means for the matching, where a model of meaning is installed and in use.

Nothing of a note is stored: the vectors of its sentences stay in the memory of this process for
some minutes. Where there is no model, or no service has a vector yet, everything works without.
"""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from flask import current_app
from sqlalchemy import Engine, func, select

from linkwork import meaning
from linkwork.casework import understandings
from linkwork.casework.lexicon import lexicon
from linkwork.casework.offers import Directory
from linkwork.casework.service_vectors import MODEL
from linkwork.database import db
from linkwork.errors import without_values
from linkwork.matching import Lexicon, Meaning
from linkwork.matching.meant import NO_MEANING
from linkwork.meaning import Encoder, Known, ModelRefused, ModelUnusable, Taught
from linkwork.meaning.remembered import Remembered
from linkwork.models import ServiceVector, Understanding

log = logging.getLogger(__name__)
LOOK_AGAIN_SECONDS = 30
"""While vectors are being worked out they are not read anew for every note."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read for a directory: of which concepts, what was newest, and when."""

    keys: Mapping[int, str]
    words: Lexicon
    newest: tuple[datetime | None, datetime | None]
    read_at: float
    services: Known
    taught: Taught | None


_lock = threading.Lock()
_read: WeakKeyDictionary[Engine, _Read] = WeakKeyDictionary()
_sentences = Remembered()
_said: set[str] = set()


def is_on() -> bool:
    """Whether this installation uses a model of meaning where one is installed."""
    return bool(current_app.config.get("MEANING"))


def of_note(text: str, directory: Directory, *, wished: Sequence[str] = ()) -> Meaning:
    """How near a note is to each concept and to each service of the directory, from 0 to 1.

    ``wished`` are the labels of what was confirmed: services near to one of them are alike too.
    ``NO_MEANING`` where the model is off, missing or damaged, where no service has a vector, and
    where there is neither note nor wish. Services without a vector have no likeness, and concepts
    nothing until the model was taught them. Never raises for the model.
    """
    if not is_on() or not (text.strip() or wished):
        return NO_MEANING
    known = _known(directory)
    encoder = _encoder() if known is not None else None
    if known is None or encoder is None:
        return NO_MEANING
    try:
        said = meaning.sentences(text)
        return meaning.understand(
            _sentences.vectors(said, encoder.encode),
            known.taught,
            known.services,
            said=said,
            wished=_sentences.vectors(wished, encoder.encode) if wished else None,
        )
    except Exception as error:  # whatever its libraries raise: the words alone must do then
        log.error("The model of meaning failed; matches go on without.\n%s", without_values(error))
        return NO_MEANING


def forget_old() -> None:
    """Let go of the sentences nobody has come back to for a quarter of an hour."""
    _sentences.forget_old()


def forget() -> None:
    """Let go of all that is kept in memory: of notes, concepts and services."""
    _sentences.forget()
    with _lock:
        _read.clear()
        _said.clear()


def _encoder() -> Encoder | None:
    """The model, or None; that it is damaged is said in the log once for each process."""
    try:
        return meaning.encoder()
    except ModelUnusable as unusable:
        if isinstance(unusable, ModelRefused) and str(unusable) not in _said:
            log.warning("Matches go on without a model of meaning. %s", unusable)
        _said.add(str(unusable))
        return None


def _known(directory: Directory) -> _Read | None:
    """What is known of the services that are there and of the concepts, read again when newer."""
    newest = _newest()
    if newest[0] is None:
        return None
    with _lock:
        kept = _read.get(db.engine)
        if kept is None or _is_old(kept, directory, newest):
            kept = _read[db.engine] = _Read(
                directory.keys,
                lexicon(),
                newest,
                time.monotonic(),
                _stored(directory.keys),
                understandings.taught(),
            )
    return kept if kept.services.ids else None


def _newest() -> tuple[datetime | None, datetime | None]:
    """When the last vector was made, and when the model was taught; both by an index."""
    vector = select(func.max(ServiceVector.built_at)).scalar_subquery()
    learnt = select(func.max(Understanding.taught_at)).scalar_subquery()
    row = db.session.execute(select(vector, learnt)).one()
    return row[0], row[1]


def _is_old(
    kept: _Read, directory: Directory, newest: tuple[datetime | None, datetime | None]
) -> bool:
    if kept.keys is not directory.keys or kept.words is not lexicon():
        return True
    is_due = time.monotonic() - kept.read_at >= LOOK_AGAIN_SECONDS
    return kept.newest != newest and is_due


def _stored(keys: Mapping[int, str]) -> Known:
    query = select(ServiceVector.service_id, ServiceVector.vector)
    rows = db.session.execute(query.where(ServiceVector.model_hash == MODEL)).all()
    found = [(keys[number], vector) for number, vector in rows if number in keys]
    if not found:
        return meaning.nothing()
    return meaning.rows_of(
        [key for key, _ in found], meaning.from_bytes([vector for _, vector in found])
    )
