"""An administrator closes, merges and moves; a supervisor moves on who is left."""

from typing import Any

import pytest

from linkwork.database import db
from linkwork.models import Organisation, OrganisationKind, Role
from tests import cast as make
from tests.cast import organisation, sign_in, user


@pytest.fixture
def elm(cast: Any) -> Organisation:
    return organisation("Elm Lane Surgery", OrganisationKind.PRACTICE, parent=cast.northside)


def close(client: Any, which: Organisation, day: str, successors: str) -> Any:
    typed = {"day": day, "successors": successors}
    return client.post(f"/organisations/{which.key}/close", data=typed, follow_redirects=True)


def test_a_practice_is_moved_on_a_day_and_its_page_tells_where_it_was(
    client: Any, cast: Any
) -> None:
    admin = sign_in(client, cast.admin)
    typed = {"to": "southside pcn", "day": "2026-11-01"}
    address = f"/organisations/{cast.birch.key}"
    page = admin.post(f"{address}/move", data=typed, follow_redirects=True).text
    text = admin.page(address).text
    assert "With Southside PCN from 1 November 2026" in text
    assert "until 31 October 2026" in text
    back = admin.post(
        f"/organisations/{cast.birch.key}/undo",
        data={"chosen": page.split('name="chosen" value="')[1].split('"')[0]},
        follow_redirects=True,
    ).text
    assert "Taken back" in back
    assert cast.birch.parent is cast.northside


def test_a_wrong_name_and_a_missing_day_are_said_with_all_that_was_typed_kept(
    client: Any, cast: Any
) -> None:
    admin = sign_in(client, cast.admin)
    wrong = admin.post(
        f"/organisations/{cast.birch.key}/move", data={"to": "Nowhere PCN", "day": "2026-11-01"}
    )
    assert wrong.status_code == 409
    assert "No organisation has the code or the name “Nowhere PCN”" in wrong.text
    assert 'value="Nowhere PCN"' in wrong.text
    assert (
        "Enter the day."
        in admin.post(f"/organisations/{cast.birch.key}/close", data={"successors": "Elm"}).text
    )


def test_a_merged_practice_shows_who_carries_on_and_is_moved_on_by_one_press(
    client: Any, cast: Any, elm: Organisation
) -> None:
    make.person(practice=cast.birch)
    admin = sign_in(client, cast.admin)
    page = close(admin, cast.birch, "2026-11-18", "elm lane surgery").text
    assert "Birch Road Surgery closed on 18 November 2026. Elm Lane Surgery carries on" in page
    assert "Still with it: 1 person, 1 user." in page
    assert "Carries on for" in admin.get(f"/organisations/{elm.key}").text
    moved = admin.post(
        f"/organisations/{cast.birch.key}/carry-on",
        data={"chosen": elm.key},
        follow_redirects=True,
    ).text
    assert "Moved on to Elm Lane Surgery: 1 person, 1 user." in moved
    assert "Still with it" not in moved


def test_a_closure_to_come_says_so_and_moves_nothing_yet(
    client: Any, cast: Any, elm: Organisation
) -> None:
    page = close(sign_in(client, cast.admin), cast.birch, "2027-03-31", "Elm Lane Surgery").text
    assert "Birch Road Surgery closes on 31 March 2027." in page
    assert "They can be moved on from that day." in page
    assert "Move on to" not in page


def test_a_supervisor_moves_on_the_people_of_a_closed_practice_of_theirs_only(
    client: Any, cast: Any, elm: Organisation
) -> None:
    case = make.case(cast.northside, worker=cast.amina, person=make.person(practice=cast.birch))
    close(sign_in(client, cast.admin), cast.birch, "2026-11-18", "Elm Lane Surgery")
    supervisor = sign_in(client, cast.supervisor)
    page = supervisor.page("/closures").text
    assert "Elm Lane Surgery carries on for it." in page
    address = f"/closures/{cast.birch.key}/carry-on"
    sam = make.user("Sam Orr", cast.southside, *cast.supervisor.roles)
    db.session.flush()
    other = sign_in(client, sam)
    assert "Nothing is left to move on." in other.page("/closures").text
    assert other.post(address, data={"chosen": elm.key}).status_code == 404
    supervisor = sign_in(client, cast.supervisor)
    done = supervisor.post(address, data={"chosen": elm.key}, follow_redirects=True).text
    assert "Moved on to Elm Lane Surgery: 1 person, 1 user." in done
    db.session.expire_all()
    assert case.person.practice is elm


def test_a_practice_of_another_pcn_is_not_moved_on_with_its_users_by_one_who_works_with_a_patient(
    client: Any, cast: Any, elm: Organisation
) -> None:
    person = make.person(practice=cast.birch)
    make.case(cast.southside, person=person)
    close(sign_in(client, cast.admin), cast.birch, "2026-11-18", "Elm Lane Surgery")
    sam = make.user("Sam Orr", cast.southside, *cast.supervisor.roles)
    db.session.flush()
    other = sign_in(client, sam)
    page = other.page("/closures").text
    assert "one by one" in page
    assert "carry-on" not in page
    address, chosen = f"/closures/{cast.birch.key}", {"chosen": elm.key, "person": person.key}
    assert other.post(f"{address}/carry-on", data=chosen).status_code == 404
    other.post(f"{address}/person", data=chosen)
    db.session.expire_all()
    assert person.practice is elm
    assert cast.dev.organisation is cast.birch, "who works there is nobody else’s business"


