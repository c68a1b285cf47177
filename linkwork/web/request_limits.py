"""How many requests one sender may make: counted in bounded memory, for all processes together.

The table is shared memory made before the server forks, so that every worker counts into the same
one. A sender stands in two places of it, chosen by a keyed hash; each place holds the moment until
which what was asked is paid for, and the lower of the two is believed. Two senders would have to
meet in both places to be taken for one. Nothing needs to be cleared away: time does it.
"""

import hashlib
import ipaddress
import math
import mmap
import secrets
import struct

PLACES = 1 << 15
ROWS = 2
MINUTE_SECONDS = 60
HOUSEHOLD_BITS = 64
CELL = struct.Struct("<d")


class RequestLimit:
    """At most so many requests in a minute from one sender, in a row or spread out."""

    def __init__(self, per_minute: int) -> None:
        self._each_seconds = MINUTE_SECONDS / per_minute
        self._key = secrets.token_bytes(16)
        self._table = mmap.mmap(-1, ROWS * PLACES * CELL.size)

    def wait_seconds(self, address: str, *, at: float) -> int:
        """Count a request at this moment; 0 where it may be answered, else how long to wait.

        ``at`` is seconds of any clock that all processes share. A refused request is not counted.
        """
        cells = self._cells(address)
        paid_until = max(min(self._read(cell) for cell in cells), at)
        over = paid_until + self._each_seconds - at - MINUTE_SECONDS
        if over > 1e-6:
            return math.ceil(over)
        for cell in cells:
            CELL.pack_into(
                self._table, cell, max(self._read(cell), paid_until + self._each_seconds)
            )
        return 0

    def _read(self, cell: int) -> float:
        value: float = CELL.unpack_from(self._table, cell)[0]
        return value

    def _cells(self, address: str) -> list[int]:
        digest = hashlib.blake2b(network_of(address).encode(), key=self._key, digest_size=8)
        halves = struct.unpack("<II", digest.digest())
        return [(row * PLACES + half % PLACES) * CELL.size for row, half in enumerate(halves)]


def network_of(address: str) -> str:
    """Whose address it is: itself, or the network a household is given where it is IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, HOUSEHOLD_BITS), strict=False))
