"""The lead's page: a sentence first, every figure with its scope, and nobody by name."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from linkwork.capacity.calendar import FinancialYear
from linkwork.casework import targets
from linkwork.database import db
from linkwork.models import (
    Absence,
    AbsenceKind,
    AuditEntry,
    ListSize,
    OrganisationKind,
    Post,
    PostState,
    Role,
)
from tests.cast import case, contact, organisation, person, referral, sign_in, user
from tests.conftest import NOW

YEAR = FinancialYear(2026)
MOST_QUERIES = 21


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield statements
    event.remove(Engine, "before_cursor_execute", note)


def post(worker: Any, pcn: Any, **facts: Any) -> Post:
    usual = {"wte": Decimal("1.00"), "start_on": date(2024, 1, 8), "end_on": None,
             "additional": True, "state": PostState.STARTED}  # fmt: skip
    made = Post(organisation_id=pcn.id, worker_id=worker and worker.id, **{**usual, **facts})
    db.session.add(made)
    return made


def listed(of: Any, patients: int) -> None:
    size = ListSize(organisation_id=of.id, as_of=date(2026, 1, 1), patients=patients)
    db.session.add(size)
    db.session.flush()


def started(worker: Any, pcn: Any, days_ago: int = 0, **facts: Any) -> Any:
    at = NOW - timedelta(days=days_ago)
    of = case(pcn, worker=worker, first_conversation_at=at, **facts)
    contact(of, by=worker, at=at)
    return of


def reader(client: Any, who: Any) -> Any:
    """The client, signed in: it reads pages, which Flask’s own does not."""
    sign_in(client, who)
    return client


def leader_of(organisation: Any) -> Any:
    made = user("Lena Field", organisation, Role.PCN_LEAD)
    db.session.flush()
    return made


@pytest.fixture
def northside(cast: Any) -> Any:
    """Northside with a list of 52,000, two posts and a vacancy, and 21 people started."""
    listed(cast.northside, 52_000)
    listed(cast.birch, 10_000)
    targets.freeze_shares(YEAR, by=None, at=NOW)
    post(cast.amina, cast.northside)
    post(cast.ben, cast.northside, wte=Decimal("0.60"), additional=False)
    post(None, cast.northside, wte=Decimal("0.80"), state=PostState.ADVERTISED, start_on=None)
    for n in range(21):
        started(cast.amina, cast.northside, days_ago=3 * n)
    started(cast.ben, cast.northside)
    case(cast.northside)
    return cast


def test_the_page_begins_with_what_was_started_against_the_share(
    client: Any, northside: Any
) -> None:
    text = reader(client, northside.lead).page("/capacity").text
    # 52,000 of 60,025,000 is 108 of 125,000; 161 of 251 working days are gone.
    assert "By 18 November this PCN has started 21 people; its share to date is 69." in text
    assert "against 108" in text
    assert "2026/27, additional link workers only, to 18 November 2026." in text


def test_the_four_numbers_say_who_is_there_and_what_that_allows(
    client: Any, northside: Any
) -> None:
    text = reader(client, northside.lead).page("/capacity?scope=all").text
    assert "1.6 of 2.4 WTE at work, of those funded" in text
    assert "1 waiting for a first conversation" in text
    assert "34% of the caseload that fits is in use 22 of 64 points, 22 people" in text
    assert "400 people can be started this year at 250 for each WTE; 320 at 200." in text
    assert "– for each person started What one WTE costs in a year has not been filled in" in text


def test_the_scope_decides_who_is_counted_and_against_which_target(
    client: Any, northside: Any
) -> None:
    page = reader(client, northside.lead).page
    assert "125,000 people a year" in page("/capacity").text
    everybody = page("/capacity?scope=all").text
    assert "has started 22 people; its share to date is 223." in everybody
    assert "400,000 people a year" in everybody
    assert "125,000" not in everybody
    assert "additional link workers only" in page("/capacity?scope=nonsense").text


def test_a_pcn_without_an_additional_post_is_counted_whole(client: Any, cast: Any) -> None:
    post(cast.ben, cast.northside, additional=False)
    assert "all link workers" in reader(client, cast.lead).page("/capacity").text


def test_a_start_is_the_workers_who_held_the_conversation(client: Any, northside: Any) -> None:
    handed_over = started(northside.amina, northside.northside)
    handed_over.worker = northside.ben
    text = reader(client, northside.lead).page("/capacity").text
    assert "this PCN has started 22 people" in text


def test_without_a_list_size_the_page_says_so_instead_of_a_share(client: Any, cast: Any) -> None:
    targets.freeze_shares(YEAR, by=None, at=NOW)
    post(cast.amina, cast.northside)
    started(cast.amina, cast.northside)
    text = reader(client, cast.lead).page("/capacity").text
    assert "In 2026/27 this PCN has started 1 person. It has no list size, so it has no" in text
    assert "No share" in text


def test_without_frozen_shares_the_page_says_so(client: Any, cast: Any) -> None:
    text = reader(client, cast.lead).page("/capacity").text
    assert "has started 0 people. Its share of the target has not been worked out yet." in text


def test_without_posts_the_page_says_so_instead_of_nought(client: Any, cast: Any) -> None:
    text = reader(client, cast.lead).page("/capacity").text
    assert "No posts WTE at work, of those funded" in text
    assert "No posts are recorded for this PCN, so its capacity cannot be given." in text
    assert "Nobody is recorded as a link worker of this PCN." in text


def test_in_april_it_is_too_early_to_say(client: Any, northside: Any, clock: Any) -> None:
    clock.now = datetime(2027, 4, 12, 9, 0, tzinfo=UTC)
    targets.freeze_shares(FinancialYear(2027), by=None, at=clock.now)
    text = reader(client, northside.lead).page("/capacity").text
    assert "It is too early to say: fewer than 20 working days have passed this year." in text


def test_the_team_is_shown_with_load_absence_and_posts_and_no_patient(
    client: Any, northside: Any
) -> None:
    db.session.add(
        Absence(worker_id=northside.ben.id, kind=AbsenceKind.PARENTAL, start_on=date(2026, 11, 2))
    )
    started(northside.amina, northside.northside, person=person("Wilhelmina", "Secret"))
    text = reader(client, northside.lead).page("/capacity").text
    assert "Amina Okafor 1.0 22 of 40 points, 22 people, has room" in text
    assert "Ben Harte Away since 2 November 2026 0.0 1 of 0 points, 1 person" in text
    assert "Vacancy 0.80 Additional Advertised Not known yet No end" in text
    assert "Ben Harte Away 2 Nov 2026 Not known yet" in text
    assert "Secret" not in text
    assert "Wilhelmina" not in text


def test_practices_are_shown_by_rate_and_small_counts_are_withheld(
    client: Any, northside: Any
) -> None:
    few = organisation("Ash Surgery", OrganisationKind.PRACTICE, parent=northside.northside)
    db.session.flush()
    listed(few, 5_000)
    for _ in range(12):
        referral(northside.birch)
    for _ in range(7):
        referral(few)
    text = reader(client, northside.lead).page("/capacity").text
    # Of two, the other one is withheld too: the rate of both together would tell.
    assert "Birch Road Surgery 10,000 Withheld Withheld" in text
    assert "Ash Surgery 5,000 7 or fewer 7 or fewer" in text


def test_a_board_opens_the_page_of_each_of_its_pcns(client: Any, northside: Any) -> None:
    leader = leader_of(northside.board)
    post(northside.cath, northside.southside)
    for _ in range(5):
        started(northside.cath, northside.southside)
    own = reader(client, leader).page(f"/capacity/{northside.southside.key}?scope=all").text
    assert "this PCN has started 5 people" in own


def test_another_boards_pcn_is_not_found(client: Any, northside: Any) -> None:
    elsewhere = organisation("Far PCN", OrganisationKind.PCN)
    db.session.flush()
    lead = sign_in(client, northside.lead)
    for other in (elsewhere, northside.southside, northside.birch):
        assert lead.get(f"/capacity/{other.key}").status_code == 404
        assert lead.get(f"/capacity/{other.key}/months.csv").status_code == 404
    assert lead.get(f"/capacity/{northside.northside.key}").status_code == 200


def test_somebody_whose_organisation_has_no_pcn_is_told_what_to_do(client: Any, cast: Any) -> None:
    lonely = leader_of(organisation("Moorvale Trust", OrganisationKind.TRUST))
    text = reader(client, lonely).page("/capacity").text
    assert "No PCN is recorded for your organisation." in text


def test_the_months_leave_as_csv_with_their_scope_and_leave_an_entry(
    client: Any, northside: Any
) -> None:
    northside.northside.name = '=HYPERLINK("x")'
    lead = sign_in(client, northside.lead)
    response = lead.get(f"/capacity/{northside.northside.key}/months.csv")
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="people-started-2026-27-additional.csv"'
    )
    lines = response.text.lstrip("\ufeff").splitlines()
    assert lines[0].startswith("Month,People started,People started in the year so far,Share")
    code = northside.northside.ods_code
    assert lines[8] == (
        f'2026-11,6,21,72.7,{code},"\'=HYPERLINK(""x"")",2026/27,'
        "additional link workers only,2026-11-18"
    )
    assert lines[9].startswith("2026-12,,,")
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.event == "report.exported")
    ).one()
    assert (entry.user_id, entry.record_id) == (northside.lead.id, northside.northside.id)
    assert entry.details == {"report": "capacity_months", "scope": "additional"}


@pytest.mark.parametrize("who", ["amina", "dev", "editor", "admin", "caldicott"])
def test_only_leads_and_supervisors_may_look(client: Any, cast: Any, who: str) -> None:
    assert sign_in(client, getattr(cast, who)).get("/capacity").status_code == 403


def test_a_page_costs_a_fixed_small_number_of_queries(client: Any, northside: Any) -> None:
    leader = leader_of(northside.board)
    for who in (northside.lead, leader):
        sign_in(client, who)
        with counted() as statements:
            client.page("/capacity")
        assert len(statements) <= MOST_QUERIES, "\n\n".join(statements)
