"""How deprived a person’s area is: from the postcode they have, never from half of one."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from linkwork import geography
from linkwork.casework import deprivation, people, person_merges
from linkwork.casework.people import Identity
from linkwork.database import db
from linkwork.models import Person, SupportCase
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY
from tests.exchange.geo_files import DIRECTORY, build, written

LATER = TODAY + timedelta(days=30)


@pytest.fixture(autouse=True)
def index(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """An index in which ZZ1 1AA is in the first decile and ZZ1 1AB in the second."""
    target = tmp_path / "postcodes"
    build(target, written(tmp_path / "onspd.csv", DIRECTORY))
    geography.use_index(target)
    yield target
    geography.use_index(None)


def known(person: Person) -> tuple[int | None, str | None, date | None]:
    return person.deprivation_decile, person.deprivation_source, person.deprivation_on


def referred(postcode: str | None) -> Person:
    identity = Identity("Quill", "Rosa", date(1951, 3, 12), postcode=postcode)
    return people.recognise(identity, practice=None, on=TODAY)


def test_it_is_worked_out_when_somebody_is_first_known(app: Flask) -> None:
    assert known(referred("zz1 1ab")) == (2, "IMD 2019", TODAY)


@pytest.mark.one_engine
@pytest.mark.parametrize("postcode", [None, "ZZ1", "ZZ9 9ZZ", "ZZ2 1AA", "nowhere"])
def test_half_a_postcode_another_country_and_nonsense_have_none(
    app: object, postcode: str | None
) -> None:
    assert known(referred(postcode)) == (None, None, None)


def test_a_new_address_is_worked_out_anew_and_a_new_phone_is_not(cast: Cast) -> None:
    person = referred("ZZ1 1AA")
    people.edit(person, {"phone": "x"}, version=person.version, by=cast.amina, on=LATER)
    assert known(person) == (1, "IMD 2019", TODAY)
    db.session.flush()
    changes: dict[str, object] = {"postcode": "ZZ1 1AB"}
    people.edit(person, changes, version=person.version, by=cast.amina, on=LATER)
    assert known(person) == (2, "IMD 2019", LATER)
    db.session.flush()
    people.edit(person, {"postcode": None}, version=person.version, by=cast.amina, on=LATER)
    assert known(person) == (None, None, None)


def test_it_goes_with_the_postcode_of_a_merge_and_back(cast: Cast) -> None:
    keep, other = (
        make.case(cast.northside, person=make.person(given_name=n, nhs_number=None)).person
        for n in "AB"
    )
    keep.postcode, other.postcode = "ZZ1 1AA", "ZZ1 1AB"
    for person in (keep, other):
        deprivation.note(person, on=TODAY)
    make_closed(keep)
    made = person_merges.merge(keep, other, {"postcode": "other"}, by=cast.supervisor, at=NOW)
    assert known(keep) == (2, "IMD 2019", TODAY)
    person_merges.undo(made, by=cast.supervisor, at=NOW)
    assert known(keep) == (1, "IMD 2019", TODAY)


def make_closed(person: Person) -> None:
    """Two open cases in one PCN keep records apart."""
    mine = update(SupportCase).where(SupportCase.person_id == person.id)
    db.session.execute(mine.values(closed_at=NOW))
    db.session.expire_all()


def test_an_index_is_applied_to_everybody_once_and_nobody_counts_as_edited(app: Flask) -> None:
    person = make.person(postcode="ZZ1 1AB")
    make.person(postcode=None)
    db.session.commit()
    version = person.version
    done = deprivation.apply(on=LATER)
    assert (done.known, done.unknown, done.changed) == (1, 1, 1)
    assert known(person) == (2, "IMD 2019", LATER)
    assert person.version == version
    assert deprivation.apply(on=LATER).changed == 0


def test_what_an_index_no_longer_knows_is_taken_away(app: Flask) -> None:
    person = referred("ZZ1 1AA")
    geography.use_index(None)
    assert deprivation.apply(on=LATER).changed == 1
    assert known(person) == (None, None, None)
