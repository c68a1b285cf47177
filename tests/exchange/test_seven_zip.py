"""7z archives of the plain kind are read; every other one is refused with a sentence."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from linkwork.errors import FileRefused
from linkwork.exchange import seven_zip
from tests.exchange import geo_files

TEXT = "one line after another\n" * 5_000
WHOLE = geo_files.seven_zip("a.csv", TEXT)


def read(file: Path, ending: str = ".csv") -> str:
    with seven_zip.opened(file, ending) as inside:
        return inside.read().decode()


def test_a_file_in_an_archive_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.7z"
    file.write_bytes(WHOLE)
    assert read(file) == TEXT


def test_an_archive_without_the_file_or_packed_otherwise_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.7z"
    file.write_bytes(WHOLE)
    with pytest.raises(FileRefused, match=r"has no file in it that ends with \.psv"):
        read(file, ".psv")
    file.write_bytes(geo_files.seven_zip("a.csv", TEXT, method=b"\x06\xf1\x07\x01"))
    with pytest.raises(FileRefused, match=r"cannot be unpacked here .*Unpack it yourself"):
        read(file)


def test_a_changed_byte_of_what_was_packed_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "a.7z"
    for at in range(40, 60):
        broken = bytearray(WHOLE)
        broken[at] ^= 0x10
        file.write_bytes(broken)
        with pytest.raises(FileRefused, match="Get it again"):
            read(file)


@given(cut=st.integers(0, len(WHOLE) - 1), at=st.integers(0, len(WHOLE) - 1), by=st.binary())
@example(cut=0, at=0, by=b"")
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_other_bytes_are_read_as_they_were_or_refused(
    tmp_path: Path, cut: int, at: int, by: bytes
) -> None:
    file = tmp_path / "a.7z"
    file.write_bytes((WHOLE[:at] + by + WHOLE[at + len(by) :])[: len(WHOLE) - cut])
    with suppress(FileRefused):
        assert read(file) == TEXT
