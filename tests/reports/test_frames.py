"""People started: the database, the plain arithmetic and the frame count the same."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkwork.capacity import counting
from linkwork.capacity.calendar import FinancialYear, london_date
from linkwork.capacity.counting import Start
from linkwork.capacity.targets import Scope
from linkwork.casework import counted_starts
from linkwork.database import db
from linkwork.models import CloseReason, OrganisationKind, Post, PostState, Role
from linkwork.reports import frames
from tests.cast import case, contact, organisation, person, user
from tests.statements import plan_of, watching

YEAR = FinancialYear(2026)
AS_OF = date(2027, 3, 31)
# Midnights and clock changes, where a wrong zone shows.
EDGES = [
    datetime(2026, 3, 31, 23, 0, tzinfo=UTC),
    datetime(2026, 4, 30, 23, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 0, tzinfo=UTC),
    datetime(2026, 11, 1, 0, 0, tzinfo=UTC),
    datetime(2027, 3, 28, 1, 0, tzinfo=UTC),
    datetime(2027, 3, 31, 23, 0, tzinfo=UTC),
]
moments = st.builds(
    lambda edge, minutes: edge + timedelta(minutes=minutes),
    st.sampled_from(EDGES),
    st.sampled_from([-1500, -61, -60, -1, 0, 1, 59, 60, 1500]),
)
days = moments.map(lambda moment: moment.date())


@dataclass
class Episode:
    """A case as this test makes it, by the numbers of person, PCN and workers."""

    person: int
    pcn: int
    owner: int
    spoke: int | None
    at: datetime
    error: bool


@dataclass
class Held:
    """A post as this test makes it."""

    pcn: int
    worker: int
    first: date
    length: int | None
    additional: bool
    state: PostState

    @property
    def last(self) -> date | None:
        return None if self.length is None else self.first + timedelta(days=self.length)


three, two = st.integers(0, 2), st.integers(0, 1)
episodes = st.lists(
    st.builds(
        Episode, st.integers(0, 4), three, two, st.none() | two, moments,
        st.sampled_from([False, False, True]),
    ),
    max_size=12,
)  # fmt: skip
held = st.lists(
    st.builds(
        Held, three, two, st.just(date(2026, 1, 5)) | days, st.none() | st.integers(0, 40),
        st.booleans(), st.sampled_from([PostState.STARTED, PostState.ENDED, PostState.APPOINTED]),
    ),
    max_size=6,
)  # fmt: skip


def is_additional(episode: Episode, posts: list[Held]) -> bool:
    worker = episode.owner if episode.spoke is None else episode.spoke
    on = london_date(episode.at)
    return any(
        post.additional
        and post.state is not PostState.APPOINTED
        and (post.pcn, post.worker) == (episode.pcn, worker)
        and post.first <= on
        and (post.last is None or on <= post.last)
        for post in posts
    )


def stored(made: list[Episode], posts: list[Held]) -> tuple[list[Any], list[Start]]:
    """Put it all in the database; return the PCNs, and the starts as they should be found."""
    pcns = [organisation(f"PCN {n}", OrganisationKind.PCN, ods_code=f"Z0000{n}") for n in range(3)]
    workers = [user(f"Worker {n}", pcns[0], Role.LINK_WORKER) for n in range(2)]
    people = [person() for _ in range(5)]
    db.session.flush()
    for post in posts:
        db.session.add(
            Post(
                organisation_id=pcns[post.pcn].id, worker_id=workers[post.worker].id, wte=1,
                start_on=post.first, end_on=post.last, additional=post.additional,
                state=post.state,
            )
        )  # fmt: skip
    for one in made:
        reason = CloseReason.OPENED_IN_ERROR if one.error else None
        of = case(
            pcns[one.pcn], worker=workers[one.owner], person=people[one.person],
            first_conversation_at=one.at, close_reason=reason,
        )  # fmt: skip
        if one.spoke is not None:
            contact(of, by=workers[one.spoke], at=one.at)
    db.session.flush()
    return pcns, [
        Start(people[one.person].id, f"Z0000{one.pcn}", one.at, is_additional(one, posts))
        for one in made
        if not one.error
    ]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=15,
    deadline=None,
)
@given(made=episodes, posts=held, scope=st.sampled_from(Scope), as_of=days)
def test_the_database_the_arithmetic_and_the_frame_agree(
    app: Flask, made: list[Episode], posts: list[Held], scope: Scope, as_of: date
) -> None:
    try:
        pcns, starts = stored(made, posts)
        ids = [pcn.id for pcn in pcns]
        pure = counting.count(starts, YEAR, as_of, scope)
        expected = {one.pcn_code: list(one.months(YEAR)) for one in pure.pcns if one.people}
        rows = frames.starts(ids, YEAR, as_of)
        assert counting.count(rows, YEAR, as_of, scope) == pure
        for pcn in pcns:
            alone = counting.count(frames.starts([pcn.id], YEAR, as_of), YEAR, as_of, scope)
            assert alone.of(pcn.ods_code) == pure.of(pcn.ods_code)
        people = {pcn.id: pure.of(pcn.ods_code).people for pcn in pcns}
        started = {pcn_id: number for pcn_id, number in people.items() if number}
        for _ in ("out of the cases, while they are due", "as they are kept"):
            for pcn in pcns:
                assert frames.counted(pcn, YEAR, as_of, scope) == pure.of(pcn.ods_code)
            assert frames.totals(None, YEAR, as_of, scope) == started
            assert frames.totals(ids[:1], YEAR, as_of, scope) == {
                pcn_id: number for pcn_id, number in started.items() if pcn_id == ids[0]
            }
            counted_starts.settle()
        framed = frames.pcn_months(frames.starts_frame(rows), scope)
        assert {code: [int(row.get(month, 0)) for month in YEAR.months]
                for code, row in framed.iterrows()} == expected  # fmt: skip
    finally:
        db.session.rollback()


@pytest.mark.parametrize(
    ("at", "additional"),
    [
        (datetime(2026, 4, 30, 22, 59, tzinfo=UTC), True),
        (datetime(2026, 4, 30, 23, 0, tzinfo=UTC), False),
    ],
)
def test_the_day_a_post_ends_is_a_day_in_london(app: Flask, at: datetime, additional: bool) -> None:
    post = Held(0, 0, date(2026, 4, 1), 29, additional=True, state=PostState.ENDED)
    pcns, _ = stored([Episode(0, 0, 0, 0, at, error=False)], [post])
    assert [row.additional for row in frames.starts([pcns[0].id], YEAR, AS_OF)] == [additional]


def test_at_the_same_moment_a_person_counts_for_the_lower_code(app: Flask) -> None:
    made = [Episode(0, number, 0, None, EDGES[3], error=False) for number in (2, 1)]
    pcns, _ = stored(made, [])
    assert frames.totals([pcn.id for pcn in pcns], YEAR, AS_OF, Scope.ALL) == {pcns[1].id: 1}


@pytest.fixture
def pcn(app: Flask) -> Any:
    made = organisation("Northside PCN", OrganisationKind.PCN)
    db.session.flush()
    return made


def test_open_cases_are_counted_by_worker_complexity_and_whether_they_started(
    app: Flask, pcn: Any
) -> None:
    worker = user("Amina Okafor", pcn, Role.LINK_WORKER)
    for _ in range(2):
        case(pcn, worker=worker, first_conversation_at=EDGES[1])
    case(pcn, worker=worker)
    case(pcn)
    case(pcn, worker=worker, closed_at=EDGES[2])
    case(pcn, declined_at=EDGES[2])
    found = frames.open_cases([pcn.id])
    assert sorted((row.worker_name or "", row.started, row.cases) for row in found) == [
        ("", False, 1),
        ("Amina Okafor", False, 1),
        ("Amina Okafor", True, 2),
    ]


def test_kept_counts_are_one_query_and_england_reads_no_row_of_them(app: Flask) -> None:
    pcns, _ = stored([Episode(0, 0, 0, None, EDGES[1], error=False)], [])
    db.session.commit()
    with watching() as asked:
        assert frames.counted(pcns[0], YEAR, AS_OF, Scope.ALL).people == 1
        assert frames.totals(None, YEAR, AS_OF, Scope.ALL) == {pcns[0].id: 1}
        assert frames.totals([pcns[0].id], YEAR, AS_OF, Scope.ALL) == {pcns[0].id: 1}
    own, england, some = (plan_of(*one) for one in asked if "counted_start" in one[0])
    assert "ix_counted_start_organisation_id" in own
    for plan in (england, some):
        assert "ix_counted_start_sums" in plan, plan
        assert "Index Only" in plan or "COVERING" in plan or "Bitmap" in plan, plan
