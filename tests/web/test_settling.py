"""What is due takes effect by itself; where it cannot, the log says why and about nobody."""

import logging

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from linkwork.casework import organisation_changes
from linkwork.web import settling

pytestmark = pytest.mark.one_engine


def test_what_cannot_be_settled_is_logged_without_anybodys_data(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # Made out here: what is logged quotes the line that raises it.
    wrong = IntegrityError("update person", {"name": "Rosa"}, Exception("Rosa is there twice"))

    def fail(**_: object) -> int:
        raise wrong

    monkeypatch.setattr(organisation_changes, "settle", fail)
    with caplog.at_level(logging.DEBUG):
        assert settling.settle(app) is False
    assert "could not be put into effect" in caplog.text
    assert "IntegrityError" in caplog.text
    assert "Rosa" not in caplog.text