def test_people_of_a_practice_that_was_split_are_moved_on_one_by_one(
    client: Any, cast: Any, elm: Organisation
) -> None:
    people = [make.person(name, practice=cast.birch) for name in ("Rosa", "Iris")]
    for person in people:
        make.case(cast.northside, worker=cast.amina, person=person)
    elsewhere = make.case(cast.southside, person=make.person("Uma", practice=cast.birch)).person
    close(
        sign_in(client, cast.admin),
        cast.birch,
        "2026-11-18",
        "Elm Lane Surgery\nQuay Street Practice",
    )
    supervisor = sign_in(client, cast.supervisor)
    page = supervisor.page("/closures").text
    assert "choose for each person" in page
    assert "Uma" not in page
    address, chosen = f"/closures/{cast.birch.key}/person", {"chosen": cast.quay.key}
    one = supervisor.post(address, data={**chosen, "person": people[0].key}, follow_redirects=True)
    assert "Rosa Quill is with Quay Street Practice now." in one.text
    assert supervisor.post(address, data={**chosen, "person": elsewhere.key}).status_code == 404
    db.session.expire_all()
    assert [p.practice.name for p in people] == ["Quay Street Practice", "Birch Road Surgery"]


def test_a_practice_that_closed_is_told_so_instead_of_a_form(
    client: Any, cast: Any, elm: Organisation
) -> None:
    close(sign_in(client, cast.admin), cast.birch, "2026-11-18", "Elm Lane Surgery")
    refused = sign_in(client, cast.dev).get("/referrals/new")
    assert "Elm Lane Surgery carries on for it." in refused.text


def test_a_case_says_that_its_practice_is_closed_and_who_carries_on(
    client: Any, cast: Any, elm: Organisation
) -> None:
    case = make.case(cast.northside, worker=cast.amina, person=make.person(practice=cast.birch))
    close(sign_in(client, cast.admin), cast.birch, "2026-11-18", "Elm Lane Surgery")
    page = sign_in(client, cast.amina).page(f"/cases/{case.key}").text
    assert "Birch Road Surgery closed on 18 November 2026. Elm Lane Surgery carries on" in page


def test_a_change_that_is_due_takes_effect_with_the_first_request_of_its_day(
    client: Any, cast: Any, clock: Any
) -> None:
    admin = sign_in(client, cast.admin)
    typed = {"to": "Southside PCN", "day": "2026-11-19"}
    admin.post(f"/organisations/{cast.birch.key}/move", data=typed)
    db.session.expire_all()
    assert cast.birch.parent is cast.northside
    clock.advance(days=1)
    client.get("/")
    db.session.expire_all()
    assert cast.birch.parent is cast.southside


def test_the_page_of_a_pcn_says_of_a_merger_what_counts_where(client: Any, cast: Any) -> None:
    ivy = user("Ivy Marsh", cast.board, Role.PCN_LEAD)
    lena = user("Lena Field", cast.southside, Role.PCN_LEAD)
    make.post(cast.amina)
    admin = sign_in(client, cast.admin)
    close(admin, cast.northside, "2026-11-18", "Southside PCN")
    board, south = (sign_in(client.application.test_client(), lead) for lead in (ivy, lena))
    pages = [f"/capacity/{one.key}" for one in (cast.northside, cast.southside)]
    assert "posts and share of the target count here until they are" in board.page(pages[0]).text
    assert "count there, not here, until they are moved on" in south.page(pages[1]).text
    chosen = {"chosen": cast.southside.key}
    admin.post(f"/organisations/{cast.northside.key}/carry-on", data=chosen)
    text = board.page(pages[0]).text
    assert "share of the target count there, for all of the year." in text
    assert "Southside PCN has its share now." in text
    assert "Southside PCN has its share now." in board.page(f"{pages[0]}/share").text
    assert "merged into this PCN on" not in south.page(pages[1]).text


@pytest.mark.one_engine
def test_who_moves_on_a_split_pcn_is_told_whose_starts_stop_being_additional(
    client: Any, cast: Any
) -> None:
    make.post(cast.amina)
    organisation("Third PCN", OrganisationKind.PCN, parent=cast.board)
    admin = sign_in(client, cast.admin)
    close(admin, cast.northside, "2026-11-18", "Southside PCN\nThird PCN")
    moved = admin.post(
        f"/organisations/{cast.northside.key}/carry-on",
        data={"chosen": cast.southside.key},
        follow_redirects=True,
    ).text
    assert "All posts went to Southside PCN. People whom a worker in an additional post" in moved
