"""What is behind the figures that are told of groups: steps, areas, routes, practices and needs.

Each count is one that the page prints, as it prints it: what is withheld there is withheld here.
Referrals, people and gaps are not listed one by one, because the rows of a list can be counted.
"""

from collections.abc import Iterator
from functools import partial

from linkwork.capacity.calendar import long_date
from linkwork.capacity.figure import Figure, counted, people
from linkwork.capacity.targets import Scope
from linkwork.reports import disclosure, frames
from linkwork.reports.capacity import Report
from linkwork.reports.explanations import Explanation, Row, Told
from linkwork.reports.funnels import NOBODY, PUBLISHED_SOURCE, STEP_LABELS, LossKind, Step, StepCode
from linkwork.reports.practices import Practice
from linkwork.reports.reach import NO_PROFILE, Fifth

DASH = "–"
NOT_ONE_BY_ONE = (
    "It is counted from the referrals themselves. They are not listed one by one, because a few"
    " that are alike could point at somebody."
)
NOT_SET = "It rests on no assumption that can be set."
BESIDES = (
    "A few come to a step without the one before. They count here, and in no part of the step"
    " before."
)
AREAS_UNKNOWN = (
    "It is not known of anybody where they live, because postcodes have not been looked up."
)
PARTS = (
    "Parts are of the people whose area is known, or of all where it is withheld of how many it is"
    " not. “More” and “fewer” are said where chance alone would do that less than 5 times in 100."
)
ROUTES = "A further referral to a case that was there already is not counted again."
BY_CHANCE = (
    "Expected are the referrals that a practice would send at the rate of all of them together. By"
    " chance are those that 95 in 100 practices of that size would send; far is beyond 998 in"
    " 1,000. From ten practices on that are told, both widen where these differ beyond chance."
)
ASK_FIRST = (
    "Fewer patients in need, or a worker in the building, are reasons too: ask before you judge."
)
IN_TENS = (
    "Told in tens, so that nobody can be found by subtraction; why is told from ten times on,"
    " and month by month under Gaps. Counted are the times that"
    " link workers noted it and did not take it back."
)
ALIKE = (
    "Records are alike where both were born on the same day and a name or the NHS number is the"
    " same, by the rules that link workers are shown. Who they are is not told here."
)
LOOK = (
    "Ask the link workers to look: the page of a case names the other one that is alike, and opens"
    " both side by side, to merge them or leave them."
)


def _step(report: Report, *, code: StepCode) -> Told:
    step = report.funnel.step(code)
    part = f"{step.of_referred.text()}% of all referrals." if step.first else NOBODY
    if step.published:
        part += f" In the UK it is {step.published}%: {PUBLISHED_SOURCE}."
    besides = (BESIDES,) if step.besides else ()
    rows = (_received if code is StepCode.REFERRED else _passed)(report, step)
    value = counted(step.cases, "referral")
    notes = part, *besides, f"{NOT_ONE_BY_ONE} {NOT_SET}"
    return Told(value, tuple(rows) if step.first else (), notes)


def _received(report: Report, step: Step) -> Iterator[Row]:
    losses = report.funnel.step(StepCode.CONTACTED).losses
    further = sum(loss.cases for loss in losses if loss.kind is LossKind.REPEATED)
    yield "First of a case", f"{step.cases - further:,}", ""
    yield "Further ones, to a case that was there already", f"{further:,}", ""


def _passed(_: Report, step: Step) -> Iterator[Row]:
    codes = list(StepCode)
    earlier = STEP_LABELS[codes[codes.index(step.code) - 1]]
    yield f"At the step before: {earlier.lower()}", f"{step.before:,}", ""
    yield "Came from there to this step", f"{step.passed:,}", _percent(step.rate)
    for loss in step.losses:
        yield loss.text, f"{loss.cases:,}", _percent(Figure(100 * loss.cases / step.before))
    if step.besides:
        yield "Came here without the step before", f"{step.besides:,}", ""


def _percent(figure: Figure) -> str:
    return f"{figure.text()}%" if figure.known else DASH


