"""Whatever is in a file, it is read as services or refused in a sentence."""

import json
import tracemalloc
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkwork.errors import FileRefused
from linkwork.exchange import json_values as json_values_module
from linkwork.exchange.json_values import JsonText
from linkwork.exchange.oruk_file import TooLarge, records
from tests.exchange.feed_files import file_of

ONE = {"id": "1", "name": "Café", "parts": [{"a": [1, 2.5, None, True]}], "more": {"x": "y"}}


def read(folder: Path, content: Any) -> list[Any]:
    return list(records(file_of(folder, content)))


@pytest.mark.parametrize(
    "content",
    [
        {"services": [ONE, ONE]},
        [ONE, ONE],
        {"total_items": 2, "first_page": True, "contents": [ONE, ONE], "empty": False},
        {"licence": {"services": [1]}, "services": [ONE, ONE], "later": [[1], {"a": 2}]},
        {"content": [ONE, ONE], "totalElements": 2},
        {"list": [ONE, ONE]},
        b"%(one)s\n%(one)s\r\n\n",
        b'{"contents": [%(one)s]}\n{"contents": [%(one)s]}',
    ],
)
def test_every_known_shape_gives_its_services(tmp_path: Path, content: Any) -> None:
    if isinstance(content, bytes):
        content %= {b"one": json.dumps(ONE).encode()}
    assert read(tmp_path, content) == [ONE, ONE]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_usual_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    content = json.dumps([ONE], ensure_ascii=False).encode(encoding)
    assert read(tmp_path, content) == [ONE]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"<!doctype html><p>Sign in", "web page"),
        (b"name,status\nChoir,active\n", "CSV"),
        (b"PK\x03\x04rest", "zip file"),
        (b"\x1f\x8b\x08rest", "packed with gzip"),
        (b'{"services": [{"id": "1"}, {"id":', "breaks off"),
        (b'[{"id": "1"}', "breaks off"),
        (b'[{"id": "1"}] and more', "not valid JSON"),
        (b"[NaN]", "not valid JSON"),
        (b"[" * 500, "breaks off"),
        (b"[" * 500 + b"]" * 500, "levels deep"),
        (b"[" * 100_000 + b"]" * 100_000, "levels deep"),
        (b'{"services": ' + b"[" * 60 + b"]" * 60 + b"}", "levels deep"),
        (b"{}", "an empty object"),
        (b'{"people": [], "places": {}}', "“people”, “places”"),
        (b'{"services": {"a": 1}}', "“services” is not a list"),
        (b'{"services": [1], "x": 1', "breaks off"),
        (b'{"services": [1 2]}', "not valid JSON"),
        (b'{"services": [nul]}', "not valid JSON"),
        (b'{"taxonomy": {"id": "1"}, "terms": [{"id": "2", "name": "Food"}]}', "a taxonomy"),
        (b'{"contents": [{"id": "2", "name": "Food", "taxonomy": "x"}]}', "a taxonomy"),
        (b'[{"id": "2", "name": "Food", "vocabulary": "x"}]', "a taxonomy"),
        (b'[{"a": 1.' + b"9" * 5000 + b"}]", "thousands of digits"),
        (b'[{"a": "' + b"x" * 5_000_000 + b'"}]', "more than 4 MB"),
        (b'[{"a": ' + b"9" * 5000 + b"}]", "thousands of digits"),
    ],
)
def test_what_is_no_directory_is_refused_in_a_sentence_that_says_why(
    tmp_path: Path, content: bytes, says: str
) -> None:
    with pytest.raises(FileRefused, match=says):
        read(tmp_path, content)


def test_entries_that_are_no_objects_keep_their_place(tmp_path: Path) -> None:
    assert read(tmp_path, [1, [[2]], {"a": 1}, None]) == [None, None, {"a": 1}, None]


def test_an_odd_line_among_others_does_not_cost_them(tmp_path: Path) -> None:
    lines = b'{"contents": []}\n{"name": "x"}\n7\n{"id": "1", "name": "y"}\n{"terms": []}'
    assert read(tmp_path, lines) == [{"name": "x"}, None, {"id": "1", "name": "y"}, {"terms": None}]


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for count in (1_000, 8_000):
        file = file_of(tmp_path, {"services": [{**ONE, "words": "words " * 50}] * count})
        tracemalloc.start()
        assert sum(1 for _ in records(file)) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_a_record_of_endless_values_is_only_counted(tmp_path: Path) -> None:
    huge, small = read(tmp_path, [{"a": [0] * 30_000}, {"b": 1}])
    assert isinstance(huge, TooLarge)
    assert small == {"b": 1}


def test_what_no_database_keeps_is_made_harmless(tmp_path: Path) -> None:
    (found,) = read(tmp_path, b'[{"a": "x\\u0000y", "b": 1e999, "c": "\\ud800"}]')
    assert (found["a"], found["b"]) == ("xy", "1e999")
    assert found["c"].encode("utf-8")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=10,
)


@given(
    listed=st.lists(st.dictionaries(st.text(max_size=3), json_values), max_size=3), cut=st.data()
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_a_file_cut_anywhere_is_refused_and_a_whole_one_read(
    tmp_path: Path, listed: list[Any], cut: Any
) -> None:
    content = json.dumps({"services": listed}).encode()
    assert len(read(tmp_path, content)) == len(listed)
    with pytest.raises(FileRefused):
        read(tmp_path, content[: cut.draw(st.integers(0, len(content) - 1))])


@given(content=st.binary(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    with suppress(FileRefused):
        read(tmp_path, content)


@given(
    listed=st.lists(st.dictionaries(st.text('a"\\{[,:é😀', max_size=9), st.floats(-9, 9))),
    size=st.integers(1, 30),
)
@settings(max_examples=60)
def test_values_are_the_same_in_whatever_pieces_the_text_is_read(
    listed: list[Any], size: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_values_module, "CHUNK_CHARACTERS", size)
        text = JsonText(StringIO(json.dumps(listed, indent=size % 3)))
        assert list(text.items()) == listed
        assert text.peek() == ""


@pytest.mark.parametrize("size", range(1, 9))
def test_a_number_is_whole_wherever_the_text_is_cut(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(json_values_module, "CHUNK_CHARACTERS", size)
    assert list(JsonText(StringIO("[12345, -1.5e3, true]")).items()) == [12345, -1500, True]
