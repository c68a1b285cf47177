"""An app served to a browser, and an end that waits for whatever is still being answered.

A browser asks by itself too, and its window may close meanwhile. What the test throws away next
(a session, a connection) must not be in a thread’s hands: to close a connection to PostgreSQL
that another thread uses ends the whole process.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE_SECONDS = 60


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Leave the tests’ own output readable."""


class Answering:
    """The app as a server calls it: in one piece, and not any more once it has ended.

    In one piece, because a browser that hangs up half-way must not leave a file open.
    """

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app
        self._changed = threading.Condition()
        self._under_way: list[str] = []
        self._ended = False

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        asked = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        with self._changed:
            if self._ended:
                start_response("503 The test has ended", [])
                return []
            self._under_way.append(asked)
        try:
            return self._in_one_piece(environ, start_response)
        finally:
            with self._changed:
                self._under_way.remove(asked)
                self._changed.notify_all()

    def _in_one_piece(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> list[bytes]:
        pieces = self._app(environ, start_response)
        try:
            return [b"".join(pieces)]
        finally:
            if hasattr(pieces, "close"):
                pieces.close()

    def end(self) -> None:
        """Answer nothing new, and wait for what is under way."""
        with self._changed:
            self._ended = True
            done = self._changed.wait_for(lambda: not self._under_way, PATIENCE_SECONDS)
            assert done, f"still not answered when the test ended: {self._under_way}"


@contextmanager
def served(app: "WSGIApplication") -> Iterator[str]:
    """Serve the app on a port of its own, and give its address."""
    answering = Answering(app)
    server = make_server("127.0.0.1", 0, answering, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True  # a browser opens connections on which it may ask nothing
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        answering.end()
