"""Since when there is anything to report."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from linkwork.capacity.calendar import london_date
from linkwork.database import db
from linkwork.models import SupportCase


def referral_on(pcn_ids: Sequence[int]) -> date | None:
    """The day in London that the first case of any of these PCNs was opened. One query.

    None where there is no case yet.
    """
    query = select(func.min(SupportCase.opened_at)).where(SupportCase.organisation_id.in_(pcn_ids))
    first = db.session.scalar(query)
    return london_date(first) if first else None
