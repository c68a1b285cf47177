"""Vectors of sentences, kept for some minutes while a note is written: in memory and nowhere else.

A sentence somebody said is not kept, only a hash of it under a key that this process made up and
tells nobody. The oldest go first, and all go by themselves after a quarter of an hour.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from linkwork.meaning.encoder import DIMENSIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 1000
SECONDS = 15 * 60
KEY_BYTES = 32


class Remembered:
    """At most ``most`` vectors, each until ``seconds`` after it was last asked for."""

    def __init__(
        self,
        most: int = MOST,
        seconds: float = SECONDS,
        ticking: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with nothing, under a key that is new each time."""
        self._most, self._seconds, self._ticking = most, seconds, ticking
        self._key = secrets.token_bytes(KEY_BYTES)
        self._lock = threading.Lock()
        self._kept: OrderedDict[bytes, tuple[float, NDArray[Any]]] = OrderedDict()

    def __len__(self) -> int:
        """How many vectors there are."""
        return len(self._kept)

    def vectors(
        self, texts: Sequence[str], encode: Callable[[Sequence[str]], NDArray[Any]]
    ) -> NDArray[Any]:
        """A row for each text; only those that are not remembered are encoded."""
        import numpy as np

        names = [self._name(text) for text in texts]
        found = self._found(names)
        missing = [row for row, name in enumerate(names) if name not in found]
        if missing:
            made = encode([texts[row] for row in missing])
            found |= {names[row]: made[place] for place, row in enumerate(missing)}
        self._keep({name: found[name] for name in names})
        rows = [found[name] for name in names]
        return np.stack(rows) if rows else np.zeros((0, DIMENSIONS), dtype=np.float32)

    def forget_old(self) -> None:
        """Let go of what was not asked for lately; cheap, for every request does it."""
        with self._lock:
            self._forget_old()

    def forget(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._kept.clear()

    def _name(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode(), key=self._key, digest_size=16).digest()

    def _found(self, names: Sequence[bytes]) -> dict[bytes, NDArray[Any]]:
        with self._lock:
            self._forget_old()
            return {name: self._kept[name][1] for name in names if name in self._kept}

    def _keep(self, found: dict[bytes, NDArray[Any]]) -> None:
        now = self._ticking()
        with self._lock:
            for name, vector in found.items():
                self._kept[name] = (now, vector)
                self._kept.move_to_end(name)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def _forget_old(self) -> None:
        before = self._ticking() - self._seconds
        while self._kept and next(iter(self._kept.values()))[0] < before:
            self._kept.popitem(last=False)
