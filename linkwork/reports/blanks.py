"""What is left blank in a statement about one PCN in one year, and filled in when it is asked.

Such a statement is put together once and kept: putting it together takes longer than asking.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import Date, Integer, bindparam

from linkwork.casework.starts import midnight
from linkwork.database import Moment
from linkwork.reports.basis import Basis

PCN = bindparam("pcn_id", type_=Integer())
BEGIN = bindparam("begin", type_=Moment())
"""The first moment of the year."""
END = bindparam("end", type_=Moment())
"""The first moment after the day of the figures, or after the year."""
FIRST_DAY = bindparam("first_day", type_=Date())
LAST_DAY = bindparam("last_day", type_=Date())


def blanks(pcn_id: int, basis: Basis) -> dict[str, Any]:
    """What fills the blanks for one PCN and basis."""
    first, last = basis.year.start, min(basis.as_of, basis.year.end)
    return {
        "pcn_id": pcn_id,
        "begin": midnight(first),
        "end": midnight(last + timedelta(days=1)),
        "first_day": first,
        "last_day": last,
    }
