"""The production server: gunicorn with a few processes and threads, and a clean stop."""

from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from linkwork.database import db

THREADS = 4
STOP_SECONDS = 30
LONGEST_REQUEST_SECONDS = 120


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, told everything here rather than by a file of its own."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self.app, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        """Take over our options."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The app; made before the processes part, so that they share its memory."""
        return self.app


def run(app: Flask, address: str, workers: int) -> None:
    """Serve until stopped; requests under way are finished first."""
    options = {
        "bind": address,
        "workers": workers,
        "threads": THREADS,
        "timeout": LONGEST_REQUEST_SECONDS,
        "graceful_timeout": STOP_SECONDS,
        "post_fork": _let_go_of_connections,
        "loglevel": "warning",
        # A file in memory: a busy disk must not make a healthy worker look dead.
        "worker_tmp_dir": _in_memory(),
    }
    Server(app, {k: v for k, v in options.items() if v is not None}).run()


def _in_memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108


def _let_go_of_connections(server: Any, _worker: Any) -> None:
    """A connection opened before the fork belongs to the parent alone."""
    app = server.app.app
    with app.app_context():
        db.engine.dispose(close=False)
