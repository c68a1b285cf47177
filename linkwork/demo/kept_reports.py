"""The reports of the month before, kept in the demo as a first night of the month would."""

from datetime import date, datetime, time

from linkwork import clock
from linkwork.reports import kept_reports

EARLY = time(5)
ALL = 1000


def keep(today: date) -> None:
    """Keep them for every PCN of the demo."""
    at = min(clock.utc(datetime.combine(today.replace(day=1), EARLY)), clock.now())
    for pcn, scope in list(kept_reports.due(at, most=ALL)):
        kept_reports.keep_month(pcn, scope, at=at)
