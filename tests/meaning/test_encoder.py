"""The real model, loaded once for all of these: the same text, the same vector; near is near."""

from collections.abc import Iterator

import numpy as np
import pytest

from linkwork import meaning
from linkwork.meaning import Encoder


@pytest.fixture(scope="module")
def real() -> Iterator[Encoder]:
    meaning.forget()
    yield meaning.encoder()
    meaning.forget()


def test_what_is_near_in_meaning_is_near_without_a_word_in_common(real: Encoder) -> None:
    said, near, far = real.encode(
        ["He is lonely and has nobody to talk to", "A friendly chat each week", "Debt advice"]
    )

    assert said @ near > 0.25 > 0.1 > said @ far


def test_a_text_has_one_vector_whatever_is_read_with_it(real: Encoder) -> None:
    alone = real.encode(["She misses her allotment."])
    among = real.encode(["A" * 5000, "She misses her allotment.", "", "Walking football 55+"])

    assert (alone[0] == among[1]).all()
    assert np.linalg.norm(alone[0]) == pytest.approx(1, abs=1e-3)


def test_an_empty_text_is_near_to_nothing(real: Encoder) -> None:
    assert not real.encode(["", " \n"]).any()
    assert real.encode([]).shape == (0, meaning.DIMENSIONS)


def test_any_letters_can_be_read(real: Encoder) -> None:
    odd = ["日本語", "😀" * 300, "\x00\ud800?".encode("utf-8", "replace").decode(), "é" * 9000]
    assert np.isfinite(real.encode(odd)).all()


def test_it_is_loaded_once(real: Encoder) -> None:
    assert meaning.encoder() is real


def test_a_stored_vector_is_half_as_long_and_as_near(real: Encoder) -> None:
    before = real.encode(["Knit and natter", "Sheds for men"])
    stored = [meaning.to_bytes(one) for one in before]

    assert [len(one) for one in stored] == [768, 768]
    assert np.allclose(meaning.from_bytes(stored), before, atol=1e-4)
    assert not meaning.from_bytes([b"too short"]).any()
