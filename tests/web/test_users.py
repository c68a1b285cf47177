"""The administrator’s pages: who has an account, and the links that let them in."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from linkwork.audit import Event
from linkwork.casework import users
from linkwork.config import Smtp
from linkwork.database import db
from linkwork.models import AuditEntry, Invitation, Mail, OrganisationKind, Role, User
from tests import cast as make
from tests.cast import PASSWORD, Cast, sign_in
from tests.pages import Reader


@pytest.fixture
def admin(client: Reader, cast: Cast) -> Reader:
    return sign_in(client, cast.admin)


def invite(admin: Reader, **changes: Any) -> Any:
    given = {
        "once": "first",
        "name": "Farah O’Noor",
        "email": "farah.noor@moorvale.example",
        "organisation": "Northside PCN",
        "roles": ["link_worker", "supervisor"],
    }
    return admin.post("/users/new", data={**given, **changes})


def link_on(page: str) -> str | None:
    found = re.search(r"<code>http://localhost(/join/[^<]*)</code>", page)
    return found[1] if found else None


def called(name: str) -> User | None:
    return db.session.scalars(select(User).where(User.name == name)).unique().one_or_none()


def test_an_invitation_shows_its_link_once_and_it_works(app, admin: Reader, cast: Cast) -> None:
    answer = invite(admin)
    assert answer.status_code == 303
    link = link_on(admin.get(answer.location).text)
    assert link_on(admin.get(answer.location).text) is None
    newcomer = app.test_client()
    joined = newcomer.post(link, data={"password": PASSWORD, "again": PASSWORD})
    assert joined.status_code == 303
    user = called("Farah O’Noor")
    assert user is not None
    assert user.roles == {Role.LINK_WORKER, Role.SUPERVISOR}
    assert user.organisation.name == "Northside PCN"


def test_an_invitation_is_emailed_too_where_emails_are_sent(app, admin: Reader, cast: Cast) -> None:
    smtp = Smtp("mail.example", 587, "linkwork@moorvale.example")
    for wanted in (None, smtp):
        app.config["SMTP"] = wanted
        said = admin.post(f"/users/{cast.ben.key}/link", follow_redirects=True).text
        assert ("on its way to their email address" in said) is (wanted is not None)
    [letter] = db.session.scalars(select(Mail)).all()
    assert letter.to == cast.ben.email
    assert re.search(r"http://localhost/join/\S+", letter.body or "")


def test_the_link_of_one_user_is_not_shown_on_the_page_of_another(
    admin: Reader, cast: Cast
) -> None:
    invite(admin)
    assert link_on(admin.get(f"/users/{cast.ben.key}").text) is None


def test_pressing_twice_invites_once(admin: Reader) -> None:
    first, second = invite(admin), invite(admin)
    assert first.location == second.location
    assert db.session.scalars(select(Invitation)).unique().all().__len__() == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": " "}, "Enter their name."),
        ({"name": "x" * 121}, "to 120 characters"),
        ({"email": "not an address"}, "Enter one email address."),
        ({"email": "a@b.example, c@d.example"}, "Enter one email address."),
        ({"email": "Amina.Okafor@moorvale.example"}, "already has an account"),
        ({"roles": []}, "Choose at least one role."),
        ({"roles": ["king"]}, "not a valid choice"),
        ({"organisation": ""}, "Enter the code or the name"),
        ({"organisation": "Nowhere"}, "No organisation has the code or the name “Nowhere”."),
        ({"organisation": "Birch Road Surgery", "roles": ["practice", "hub_worker"]}, None),
        ({"organisation": "Northside PCN", "roles": ["practice"]}, "not the kind of organisation"),
    ],
)
def test_an_invitation_that_cannot_be_made_says_why_and_keeps_what_was_typed(
    admin: Reader, changes: dict[str, Any], says: str | None
) -> None:
    answer = invite(admin, **changes)
    if says is None:
        assert answer.status_code == 303
        return
    assert answer.status_code in {409, 422}
    assert says in answer.text
    typed = {"name": "Farah O’Noor", "email": "farah.noor", **changes}
    assert str(typed["name"]).strip() in answer.text
    assert called("Farah O’Noor") is None


def test_an_organisation_is_found_by_its_code_in_any_case(admin: Reader, cast: Cast) -> None:
    invite(admin, organisation=str(cast.southside.ods_code).lower())
    user = called("Farah O’Noor")
    assert user is not None
    assert user.organisation.name == "Southside PCN"


def test_two_organisations_of_one_name_ask_for_the_code(admin: Reader, cast: Cast) -> None:
    make.organisation("Northside PCN", OrganisationKind.PCN)
    assert "Enter the code." in invite(admin).text


def test_the_list_shows_everybody_and_can_be_filtered(admin: Reader, cast: Cast, clock) -> None:
    users.disable(cast.ben, by=cast.admin, at=clock.now)
    assert "12 users" in admin.page("/users").text
    workers = admin.page("/users?role=link_worker").text
    assert all(name in workers for name in ("Amina Okafor", "Ben Harte", "Cath Doyle"))
    assert "Sunita Rao" not in workers
    gone = admin.page("/users?state=disabled").text
    assert "Ben Harte" in gone
    assert "Amina Okafor" not in gone
    assert "12 users" in admin.page("/users?role=king&state=asleep&page=x").text


def test_a_list_longer_than_a_page_has_a_next_one(
    admin: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(users, "PAGE", 5)
    assert "Page 2 of 3" in admin.page("/users?page=2").text


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("okafor", {"Amina Okafor"}),
        ("AMINA OKA", {"Amina Okafor"}),
        ("ben.harte@", {"Ben Harte"}),
        ("%", set()),
        ("_", set()),
        ("'; drop table user --", set()),
    ],
)
def test_somebody_is_found_by_a_part_of_their_name_or_address(
    admin: Reader, words: str, names: set[str]
) -> None:
    page = admin.post("/users/find", data={"words": words}).text
    assert {n for n in ("Amina Okafor", "Ben Harte") if n in page} == names


def test_roles_are_changed(admin: Reader, cast: Cast) -> None:
    page = admin.get(f"/users/{cast.amina.key}/roles").text
    assert re.search(r'value="link_worker" checked', page)
    answer = admin.post(f"/users/{cast.amina.key}/roles", data={"roles": ["supervisor"]})
    assert answer.status_code == 303
    assert cast.amina.roles == {Role.SUPERVISOR}


def test_a_new_link_lets_somebody_choose_a_new_password(admin: Reader, cast: Cast) -> None:
    answer = admin.post(f"/users/{cast.amina.key}/link")
    link = link_on(admin.get(answer.location).text)
    assert link is not None
    assert "Amina Okafor" in admin.page(link).text


def test_a_disabled_user_is_out_with_their_next_click(app, admin: Reader, cast: Cast) -> None:
    amina = sign_in(app.test_client(), cast.amina)
    assert amina.get("/help").status_code == 200
    for _ in range(2):
        disabled = admin.post(f"/users/{cast.amina.key}/disable")
        assert "can no longer sign in" in admin.page(disabled.location).text
    assert amina.get("/").location.startswith("/sign-in")
    admin.post(f"/users/{cast.amina.key}/enable")
    assert amina.get("/").location.startswith("/sign-in")
    entries = list(db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.number)))
    assert entries == [Event.USER_DISABLED, Event.USER_ENABLED]


def test_an_administrator_cannot_disable_themselves(admin: Reader, cast: Cast) -> None:
    answer = admin.post(f"/users/{cast.admin.key}/disable")
    assert answer.status_code == 409
    assert "ask a colleague" in answer.text
    assert "Disable this account" not in admin.page(f"/users/{cast.admin.key}").text
