"""All PCNs of England summed by board and region, with what may be printed of them.

The same definitions as the page of one PCN (docs/capacity.md). What is withheld is worked out for
the whole tree at once (``withholding``), so that the page of a board and that of England agree.
"""

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import date

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.fairness import Place as Standing
from linkwork.capacity.figure import Figure, missing
from linkwork.capacity.shares import DEFAULT_TILT
from linkwork.capacity.targets import Scope, default_scope
from linkwork.casework import assumptions
from linkwork.reports import comparisons, networks, withholding
from linkwork.reports.basis import Basis
from linkwork.reports.comparisons import Compared, Mean, Method
from linkwork.reports.networks import Network, Networks
from linkwork.reports.withholding import Node

NO_SHARE = "No share"
NO_BOARD = "No board recorded"
NO_REGION = "No region recorded"
NO_BOARD_KEY = "none"


@dataclass(frozen=True, slots=True)
class Line:
    """A PCN, or the sum of some. A count is None where it is withheld.

    ``share`` and ``expected`` (the share to date) are of the PCNs that have a share;
    ``without_share`` is how many have none. WTE is of the scope, ``waiting`` of all link workers.
    """

    name: str
    key: str
    closed_on: date | None
    pcns: int
    started: int | None
    waiting: int | None
    share: Figure
    expected: Figure
    without_share: int
    in_post_wte: float
    funded_wte: float
    has_posts: bool
    compared: Compared
    standing: Standing

    @property
    def started_text(self) -> str:
        """People started as it is printed."""
        return withholding.STEAD if self.started is None else f"{self.started:,}"

    @property
    def waiting_text(self) -> str:
        """People waiting as it is printed."""
        return withholding.STEAD if self.waiting is None else f"{self.waiting:,}"


@dataclass(frozen=True, slots=True)
class Sum:
    """A line and the lines it is the sum of."""

    line: Line
    lines: tuple["Sum", ...] = ()

    @property
    def below(self) -> tuple[Line, ...]:
        """The lines directly below."""
        return tuple(one.line for one in self.lines)

    @property
    def is_withholding(self) -> bool:
        """Whether anything in it is withheld."""
        own = self.line.started is None or self.line.waiting is None
        return own or any(one.is_withholding for one in self.lines)


@dataclass(frozen=True, slots=True)
class Report:
    """The whole tree: England, its regions, their boards, their PCNs.

    ``mean`` is what they are compared with; ``phi`` is how much more than by chance PCNs differ,
    ``phi_of_boards`` boards.
    """

    basis: Basis
    method: Method
    tilt: float
    england: Sum
    mean: Mean
    phi: float
    phi_of_boards: float

    @property
    def boards(self) -> tuple[Sum, ...]:
        """The boards of all regions."""
        return tuple(board for region in self.england.lines for board in region.lines)

    def board(self, key: str) -> Sum | None:
        """The board of a key."""
        return next((one for one in self.boards if one.line.key == key), None)


@dataclass(frozen=True, slots=True)
class _Group:
    """Some PCNs before anything is withheld: a PCN itself, a board, a region, England."""

    id: Hashable
    name: str
    key: str
    pcns: tuple[Network, ...]
    groups: tuple["_Group", ...] = ()
    is_board: bool = False

    @property
    def is_pcn(self) -> bool:
        return bool(self.pcns) and not self.groups

    def node(self, counts: Callable[[Network], tuple[int, ...]]) -> Node:
        if not self.groups:
            return Node(self.id, counts(self.pcns[0]))
        holder = self.id if self.is_board else None
        return withholding.tree(self.id, [one.node(counts) for one in self.groups], holder)


def of(
    *,
    as_of: date,
    scope: Scope | None,
    method: Method = Method.LIST,
    board_id: int | None = None,
    pcns_of: Collection[str] | None = None,
) -> Report:
    """The tree for the financial year of ``as_of``, up to the end of that day.

    ``scope`` None is the default: additional where there is such a post, in the board
    ``board_id`` where one is named. ``pcns_of`` are the keys of the boards whose PCNs get lines,
    None is all of them. A fixed number of queries (``networks``).
    """
    staff = networks.wte(as_of)
    if scope is None:
        own = networks.staff_of(board_id, staff) if board_id else staff
        scope = default_scope(row.additional for row in own)
    basis = Basis(FinancialYear.containing(as_of), as_of, scope)
    tilt = assumptions.in_force(None, as_of).tilt  # one for all, or they were not comparable
    read = networks.read(basis.year, as_of, scope, staff)
    return built(read, basis, method, tilt=tilt, pcns_of=pcns_of)


