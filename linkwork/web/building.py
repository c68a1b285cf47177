"""Vectors worked out in the background, a few at a time, whenever a list or an entry changed.

Nobody waits for them. One process works at a time, in small transactions, and leaves as much time
to the pages as it takes. Where it ends meanwhile, what is left waits for the next occasion.
"""

import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from flask import Flask, current_app, has_app_context
from sqlalchemy import event
from sqlalchemy.orm import Session

from linkwork import clock, meaning
from linkwork.casework import service_vectors, understandings
from linkwork.casework.service_vectors import Built
from linkwork.database import apart
from linkwork.errors import without_values
from linkwork.meaning import Encoder
from linkwork.models.service_vector import CHANGED

log = logging.getLogger(__name__)
Result = TypeVar("Result")
Say = Callable[[str, int, int], None]
"""Told what is worked on, how much of it is done, and of how much."""
CONCEPTS, SERVICES = "Words of needs and interests", "Activities"
SERVED = "linkwork.building"
NAME = "vectors"
LONGEST_REST_SECONDS = 2.0
MOST_ROUNDS = 3
"""What changes while the others are worked out has its turn in another round."""

_at_work = threading.Lock()


def build(app: Flask, *, say: Say, leave_time: bool = False) -> bool:
    """Work out all that waits; False where another process is at it already.

    What is done is kept every few seconds, so that whoever stops it loses next to nothing.
    ``leave_time`` rests now and then for as long as it has worked. Raises ModelUnusable where there
    is no model; it is only loaded where there is something for it to do.
    """
    if not _in(app, lambda: understandings.take(at=clock.now())):
        return False
    try:
        if _in(app, understandings.is_waiting):
            _read(app, meaning.encoder(), _resting(say) if leave_time else say)
            meaning.give_back_memory()
    finally:
        apart(app, lambda: understandings.let_others(at=clock.now()))
    return True


def serve(app: Flask) -> None:
    """In a process that answers: begin with what waits, and again after every change."""
    app.extensions[SERVED] = True
    start(app)


def start(app: Flask) -> None:
    """Begin in a thread, where the model is in use and this process is not at it already."""
    if app.config["MEANING"] and not _at_work.locked():
        threading.Thread(target=_quietly, args=(app,), name=NAME, daemon=True).start()


@event.listens_for(Session, "after_commit")
def _begin_when_kept(session: Session) -> None:
    changed = session.info.pop(CHANGED, False)
    if changed and has_app_context() and SERVED in current_app.extensions:
        start(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001


def _quietly(app: Flask) -> None:
    """Whatever goes wrong is noted, and nobody's page fails for it."""
    with _at_work:
        try:
            build(app, say=lambda *_: None, leave_time=True)
        except meaning.ModelUnusable:
            return  # said where matches are asked for, and on the page about it
        except Exception as error:
            log.error("Vectors could not be worked out.\n%s", without_values(error))


def _resting(say: Say) -> Say:
    """Say it, and rest for as long as it was since it was last said."""
    since = [time.monotonic()]

    def said(what: str, done: int, of: int) -> None:
        say(what, done, of)
        time.sleep(min(time.monotonic() - since[0], LONGEST_REST_SECONDS))
        since[0] = time.monotonic()

    return said


def _read(app: Flask, encoder: Encoder, say: Say) -> None:
    if not _in(app, understandings.is_taught):
        _in(app, lambda: _teach(encoder, say))
    for _ in range(MOST_ROUNDS):
        waiting = _in(app, service_vectors.waiting)
        if waiting:
            _round(app, encoder, waiting, say)


def _round(app: Flask, encoder: Encoder, waiting: int, say: Say) -> None:
    done = last = 0
    while built := _in(app, partial(_some, encoder, last)):
        last, done = built.last, done + built.looked_at
        say(SERVICES, done, max(done, waiting))


def _teach(encoder: Encoder, say: Say) -> None:
    def said(done: int, of: int) -> None:
        say(CONCEPTS, done, of)

    understandings.teach(encoder, at=clock.now(), say=said)


def _some(encoder: Encoder, after: int) -> Built | None:
    built = service_vectors.build_some(encoder, after=after, at=clock.now())
    if built is not None:
        understandings.go_on(at=clock.now())
    return built


def _in(app: Flask, act: Callable[[], Result]) -> Result:
    """What something gives that is done in a transaction of its own."""
    found: list[Result] = []
    apart(app, lambda: found.append(act()))
    return found[0]
