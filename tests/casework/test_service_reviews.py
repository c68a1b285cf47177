"""What an editor is to look at next, and why."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, true

from linkwork.casework import service_checks, service_remarks, service_reviews
from linkwork.database import db, new_uuid
from linkwork.models import OnwardReferral, Service, ServiceStatus
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY
from tests.statements import watching

DAY = timedelta(days=1)


def names(cast: Cast) -> list[str]:
    return [row.service.name for row in service_reviews.queue(cast.editor, on=TODAY)]


def fresh(name: str, **facts: Any) -> Service:
    return make.service(name, verified_at=NOW - DAY, **facts)


def test_what_is_fresh_is_not_looked_at(cast: Cast) -> None:
    fresh("Fresh")
    make.service("Edge", verified_at=NOW - 89 * DAY)
    make.service("Old", verified_at=NOW - 91 * DAY)
    assert names(cast) == ["Old"]


def test_words_come_first_then_ends_then_referrals_times_staleness(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    used = make.service("Used", verified_at=NOW - 100 * DAY)
    for _ in range(4):
        make.onward_referral(case, by=cast.amina, service=used, sent_at=NOW - 3 * DAY)
    make.service("Never")
    make.service("Old", verified_at=NOW - 200 * DAY)
    fresh("Ending", ends_on=TODAY + 20 * DAY)
    service_checks.object_(
        service_checks.ask(fresh("Objected"), by=cast.editor, at=NOW), "No more.", at=NOW
    )
    service_remarks.say(fresh("Remarked"), "It has moved.", by=cast.amina, at=NOW)
    assert names(cast) == ["Remarked", "Objected", "Ending", "Used", "Never", "Old"]
    [row] = [r for r in service_reviews.queue(cast.editor, on=TODAY) if r.service is used]
    assert (row.referrals, row.reasons) == (4, ("Not checked for 100 days",))


def test_referrals_of_more_than_a_year_ago_weigh_nothing(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    service = make.service()
    make.onward_referral(case, by=cast.amina, service=service, sent_at=NOW - 400 * DAY)
    make.onward_referral(case, by=cast.amina, service=service)
    [one] = service_reviews.weighed(TODAY, true())
    assert (one.referrals, one.weight) == (0, 365.0)


def test_what_does_not_run_is_left_alone(cast: Cast) -> None:
    make.service("Unlisted", listed=False)
    make.service("Ended", ends_on=TODAY - DAY)
    make.service("Gone", status=ServiceStatus.DEFUNCT)
    make.service("Merged", merged_into_id=fresh("Kept").id)
    make.service("Closed for a while", status=ServiceStatus.TEMPORARILY_CLOSED)
    assert names(cast) == ["Closed for a while"]


def test_what_was_merged_into_an_entry_counts_for_it(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    kept = make.service("Kept")
    once = make.service("Once", merged_into_id=kept.id)
    before = make.service("Before")
    for service in (kept, once, before):
        make.onward_referral(case, by=cast.amina, service=service, sent_at=NOW - 3 * DAY)
    check = service_checks.ask(before, by=cast.editor, at=NOW)
    service_checks.object_(check, "No more.", at=NOW)
    service_remarks.say(once, "It has moved.", by=cast.amina, at=NOW)
    before.merged_into_id = once.id
    db.session.flush()
    [row] = service_reviews.queue(cast.editor, on=TODAY)
    assert (row.service, row.referrals, len(row.reasons)) == (kept, 3, 3)


def test_what_was_to_open_again_is_asked_about_once_the_day_is_there(cast: Cast) -> None:
    shut = ServiceStatus.TEMPORARILY_CLOSED
    fresh("Due", status=shut, closed_until=TODAY)
    fresh("Later", status=shut, closed_until=TODAY + DAY)
    fresh("Open again", closed_until=TODAY - DAY)
    [row] = service_reviews.queue(cast.editor, on=TODAY)
    assert row.service.name == "Due"
    assert row.reasons == ("Was to open again on 18 November 2026",)


def test_the_queue_is_for_editors_and_nobody_else(cast: Cast) -> None:
    make.service()
    assert [len(service_reviews.queue(u, on=TODAY)) for u in (cast.editor, cast.amina)] == [1, 0]


def test_fifty_are_shown_in_the_same_few_queries(cast: Cast) -> None:
    db.session.execute(
        insert(Service), [{"name": f"Choir {n}", "key": new_uuid()} for n in range(80)]
    )
    assert db.session.query(OnwardReferral).count() == 0
    with watching() as asked:
        assert len(names(cast)) == 50
    assert len(asked) <= 8