def built(
    read: Networks,
    basis: Basis,
    method: Method,
    *,
    tilt: float = DEFAULT_TILT,
    pcns_of: Collection[str] | None = None,
) -> Report:
    """The tree of what was read. Raises BankHolidaysUnknown."""
    top = _grouped(read)
    if not top.groups:
        hidden: set[Hashable] = set()
        waiting: set[Hashable] = set()
    else:
        hidden = withholding.withhold(top.node(lambda pcn: (pcn.additional, pcn.everybody)))
        waiting = withholding.withhold(top.node(lambda pcn: (pcn.waiting,)))
    made = _Maker(basis, comparisons.weigh(method, tilt), hidden, waiting, pcns_of)
    compared = {group.id: made.compared(group) for group in _all(top)}
    pcns = [compared[pcn.place.id] for pcn in read.pcns]
    mean = comparisons.mean(compared[top.id], pcns)
    boards = [compared[group.id] for group in _all(top) if group.is_board]
    phis = mean.spread(pcns), mean.spread([one for one in boards if one.rate.known])
    return Report(basis, method, tilt, made.sum(top, compared, mean, phis), mean, *phis)


class _Maker:
    """Makes lines out of groups, without what is withheld."""

    def __init__(
        self,
        basis: Basis,
        patients: Callable[[Network], Figure],
        hidden: set[Hashable],
        waiting: set[Hashable],
        pcns_of: Collection[str] | None,
    ) -> None:
        self._pcns_of = pcns_of
        self._basis, self._hidden, self._waiting = basis, hidden, waiting
        self._patients = patients
        self._hidden_pcns = {one for one in hidden if isinstance(one, int)}
        year = basis.year
        self._gone = year.elapsed(basis.as_of) / year.working_days()

    def started(self, group: _Group) -> int | None:
        if group.id in self._hidden:
            return None
        return sum(pcn.started(self._basis.scope) for pcn in group.pcns)

    def compared(self, group: _Group) -> Compared:
        return comparisons.compare(
            group.pcns,
            self.started(group),
            self._hidden_pcns,
            self._basis.scope,
            self._patients,
        )

    def sum(
        self,
        group: _Group,
        compared: dict[Hashable, Compared],
        mean: Mean,
        phis: tuple[float, float],
    ) -> Sum:
        phi = phis[1] if group.groups else phis[0]
        standing = mean.place(compared[group.id], phi)
        line = self._line(group, compared[group.id], standing)
        is_open = not group.is_board or self._pcns_of is None or group.key in self._pcns_of
        below = group.groups if is_open else ()
        return Sum(line, tuple(self.sum(one, compared, mean, phis) for one in below))

    def _line(self, group: _Group, compared: Compared, standing: Standing) -> Line:
        known = [pcn.share for pcn in group.pcns if pcn.share is not None]
        share = Figure(sum(known)) if known else missing(NO_SHARE)
        waiting = sum(pcn.waiting for pcn in group.pcns)
        return Line(
            name=group.name,
            key=group.key,
            closed_on=group.pcns[0].place.closed_on if group.is_pcn else None,
            pcns=len(group.pcns),
            started=self.started(group),
            waiting=None if group.id in self._waiting else waiting,
            share=share,
            expected=share.scaled(self._gone),
            without_share=len(group.pcns) - len(known),
            in_post_wte=sum(pcn.in_post_wte for pcn in group.pcns),
            funded_wte=sum(pcn.funded_wte for pcn in group.pcns),
            has_posts=any(pcn.has_posts for pcn in group.pcns),
            compared=compared,
            standing=standing,
        )


def _grouped(read: Networks) -> _Group:
    """England's regions, boards and PCNs, each in order of name; what has none comes last."""
    by_board: dict[int | None, list[Network]] = {}
    for pcn in read.pcns:
        parent = pcn.place.parent_id
        by_board.setdefault(parent if parent in read.boards else None, []).append(pcn)
    by_region: dict[str, list[_Group]] = {}
    for number, pcns in by_board.items():
        board = read.boards.get(number) if number is not None else None
        region = (board.region if board else None) or NO_REGION
        by_region.setdefault(region, []).append(_board(board, pcns))
    regions = [_region(name, boards) for name, boards in by_region.items()]
    regions.sort(key=lambda region: (region.name == NO_REGION, region.name))
    return _Group("England", "England", "", read.pcns, tuple(regions))


def _board(board: networks.Place | None, pcns: Sequence[Network]) -> _Group:
    own = tuple(_Group(pcn.place.id, pcn.place.name, pcn.place.key, (pcn,)) for pcn in pcns)
    name, key = (board.name, board.key) if board else (NO_BOARD, NO_BOARD_KEY)
    return _Group(("board", key), name, key, tuple(pcns), own, is_board=True)


def _region(name: str, boards: Sequence[_Group]) -> _Group:
    ordered = sorted(boards, key=lambda board: (board.key == NO_BOARD_KEY, board.name))
    return _Group(
        ("region", name),
        name,
        "",
        tuple(pcn for board in ordered for pcn in board.pcns),
        tuple(ordered),
    )


def _all(group: _Group) -> list[_Group]:
    return [group, *(below for one in group.groups for below in _all(one))]
