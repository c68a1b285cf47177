"""What keeps an import from doing harm: order, limits, and a person who looks first."""

from pathlib import Path

import pytest
from flask import Flask

from linkwork.casework import sources
from linkwork.exchange import directory_entries
from tests.exchange.feeds import service
from tests.exchange.test_imports import applied, previewed


def test_a_source_is_held_before_all_other_imports_are_kept_out(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_ = previewed(tmp_path, service(1))
    order: list[str] = []
    monkeypatch.setattr(sources, "hold", lambda _: order.append("source"))
    monkeypatch.setattr(directory_entries, "alone", lambda: order.append("alone"))
    applied(import_)
    assert order == ["source", "alone"]
