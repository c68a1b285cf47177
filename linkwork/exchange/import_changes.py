"""What an import does with each row, kept to be looked at, and what of it needs a person."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from linkwork.database import db
from linkwork.exchange.import_outcomes import Outcome
from linkwork.exchange.import_report import MOST_KEPT
from linkwork.models import (
    ChangeKind,
    DirectoryImport,
    HoldReason,
    ImportChange,
    OnwardReferral,
    Service,
)

LEFT_OUT = frozenset({ChangeKind.QUARANTINED, ChangeKind.WARNING})
"""Of these no more than ``MOST_KEPT`` are kept: nobody reads on, and a broken file is all this."""
REACHED_BY = frozenset({"email", "phone"})


class Notes:
    """Keeps what becomes of the rows of an import, in place of what was kept before."""

    def __init__(self, import_: DirectoryImport) -> None:
        """Forget what an earlier look at the import has found."""
        self._import_id = import_.id
        self._seen = hashlib.sha256()
        self._kept: Counter[ChangeKind] = Counter()
        old = delete(ImportChange).where(ImportChange.import_id == import_.id)
        db.session.execute(old, execution_options={"synchronize_session": False})

    def __call__(self, outcomes: Sequence[Outcome]) -> None:
        """Note some more."""
        rows = [outcome.row(self._import_id) for outcome in outcomes]
        self._seen.update(json.dumps([[*map(str, row.values())] for row in rows]).encode())
        if kept := [row for row in rows if self._is_kept(row["kind"])]:
            db.session.execute(insert(ImportChange.__table__), kept)  # type: ignore[arg-type]

    def fingerprint(self, held_for: HoldReason | None) -> str:
        """The fingerprint of all that was noted, and of why the import is held."""
        return hashlib.sha256(f"{held_for} {self._seen.hexdigest()}".encode()).hexdigest()

    def _is_kept(self, kind: ChangeKind) -> bool:
        self._kept[kind] += 1
        return kind not in LEFT_OUT or self._kept[kind] <= MOST_KEPT


def redirected(import_: DirectoryImport) -> list[ImportChange]:
    """The changes of where an activity is written to or rung up that people are on their way to.

    What a worker sends next, a name and how to reach somebody, goes to the new address.
    """
    under_way = select(OnwardReferral.service_id).where(OnwardReferral.is_open)
    query = (
        select(ImportChange)
        .join(Service, Service.key == ImportChange.service_key)
        .where(
            ImportChange.import_id == import_.id,
            ImportChange.kind == ChangeKind.CHANGED,
            Service.id.in_(under_way),
        )
        .order_by(ImportChange.id)
    )
    return [one for one in db.session.scalars(query) if REACHED_BY & _fields(one)]


def _fields(change: ImportChange) -> set[str]:
    return {one["field"] for one in change.details}
