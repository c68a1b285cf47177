"""A list of people is kept sealed and shortly, and what is wrong with it is explained."""

import tempfile
from typing import Any

import pytest
from sqlalchemy import delete, select

from linkwork import paths
from linkwork.casework import people_imports
from linkwork.database import db
from linkwork.exchange import people_files
from linkwork.models import (
    AuditEntry,
    PeopleImport,
    Person,
    Referral,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import TODAY
from tests.pages import Reader, read
from tests.web.people_lists import (
    HEADERS,
    SECOND,
    columns,
    confirm,
    emis,
    number_of,
    page_of,
    preview_of,
    row,
    somebody_known,
    upload,
)

# What is stored is tested on both engines in test_people_imports.py.
pytestmark = pytest.mark.one_engine


def test_without_everybodys_agreement_nobody_is_referred(client: Reader, cast: Cast) -> None:
    make.sign_in(client, cast.amina)
    address = preview_of(client, emis(row(cast)))
    answer = confirm(client, address, consented="")
    assert answer.status_code == 409
    assert "Somebody who was not asked cannot be referred" in read(answer.text).text
    assert "Lonely since the move." in answer.text, "what was typed is kept"
    assert (number_of(Person), number_of(PeopleImport)) == (0, 1)
    assert confirm(client, address, once="again").location == "/cases/waiting"


def test_a_choice_that_was_not_offered_is_refused(client: Reader, cast: Cast) -> None:
    somebody_known(cast.northside, cast.amina, nhs_number=None)
    theirs = make.case(cast.southside, worker=cast.cath)
    make.sign_in(client, cast.amina)
    answer = confirm(client, preview_of(client, emis(row(cast))), **{"row-5": theirs.key})
    assert (answer.status_code, number_of(Referral)) == (422, 0)


def test_who_died_cannot_be_referred(client: Reader, cast: Cast) -> None:
    somebody_known(cast.northside, cast.amina, died_on=TODAY)
    make.sign_in(client, cast.amina)
    address = preview_of(client, emis(row(cast)))
    assert "Recorded as having died" in page_of(client, address)
    confirm(client, address)
    assert number_of(Referral) == 0


def test_a_row_of_a_practice_elsewhere_is_refused_with_its_line(client: Reader, cast: Cast) -> None:
    make.sign_in(client, cast.amina)
    elsewhere = row(cast, nhs=SECOND, practice=cast.quay.ods_code or "")
    address = preview_of(client, emis(row(cast), elsewhere))
    assert "6 Usual GP's Organisation Code Is not a practice of your PCNs." in page_of(
        client, address
    )
    confirm(client, address)
    assert number_of(Referral) == 1


def test_a_list_without_practices_is_of_the_one_that_is_chosen(client: Reader, cast: Cast) -> None:
    make.sign_in(client, cast.amina)
    address = upload(client, emis(row(cast)[:-1], headers=HEADERS[:-1])).location
    answer = columns(client, address, **{"column-7": ""})
    assert "Choose the column with the practice" in read(answer.text).text
    found = columns(client, address, place=cast.birch.key).location
    confirm(client, found)
    assert db.session.scalars(select(Referral)).one().person.practice == cast.birch


def test_a_list_is_kept_encrypted_for_its_owner_and_for_an_hour(
    client: Reader, cast: Cast, clock: Any
) -> None:
    make.sign_in(client, cast.amina)
    address = preview_of(client, emis(row(cast)))
    kept = db.session.scalars(select(PeopleImport)).one()
    assert b"Pike" not in kept.sealed
    assert b"9990000018" not in kept.sealed
    with client.session_transaction() as cookie:
        secret = cookie.pop("people_list")
    assert client.get(address).location == "/people/import", "the key is nowhere but in the browser"
    with client.session_transaction() as cookie:
        cookie["people_list"] = secret
    assert client.get(address).status_code == 200
    make.sign_in(client, cast.ben)
    with client.session_transaction() as cookie:
        cookie["people_list"] = secret
    assert client.get(address).status_code == 404
    make.sign_in(client, cast.amina)
    with client.session_transaction() as cookie:
        cookie["people_list"] = secret
    clock.advance(minutes=61)
    make.sign_in(client, cast.amina)
    with client.session_transaction() as cookie:
        cookie["people_list"] = secret
    assert client.get(address).location == "/people/import"
    assert people_imports.forget_old(at=clock.now) == 1
    assert number_of(PeopleImport) == 0


def test_a_list_that_is_discarded_or_replaced_is_deleted(client: Reader, cast: Cast) -> None:
    make.sign_in(client, cast.amina)
    preview_of(client, emis(row(cast)))
    address = preview_of(client, emis(row(cast)))
    assert number_of(PeopleImport) == 1
    assert client.post(f"{address}/discard").location == "/cases/waiting"
    assert (number_of(PeopleImport), number_of(Person)) == (0, 0)


def test_the_trail_and_the_log_have_numbers_and_no_words(
    client: Reader, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    make.sign_in(client, cast.amina)
    confirm(client, preview_of(client, emis(row(cast, nhs="999 000 0019"), row(cast))))
    events = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    ours = {one.event: one.details for one in events if one.event.startswith("people_import")}
    assert ours["people_import.imported"] == {"referred": 1, "left_out": 0}
    assert set(ours["people_import.received"]) == {"bytes"}
    said = f"{[one.details for one in events]} {caplog.text}"
    assert not [word for word in ("Pike", "Ada", "999000", "search.csv", "M1 6AB") if word in said]


def test_pressing_twice_refers_once(client: Reader, cast: Cast) -> None:
    make.sign_in(client, cast.amina)
    address = preview_of(client, emis(row(cast)))
    assert confirm(client, address, once="press").status_code == 303
    assert confirm(client, address, once="press").status_code == 404
    assert number_of(Referral) == 1


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04broken", "damaged"),
        (b"NHS Number,Family Name\n", "no table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "old kind"),
    ],
)
def test_a_file_that_is_no_list_is_refused_and_not_kept(
    client: Reader, cast: Cast, content: bytes, expected: str
) -> None:
    make.sign_in(client, cast.amina)
    answer = upload(client, content)
    assert answer.status_code == 409
    assert expected in read(answer.text).text
    assert number_of(PeopleImport) == 0


def test_more_people_than_can_be_looked_at_are_refused(
    client: Reader, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_files, "MOST_PEOPLE", 2)
    make.sign_in(client, cast.amina)
    content = emis(*[row(cast, nhs="", name=f"A{number}") for number in range(3)])
    address = preview_of(client, content)
    page = client.get(address, follow_redirects=True)
    assert "more than 2 people" in read(page.text).text


def test_a_list_decided_in_another_tab_refers_nobody_again(
    client: Reader, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.sign_in(client, cast.amina)
    address = preview_of(client, emis(row(cast)))
    sort_out = people_imports.sort_out

    def meanwhile(*listed: Any, **how: Any) -> Any:
        found = sort_out(*listed, **how)
        gone = delete(PeopleImport).execution_options(synchronize_session=False)
        db.session.execute(gone)  # what another tab has committed
        return found

    monkeypatch.setattr(people_imports, "sort_out", meanwhile)
    monkeypatch.setattr(db.session, "rollback", db.session.commit)
    assert confirm(client, address).location == "/people/import"
    assert number_of(Referral) == 0


def test_a_list_is_read_from_memory_and_not_from_a_disk(
    client: Reader, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders: list[Any] = []
    folder = tempfile.TemporaryDirectory

    def noted(**how: Any) -> Any:
        folders.append(how.get("dir"))
        return folder(**how)

    monkeypatch.setattr(tempfile, "TemporaryDirectory", noted)
    make.sign_in(client, cast.amina)
    client.get(preview_of(client, emis(row(cast))))
    assert set(folders) == {paths.in_memory()}


def test_what_columns_were_said_to_mean_is_in_the_trail(client: Reader, cast: Cast) -> None:
    make.sign_in(client, cast.amina)
    preview_of(client, emis(row(cast)))
    preview_of(client, emis(row(cast)))
    chosen = select(AuditEntry).where(AuditEntry.event == "people_import.columns_chosen")
    (entry,) = db.session.scalars(chosen).all()
    assert "nhs_number" in entry.details["meanings"]


def test_no_more_than_a_list_may_have_is_read_of_an_upload(
    client: Reader, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_imports, "MOST_BYTES", 100)
    monkeypatch.setattr(people_imports, "receive", None)
    make.sign_in(client, cast.amina)
    assert "is larger than" in upload(client, emis(row(cast))).text
