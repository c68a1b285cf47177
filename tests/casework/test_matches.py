"""From a case’s notes to a ranked, explained list: records on one side, matching on the other."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from linkwork.casework import interests, limits, match_answers, matches, offers
from linkwork.casework.lexicon import concepts_of
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    AuditEntry,
    CapacityStatus,
    CostOption,
    Location,
    OnwardReferral,
    Provider,
    RejectReason,
    Service,
    ServiceAtLocation,
    service_text,
)
from tests import cast as people
from tests.conftest import NOW, TODAY

NEAR = (53.49, -2.24)
FAR = (51.5, -0.12)


def listed(name, description, *, at=NEAR, **facts):
    """A service with a place, its concepts and its words in the index."""
    service = people.service(
        name=name, description=description, concepts=concepts_of(name, description, []), **facts
    )
    db.session.flush()
    if at:
        place = Location(name=name, latitude=at[0], longitude=at[1])
        db.session.add(place)
        db.session.flush()
        db.session.add(ServiceAtLocation(service_id=service.id, location_id=place.id))
    db.session.flush()
    service_text.reindex([service.id])
    return service


def run_by(name):
    return Provider(name=name)


@pytest.fixture
def case(cast):
    found = people.case(cast.northside, worker=cast.amina)
    people.contact(
        found,
        by=cast.amina,
        notes="Since his wife died he hardly leaves the house. Used to love gardening.",
    )
    db.session.commit()
    return found


@pytest.fixture
def garden(app):
    return listed("Mill Lane Allotment", "Gardening on a shared allotment. All welcome.")


def shown(case, on=TODAY):
    return [match.offer.name for match in matches.suggest(case, on=on).ranking.matches]


def test_needs_are_proposed_with_the_words_that_caused_them(case, garden):
    heard = {p.concept: p.words for p in matches.suggest(case, on=TODAY).proposals}

    assert "gardening" in heard["gardening"]
    assert any("died" in words for words in heard["bereavement"])


def test_a_service_is_shown_with_the_words_that_led_to_it(case, garden):
    [match] = matches.suggest(case, on=TODAY).ranking.matches

    assert match.offer.name == "Mill Lane Allotment"
    assert any("gardening" in reason.lower() for reason in match.reasons)


def test_what_a_worker_confirms_is_not_proposed_again_and_weighs_most(cast, case, garden):
    listed("Bereavement Cafe", "For people who are grieving. Bereavement support and tea.")

    interests.confirm(case, "gardening", by=cast.amina, at=NOW)

    found = matches.suggest(case, on=TODAY)
    assert "gardening" not in {proposal.concept for proposal in found.proposals}
    assert found.ranking.matches[0].offer.name == "Mill Lane Allotment"
    assert any("confirmed" in reason for reason in found.ranking.matches[0].reasons)


def test_what_a_worker_refuses_is_neither_proposed_nor_shown(cast, case, garden):
    interests.refuse(case, "gardening", by=cast.amina)
    interests.refuse(case, "bereavement", by=cast.amina)

    found = matches.suggest(case, on=TODAY)
    assert "gardening" not in {proposal.concept for proposal in found.proposals}
    assert "Mill Lane Allotment" not in shown(case)


def test_confirming_a_need_puts_it_among_the_needs_of_the_case(cast, case):
    interests.confirm(case, "bereavement", by=cast.amina, at=NOW)
    db.session.flush()

    assert [need.need for need in case.needs] == ["bereavement"]


def test_a_worker_adds_a_need_in_their_own_words(cast, case):
    label = interests.add(case, "gardening", by=cast.amina, at=NOW)

    assert label.lower() == "gardening"
    assert [(i.concept, i.confirmed) for i in case.interests] == [("gardening", True)]


def test_words_that_are_no_need_are_refused_with_what_to_do(cast, case):
    with pytest.raises(RuleBroken, match="Try another word"):
        interests.add(case, "xylophagous quandary", by=cast.amina, at=NOW)


def test_a_concept_that_does_not_exist_is_refused(cast, case):
    with pytest.raises(RuleBroken, match="not known"):
        interests.confirm(case, "'; drop table service", by=cast.amina, at=NOW)


def test_nothing_is_confirmed_on_a_case_that_has_ended(cast, case):
    case.closed_at = NOW

    with pytest.raises(RuleBroken, match="has ended"):
        interests.confirm(case, "gardening", by=cast.amina, at=NOW)


@pytest.mark.parametrize(
    ("asked", "facts", "why"),
    [
        ({"miles": "1"}, {"at": FAR}, "too far"),
        ({}, {"gender": "women"}, "women only"),
        ({}, {"minimum_age": 80}, "age"),
        ({}, {"capacity_status": CapacityStatus.NO_CAPACITY}, "full"),
        ({}, {"ends_on": date(2026, 1, 1)}, "ended"),
    ],
)
def test_a_hard_limit_leaves_a_service_out_and_says_why(cast, case, asked, facts, why):
    case.person.gender = "Male"
    facts = dict(facts)
    listed("Town Garden", "Gardening for everybody", at=facts.pop("at", NEAR), **facts)
    limits.keep(case, asked, by=cast.amina, on=TODAY)
    interests.confirm(case, "gardening", by=cast.amina, at=NOW)

    found = matches.suggest(case, on=TODAY)

    assert found.ranking.matches == ()
    [left_out] = found.ranking.not_shown
    assert why in left_out.words
    assert [offer.name for offer in left_out.offers] == ["Town Garden"]


def test_a_price_above_what_they_can_pay_leaves_a_service_out(cast, case, garden):
    db.session.add(CostOption(service_id=garden.id, amount=Decimal("7.50"), option="a session"))
    limits.keep(case, {"max_cost": "5"}, by=cast.amina, on=TODAY)
    db.session.flush()

    assert shown(case) == []


def test_what_the_directory_leaves_blank_is_shown_with_a_word_of_caution(cast, case, garden):
    limits.keep(case, {"access": ["step_free"]}, by=cast.amina, on=TODAY)

    [match] = matches.suggest(case, on=TODAY).ranking.matches

    assert any("not stated" in caution for caution in match.cautions)


def test_without_a_postcode_the_page_is_told_that_there_is_no_distance(cast, case, garden):
    case.person.postcode = None

    found = matches.suggest(case, on=TODAY)

    assert not found.has_place
    assert shown(case) == ["Mill Lane Allotment"]


def test_a_service_for_people_in_danger_is_shown_only_on_a_cue(cast, case):
    listed("Haven Line", "Domestic abuse helpline for anybody afraid of a partner.")

    assert "Haven Line" not in shown(case)

    interests.confirm(case, "domestic_abuse", by=cast.amina, at=NOW)
    assert "Haven Line" in shown(case)


def test_unlisted_services_are_never_offered(case):
    listed("Quiet Garden", "Gardening for a few", listed=False)

    assert shown(case) == []


def test_an_empty_directory_and_an_empty_note_end_in_no_match_and_no_error(cast):
    found = matches.suggest(people.case(cast.northside, worker=cast.amina), on=TODAY)

    assert (found.proposals, found.ranking.matches) == ((), ())


def test_the_directory_is_read_again_when_a_service_changes(case, garden):
    assert shown(case) == ["Mill Lane Allotment"]

    garden.name = "Mill Lane Garden"
    db.session.commit()

    assert shown(case) == ["Mill Lane Garden"]


def test_a_rolled_back_change_is_forgotten(case, garden):
    db.session.commit()
    garden.name = "Never kept"
    db.session.flush()
    shown(case)
    db.session.rollback()

    assert shown(case) == ["Mill Lane Allotment"]


def test_of_two_alike_the_one_with_fewer_of_our_people_comes_first(cast, case):
    db.session.commit()
    busy = listed("Allotment A", "Gardening on an allotment", provider=run_by("One"))
    listed("Allotment A", "Gardening on an allotment", provider=run_by("Two"))
    other = people.case(cast.northside, worker=cast.ben)
    db.session.add(OnwardReferral(case=other, service=busy, made_by_id=cast.ben.id, agreed_at=NOW))
    db.session.flush()

    found = matches.suggest(case, on=TODAY).ranking.matches

    assert [match.offer.provider for match in found] == ["Two", "One"]


def test_the_same_case_gives_the_same_list_every_time(case, garden):
    for number in range(12):
        listed(f"Garden {number}", "Gardening together", provider=run_by(f"P{number}"))

    assert shown(case) == shown(case)


def test_confirming_leaves_an_audit_entry_without_words_from_the_note(cast, case):
    interests.confirm(case, "gardening", by=cast.amina, at=NOW)
    db.session.commit()

    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert (entry.event, entry.person_id) == ("interest.confirmed", case.person_id)
    assert entry.details == {"concept": "gardening"}


def test_the_offers_hold_what_the_directory_says(garden):
    garden.languages, garden.channels = ["English", "Urdu"], ["in_person"]
    db.session.add(CostOption(service_id=garden.id, amount=Decimal("2.00"), option="a visit"))
    db.session.commit()

    [offer] = offers.directory().offers

    assert (offer.cost, offer.languages, offer.channels) == (
        Decimal("2.00"),
        frozenset({"en", "ur"}),
        frozenset({"in_person"}),
    )
    assert offer.places == (NEAR,)


@pytest.mark.parametrize(
    ("reason", "left"), [("does_not_want", []), ("too_far", ["Mill Lane Allotment, Hulme"])]
)
def test_what_they_do_not_want_is_not_offered_in_another_place_and_what_is_too_far_is(
    cast, case, reason, left
):
    for place in ("Hulme", "Chorlton"):
        listed(f"Mill Lane Allotment, {place}", "Gardening", provider=run_by("Growers"))
    db.session.flush()
    first = next(s for s in db.session.scalars(select(Service)) if s.name.endswith("Chorlton"))
    for service in db.session.scalars(select(Service)):
        service.provider = first.provider

    match_answers.reject(case, first, RejectReason(reason), by=cast.amina, at=NOW)

    assert shown(case) == left


def test_what_was_said_no_to_stays_away_when_its_entry_is_merged_into_another(cast, case):
    first, other = listed("Mill Lane Allotment", "Gardening"), listed("Mill Plot", "Gardening")
    db.session.flush()
    match_answers.reject(case, first, RejectReason.TOO_FAR, by=cast.amina, at=NOW)
    assert shown(case) == ["Mill Plot"]
    first.merged_into_id, first.listed = other.id, False
    first.version += 1
    db.session.flush()
    assert shown(case) == []
