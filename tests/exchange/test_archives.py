"""A zip is unpacked within its limits, or refused in a sentence; nothing leaves its folder."""

import io
import json
import stat
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkwork.errors import FileRefused
from linkwork.exchange import archives, dialects
from linkwork.exchange.archives import unpacked
from tests.exchange.feed_files import service

pytestmark = pytest.mark.one_engine
FEED = json.dumps({"services": [service()]})


def zip_of(folder: Path, fill: Callable[[zipfile.ZipFile], object]) -> Path:
    file = folder / "sent"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        fill(archive)
    return file


def named(folder: Path, *names: str) -> Path:
    return zip_of(folder, lambda archive: [archive.writestr(name, FEED) for name in names])


def link(archive: zipfile.ZipFile) -> None:
    info = zipfile.ZipInfo("services.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(info, "/etc/passwd")


def zip_within(archive: zipfile.ZipFile) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as one:
        one.writestr("feed.json", FEED)
    archive.writestr("inner.zip", inner.getvalue())


@pytest.mark.parametrize(
    ("fill", "says"),
    [
        (lambda archive: archive.writestr("../../up.json", FEED), "outside its folder"),
        (lambda archive: archive.writestr("/etc/up.json", FEED), "outside its folder"),
        (lambda archive: archive.writestr("C:\\up.json", FEED), "outside its folder"),
        (lambda archive: archive.writestr("a\\..\\up.json", FEED), "outside its folder"),
        (link, "a link instead of a file"),
        (zip_within, "another zip"),
        (lambda archive: archive.writestr("[Content_Types].xml", "<x/>"), "workbook"),
        (lambda archive: archive.writestr("mimetype", "application/vnd.oasis"), "workbook"),
        (lambda archive: archive.writestr("a.json", b"[" + b" " * 9_000_000), "more than any"),
        (lambda archive: [archive.writestr(f"{n}.json", "[]") for n in range(501)], "500 files"),
        (
            lambda archive: [archive.writestr(f"{n}/feed.json", FEED) for n in range(2)],
            "two files called",
        ),
        (lambda archive: None, "no directory of services"),
        (lambda archive: archive.writestr("read me.txt", "Hello"), "“read me.txt”"),
    ],
)
def test_a_zip_that_is_not_what_it_should_be_is_refused(
    tmp_path: Path, fill: Callable[[zipfile.ZipFile], object], says: str
) -> None:
    file = zip_of(tmp_path, fill)
    with pytest.raises(FileRefused, match=says.replace(".", r"\.")):
        list(dialects.records(file))
    assert [one.name for one in tmp_path.iterdir()] == ["sent"]


def test_a_zip_with_a_password_is_refused(tmp_path: Path) -> None:
    file = named(tmp_path, "feed.json")
    content = bytearray(file.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + flags] |= 1
    file.write_bytes(content)
    with pytest.raises(FileRefused, match="has a password"):
        list(dialects.records(file))


def test_lengths_are_counted_and_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "PLAIN_BYTES", 100)
    monkeypatch.setattr(archives, "MOST_PACKED", 1)
    with pytest.raises(FileRefused, match="more than any directory"):
        list(dialects.records(named(tmp_path, "feed.json")))


def test_a_damaged_zip_is_refused(tmp_path: Path) -> None:
    file = named(tmp_path, "feed.json")
    whole = file.read_bytes()
    for content in (whole[:40], whole[:-30], whole[:60] + b"x" * 200 + whole[260:], b"PK\x05\x06"):
        file.write_bytes(content)
        with pytest.raises(FileRefused):
            list(dialects.records(file))


@pytest.mark.parametrize(
    "names",
    [["feed.json"], ["all/feed.json"], ["all/", "all/feed.json", "__MACOSX/._feed.json"], ["é?.x"]],
)
def test_a_zip_of_any_dialect_is_read_whatever_its_folders(
    tmp_path: Path, names: list[str]
) -> None:
    assert list(dialects.records(named(tmp_path, *names))) == [service()]


def test_what_was_unpacked_is_gone_afterwards(tmp_path: Path) -> None:
    with unpacked(named(tmp_path, "feed.json")) as folder:
        assert (folder / "feed.json").read_text() == FEED
    assert not folder.exists()


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_a_zip_with_any_fault_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    file = named(tmp_path, "services.csv", "feed.json")
    content = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    file.write_bytes(content)
    with suppress(FileRefused):
        list(dialects.records(file))
