"""The only module that asks what time it is. Everything else is told."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today’s date in England."""
    return now().astimezone(LONDON).date()


def london(moment: datetime) -> datetime:
    """The same moment on an English clock."""
    return moment.astimezone(LONDON)


def utc(local: datetime) -> datetime:
    """A time read off an English clock, in UTC.

    In the hour that happens twice in October the first is meant; a time in the hour that does
    not happen in March moves on by an hour.
    """
    return local.replace(tzinfo=LONDON).astimezone(UTC)
