"""Section 5: WTE, WTE-days and capacity."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.posts import (
    AbsenceKind,
    AbsenceSpan,
    OverOne,
    PostSpan,
    PostState,
    SpanRefused,
    capacity,
    over_one,
    utilisation,
    wte_days,
    wte_on,
)
from linkwork.capacity.targets import Scope

YEAR = FinancialYear(2025)
LONG_AGO = date(2020, 1, 1)
JULY, OCTOBER = date(2025, 7, 1), date(2025, 10, 1)
DAYS = st.dates(date(2024, 4, 1), date(2027, 3, 31))

spans = st.tuples(DAYS, DAYS).map(sorted)


@st.composite
def posts_of(draw: st.DrawFn) -> PostSpan:
    start, end = draw(spans)
    wte = draw(st.integers(0, 10)) / 10
    return PostSpan(draw(st.integers(1, 3)), wte, start, end, draw(st.booleans()))


@st.composite
def absences_of(draw: st.DrawFn) -> AbsenceSpan:
    start, end = draw(spans)
    return AbsenceSpan(draw(st.integers(1, 3)), start, end)


def capacity_of(posts: list[PostSpan], absences: tuple[AbsenceSpan, ...] = ()) -> float:
    return capacity(wte_days(posts, absences, YEAR.start, YEAR.end), YEAR)


@pytest.mark.parametrize(
    ("posts", "people"),
    [
        ([PostSpan(1, 1.0, LONG_AGO)], 250.0),
        ([PostSpan(1, 0.6, LONG_AGO)], 150.0),
        ([PostSpan(1, 1.0, OCTOBER)], 125.5),
        ([PostSpan(1, 1.0, LONG_AGO, date(2025, 9, 30))], 124.5),
        ([PostSpan(1, 1.0, LONG_AGO, date(2025, 6, 30)), PostSpan(1, 0.6, JULY)], 174.1),
    ],
)
def test_section_5_a_worker_has_the_capacity_of_their_posts(
    posts: list[PostSpan], people: float
) -> None:
    assert capacity_of(posts) == pytest.approx(people, abs=0.05)


def test_section_5_a_long_absence_reduces_capacity() -> None:
    away = AbsenceSpan(1, date(2025, 9, 1), date(2025, 11, 30), AbsenceKind.PARENTAL)
    assert capacity_of([PostSpan(1, 1.0, LONG_AGO)], (away,)) == pytest.approx(185.8, abs=0.05)


def test_overlapping_absences_are_taken_out_once() -> None:
    whole = AbsenceSpan(1, date(2025, 9, 1), date(2025, 11, 30))
    inside = AbsenceSpan(1, date(2025, 9, 15), date(2025, 9, 20))
    later = AbsenceSpan(1, date(2025, 11, 1), date(2025, 11, 30))
    post = [PostSpan(1, 1.0, LONG_AGO)]
    assert capacity_of(post, (later, inside, whole)) == capacity_of(post, (whole,))


def test_an_absence_without_an_end_goes_on() -> None:
    away = AbsenceSpan(1, date(2025, 4, 1))
    assert capacity_of([PostSpan(1, 1.0, LONG_AGO)], (away,)) == 0


def test_the_absence_of_one_worker_leaves_the_others() -> None:
    posts = [PostSpan(1, 1.0, LONG_AGO), PostSpan(2, 0.6, LONG_AGO)]
    assert capacity_of(posts, (AbsenceSpan(1, date(2025, 4, 1)),)) == pytest.approx(150)


def test_section_5_a_post_counts_on_its_first_and_on_its_last_day() -> None:
    posts = [PostSpan(1, 0.8, JULY, OCTOBER)]
    on = [JULY - timedelta(days=1), JULY, OCTOBER, OCTOBER + timedelta(days=1)]
    assert [wte_on(posts, (), day) for day in on] == [0, 0.8, 0.8, 0]


def test_section_5_somebody_away_has_no_wte_that_day() -> None:
    away = [AbsenceSpan(1, JULY, JULY)]
    posts = [PostSpan(1, 0.5, LONG_AGO), PostSpan(1, 0.3, LONG_AGO), PostSpan(2, 1, LONG_AGO)]
    assert wte_on(posts, away, JULY) == 1
    assert wte_on(posts, away, JULY + timedelta(days=1)) == 1.8


def test_section_5_a_vacancy_has_no_capacity() -> None:
    vacancy = PostSpan(None, 1.0, LONG_AGO, state=PostState.ADVERTISED)
    assert wte_on([vacancy], (), JULY) == 0
    assert capacity_of([vacancy, PostSpan(None, 1.0, LONG_AGO)]) == 0


def test_section_5_somebody_appointed_counts_only_in_a_projection() -> None:
    future = [PostSpan(1, 1.0, OCTOBER, state=PostState.APPOINTED)]
    assert wte_days(future, (), YEAR.start, YEAR.end) == 0
    assert wte_days(future, (), YEAR.start, YEAR.end, projected=True) == 127
    assert wte_on(future, (), OCTOBER, projected=True) == 1


def test_section_5_a_start_after_the_end_is_refused() -> None:
    with pytest.raises(SpanRefused, match="The post ends before it starts"):
        PostSpan(1, 1.0, OCTOBER, JULY)
    with pytest.raises(SpanRefused, match="The absence ends before it starts"):
        AbsenceSpan(1, OCTOBER, JULY)


@pytest.mark.parametrize("wte", [-0.1, float("nan"), float("inf")])
def test_a_wte_that_is_no_number_from_0_is_refused(wte: float) -> None:
    with pytest.raises(SpanRefused, match="from 0 upwards"):
        PostSpan(1, wte, JULY)


def test_a_post_that_ended_needs_its_last_day() -> None:
    with pytest.raises(SpanRefused, match="needs its last day"):
        PostSpan(1, 1.0, JULY, state=PostState.ENDED)


def test_section_5_more_than_one_wte_for_one_person_is_a_warning() -> None:
    posts = [PostSpan(1, 0.7, LONG_AGO, OCTOBER), PostSpan(1, 0.4, JULY), PostSpan(2, 1, JULY)]
    assert over_one(posts) == (OverOne(1, 1.1, JULY),)


def test_exactly_one_wte_in_parts_is_no_warning() -> None:
    parts = [PostSpan(1, wte, JULY) for wte in (0.1, 0.2, 0.7)]
    assert over_one(parts) == ()


def test_posts_one_after_the_other_are_no_warning() -> None:
    before = PostSpan(1, 1.0, LONG_AGO, JULY - timedelta(days=1))
    assert over_one([before, PostSpan(1, 0.6, JULY)]) == ()


@given(st.lists(posts_of(), max_size=8))
def test_more_than_one_wte_is_found_on_the_first_day_there_is(posts: list[PostSpan]) -> None:
    days = {post.start for post in posts}
    over = {
        worker: [day for day in sorted(days) if wte_on(own, (), day) > 1.000001]
        for worker in (1, 2, 3)
        if (own := [post for post in posts if post.worker == worker])
    }
    found = {one.worker: (one.on, pytest.approx(one.wte)) for one in over_one(posts)}
    assert found == {
        worker: (held[0], wte_on([p for p in posts if p.worker == worker], (), held[0]))
        for worker, held in over.items()
        if held
    }


def test_section_5_utilisation_without_wte_is_a_dash_and_says_why() -> None:
    assert utilisation(0, 0).text() == "-"
    assert utilisation(3, 0).reason.startswith("No link worker was in post")
    assert utilisation(50, 125).value == 0.4


def test_a_scope_counts_its_own_posts() -> None:
    posts = [PostSpan(1, 1.0, LONG_AGO, additional=True), PostSpan(2, 0.6, LONG_AGO)]
    assert wte_on(posts, (), JULY, Scope.ADDITIONAL) == 1.0
    assert wte_on(posts, (), JULY, Scope.ALL) == 1.6


@given(st.lists(posts_of(), max_size=6), st.lists(absences_of(), max_size=4), DAYS, DAYS, DAYS)
def test_wte_days_are_additive_over_adjacent_periods(
    posts: list[PostSpan], absences: list[AbsenceSpan], a: date, b: date, c: date
) -> None:
    first, middle, last = sorted((a, b, c))
    parts = wte_days(posts, absences, first, middle)
    parts += wte_days(posts, absences, middle + timedelta(days=1), last)
    assert wte_days(posts, absences, first, last) == pytest.approx(parts)


@given(st.lists(posts_of(), max_size=4), st.lists(absences_of(), max_size=3), DAYS)
def test_wte_days_are_the_wte_of_each_working_day(
    posts: list[PostSpan], absences: list[AbsenceSpan], first: date
) -> None:
    days = [first + timedelta(days=n) for n in range(30)]
    each = [
        wte_on(posts, absences, day) * FinancialYear.containing(day).working_days(day, day)
        for day in days
    ]
    assert wte_days(posts, absences, first, days[-1]) == pytest.approx(sum(each))


@given(st.lists(posts_of(), max_size=6), st.lists(absences_of(), max_size=4), absences_of())
def test_an_absence_never_adds_capacity(
    posts: list[PostSpan], absences: list[AbsenceSpan], more: AbsenceSpan
) -> None:
    before = wte_days(posts, absences, YEAR.start, YEAR.end)
    after = wte_days(posts, [*absences, more], YEAR.start, YEAR.end)
    assert 0 <= after <= before + 1e-9


@given(st.lists(posts_of(), max_size=6), st.lists(absences_of(), max_size=4))
def test_additional_posts_are_never_more_than_all(
    posts: list[PostSpan], absences: list[AbsenceSpan]
) -> None:
    some = wte_days(posts, absences, YEAR.start, YEAR.end, Scope.ADDITIONAL)
    assert some <= wte_days(posts, absences, YEAR.start, YEAR.end, Scope.ALL) + 1e-9
