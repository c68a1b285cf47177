"""Answers of the public API: JSON for any site to read, told apart by a tag, small on the way.

Every answer, refusals among them, may be read by pages of other sites; none sets a cookie. What
goes wrong is told as problem details (RFC 9457).
"""

import gzip
import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from linkwork import clock
from linkwork.web.oruk_parameters import Fault
from linkwork.web.request_limits import RequestLimit

AREA = "/api/oruk"
JSON, PROBLEM = "application/json", "application/problem+json"
FRESH_SECONDS = 60
PREFLIGHT_SECONDS = 24 * 60 * 60
SHORTEST_PACKED = 1_000
PACKING = 5
PACKABLE = (JSON, PROBLEM, "text/html")
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, If-Modified-Since, If-None-Match",
    "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
}
DETAILS = {
    404: "Nothing is published at this address.",
    405: "This address can only be read: use GET.",
    500: "Something went wrong here. It was noted; try again later.",
    503: "The directory cannot be reached at this moment. Try again in a minute.",
}


def answer(content: Any, *, modified_at: datetime | None = None) -> Response:
    """This content as JSON; ``modified_at`` is when it last changed, where that is known."""
    response = Response(packed(content), mimetype=JSON)
    if modified_at is not None:
        response.last_modified = modified_at.astimezone(UTC).replace(microsecond=0)
    return response


def page(rows: list[Any], *, total: int, number: int, size: int) -> Response:
    """One page of a list, with what the standard says of it."""
    pages = max(1, -(-total // size))
    return answer(
        {
            "total_items": total,
            "total_pages": pages,
            "page_number": number,
            "size": len(rows),
            "first_page": number == 1,
            "last_page": number == pages,
            "empty": not rows,
            "contents": rows,
        }
    )


def problem(status: int, detail: str, faults: Iterable[Fault] = ()) -> Response:
    """What went wrong, as problem details."""
    found: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    wrong = [{"parameter": fault.parameter, "reason": fault.reason} for fault in faults]
    if wrong:
        found["errors"] = wrong
    return Response(packed(found), status=status, mimetype=PROBLEM)


def packed(content: Any) -> str:
    """JSON without spare blanks; never a number that JSON has not."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def is_here() -> bool:
    """Whether this request is for the public API."""
    return request.path == AREA or request.path.startswith(AREA + "/")


def too_many() -> Response | None:
    """The refusal of a sender who asks too often; None for everybody else."""
    limit: RequestLimit | None = current_app.extensions.get("oruk_limit")
    if limit is None or request.method == "OPTIONS":
        return None
    wait = limit.wait_seconds(request.remote_addr or "", at=clock.now().timestamp())
    if not wait:
        return None
    refused = problem(429, f"Too many requests from your address. Try again in {wait} seconds.")
    refused.headers["Retry-After"] = str(wait)
    return refused


class Sessions(SecureCookieSessionInterface):
    """Sessions of the site; what programs read has none, and is the same for everybody."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Leave the answers of the API without a cookie, and without a word of cookies."""
        if not (is_here() and response.mimetype in {JSON, PROBLEM}):
            super().save_session(app, session, response)


def finish(response: Response) -> Response:
    """Put on every answer of the API what belongs there, whoever made it."""
    if not is_here():
        return response
    if response.status_code >= 400 and response.mimetype == "text/html":
        response = _told(response)
    response.headers.update(OPEN)
    if request.method == "OPTIONS":
        response.headers.update(PREFLIGHT)
    response.vary.add("Accept-Encoding")
    # The page for people has a frame that knows who is signed in, and is kept nowhere.
    is_same_for_all = response.status_code == 200 and response.mimetype == JSON
    if is_same_for_all and request.method in {"GET", "HEAD"}:
        response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
        # The content and not its packing is what the tag stands for.
        response.set_etag(_tag(response.get_data()), weak=True)
        response.make_conditional(request)
    if response.status_code == 200:
        _pack(response)
    return response


def _told(response: Response) -> Response:
    """A refusal that was made as a page, told to a program."""
    status = response.status_code
    told = problem(status, DETAILS.get(status, HTTPStatus(status).description))
    kept = {"Content-Type", "Content-Length", "Set-Cookie", "Vary"}
    for name, value in response.headers:
        if name not in kept:
            told.headers[name] = value
    return told


def _tag(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=12).hexdigest()


def _pack(response: Response) -> None:
    content = response.get_data()
    wanted = request.accept_encodings["gzip"] > 0 and response.mimetype in PACKABLE
    if len(content) < SHORTEST_PACKED or not wanted or request.method == "HEAD":
        return
    response.set_data(gzip.compress(content, PACKING, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
