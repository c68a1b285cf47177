"""Which counts of a whole table of England may be printed: PCNs in boards, in regions, in England.

``disclosure`` looks at one row of counts and its total. Here every sum above a count is printed
too, and each PCN and each board knows its own counts from pages of its own, so a count is only
safe where nobody who subtracts, knowing theirs, can tell whether it is small. What is withheld is
worked out once for the whole tree, so that the table of a board and that of England agree. A line
is told whole or not at all: the two scopes are two counts of one line, and so is what lies between
them. A withheld line says nothing of whether it is small.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, count

from linkwork.reports.disclosure import is_small

STEAD = "Withheld"
EXPLAINED = (
    "A count is withheld where it is of 1 to 7 people, in either scope or between the two, and"
    " where it would give such a count away by subtraction to somebody who knows the counts of"
    " one PCN or board. A withheld count may be small or not."
)

Counts = tuple[int, ...]


@dataclass(eq=False, slots=True)
class Node:
    """A line of the table: a PCN with its counts of people, or the sums over ``children``.

    ``holder`` is who knows what is beneath besides its own readers: boards know all their PCNs.
    """

    key: Hashable
    counts: Counts = ()
    children: "list[Node]" = field(default_factory=list)
    parent: "Node | None" = None
    is_hidden: bool = False
    holder: Hashable = None
    people: int = 0

    def __post_init__(self) -> None:
        self.people = sum(self.counts)

    def leaves(self) -> "list[Node]":
        """Every PCN beneath, or itself."""
        if not self.children:
            return [self]
        return [leaf for child in self.children for leaf in child.leaves()]

    def open_leaves(self) -> "Iterable[Node]":
        """The withheld PCNs whose sum follows from this line and what is printed beneath it."""
        for child in self.children:
            if child.is_hidden:
                yield from child.open_leaves() if child.children else [child]


def tree(key: Hashable, children: Sequence[Node], holder: Hashable = None) -> Node:
    """The line that sums up some others. ``holder`` names a board: it knows all its PCNs."""
    width = max((len(child.counts) for child in children), default=0)
    counts = tuple(sum(child.counts[i] for child in children) for i in range(width))
    made = Node(key, counts, list(children), holder=holder)
    for child in children:
        child.parent = made
    return made


def withhold(root: Node) -> set[Hashable]:
    """The keys of the lines that must not be printed. The nodes are marked too.

    A sum that is printed leaves the sum of the PCNs withheld beneath it. That is safe where there
    are at least three of them and, whichever of them or whichever board knows its own counts,
    what is left of every kind of count is 0 or at least 8 and of two PCNs or more. Until it is,
    the line that costs least is withheld as well; where nothing is left to withhold, the sum is.
    """
    for leaf in root.leaves():
        leaf.is_hidden = any(map(is_small, _told(leaf.counts)))
    for node in _bottom_up(root):
        _settle(node)
    return {node.key for node in (*_bottom_up(root), *root.leaves()) if node.is_hidden}


def _settle(node: Node) -> None:
    while not _is_safe(node, list(node.open_leaves())):
        if (further := _cheapest(node)) is None:
            node.is_hidden = True
            return
        for line in _upwards(further, node):
            line.is_hidden = True


def _cheapest(node: Node) -> Node | None:
    """The PCN to withhold next, with the sums between: the fewest new lines, then people."""
    there = set(node.open_leaves())

    def costs(line: Node, lines: int, people: int) -> Iterable[tuple[int, int, int, Node]]:
        for child in line.children:
            fresh = not child.is_hidden
            spent = (lines + fresh, people + child.people * fresh)
            if child.children:
                yield from costs(child, *spent)
            elif child.people and child not in there:
                yield *spent, next(places), child

    places = count()  # of equal costs the first line
    return min(costs(node, 0, 0), default=(None,))[-1]


def _upwards(leaf: Node, top: Node) -> Iterable[Node]:
    line: Node | None = leaf
    while line is not None and line is not top:
        yield line
        line = line.parent


def _is_safe(node: Node, hidden: Sequence[Node]) -> bool:
    if not hidden:
        return True
    known: list[list[Node]] = [[], *([leaf] for leaf in hidden)]
    if node.holder is None:  # above the boards, each of them knows all of its own
        known += _by_holder(hidden).values()
    whole = _sums(hidden)
    return all(_leaves_enough(whole, len(hidden), own) for own in known)


def _leaves_enough(whole: Counts, many: int, own: Sequence[Node]) -> bool:
    """Whether those who know ``own`` are left with nothing small, and not with a single PCN."""
    if many - len(own) == 1:
        return False
    mine = _sums(own) or (0,) * len(whole)
    rest = tuple(count - known for count, known in zip(whole, mine, strict=True))
    return not any(map(is_small, _told(rest)))


def _told(counts: Counts) -> Counts:
    """The counts and what lies between any two of them."""
    return (*counts, *(abs(one - other) for one, other in combinations(counts, 2)))


def _by_holder(leaves: Iterable[Node]) -> Mapping[Hashable, list[Node]]:
    found: dict[Hashable, list[Node]] = {}
    for leaf in leaves:
        board = leaf.parent
        while board is not None and board.holder is None:
            board = board.parent
        if board is not None:
            found.setdefault(board.holder, []).append(leaf)
    return found


def _sums(leaves: Sequence[Node]) -> Counts:
    return tuple(map(sum, zip(*(leaf.counts for leaf in leaves), strict=True)))


def _bottom_up(node: Node) -> Iterable[Node]:
    for child in node.children:
        if child.children:
            yield from _bottom_up(child)
    yield node
