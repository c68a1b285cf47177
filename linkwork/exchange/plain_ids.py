"""Identifiers of feeds that do not use UUIDs: each gets the same one at every import."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from linkwork.exchange.oruk_values import uuid_of


def key_of(given: Any, kind: str, source: str) -> str | None:
    """The UUID that stands for an identifier of this kind in this source, or None without one.

    A UUID stands for itself. Anything else is only known within its source: "17" of two feeds are
    two services.
    """
    words = "" if given is None or isinstance(given, dict | list | bool) else str(given).strip()
    if not words:
        return None
    return uuid_of(words) or str(uuid5(NAMESPACE_URL, f"{source} {kind} {words}"))
