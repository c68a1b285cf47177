"""Section 7: what 31 March will show."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.capacity.calendar import FinancialYear, working_days
from linkwork.capacity.posts import AbsenceSpan, PostSpan, PostState
from linkwork.capacity.projection import (
    NOBODY,
    TOO_EARLY,
    TOO_FEW,
    Outlook,
    estimate,
    project,
    window,
)
from linkwork.capacity.targets import Scope

YEAR = FinancialYear(2025)
LONG_AGO = date(2020, 1, 1)
HALFWAY = date(2025, 9, 30)


def every_working_day(first_on: date, last_on: date) -> list[date]:
    days = (first_on + timedelta(days=n) for n in range((last_on - first_on).days + 1))
    return [day for day in days if working_days(day, day)]


STEADY = every_working_day(YEAR.start, HALFWAY)


def test_section_7_a_leaver_is_not_a_run_rate() -> None:
    two = [PostSpan(1, 1.0, LONG_AGO), PostSpan(2, 1.0, LONG_AGO, HALFWAY)]
    # 210 people over 126 working days, spread evenly: five for every three days.
    starts = [day for n, day in enumerate(STEADY) for _ in range(2 if n % 3 else 1)]
    assert len(starts) == 210
    seen = window(starts, two, (), YEAR, HALFWAY, Scope.ALL)
    assert seen.wte_days == 130
    projected = project(starts, two, (), YEAR, HALFWAY, Scope.ALL).expected.value
    naive = 210 * YEAR.working_days() / YEAR.elapsed(HALFWAY)
    assert naive == pytest.approx(421.7, abs=0.05)
    assert projected == pytest.approx(315.8, abs=1), "65 days do not divide by three"


def test_section_7_the_leaver_to_a_tenth() -> None:
    assert estimate(210, 210, 252, 127).expected.value == pytest.approx(315.8, abs=0.05)


def test_section_7_the_interval() -> None:
    found = estimate(started=210, window_started=105, window_wte_days=65, wte_days_left=127)
    values = [found.expected.value, found.lower.value, found.upper.value]
    assert values == pytest.approx([415.2, 383.6, 446.7], abs=0.05)


def test_section_7_no_starts_in_the_window_give_the_rule_of_three() -> None:
    found = estimate(10, 0, 65, 130)
    assert [found.expected.value, found.lower.value, found.upper.value] == [10, 10, 16]


def test_the_interval_never_goes_below_what_is_already_started() -> None:
    assert estimate(10, 1, 65, 65).lower.value == 10


@pytest.mark.parametrize(
    ("target", "outlook"),
    [
        (383, Outlook.ON_COURSE),
        (384, Outlook.EITHER),
        (446, Outlook.EITHER),
        (447, Outlook.SHORT),
    ],
)
def test_section_7_the_wording_follows_the_interval(target: int, outlook: Outlook) -> None:
    assert estimate(210, 105, 65, 127).outlook(target) is outlook


def test_the_ends_of_the_interval_belong_to_the_better_wording() -> None:
    sure = estimate(100, 5, 65, 0)
    assert sure.outlook(100) is Outlook.ON_COURSE
    assert sure.outlook(101) is Outlook.SHORT


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (383, "415 (383 to 446) by 31 March against 383: it is on course."),
        (400, "415 (383 to 446) by 31 March against 400: it could go either way."),
        (447, "415 (383 to 446) by 31 March against 447: it will fall short without change."),
    ],
)
def test_section_11_the_sentence_says_what_is_expected(target: int, words: str) -> None:
    sentence = estimate(210, 105, 65, 127).sentence(target)
    assert sentence == f"On present staffing we expect {words}"


def test_section_7_under_20_working_days_it_is_too_early_to_say() -> None:
    posts = [PostSpan(1, 1.0, LONG_AGO)]
    nineteenth, twentieth = STEADY[18], STEADY[19]
    early = project(STEADY, posts, (), YEAR, nineteenth, Scope.ALL)
    assert (early.expected.value, early.outlook(1), early.started) == (None, None, 19)
    assert early.sentence(108) == TOO_EARLY
    assert project(STEADY, posts, (), YEAR, twentieth, Scope.ALL).expected.known


def test_section_7_nobody_in_post_gives_words_and_no_number() -> None:
    vacancy = [PostSpan(None, 1.0, LONG_AGO), PostSpan(1, 1.0, date(2025, 10, 6))]
    found = project([], vacancy, (), YEAR, HALFWAY, Scope.ALL)
    assert (found.expected.text(), found.sentence(108)) == ("-", NOBODY)


@pytest.mark.parametrize(
    "only",
    [
        # Recorded from the last days on, while somebody started people all summer.
        PostSpan(1, 1.0, date(2025, 9, 4)),
        PostSpan(1, 0.01, LONG_AGO),
    ],
)
def test_section_7_a_pace_from_next_to_no_work_is_no_pace(only: PostSpan) -> None:
    found = project(STEADY, [only], (), YEAR, HALFWAY, Scope.ALL)
    assert (found.expected.value, found.sentence(108)) == (None, TOO_FEW)


def test_section_7_twenty_days_at_work_are_a_pace() -> None:
    posts = [PostSpan(1, 0.1, date(2025, 9, 3))]
    assert project(STEADY, posts, (), YEAR, HALFWAY, Scope.ALL).expected.known


def test_when_the_last_worker_leaves_nobody_more_is_started() -> None:
    found = project(STEADY, [PostSpan(1, 1.0, LONG_AGO, HALFWAY)], (), YEAR, HALFWAY, Scope.ALL)
    assert [found.lower.value, found.expected.value, found.upper.value] == [126, 126, 126]
    assert found.sentence(150) == (
        "On present staffing nobody more is expected by 31 March, 126 against 150: "
        "it will fall short without change."
    )


def test_known_starters_and_absences_are_in_the_projection() -> None:
    one = [PostSpan(1, 1.0, LONG_AGO)]
    soon = PostSpan(2, 1.0, date(2026, 1, 5), state=PostState.APPOINTED)
    away = AbsenceSpan(1, date(2026, 1, 5))

    def expected(posts: list[PostSpan], absences: list[AbsenceSpan]) -> float:
        return project(STEADY, posts, absences, YEAR, HALFWAY, Scope.ALL).expected.value or 0

    assert expected(one, []) == pytest.approx(126 + 127)
    assert expected([*one, soon], []) > expected(one, []) > expected(one, [away])
    assert expected([*one, soon], [away]) == pytest.approx(expected(one, []))


def test_after_31_march_the_projection_is_the_count() -> None:
    posts = [PostSpan(1, 1.0, LONG_AGO)]
    outside = [date(2025, 3, 31), date(2026, 4, 1)]
    found = project([*STEADY, *outside], posts, (), YEAR, date(2026, 6, 1), Scope.ALL)
    assert (found.lower.value, found.upper.value) == (126, 126)
    assert found.sentence(150) == "126 people are recorded as started by 31 March against 150."


def test_starts_after_the_date_are_not_known_yet() -> None:
    posts = [PostSpan(1, 1.0, LONG_AGO)]
    later = [date(2025, 10, 2)] * 50
    now = project(STEADY, posts, (), YEAR, HALFWAY, Scope.ALL)
    assert project([*STEADY, *later], posts, (), YEAR, HALFWAY, Scope.ALL) == now


def test_uneven_weeks_widen_the_interval() -> None:
    posts = [PostSpan(1, 1.0, LONG_AGO)]
    bursts = [date(2025, 8, 4)] * 30 + [date(2025, 9, 22)] * 35
    uneven = project(bursts, posts, (), YEAR, HALFWAY, Scope.ALL)
    even = estimate(65, 65, 65, 127)
    assert uneven.expected.value == pytest.approx(even.expected.value)
    assert (uneven.upper.value or 0) > (even.upper.value or 0) + 20


people = st.integers(0, 2_000)
days = st.floats(0.2, 2_000)


@given(people, people, days, days, st.floats(1, 20))
def test_the_expected_number_lies_in_its_interval(
    started: int, recent: int, seen: float, left: float, phi: float
) -> None:
    found = estimate(started, recent, seen, left, phi)
    low, middle, high = found.lower.value, found.expected.value, found.upper.value
    assert low is not None
    assert middle is not None
    assert high is not None
    assert started <= low <= middle <= high


@given(people, people, days, days, days)
def test_more_wte_days_left_never_lower_the_projection(
    started: int, recent: int, seen: float, left: float, more: float
) -> None:
    now = estimate(started, recent, seen, left).expected.value or 0
    assert (estimate(started, recent, seen, left + more).expected.value or 0) >= now
