"""Who may do what, and to whose records."""

import pytest

from linkwork import access
from linkwork.access import Permission
from linkwork.errors import NotYours
from linkwork.models import (
    Contact,
    OnwardReferral,
    Organisation,
    Person,
    Referral,
    ReferralSource,
    Role,
    Service,
    SupportCase,
    User,
    UserRole,
)
from linkwork.permissions import GRANTS
from tests import cast as make
from tests.cast import Cast


def found(model, record, user: User) -> bool:
    try:
        return access.find(model, record.key, user=user) is record
    except NotYours:
        return False


def who_finds(model, record, cast: Cast) -> set[str]:
    return {name for name, user in cast.users.items() if found(model, record, user)}


def test_every_role_is_given_its_permissions() -> None:
    assert set(GRANTS) == set(Role)


def test_a_case_is_found_by_those_who_work_cases_in_its_own_pcn(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    assert who_finds(SupportCase, case, cast) == {"amina", "ben", "supervisor"}


def test_a_person_is_found_only_where_they_have_a_case(cast: Cast) -> None:
    case = make.case(cast.southside)
    assert who_finds(Person, case.person, cast) == {"cath"}


def test_what_hangs_on_a_case_is_found_by_those_who_find_the_case(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    contact = make.contact(case, by=cast.amina)
    onward = make.onward_referral(case, by=cast.amina)
    assert who_finds(Contact, contact, cast) == {"amina", "ben", "supervisor"}
    assert who_finds(OnwardReferral, onward, cast) == {"amina", "ben", "supervisor"}


def test_a_referral_is_found_by_its_practice_and_by_the_pcn_that_received_it(cast: Cast) -> None:
    sent = make.referral(cast.birch, by=cast.dev)
    assert who_finds(Referral, sent, cast) == {"dev", "amina", "ben", "supervisor"}


def test_a_practice_is_not_told_that_a_patient_referred_themselves(cast: Cast) -> None:
    own = make.referral(cast.birch, source=ReferralSource.SELF, share_with_gp=False)
    assert who_finds(Referral, own, cast) == {"amina", "ben", "supervisor"}


def test_another_practice_of_the_same_pcn_finds_no_referral_of_its_neighbour(cast: Cast) -> None:
    elm = make.organisation("Elm Lane Surgery", cast.birch.kind, parent=cast.northside)
    neighbour = make.user("Nia Elm", elm, Role.PRACTICE)
    sent = make.referral(cast.birch, by=cast.dev)
    assert not found(Referral, sent, neighbour)


def test_a_board_supervisor_finds_the_cases_of_all_its_pcns_and_of_no_other_board(
    cast: Cast,
) -> None:
    over_all = make.user("Oona Hale", cast.board, Role.SUPERVISOR)
    elsewhere = make.organisation("Far Board", cast.board.kind)
    far = make.organisation("Far PCN", cast.northside.kind, parent=elsewhere)
    inside, outside = make.case(cast.southside), make.case(far)
    assert found(SupportCase, inside, over_all)
    assert not found(SupportCase, outside, over_all)


def test_a_link_worker_employed_by_a_practice_works_the_cases_of_its_pcn(cast: Cast) -> None:
    employed = make.user("Olive Reed", cast.birch, Role.LINK_WORKER)
    assert found(SupportCase, make.case(cast.northside), employed)
    assert not found(SupportCase, make.case(cast.southside), employed)


def test_a_link_worker_of_a_board_without_pcns_works_no_cases(cast: Cast) -> None:
    alone = make.user("Una Vance", make.organisation("Far Board", cast.board.kind))
    alone.grants = [UserRole(role=Role.LINK_WORKER)]
    assert not found(SupportCase, make.case(cast.northside), alone)


def test_an_unlisted_activity_is_found_by_editors_only(cast: Cast) -> None:
    hidden = make.service(listed=False)
    assert who_finds(Service, hidden, cast) == {"editor"}
    assert who_finds(Service, make.service(), cast) == set(cast.users)


def test_organisations_and_users_are_the_administrators(cast: Cast) -> None:
    assert "admin" in who_finds(Organisation, cast.quay, cast)
    assert who_finds(Organisation, cast.northside, cast) == {
        *{"admin", "amina", "ben", "supervisor", "lead", "dev"},
        *{"editor", "caldicott", "hub_worker", "peer_coordinator"},
    }
    assert who_finds(User, cast.ben, cast) == {"admin", "ben"}


def test_what_exists_elsewhere_is_refused_as_what_never_existed(cast: Cast) -> None:
    case = make.case(cast.southside)
    with pytest.raises(NotYours) as foreign:
        access.find(SupportCase, case.key, user=cast.amina)
    with pytest.raises(NotYours) as unknown:
        access.find(SupportCase, "no-such-key", user=cast.amina)
    assert foreign.value.args == unknown.value.args


def test_colleagues_are_those_of_the_same_pcn_who_can_still_sign_in(cast: Cast, clock) -> None:
    cast.ben.disabled_at = clock.now
    names = [user.name for user in access.db.session.scalars(access.colleagues(cast.amina))]
    assert names == ["Amina Okafor", "Sunita Rao"]


def test_a_link_worker_whom_a_practice_employs_is_a_colleague_in_its_pcn_only(cast: Cast) -> None:
    make.user("Petra Vane", cast.birch, Role.LINK_WORKER)
    make.user("Quentin Low", cast.quay, Role.LINK_WORKER)
    names = {user.name for user in access.db.session.scalars(access.colleagues(cast.amina))}
    assert names == {"Amina Okafor", "Ben Harte", "Petra Vane", "Sunita Rao"}


def test_a_hub_worker_and_a_peer_coordinator_see_no_cases_yet(cast: Cast) -> None:
    for user in (cast.hub_worker, cast.peer_coordinator):
        assert not access.may(user, Permission.WORK_CASES)
