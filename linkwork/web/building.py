"""Vectors worked out in the background, a few at a time, whenever a list or an entry changed.

Nobody waits for them. One process works at a time, in small transactions, and leaves as much time
to the pages as it takes. Where it ends meanwhile, what is left waits for the next occasion.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
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
BACKGROUND = "linkwork.building"
NAME = "vectors"
LONGEST_REST_SECONDS = 2.0
MOST_ROUNDS = 3
"""What changes while the others are worked out has its turn in another round."""


def build(app: Flask, *, say: Say, leave_time: bool = False) -> bool:
    """Work out all that waits; False where another process is at it already.

    What is done is kept every few seconds, so that whoever stops it loses next to nothing.
    ``leave_time`` rests now and then for as long as it has worked. Raises ModelUnusable where there
    is no model; it is only loaded where there is something for it to do.
    """
    taken = _in(app, lambda: understandings.take(at=clock.now()))
    if taken is None:
        return False
    turn = Turn(taken)
    try:
        if _in(app, understandings.is_waiting):
            _read(app, meaning.encoder(), _resting(say) if leave_time else say, turn)
            meaning.give_back_memory()
    finally:
        apart(app, lambda: understandings.let_others(turn.taken, at=clock.now()))
    return True


@dataclass(slots=True)
class Turn:
    """The time for which this process has the work, and whether another took it since."""

    taken: datetime
    is_over: bool = False

    def go_on(self) -> None:
        """Keep the work, where nobody took it while this process slept."""
        kept = understandings.go_on(self.taken, at=clock.now())
        self.taken, self.is_over = kept or self.taken, kept is None


def start(app: Flask) -> None:
    """Begin in a thread where the model is in use, now and from now on after every change.

    A thread that is at work already goes round once more.
    """
    if app.config["MEANING"]:
        background: Background = app.extensions.setdefault(BACKGROUND, Background(app))
        background.start()


class Background:
    """The one thread of a process that reads for an app, while there is something to read."""

    def __init__(self, app: Flask) -> None:
        """Begin with nothing to do."""
        self._app = app
        self._lock = threading.Lock()
        self._is_wanted = self._is_at_work = False

    def start(self) -> None:
        """Ask for another round, and for a thread where there is none."""
        with self._lock:
            self._is_wanted = True
            if self._is_at_work:
                return
            self._is_at_work = True
        threading.Thread(target=self._work, name=NAME, daemon=True).start()

    def _work(self) -> None:
        while self._has_another_round():
            _quietly(self._app)

    def _has_another_round(self) -> bool:
        with self._lock:
            self._is_at_work, self._is_wanted = self._is_wanted, False
            return self._is_at_work


@event.listens_for(Session, "after_commit")
def _begin_when_kept(session: Session) -> None:
    if session.get_nested_transaction() is not None:
        return  # a savepoint: what surrounds it is not kept yet
    changed = session.info.pop(CHANGED, False)
    if changed and has_app_context() and BACKGROUND in current_app.extensions:
        start(current_app._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001


def _quietly(app: Flask) -> None:
    """Whatever goes wrong is noted, and nobody's page fails for it."""
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


def _read(app: Flask, encoder: Encoder, say: Say, turn: Turn) -> None:
    if not _in(app, understandings.is_taught):
        _in(app, lambda: _teach(encoder, say))
    for _ in range(MOST_ROUNDS):
        waiting = _in(app, service_vectors.waiting)
        if waiting and not turn.is_over:
            _round(app, encoder, waiting, say, turn)


def _round(app: Flask, encoder: Encoder, waiting: int, say: Say, turn: Turn) -> None:
    done = last = 0
    while not turn.is_over and (built := _in(app, partial(_some, encoder, last, turn))):
        last, done = built.last, done + built.looked_at
        say(SERVICES, done, max(done, waiting))


def _teach(encoder: Encoder, say: Say) -> None:
    def said(done: int, of: int) -> None:
        say(CONCEPTS, done, of)

    understandings.teach(encoder, at=clock.now(), say=said)


def _some(encoder: Encoder, after: int, turn: Turn) -> Built | None:
    built = service_vectors.build_some(encoder, after=after, at=clock.now())
    if built is not None:
        turn.go_on()
    return built


def _in(app: Flask, act: Callable[[], Result]) -> Result:
    """What something gives that is done in a transaction of its own."""
    found: list[Result] = []
    apart(app, lambda: found.append(act()))
    return found[0]
