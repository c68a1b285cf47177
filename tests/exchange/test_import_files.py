"""The file of an import is kept in pieces, under a plain name, and comes back whole."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from linkwork.casework import sources
from linkwork.database import db
from linkwork.errors import FileRefused
from linkwork.exchange import import_files, imports
from linkwork.models import ImportPart
from tests.exchange.feeds import AT, file_of


def test_a_large_file_comes_back_whole(app: Flask, tmp_path: Path) -> None:
    file = file_of(tmp_path, b"x" * (3 * import_files.PIECE_BYTES + 1))
    import_ = imports.receive(file, file.name, sources.named("Feed"), by=None, at=AT)
    assert db.session.scalar(select(func.count()).select_from(ImportPart)) == 4
    (tmp_path / "out").mkdir()
    assert import_files.unpack(import_, tmp_path / "out").read_bytes() == file.read_bytes()


def test_a_file_that_is_kept_no_longer_is_missed_in_a_sentence(app: Flask, tmp_path: Path) -> None:
    file = file_of(tmp_path, b"[]")
    import_ = imports.receive(file, file.name, sources.named("Feed"), by=None, at=AT)
    import_files.forget(import_)
    with pytest.raises(FileRefused, match="no longer kept"):
        import_files.unpack(import_, tmp_path)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("feed.json", "feed.json"),
        ("../../etc/passwd", "passwd"),
        ("C:\\lists\\May.xlsx", "May.xlsx"),
        ("a\x00b<c>.csv", "a_b_c_.csv"),
        ("..", "file"),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
    ],
)
def test_a_file_is_kept_under_a_plain_name(name: str, safe: str) -> None:
    assert import_files.safe_name(name) == safe
