"""No sum and no difference in a table of England tells a count of 1 to 7 people."""

from collections.abc import Hashable, Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from linkwork.reports.withholding import Node, tree, withhold

SMALL = range(1, 8)
COUNT = st.one_of(st.integers(0, 12), st.integers(8, 200), st.just(0))
PCN = st.tuples(COUNT, COUNT)
BOARD = st.lists(PCN, min_size=1, max_size=5)
REGION = st.lists(BOARD, min_size=1, max_size=3)
ENGLAND = st.lists(REGION, min_size=1, max_size=3)


def england(regions: list[list[list[tuple[int, int]]]]) -> Node:
    """Additional starts and all starts of each PCN, from pairs of (additional, existing)."""
    made = []
    for r, boards in enumerate(regions):
        below = []
        for b, pcns in enumerate(boards):
            leaves = [Node((r, b, p), (new, new + old)) for p, (new, old) in enumerate(pcns)]
            below.append(tree((r, b), leaves, holder=(r, b)))
        made.append(tree((r,), below))
    return tree("England", made)


def lines(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from lines(child)


def printed(root: Node, hidden: set[Hashable], part: dict[Hashable, int]) -> dict[Hashable, int]:
    """Every number of the table for a way that people could be spread over the PCNs."""
    return {
        line.key: sum(part[leaf.key] for leaf in line.leaves())
        for line in lines(root)
        if line.key not in hidden
    }


def could_be_many(
    root: Node, hidden: set[Hashable], part: dict[Hashable, int], of: Hashable, known: set[Hashable]
) -> bool:
    """Whether another spread prints the same, leaves those ``known``, and gives ``of`` 8 or more.

    People come from nowhere, or move from other PCNs; every number is added up again.
    """
    before, there = printed(root, hidden, part), part[of]
    if printed(root, hidden, {**part, of: there + 8}) == before:
        return True
    for other in part.keys() - known - {of}:
        moved = {**part, of: part[of] + part[other], other: 0}
        if part[other] and printed(root, hidden, moved) == before:
            there += part[other]
    return there >= 8


@settings(max_examples=50, deadline=None)
@given(ENGLAND)
def test_whoever_knows_one_pcn_or_one_board_cannot_tell_that_another_count_is_small(
    regions: list[list[list[tuple[int, int]]]],
) -> None:
    root = england(regions)
    hidden = withhold(root)
    leaves = list(root.leaves())
    boards = {leaf.parent for leaf in leaves}
    knowing = [set(), *({leaf.key} for leaf in leaves)]
    knowing += [{leaf.key for leaf in board.children} for board in boards if board]
    for additional, everybody in ((1, 0), (0, 1), (-1, 1)):
        part = {
            leaf.key: additional * leaf.counts[0] + everybody * leaf.counts[1] for leaf in leaves
        }
        assert not any(count in SMALL for count in printed(root, hidden, part).values())
        for key, count in part.items():
            if count in SMALL:
                assert key in hidden
                assert all(
                    could_be_many(root, hidden, part, key, known)
                    for known in knowing
                    if key not in known
                )


@settings(max_examples=20)
@given(ENGLAND)
def test_nothing_is_withheld_where_nothing_is_small(
    regions: list[list[list[tuple[int, int]]]],
) -> None:
    large = [[[(a + 8, b + 8) for a, b in pcns] for pcns in boards] for boards in regions]
    assert withhold(england(large)) == set()


def test_the_smallest_of_the_same_board_are_withheld_first() -> None:
    root = england([[[(0, 5), (0, 30), (0, 40), (0, 90)], [(0, 80), (0, 70)]]])
    assert withhold(root) == {(0, 0, 0), (0, 0, 1), (0, 0, 2)}


def test_where_a_board_has_too_few_pcns_its_sum_is_withheld_and_another_board_covers_it() -> None:
    root = england([[[(0, 5), (0, 30)], [(0, 80), (0, 70), (0, 60)]]])
    assert withhold(root) == {(0, 0), (0, 0, 0), (0, 0, 1), (0, 1), (0, 1, 1), (0, 1, 2)}


def test_a_lone_board_that_has_too_few_pcns_prints_no_sum_at_all() -> None:
    root = england([[[(0, 5), (0, 30)]]])
    assert withhold(root) == {"England", (0,), (0, 0), (0, 0, 0), (0, 0, 1)}


def test_what_lies_between_the_scopes_is_a_count_too() -> None:
    root = england([[[(40, 3), (0, 30), (0, 40), (0, 90)]]])
    assert (0, 0, 0) in withhold(root)
