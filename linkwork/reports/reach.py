"""Who is reached: people started in the year by how deprived the area is that they live in.

A fifth is two deciles of the index that people’s postcodes were looked up in (IMD 2019), so that a
fifth of England’s areas is in each. Counts of 1 to 7 are withheld, and what would give them away.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import false, func, select

from linkwork.capacity.calendar import FinancialYear
from linkwork.database import db
from linkwork.models import CloseReason, Person, SupportCase
from linkwork.reports import disclosure
from linkwork.reports.frames import midnight

FIFTHS = ("Most deprived fifth", "Second", "Third", "Fourth", "Least deprived fifth")
NOT_KNOWN = "Not known"


@dataclass(frozen=True, slots=True)
class Reached:
    """People started by fifth, and those of whom it is not known, as they are printed."""

    rows: tuple[tuple[str, str], ...]
    is_known: bool
    """Whether it is known of anybody at all."""


def by_deprivation(pcn_id: int, year: FinancialYear, as_of: date) -> Reached:
    """People with a start at a PCN in the year to ``as_of``, each once. One query.

    Starts of cases that were opened in error are not counted.
    """
    begin, end = midnight(year.start), midnight(min(as_of, year.end) + timedelta(days=1))
    error = SupportCase.close_reason == CloseReason.OPENED_IN_ERROR
    query = (
        select(Person.deprivation_decile, func.count(Person.id.distinct()))
        .join(SupportCase, SupportCase.person_id == Person.id)
        .where(
            SupportCase.organisation_id == pcn_id,
            SupportCase.first_conversation_at >= begin,
            SupportCase.first_conversation_at < end,
            ~func.coalesce(error, false()),
        )
        .group_by(Person.deprivation_decile)
    )
    counts = [0] * (len(FIFTHS) + 1)
    for decile, people in db.session.execute(query):
        counts[(decile - 1) // 2 if decile else len(FIFTHS)] += people
    texts = disclosure.texts(counts, with_total=True)
    return Reached(tuple(zip((*FIFTHS, NOT_KNOWN), texts, strict=True)), any(counts[:-1]))