def _seen(report: Report) -> Told:
    """Those whom the PCN started in the year are among the people seen; the others, from before."""
    basis, funnel = report.basis, report.funnel
    count = frames.counted(report.pcn, basis.year, basis.as_of, Scope.ALL)
    begun = count.people + count.counted_elsewhere
    rows = (
        ("People started this year", f"{begun:,}"),
        (
            "People started before it, and talked to again",
            f"{max(0, funnel.people_seen - begun):,}",
        ),
        ("Cases referred before 1 April that started this year", f"{funnel.carried:,}"),
        ("Cases closed this year with the plan completed", f"{funnel.completed:,}"),
    )
    return Told(people(funnel.people_seen), rows, (NOT_SET,))


def _duplicates(report: Report) -> Told:
    found = report.duplicates
    rows = (
        ("Pairs of records that may be of one person", f"{found.pairs:,}"),
        ("Fewer people started, if each pair is of one person", f"{found.fewer:,}"),
    )
    return Told(found.text, rows, (*((LOOK,) if found.pairs else ()), f"{ALIKE} {NOT_SET}"))


def _reach(report: Report) -> Told:
    reach = report.reach
    if not reach.is_known:
        return Told("", (), (AREAS_UNKNOWN,))
    known = reach.list_as_of
    of_list = f"Our list is that of {long_date(known)}." if known else NO_PROFILE
    rows = tuple(map(_fifth, reach.fifths))
    return Told("", rows, (of_list, PARTS, f"{disclosure.EXPLAINED} {NOT_SET}"))


def _fifth(line: Fifth) -> Row:
    parts = _percent(line.percent), _percent(line.list_percent)
    return line.name, line.people, *parts, line.words or "Not compared"


def _routes(report: Report) -> Told:
    lines = report.reach.routes
    others = "All others together" if len(lines) > 1 else "All together"
    rows = tuple(
        (line.source or others, line.referred, line.started, _percent(line.rate)) for line in lines
    )
    return Told("", rows, (ROUTES, f"{disclosure.EXPLAINED} {NOT_SET}"))


def _practices(report: Report) -> Told:
    found = report.practices
    rate = found.rate
    value = f"{rate.text(1)} referrals for each 1,000 patients" if rate.known else ""
    rows = tuple(map(_practice, found.lines))
    return Told(value, rows, (BY_CHANCE, ASK_FIRST, f"{disclosure.EXPLAINED} {NOT_SET}"))


def _practice(line: Practice) -> Row:
    # No finer than the page: with the limits to a decimal, a withheld count could be worked out.
    limited = bool(line.high.value)
    return (
        line.name,
        "No list size" if line.patients is None else f"{line.patients:,}",
        line.referrals,
        line.rate.text(1) if line.rate.known else line.rate.reason,
        line.expected.text() if limited else DASH,
        f"{line.low.text()} to {line.high.text()}" if limited else DASH,
        line.words,
    )


def _nowhere(report: Report) -> Told:
    lines = report.nowhere.lines
    rows = tuple((e.label, e.times, e.why) for e in lines)
    return Told(counted(len(lines), "need"), rows, (f"{IN_TENS} {NOT_SET}",))


FIGURES = {
    **{
        f"funnel.{code.value}": Explanation(
            "funnel", label, ("Referrals", "Number", "Part of the step before"),
            partial(_step, code=code),
            of_all=True,
        )
        for code, label in STEP_LABELS.items()
    },
    "people_seen": Explanation(
        "people_seen", "People seen", ("Counted", "Number"), _seen, of_all=True
    ),
    "duplicates": Explanation(
        "duplicates", "Duplicates", ("Counted", "Number"), _duplicates, of_all=True
    ),
    "reach": Explanation(
        "reach", "Who we reach, by area",
        ("Areas of England", "People", "Part of the people", "Part of our list", "Compared"),
        _reach,
        of_all=True,
    ),
    "routes": Explanation(
        "routes", "Who we reach, by who sent them",
        ("From", "Referred", "Started so far", "Started, of those referred"), _routes,
        of_all=True,
    ),
    "nowhere": Explanation(
        "nowhere", "Nowhere to send people", ("Need", "Times", "Why"), _nowhere, of_all=True
    ),
    "practices": Explanation(
        "practices", "Practices",
        ("Practice", "List size", "Referrals", "For each 1,000", "Expected", "By chance",
         "Compared"),
        _practices,
        of_all=True,
    ),
}  # fmt: skip
