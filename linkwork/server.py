"""The production server: gunicorn with a few processes and threads, and a clean stop.

Windows has no fork and so no gunicorn: there waitress serves from one process.
"""

import gc
from typing import Any

from flask import Flask

from linkwork import paths
from linkwork.database import db
from linkwork.web import building, settling

try:
    from gunicorn.app.base import BaseApplication
except ImportError:  # Windows
    BaseApplication = None

THREADS = 4
STOP_SECONDS = 30
LONGEST_REQUEST_SECONDS = 120


def run(app: Flask, address: str, workers: int) -> None:
    """Serve until stopped; requests under way are finished first."""
    settling.settle(app)
    _set_apart_what_stays()
    if BaseApplication is None:
        _with_threads(app, address)
        return
    options = {
        "bind": address,
        "workers": workers,
        "threads": THREADS,
        "timeout": LONGEST_REQUEST_SECONDS,
        "graceful_timeout": STOP_SECONDS,
        "post_fork": _begin,
        "loglevel": "warning",
        # A file in memory: a busy disk must not make a healthy worker look dead.
        "worker_tmp_dir": paths.in_memory(),
    }

    class Server(BaseApplication):
        """gunicorn, told everything here rather than by a file of its own."""

        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return app

    Server().run()


def _set_apart_what_stays() -> None:
    """Look for garbage only among what requests make, and leave memory shared after a fork.

    To look through half a million objects of the program too took one large page in ten 100 ms.
    """
    gc.collect()
    gc.freeze()


def _with_threads(app: Flask, address: str) -> None:
    from waitress import serve

    building.start(app)
    serve(app, listen=address, threads=2 * THREADS)


def _begin(server: Any, _worker: Any) -> None:
    """A connection opened before the fork belongs to the parent alone; a thread is never forked."""
    app = server.app.callable or server.app.load()
    with app.app_context():
        db.engine.dispose(close=False)
    building.start(app)
