"""Several PCNs side by side, as somebody of their board sees them: a line each, small counts out.

The same definitions as the page of one PCN (docs/capacity.md), counted in the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.figure import Figure
from linkwork.capacity.targets import Scope, default_scope
from linkwork.casework import posts as staff
from linkwork.casework import targets
from linkwork.casework.posts import Staffing
from linkwork.models import Organisation
from linkwork.reports import disclosure, frames
from linkwork.reports.basis import Basis
from linkwork.reports.capacity import expected_by, share_of


@dataclass(frozen=True, slots=True)
class Line:
    """One PCN: its counts of people as they may be printed.

    ``bar_people`` is the people started where that may be shown, else None.
    """

    pcn: Organisation
    share: Figure
    expected: Figure
    started: str
    bar_people: int | None
    waiting: str
    in_post_wte: float
    funded_wte: float
    has_posts: bool


@dataclass(frozen=True, slots=True)
class Board:
    """The PCNs of a board and the sums that may be printed; ``without_share`` names the rest."""

    basis: Basis
    lines: tuple[Line, ...]
    share_people: int
    expected_people: float
    started: str
    waiting: str
    in_post_wte: float
    funded_wte: float
    without_share: tuple[str, ...]
    is_withholding: bool

    @property
    def most_people(self) -> float:
        """The longest bar: the largest share or count shown."""
        shares = [line.share.value or 0 for line in self.lines]
        return max([*shares, *(line.bar_people or 0 for line in self.lines), 1])


def of_pcns(pcns: Sequence[Organisation], *, scope: Scope | None, as_of: date) -> Board:
    """The PCNs in the order given, for the financial year of ``as_of``. Five queries."""
    ids, year = [pcn.id for pcn in pcns], FinancialYear.containing(as_of)
    staffing = staff.of_pcns(ids)
    scope = scope or default_scope(p.additional for one in staffing.values() for p, _ in one.posts)
    basis = Basis(year, as_of, scope)
    found = frames.months(ids, year, as_of, scope)
    started = [sum(found.get(pcn.ods_code or pcn.key, [])) for pcn in pcns]
    waiting = _waiting(pcns)
    lines = _lines(pcns, basis, staffing, started, waiting)
    return Board(
        basis=basis,
        lines=lines,
        share_people=round(sum(line.share.value or 0 for line in lines)),
        expected_people=sum(line.expected.value or 0 for line in lines),
        started=disclosure.total_text(started),
        waiting=disclosure.total_text(waiting),
        in_post_wte=sum(line.in_post_wte for line in lines),
        funded_wte=sum(line.funded_wte for line in lines),
        without_share=tuple(line.pcn.name for line in lines if not line.share.known),
        is_withholding=any(map(disclosure.is_small, [*started, *waiting])),
    )


def _waiting(pcns: Sequence[Organisation]) -> list[int]:
    """Open cases that have not started, for each PCN."""
    rows = [row for row in frames.open_cases([pcn.id for pcn in pcns]) if not row.started]
    return [sum(row.cases for row in rows if row.pcn_id == pcn.id) for pcn in pcns]


def _lines(
    pcns: Sequence[Organisation],
    basis: Basis,
    staffing: dict[int, Staffing],
    started: Sequence[int],
    waiting: Sequence[int],
) -> tuple[Line, ...]:
    shares = targets.held(basis.year, [pcn.id for pcn in pcns], on=basis.as_of)
    steads = disclosure.withheld(started, with_total=True)
    waiting_texts = disclosure.texts(waiting, with_total=True)
    lines = []
    for pcn, people, stead, queue in zip(pcns, started, steads, waiting_texts, strict=True):
        share = share_of(shares.get((pcn.id, basis.target.code)))
        one = staffing.get(pcn.id, Staffing())
        lines.append(
            Line(
                pcn=pcn,
                share=share,
                expected=expected_by(share, basis.year, basis.as_of),
                started=stead or f"{people:,}",
                bar_people=None if stead else people,
                waiting=queue,
                in_post_wte=one.in_post_wte(basis.as_of, basis.scope),
                funded_wte=one.funded_wte(basis.as_of, basis.scope),
                has_posts=bool(one.posts),
            )
        )
    return tuple(lines)
