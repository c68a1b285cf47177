"""An encoder that needs no model: texts are near when they share words. For tests of the rest."""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from linkwork.meaning import DIMENSIONS


class StandIn:
    """Gives the same vectors everywhere, and notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Any:
        self.asked += texts
        rows = [_vector(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(-1, DIMENSIONS)


class Broken:
    """Fails the way a library does, with somebody's words in what it says."""

    def encode(self, texts: Sequence[str]) -> Any:
        raise ValueError(f"cannot read {texts}")


def _vector(text: str) -> Any:
    whole = np.zeros(DIMENSIONS)
    for word in re.findall(r"\w+", text.lower()):
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
        whole += np.random.default_rng(seed).standard_normal(DIMENSIONS)
    return whole / (np.linalg.norm(whole) or 1.0)
