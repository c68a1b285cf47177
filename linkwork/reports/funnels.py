"""What becomes of the referrals of a year: six steps, and why somebody goes no further at each.

The cohort is the referrals that a PCN received in the financial year, as things stood at the end
of a day (docs/capacity.md, "The funnel"). Every step says how many of the step before came to it;
those and the losses, each with its reason, add up to the step before.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from linkwork.capacity.figure import Figure, ratio
from linkwork.models import CloseReason, DeclineReason, Organisation, ReferralSource
from linkwork.models.case import CLOSE_LABELS, DECLINE_LABELS
from linkwork.reports import funnel_counts
from linkwork.reports.basis import Basis
from linkwork.reports.flows import Flow
from linkwork.reports.funnel_counts import Alike, StepCode

__all__ = ["Funnel", "Loss", "LossKind", "Route", "Step", "StepCode", "of_pcn"]
NOBODY = "No referral has been received this year."
NOBODY_BEFORE = "Nobody came to the step before."
PUBLISHED_SOURCE = (
    "160,128 people referred in the UK: Bu, Hayes, Burton and Fancourt, The British Journal of"
    " Psychiatry, November 2024"
)


STEP_LABELS = {
    StepCode.REFERRED: "Referred",
    StepCode.CONTACTED: "Contacted",
    StepCode.STARTED: "Started",
    StepCode.PLANNED: "Plan agreed",
    StepCode.CONNECTED: "Connected",
    StepCode.COMPLETED: "Completed",
}
# Per cent of all referrals: reached a link worker; received an intervention.
PUBLISHED = {StepCode.CONTACTED: 90, StepCode.CONNECTED: 38}


class LossKind(StrEnum):
    """How it came that a referral went no further."""

    REPEATED = "repeated"
    DECLINED = "declined"
    CLOSED = "closed"
    OPEN = "open"


STILL_OPEN = {
    StepCode.CONTACTED: "Not yet: nobody has talked or written with them",
    StepCode.STARTED: "Not yet: they replied, and no conversation was had",
    StepCode.PLANNED: "Not yet: open without a plan",
    StepCode.CONNECTED: "Not yet: open, and been to nothing so far",
    StepCode.COMPLETED: "Not yet: support goes on",
}


@dataclass(frozen=True, slots=True)
class Loss:
    """Referrals that did not come to ``step`` from the one before, all for one reason."""

    step: StepCode
    kind: LossKind
    reason: DeclineReason | CloseReason | None
    cases: int

    @property
    def text(self) -> str:
        """The reason in words."""
        if self.kind is LossKind.REPEATED:
            return "A further referral to a case that was there already"
        if isinstance(self.reason, DeclineReason):
            return f"Declined: {_lower(DECLINE_LABELS[self.reason])}"
        if isinstance(self.reason, CloseReason):
            return f"Closed: {_lower(CLOSE_LABELS[self.reason])}"
        if self.kind is LossKind.OPEN:
            return STILL_OPEN[self.step]
        return f"{self.kind.capitalize()}: no reason recorded"

    @property
    def words(self) -> str:
        """The same to follow a number."""
        return _lower(self.text)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``cases`` that meet its definition, of which ``passed`` came by the step before.

    ``before`` are those of the step before, ``first`` the referrals received. ``passed`` and the
    ``losses`` add up to ``before``.
    """

    code: StepCode
    cases: int
    passed: int
    before: int
    first: int
    losses: tuple[Loss, ...]

    @property
    def label(self) -> str:
        """Its name."""
        return STEP_LABELS[self.code]

    @property
    def besides(self) -> int:
        """Those that came here without the step before: connected without a plan, say."""
        return self.cases - self.passed

    @property
    def rate(self) -> Figure:
        """Per cent of the step before that came here."""
        return ratio(100 * self.passed, self.before, NOBODY_BEFORE if self.first else NOBODY)

    @property
    def of_referred(self) -> Figure:
        """Per cent of all referrals that came here."""
        return ratio(100 * self.cases, self.first, NOBODY)

    @property
    def published(self) -> int | None:
        """The published per cent of all referrals in the UK; None where there is none."""
        return PUBLISHED.get(self.code)


@dataclass(frozen=True, slots=True)
class Route:
    """The first referrals of cases from one source, and how many of these have started."""

    source: ReferralSource
    referred: int
    started: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """The steps of a year’s referrals, and what else was done in the year.

    ``people_seen`` are distinct people with an attended conversation in the year, whenever they
    were referred. ``carried`` cases started in the year and were referred before it;
    ``completed`` closed in it with their plan completed; ``caseload`` are started and not closed
    at the end of the day. All link workers.
    """

    basis: Basis
    steps: tuple[Step, ...]
    routes: tuple[Route, ...]
    people_seen: int
    carried: int
    completed: int
    caseload: int

    def step(self, code: StepCode) -> Step:
        """One of the steps."""
        return next(step for step in self.steps if step.code is code)


def of_pcn(pcn: Organisation, basis: Basis, flow: Flow) -> Funnel:
    """The funnel of one PCN to the end of ``basis.as_of``. One query beside that of ``flow``.

    Nobody is named. Cases that were opened in error are not counted.
    """
    rows = funnel_counts.referrals(pcn.id, basis)
    steps = tuple(_steps(rows))
    here = sum(row.cases for row in rows if StepCode.STARTED in row.reached)
    return Funnel(
        basis=basis,
        steps=steps,
        routes=tuple(_routes(rows)),
        people_seen=flow.people_seen,
        carried=max(0, flow.begun - here),
        completed=flow.completed,
        caseload=flow.caseload,
    )


def _steps(rows: Sequence[Alike]) -> Iterable[Step]:
    first = sum(row.cases for row in rows)
    yield Step(StepCode.REFERRED, first, first, first, first, ())
    codes = list(StepCode)
    for earlier, code in pairwise(codes):
        before = [row for row in rows if earlier in row.reached]
        yield Step(
            code=code,
            cases=sum(row.cases for row in rows if code in row.reached),
            passed=sum(row.cases for row in before if code in row.reached),
            before=sum(row.cases for row in before),
            first=first,
            losses=_losses(code, [row for row in before if code not in row.reached]),
        )


def _losses(code: StepCode, rows: Iterable[Alike]) -> tuple[Loss, ...]:
    """Why some went no further, most first; those still open last."""
    found: Counter[tuple[LossKind, DeclineReason | CloseReason | None]] = Counter()
    for row in rows:
        found[_why(row)] += row.cases
    losses = [Loss(code, kind, reason, cases) for (kind, reason), cases in found.items()]
    return tuple(sorted(losses, key=lambda loss: (loss.kind is LossKind.OPEN, -loss.cases,
                                                  loss.text)))  # fmt: skip


def _why(row: Alike) -> tuple[LossKind, DeclineReason | CloseReason | None]:
    if row.is_repeat:
        return LossKind.REPEATED, None
    if row.declined:
        return LossKind.DECLINED, row.decline_reason
    return (LossKind.CLOSED, row.close_reason) if row.closed else (LossKind.OPEN, None)


def _routes(rows: Sequence[Alike]) -> Iterable[Route]:
    own = [row for row in rows if not row.is_repeat]
    for source in ReferralSource:
        here = [row for row in own if row.source == source]
        started = sum(row.cases for row in here if StepCode.STARTED in row.reached)
        yield Route(source, sum(row.cases for row in here), started)


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
