"""The server the browser tests use ends only when nothing is being answered any more."""

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest

from tests.browser.serving import Answering

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ASKED: "WSGIEnvironment" = {"REQUEST_METHOD": "GET", "PATH_INFO": "/today"}


def test_the_end_waits_for_what_is_being_answered_and_answers_nothing_after_it() -> None:
    begun, may_go_on = threading.Event(), threading.Event()
    happened: list[str] = []

    def slow(_environ: "WSGIEnvironment", _start: "StartResponse") -> Iterable[bytes]:
        begun.set()
        assert may_go_on.wait(10)
        happened.append("answered")
        return [b"the ", b"page"]

    def ask() -> None:
        happened.append(answering(ASKED, lambda *_: print)[0].decode())

    def end() -> None:
        answering.end()
        happened.append("ended")

    answering = Answering(slow)
    threads = [threading.Thread(target=ask), threading.Thread(target=end)]
    threads[0].start()
    assert begun.wait(10)
    threads[1].start()
    threads[1].join(0.2)
    assert happened == []
    may_go_on.set()
    for thread in threads:
        thread.join(10)
    assert happened[0] == "answered"
    assert sorted(happened[1:]) == ["ended", "the page"]
    assert answering(ASKED, lambda *_: print) == []


def test_a_request_that_never_ends_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.browser.serving.PATIENCE_SECONDS", 0.05)
    answering = Answering(lambda *_: [answering_ends()])

    def answering_ends() -> bytes:
        with pytest.raises(AssertionError, match="GET /today"):
            answering.end()
        return b""

    assert answering(ASKED, lambda *_: print) == [b""]
