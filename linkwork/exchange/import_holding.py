"""When an import waits for a person: a feed that lost much has more likely failed than shrunk."""

from linkwork.models import HoldReason

MOST_LOST_PERCENT = 20
FEW = 5
"""So many entries may go and others come in any list."""


def hold_reason(
    *,
    rows: int,
    before: int | None,
    newly_gone: int,
    is_partial: bool = False,
    redirects: bool = False,
) -> HoldReason | None:
    """Why an import must wait for a person, or None.

    ``rows`` are those of the file and ``before`` those of the last that was applied;
    ``newly_gone`` counts entries the source had then and lacks now. A feed that lost more than a
    fifth, in number or by its identifiers, has more likely failed than shrunk. One that
    ``redirects`` changes how to reach activities that people are referred to now.
    """
    loss = None if is_partial else _loss(rows, before, newly_gone)
    return loss or (HoldReason.CONTACTS if redirects else None)


def _loss(rows: int, before: int | None, newly_gone: int) -> HoldReason | None:
    if rows == 0:
        return HoldReason.EMPTY
    if before is None:
        return None
    most = before * MOST_LOST_PERCENT
    if (before - rows) * 100 > most:
        return HoldReason.SHRUNK
    if newly_gone > FEW and newly_gone * 100 > most:
        return HoldReason.STRANGE
    return None
