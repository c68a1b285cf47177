"""Which services meet now, today, or next: worked out from their schedules, never guessed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select


def meeting(query: Select[Any], when: str, *, at: datetime) -> list[int]:
    """Numbers of the services that meet "now" or "today"."""
    raise NotImplementedError


def in_order(chosen: Select[Any], *, at: datetime, skipped: int, at_most: int) -> list[int]:
    """Numbers of services, those that meet next first."""
    raise NotImplementedError
