"""What is made of a note stays in memory for a while: few, unreadable, and then gone."""

import numpy as np

from linkwork.meaning.remembered import Remembered
from tests.meaning.stand_in import StandIn


class Ticking:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_sentence_is_encoded_once() -> None:
    encoder, kept = StandIn(), Remembered()
    first = kept.vectors(["He is lonely.", "No car."], encoder.encode)
    again = kept.vectors(["No car.", "He is lonely.", "New."], encoder.encode)

    assert encoder.asked == ["He is lonely.", "No car.", "New."]
    assert (again[:2] == first[::-1]).all()


def test_only_so_many_are_kept_and_the_oldest_go_first() -> None:
    encoder, kept = StandIn(), Remembered(most=2)
    for text in ["one", "two", "one", "three"]:
        kept.vectors([text], encoder.encode)

    assert len(kept) == 2
    kept.vectors(["one", "three"], encoder.encode)
    assert encoder.asked == ["one", "two", "three"]


def test_more_than_fit_at_once_are_all_answered() -> None:
    vectors = Remembered(most=2).vectors([f"{n}" for n in range(5)], StandIn().encode)

    assert vectors.shape[0] == 5


def test_they_go_by_themselves_after_a_while() -> None:
    ticking = Ticking()
    kept = Remembered(seconds=60, ticking=ticking)
    kept.vectors(["He is lonely."], StandIn().encode)
    ticking.seconds = 61
    kept.forget_old()

    assert len(kept) == 0


def test_nothing_that_is_kept_can_be_read_or_told_from_outside() -> None:
    one, other = Remembered(), Remembered()
    for kept in (one, other):
        kept.vectors(["He is lonely."], StandIn().encode)

    assert b"lonely" not in b"".join(one._kept)
    assert set(one._kept).isdisjoint(other._kept)  # each process has a key of its own


def test_of_nothing_there_are_no_rows() -> None:
    assert Remembered().vectors([], StandIn().encode).shape == (0, 384)
    assert Remembered().vectors([], StandIn().encode).dtype == np.float32
