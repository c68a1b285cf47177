"""Vectors as they are kept and compared: two bytes a number, and cosines."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from linkwork.meaning.encoder import DIMENSIONS

if TYPE_CHECKING:
    from numpy.typing import NDArray

BYTES = 2 * DIMENSIONS

# The workers share the processors already: a second thread for a product that takes a
# millisecond waits longer for its turn than it helps. Read by numpy when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def to_bytes(vector: NDArray[Any]) -> bytes:
    """A vector as it is stored: 768 bytes, half precision, the same on every machine."""
    return vector.astype("<f2").tobytes()


def from_bytes(stored: Sequence[bytes]) -> NDArray[Any]:
    """Stored vectors as rows of float32; those of another length become rows of zeros."""
    import numpy as np

    whole = b"".join(one if len(one) == BYTES else bytes(BYTES) for one in stored)
    return np.frombuffer(whole, dtype="<f2").reshape(-1, DIMENSIONS).astype(np.float32)


def nearness(of: NDArray[Any], to: NDArray[Any]) -> NDArray[Any]:
    """The cosine of each row of the one to each row of the other, to four decimals."""
    near: NDArray[Any] = (of @ to.T).round(4)
    return near
