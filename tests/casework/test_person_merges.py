"""Two records of one person made one, and parted again as if nothing had been."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from linkwork.casework import audit_trail, cases, episodes, people, person_merges, plan_links
from linkwork.casework.audit_trail import Filters
from linkwork.casework.people import Identity
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    AuditEntry,
    CloseReason,
    DeclineReason,
    Person,
    PersonMerge,
    Referral,
    SupportCase,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

NUMBER = "9990000018"
LATER = NOW + timedelta(hours=1)


def pair(cast: Cast, **facts: Any) -> tuple[Person, Person]:
    """Two records of Rosa: one open case of Amina’s, and one that closed."""
    first, second = (make.person(nhs_number=None) for _ in range(2))
    make.case(cast.northside, worker=cast.amina, person=first)
    closed = {"closed_at": NOW, "close_reason": CloseReason.MOVED}
    make.case(cast.northside, person=second, **{**closed, **facts})
    db.session.flush()
    return first, second


def merge(cast: Cast, keep: Person, other: Person, **choices: str) -> PersonMerge:
    return person_merges.merge(keep, other, choices, by=cast.amina, at=NOW)


def whole() -> dict[str, Any]:
    """Everything that is kept of people, cases and referrals, but how often it was saved."""
    db.session.flush()
    db.session.expire_all()
    found = {}
    for table in (Person.__table__, SupportCase.__table__, Referral.__table__):
        for row in db.session.execute(select(table)).mappings():
            said = {name: value for name, value in row.items() if name != "version"}
            found[f"{table.name} {row['id']}"] = said
    return found


def test_what_is_of_the_one_becomes_the_other_s(cast: Cast) -> None:
    keep, other = pair(cast)
    sent = make.referral(cast.birch, case=db.session.scalars(cases_of(other)).one())
    merge(cast, keep, other)
    assert sent.person is keep
    assert len(db.session.scalars(cases_of(keep)).all()) == 2
    assert db.session.scalars(cases_of(other)).all() == []


def cases_of(person: Person) -> Any:
    return select(SupportCase).where(SupportCase.person_id == person.id)


def test_each_field_is_what_was_chosen_and_no_warning_is_lost(cast: Cast) -> None:
    keep, other = pair(cast)
    keep.phone, other.phone = "07700 900001", "07700 900002"
    keep.alert, other.alert = "Dog", "Steep stairs"
    other.email, other.lone_worker_reason = "rosa@moorvale.example", "A neighbour threatened us"
    other.preferred_name = "Rosie"
    merge(cast, keep, other, phone="other", preferred_name="keep")
    assert (keep.phone, keep.preferred_name) == ("07700 900002", None)
    assert (keep.alert, keep.email) == ("Dog; Steep stairs", "rosa@moorvale.example")
    assert keep.lone_worker_reason == "A neighbour threatened us"


def test_a_merged_record_leads_to_the_kept_one(cast: Cast) -> None:
    keep, other = pair(cast)
    other.nhs_number = NUMBER
    merge(cast, keep, other)
    born = other.date_of_birth
    identity = Identity("Quill", "Rosa", born, nhs_number=NUMBER)
    assert people.kept_instead_of(other) is keep
    assert people.recognise(identity, practice=None, on=TODAY) is keep


def test_who_looked_at_either_record_is_shown_for_both(cast: Cast) -> None:
    keep, other = pair(cast)
    cases.open(db.session.scalars(cases_of(other)).one(), by=cast.ben)
    made = merge(cast, keep, other)
    db.session.commit()
    for person in (keep, other):
        assert people.every_number_of(person.id) == {keep.id, other.id}
    seen = [look.who for look in plan_links.looks(keep)]
    assert "Link worker" in seen
    filters = Filters(person_key=other.key)
    assert len(audit_trail.listed(filters)[0]) == 2
    person_merges.undo(made, by=cast.amina, at=LATER)
    assert people.every_number_of(keep.id) == {keep.id}


def test_two_numbers_are_two_people(cast: Cast) -> None:
    keep, other = pair(cast)
    keep.nhs_number, other.nhs_number = NUMBER, "9990000026"
    with pytest.raises(RuleBroken, match="different NHS numbers"):
        merge(cast, keep, other)


def test_two_open_cases_in_one_pcn_are_not_merged_until_one_is_not_taken_on(cast: Cast) -> None:
    keep, other = pair(cast, closed_at=None, close_reason=None)
    with pytest.raises(RuleBroken, match="Both records have an open case in the same PCN"):
        merge(cast, keep, other)
    second = db.session.scalars(cases_of(other)).one()
    episodes.decline(second, DeclineReason.DUPLICATE, by=cast.amina, at=NOW)
    assert merge(cast, keep, other).kept is keep


def test_who_may_not_see_every_case_of_both_merges_nothing(cast: Cast) -> None:
    keep, other = pair(cast)
    make.case(cast.southside, person=other)
    with pytest.raises(RuleBroken, match="cannot be merged here"):
        merge(cast, keep, other)


def test_what_the_user_sees_forbids_it_before_what_is_known_elsewhere(cast: Cast) -> None:
    keep, other = pair(cast)
    make.case(cast.southside, person=other)
    keep.nhs_number, other.nhs_number = NUMBER, "9990000026"
    with pytest.raises(RuleBroken, match="different NHS numbers"):
        merge(cast, keep, other)


def test_open_cases_of_both_elsewhere_are_not_spoken_of(cast: Cast) -> None:
    keep, other = pair(cast)
    for person in (keep, other):
        make.case(cast.southside, person=person)
    with pytest.raises(RuleBroken, match="cannot be merged here"):
        merge(cast, keep, other)


def test_somebody_who_died_is_not_merged_with_somebody_alive(cast: Cast) -> None:
    keep, other = pair(cast)
    other.died_on = TODAY
    with pytest.raises(RuleBroken, match="Find out who died"):
        merge(cast, keep, other)


def test_a_record_is_not_merged_with_itself_or_twice(cast: Cast) -> None:
    keep, other = pair(cast)
    with pytest.raises(RuleBroken, match="one record already"):
        merge(cast, keep, keep)
    merge(cast, keep, other)
    with pytest.raises(RuleBroken, match="cannot be merged here"):
        merge(cast, keep, other)


def test_parting_leaves_what_somebody_changed_since_and_says_so(cast: Cast) -> None:
    keep, other = pair(cast)
    keep.phone, other.phone = "07700 900001", "07700 900002"
    made = merge(cast, keep, other, phone="other")
    people.edit(keep, {"phone": "07700 900003"}, version=keep.version, by=cast.amina, on=TODAY)
    assert person_merges.undo(made, by=cast.amina, at=LATER) == ["phone"]
    assert keep.phone == "07700 900003"


def test_what_came_after_the_merge_stays_with_the_kept_one(cast: Cast) -> None:
    keep, other = pair(cast)
    made = merge(cast, keep, other)
    newer = make.case(cast.northside, person=keep, declined_at=LATER)
    person_merges.undo(made, by=cast.amina, at=LATER)
    assert newer.person is keep
    assert len(db.session.scalars(cases_of(other)).all()) == 1


def all_are_of_whose_case_they_are() -> bool:
    db.session.expire_all()
    joined = db.session.scalars(select(Referral)).all()
    return all(referral.person_id == referral.case.person_id for referral in joined)


def test_a_referral_that_joined_a_moved_case_goes_back_with_it(cast: Cast) -> None:
    keep, other = pair(cast)
    moved = db.session.scalars(cases_of(other)).one()
    stayed = db.session.scalars(cases_of(keep)).one()
    made = merge(cast, keep, other)
    joined, elsewhere = (make.referral(cast.birch, case=case) for case in (moved, stayed))
    assert (joined.person_id, elsewhere.person_id) == (keep.id, keep.id)
    person_merges.undo(made, by=cast.amina, at=LATER)
    assert (joined.person_id, elsewhere.person_id) == (other.id, keep.id)
    assert all_are_of_whose_case_they_are()


def test_they_are_parted_once_in_order_and_never_after_a_death(cast: Cast) -> None:
    keep, other = pair(cast)
    third = make.person(nhs_number=None)
    make.case(cast.northside, person=third, declined_at=NOW)
    first = merge(cast, keep, other)
    second = merge(cast, keep, third)
    with pytest.raises(RuleBroken, match="merged again later"):
        person_merges.undo(first, by=cast.amina, at=LATER)
    person_merges.undo(second, by=cast.amina, at=LATER)
    with pytest.raises(RuleBroken, match="parted before"):
        person_merges.undo(second, by=cast.amina, at=LATER)
    case = next(case for case in db.session.scalars(cases_of(keep)) if case.is_open)
    episodes.close(case, CloseReason.DIED, summary=None, by=cast.amina, at=LATER)
    with pytest.raises(RuleBroken, match="died since"):
        person_merges.undo(first, by=cast.amina, at=LATER)


def test_a_number_that_came_again_meanwhile_does_not_stop_the_parting(cast: Cast) -> None:
    keep, other = pair(cast)
    keep.nhs_number, other.date_of_birth = NUMBER, date(1951, 3, 12)
    made = merge(cast, keep, other, date_of_birth="other")
    born = date(1954, 3, 12)
    again = people.recognise(Identity("Quill", "Rosa", born, NUMBER), practice=None, on=TODAY)
    assert again is not keep
    person_merges.undo(made, by=cast.amina, at=LATER)
    assert (keep.nhs_number, keep.date_of_birth) == (NUMBER, born)


def test_both_are_in_the_audit_trail(cast: Cast) -> None:
    keep, other = pair(cast)
    made = merge(cast, keep, other)
    person_merges.undo(made, by=cast.ben, at=LATER)
    db.session.commit()
    noted = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    assert [(e.event, e.user_id, e.person_id) for e in noted] == [
        ("person.merged", cast.amina.id, keep.id),
        ("person.parted", cast.ben.id, keep.id),
    ]
    assert noted[0].details == {"fields": [], "merged": other.id, "moved": 1}


WORDS = st.one_of(
    st.none(),
    st.text(
        st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=8
    ),
)
RECORD = st.fixed_dictionaries(
    {
        **dict.fromkeys(("phone", "email", "alert", "next_of_kin", "lone_worker_reason"), WORDS),
        "given_name": st.sampled_from(["Rosa", "Róza", "Rose"]),
        "date_of_birth": st.dates(date(1930, 1, 1), date(1990, 1, 1)),
        "nhs_number": st.sampled_from([None, NUMBER]),
        "interpreter": st.booleans(),
    }
)


@given(
    RECORD,
    RECORD,
    st.dictionaries(
        st.sampled_from(person_merges.CHOSEN), st.sampled_from(["keep", "other", "both"])
    ),
    st.lists(st.integers(0, 1), max_size=3),
)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_parting_puts_everything_back_whatever_was_chosen(
    cast: Cast,
    one: dict[str, Any],
    two: dict[str, Any],
    choices: dict[str, str],
    joins: list[int],
) -> None:
    with db.session.begin_nested() as trial:
        keep, other = pair(cast)
        for person, facts in ((keep, one), (other, two)):
            person.twin = person.id
            for name, value in facts.items():
                setattr(person, name, value)
            people.refold(person)
        before = whole()
        made = merge(cast, keep, other, **choices)
        assert people.kept_instead_of(other) is keep
        theirs = db.session.scalars(cases_of(keep).order_by(SupportCase.id)).all()
        joined = [make.referral(cast.birch, case=theirs[which]) for which in joins]
        assert person_merges.undo(made, by=cast.amina, at=LATER) == []
        after = whole()
        added = {f"referral {referral.id}" for referral in joined}
        assert {name: said for name, said in after.items() if name not in added} == before
        assert all_are_of_whose_case_they_are()
        trial.rollback()
