"""WTE moved from one PCN to another: what the one gains by 31 March, and what the other loses.

Section 9 of the capacity rules (docs/capacity.md, "What if"), seen from both sides.
"""

from dataclasses import dataclass, replace
from datetime import date

from linkwork.capacity.figure import Figure, people
from linkwork.capacity.what_ifs import Lever
from linkwork.models import Organisation
from linkwork.reports import what_ifs
from linkwork.reports.basis import Basis
from linkwork.reports.capacity import Report


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two PCNs: people by 31 March as things are and after the move, and its share.

    ``people_per_wte`` is what one WTE starts there in a year, ``in_post_wte`` is at work today.
    """

    pcn: Organisation
    in_post_wte: float
    people_per_wte: float
    expected: Figure
    after: Figure
    change: float
    share: Figure


@dataclass(frozen=True, slots=True)
class Move:
    """A move of ``wte`` from a day on; ``wait_weeks`` is the wait on 31 March where it goes."""

    basis: Basis
    wte: float
    from_on: date
    giving: Side
    receiving: Side
    wait_weeks: Figure

    @property
    def net(self) -> float:
        """People started by 31 March in both PCNs together, more or fewer."""
        return self.giving.change + self.receiving.change

    @property
    def sentence(self) -> str:
        """Both sides and the sum of them, in whole people that add up."""
        lost, won = round(-self.giving.change), round(self.receiving.change)
        start = (
            f"{self.giving.pcn.name} would start {people(lost)} fewer by 31 March and"
            f" {self.receiving.pcn.name} {won:,} more"
        )
        if won == lost:
            return f"{start}: together as many as now."
        more = "more" if won > lost else "fewer"
        return f"{start}: together {abs(won - lost):,} {more}."


def between(giving: Report, receiving: Report, wte: float, from_on: date) -> Move:
    """The move seen from both sides, on the basis of the PCN that receives. No query.

    Nobody gains more than wait and will be referred, and nobody loses more than is expected from
    today on. Raises BankHolidaysUnknown.
    """
    asked = replace(
        what_ifs.usual(receiving.basis, receiving.assumptions),
        moved_wte=wte,
        from_on=from_on,
        moved_from=giving.pcn.name,
        people_there=giving.waiting.people_per_wte,
    )
    found = receiving.levers(asked)
    effect = next(one for one in found.effects if one.lever is Lever.MOVE)
    return Move(
        receiving.basis,
        wte,
        from_on,
        giving=_side(giving, -_loss(giving, effect.loss)),
        receiving=_side(receiving, effect.extra),
        wait_weeks=effect.wait_weeks,
    )


def _loss(giving: Report, loss: float) -> float:
    ahead = giving.standing.projection
    if ahead.expected.value is None:
        return loss
    return min(loss, ahead.expected.value - giving.standing.count.people)


def _side(report: Report, change: float) -> Side:
    expected = report.standing.projection.expected
    after = expected if expected.value is None else Figure(expected.value + change)
    return Side(
        pcn=report.pcn,
        in_post_wte=report.team.in_post_wte,
        people_per_wte=report.waiting.people_per_wte,
        expected=expected,
        after=after,
        change=change,
        share=report.standing.share,
    )
