"""What was planned for a day takes effect with the first request of that day, without a job.

Outside of the request, in a transaction of its own: a page that is only read writes nothing.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from linkwork import clock, database
from linkwork.casework import organisation_changes
from linkwork.errors import without_values

log = logging.getLogger(__name__)
WSGI = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Settling:
    """Stands before the app, and looks once a day whether something is due."""

    def __init__(self, app: Flask, inner: WSGI) -> None:
        self._app, self._inner = app, inner
        self._settled_on = clock.today()  # the server settles before it begins to answer

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Settle what is due, then answer."""
        today = clock.today()
        if self._settled_on != today and settle(self._app):
            self._settled_on = today
        return self._inner(environ, start_response)


def settle(app: Flask) -> bool:
    """Put into effect what is due today; whether it could be done. If not, it is tried again."""
    try:
        database.apart(app, lambda: organisation_changes.settle(on=clock.today()))
    except SQLAlchemyError as error:
        told = "What is due today could not be put into effect.\n%s"
        log.warning(told, without_values(error))
        return False
    return True
