"""Two entries of one activity are made one by somebody who looked, and parted without a loss."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from linkwork.casework import (
    crowding,
    onward_referrals,
    service_duplicates,
    service_merges,
    service_remarks,
    services,
)
from linkwork.casework.service_facts import plain
from linkwork.casework.service_merges import BOTH, OTHER
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import AuditEntry, Service, ServiceMerge
from tests import cast as the

AT = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
HALL = {"name": "Hall", "postcode": "M14 5RX"}
LIBRARY = {"name": "Library", "postcode": "M14 5RX"}


def activity(cast: Any, name: str = "Riverside choir", **facts: Any) -> Service:
    made = the.service(name, source="Feed")
    services.edit(made, facts, version=1, by=cast.editor, at=AT)
    made.edited_fields = []
    db.session.flush()
    return made


def pair(cast: Any) -> tuple[Service, Service]:
    one = activity(cast, phone="01632 960100", needs=["loneliness"], places_at=[HALL])
    other = activity(
        cast, "The Riverside choir", fees="£2", needs=["low_mood"], places_at=[LIBRARY]
    )
    return one, other


def merged(cast: Any, **choices: str) -> ServiceMerge:
    one, other = pair(cast)
    made = service_merges.merge(one, other, choices, by=cast.editor, at=AT)
    db.session.commit()
    return made


def said(service: Service) -> dict[str, Any]:
    facts = {name: plain(service, name) for name in service_merges.CHOSEN}
    for place in facts["places_at"]:
        del place["link_key"]
    return facts


def test_the_kept_entry_says_what_was_chosen_and_the_other_leads_to_it(cast: Any) -> None:
    made = merged(cast, name=OTHER)
    keep, other = made.kept, made.merged
    assert (keep.name, keep.phone, keep.fees) == ("The Riverside choir", "01632 960100", "£2")
    assert sorted(keep.needs) == ["loneliness", "low_mood"]
    assert [link.location.name for link in keep.places_at] == ["Hall", "Library"]
    assert {"name", "fees", "needs", "places_at"} <= set(keep.edited_fields)
    assert (other.merged_into_id, other.listed) == (keep.id, False)
    assert service_merges.survivor(other.key, user=cast.amina) is keep
    assert service_merges.survivor(keep.key, user=cast.amina) is None
    assert "service.merged" in db.session.scalars(select(AuditEntry.event)).all()


def test_parting_them_puts_everything_back(cast: Any) -> None:
    one, other = pair(cast)
    before = said(one), said(other)
    made = service_merges.merge(one, other, {"schedules": BOTH}, by=cast.editor, at=AT)
    db.session.commit()
    assert service_merges.undo(made, by=cast.editor, at=AT) == []
    db.session.commit()
    db.session.expire_all()
    assert (said(one), said(other)) == before
    assert (one.edited_fields, other.listed, other.merged_into_id) == ([], True, None)
    with pytest.raises(RuleBroken, match="parted before"):
        service_merges.undo(made, by=cast.editor, at=AT)


def test_parted_entries_are_both_read_again_by_the_next_import(cast: Any) -> None:
    made = merged(cast)
    made.kept.source_digest = made.merged.source_digest = "read while they were one"
    service_merges.undo(made, by=cast.editor, at=AT)
    assert (made.kept.source_digest, made.merged.source_digest) == (None, None)


def test_what_somebody_changed_since_stays_and_is_told(cast: Any) -> None:
    made = merged(cast)
    services.edit(made.kept, {"fees": "£3"}, version=made.kept.version, by=cast.editor, at=AT)
    assert service_merges.undo(made, by=cast.editor, at=AT) == ["fees"]
    assert made.kept.fees == "£3"
    assert "fees" in made.kept.edited_fields


def test_an_entry_that_was_off_the_list_is_off_it_again(cast: Any) -> None:
    one, other = pair(cast)
    services.unlist(other, by=cast.editor, at=AT)
    made = service_merges.merge(one, other, {}, by=cast.editor, at=AT)
    assert one.listed
    service_merges.undo(made, by=cast.editor, at=AT)
    assert (other.listed, other.merged_into_id) == (False, None)


def test_an_entry_is_merged_once_and_not_with_itself(cast: Any) -> None:
    made = merged(cast)
    third = activity(cast, "Third")
    with pytest.raises(RuleBroken, match="one entry already"):
        service_merges.merge(third, third, {}, by=cast.editor, at=AT)
    for two in ((made.merged, third), (third, made.merged)):
        with pytest.raises(RuleBroken, match="merged into another before"):
            service_merges.merge(*two, {}, by=cast.editor, at=AT)


def test_merges_are_parted_in_the_order_they_came_from_last_to_first(cast: Any) -> None:
    first = merged(cast)
    third = activity(cast, "Third")
    second = service_merges.merge(third, first.kept, {}, by=cast.editor, at=AT)
    db.session.flush()
    assert service_merges.kept_instead_of(first.merged) is third
    assert set(service_merges.all_of(third)) == {third.id, first.kept_id, first.merged_id}
    with pytest.raises(RuleBroken, match="merged into another since"):
        service_merges.undo(first, by=cast.editor, at=AT)
    service_merges.undo(second, by=cast.editor, at=AT)
    service_merges.undo(first, by=cast.editor, at=AT)
    assert service_merges.of_service(third) == []


def test_what_was_sent_says_what_it_said_and_counts_at_the_kept_one(cast: Any) -> None:
    one, other = pair(cast)
    case = the.case(cast.northside, worker=cast.amina, first_conversation_at=AT)
    sent = the.onward_referral(case, by=cast.amina, service=other)
    onward_referrals.send(sent, by=cast.amina, at=AT)
    not_yet = the.onward_referral(the.case(cast.northside, worker=cast.amina), by=cast.amina)
    not_yet.service = other
    service_merges.merge(one, other, {}, by=cast.editor, at=AT)
    assert sent.service is other
    assert crowding.at_service(one, at=AT + timedelta(hours=1)).unanswered == 1
    onward_referrals.send(not_yet, by=cast.amina, at=AT)
    assert not_yet.service is one


def test_pairs_wait_until_they_are_merged_or_told_apart(cast: Any) -> None:
    one, other = pair(cast)
    assert service_duplicates.count(user=cast.editor) == 1
    [duplicate] = service_duplicates.queue(user=cast.editor, number=1).duplicates
    assert {duplicate.one, duplicate.other} == {one, other}
    made = service_merges.merge(one, other, {}, by=cast.editor, at=AT)
    assert service_duplicates.count(user=cast.editor) == 0
    service_merges.undo(made, by=cast.editor, at=AT)
    assert service_duplicates.count(user=cast.editor) == 1
    for _ in range(2):
        service_duplicates.tell_apart(other, one, by=cast.editor, at=AT)
    assert service_duplicates.count(user=cast.editor) == 0
    assert service_duplicates.between(one, other) is not None


def test_what_is_wrong_is_told_once_and_looked_at_by_editors_only(cast: Any) -> None:
    one, other = pair(cast)
    told = [service_remarks.say(other, "It has moved. ", by=cast.amina, at=AT) for _ in range(2)]
    assert told[0] is told[1]
    with pytest.raises(RuleBroken, match="few words"):
        service_remarks.say(other, " ", by=cast.amina, at=AT)
    service_merges.merge(one, other, {}, by=cast.editor, at=AT)
    assert service_remarks.of_service(one) == [told[0]]
    assert service_remarks.open_(cast.amina) == []
    assert service_remarks.open_(cast.editor) == [told[0]]
    service_remarks.settle(told[0], by=cast.editor, at=AT)
    assert service_remarks.open_(cast.editor) == []


def test_nobody_fills_the_queue_of_the_editors(cast: Any) -> None:
    one, _ = pair(cast)
    for number in range(service_remarks.MOST_OPEN):
        service_remarks.say(one, f"Wrong {number}", by=cast.amina, at=AT)
    with pytest.raises(RuleBroken, match="have not looked at yet"):
        service_remarks.say(one, "Wrong again", by=cast.amina, at=AT)
    service_remarks.say(one, "Wrong again", by=cast.ben, at=AT)
