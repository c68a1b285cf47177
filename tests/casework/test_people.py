"""Recognising people: the same, somebody else, and two at the same moment."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from linkwork.casework import people
from linkwork.casework.people import Identity
from linkwork.database import db
from linkwork.errors import ChangedMeanwhile, RuleBroken
from linkwork.models import Person
from tests import cast as make
from tests.cast import Cast
from tests.conftest import TODAY
from tests.statements import at_once

BORN = date(1951, 3, 12)
NUMBER, OTHER = "9990000018", "9990000026"


def rosa(**facts: Any) -> Identity:
    usual = {"family_name": "Quill", "given_name": "Rosa", "date_of_birth": BORN}
    return Identity(**{**usual, **facts})


def recognise(identity: Identity) -> Person:
    return people.recognise(identity, practice=None, on=TODAY)


@pytest.mark.parametrize(
    "typed", ["9990000018", "999 000 0018", "999-000-0018", " 999\u00a0000\u20110018\u200b"]
)
def test_an_nhs_number_is_read_however_it_is_spaced(typed: str) -> None:
    assert people.nhs_number(typed) == NUMBER


@pytest.mark.parametrize("typed", ["9990000019", "999000001", "99900000180", "nine", "٩٩٩٠٠٠٠٠١٨"])
def test_a_wrong_nhs_number_is_refused_and_says_what_one_looks_like(typed: str) -> None:
    with pytest.raises(RuleBroken, match="10 digits, like 999 000 0018"):
        people.nhs_number(typed)


@given(st.text())
def test_an_nhs_number_is_ten_digits_or_nothing_or_refused(typed: str) -> None:
    try:
        found = people.nhs_number(typed)
    except RuleBroken:
        return
    assert found is None or (len(found) == 10 and found.isascii() and found.isdigit())


@given(st.integers(0, 999_999_999), st.integers(0, 9))
def test_one_wrong_digit_is_always_noticed(nine: int, wrong: int) -> None:
    digits = f"{nine:09}"
    check = -sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=True)) % 11
    if wrong != check:
        with pytest.raises(RuleBroken):
            people.nhs_number(f"{digits}{wrong}")


def test_nobody_is_born_tomorrow_or_in_1850() -> None:
    people.check_date_of_birth(TODAY, on=TODAY)
    people.check_date_of_birth(date(1906, 1, 1), on=TODAY)
    with pytest.raises(RuleBroken, match="in the past"):
        people.check_date_of_birth(date(2026, 11, 19), on=TODAY)
    with pytest.raises(RuleBroken, match="last 120 years"):
        people.check_date_of_birth(date(1850, 3, 12), on=TODAY)


@pytest.mark.parametrize(
    ("name", "same"),
    [("O’Brien", "OBRIEN"), ("Zoë", "zoe"), ("Smith-Jones", "Smith Jones"), ("Straße", "STRASSE")],
)
def test_names_are_compared_without_accents_and_marks(name: str, same: str) -> None:
    assert people.folded(name) == people.folded(same)


@given(st.text())
def test_folding_a_folded_name_changes_nothing(name: str) -> None:
    assert people.folded(people.folded(name)) == people.folded(name)


def test_the_same_number_and_birth_is_the_same_person(app: Flask) -> None:
    first = recognise(rosa(nhs_number=NUMBER))
    assert recognise(rosa(nhs_number=NUMBER, family_name="Quill-Adams")) is first


def test_recognising_somebody_changes_nothing_of_what_is_known(app: Flask) -> None:
    first = recognise(rosa(nhs_number=NUMBER, phone="07700 900001"))
    recognise(rosa(nhs_number=NUMBER, family_name="Adams", phone="07700 900002"))
    assert (first.family_name, first.phone) == ("Quill", "07700 900001")


def test_the_same_number_with_another_birth_is_kept_apart_with_its_number(app: Flask) -> None:
    first = recognise(rosa(nhs_number=NUMBER))
    other = recognise(rosa(nhs_number=NUMBER, date_of_birth=date(1983, 7, 1)))
    assert other is not first
    assert other.nhs_number == NUMBER


def test_somebody_kept_apart_is_found_again_by_number_and_birth(app: Flask) -> None:
    recognise(rosa(nhs_number=NUMBER))
    other = rosa(nhs_number=NUMBER, date_of_birth=date(1983, 7, 1))
    assert recognise(other) is recognise(other)


def test_without_a_number_name_birth_and_postcode_decide_together(app: Flask) -> None:
    first = recognise(rosa(postcode="ZZ1 1AA"))
    assert recognise(rosa(postcode="zz11aa", family_name="QUILL")) is first
    assert recognise(rosa(postcode="ZZ2 1AA")) is not first
    assert recognise(rosa()) is not first


def test_two_numbers_are_two_people_however_alike(app: Flask) -> None:
    first = recognise(rosa(nhs_number=NUMBER, postcode="ZZ1 1AA"))
    other = recognise(rosa(nhs_number=OTHER, postcode="ZZ1 1AA"))
    assert other is not first


def test_two_practices_naming_a_new_patient_at_once_make_one_person(
    app: Flask, make_app: Callable[..., Flask]
) -> None:
    def refer(_app: Flask) -> int:
        number = recognise(rosa(nhs_number=NUMBER)).id
        db.session.commit()
        return number

    first, second = at_once(make_app, refer, refer)
    assert first == second
    assert db.session.scalar(select(func.count()).select_from(Person)) == 1


def test_a_number_that_another_record_took_meanwhile_is_that_record(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other referral commits between the look and the insert."""
    first = recognise(rosa(nhs_number=NUMBER))
    looks = iter([None])
    holder = people._holder
    monkeypatch.setattr(people, "_holder", lambda who, pcn: next(looks, holder(who, pcn)))
    assert recognise(rosa(nhs_number=NUMBER)) is first


def test_a_person_is_edited_and_found_under_the_new_name(cast: Any) -> None:
    person = recognise(rosa())
    people.edit(person, {"family_name": "O’Brien"}, version=person.version, by=cast.amina, on=TODAY)
    assert (person.family_name, person.family_name_folded) == ("O’Brien", "obrien")


def test_an_edit_of_an_older_version_is_refused(cast: Any) -> None:
    person = recognise(rosa())
    with pytest.raises(ChangedMeanwhile, match="while you were writing"):
        people.edit(person, {"phone": "x"}, version=person.version - 1, by=cast.amina, on=TODAY)


def test_a_number_is_taken_as_it_is_typed_whoever_else_has_it(cast: Any) -> None:
    """A refusal would tell that somebody is known elsewhere."""
    first = recognise(rosa(nhs_number=NUMBER))
    other = recognise(rosa(given_name="Iris"))
    people.edit(other, {"nhs_number": NUMBER}, version=other.version, by=cast.amina, on=TODAY)
    db.session.flush()
    assert (first.nhs_number, other.nhs_number) == (NUMBER, NUMBER)
    assert recognise(rosa(nhs_number=NUMBER)) is first


def test_of_two_records_with_one_number_the_one_known_here_is_recognised(cast: Cast) -> None:
    first = recognise(rosa(nhs_number=NUMBER))
    second = recognise(rosa(given_name="Iris"))
    people.edit(second, {"nhs_number": NUMBER}, version=second.version, by=cast.cath, on=TODAY)
    make.case(cast.northside, person=first)
    make.case(cast.southside, person=second)
    identity = rosa(nhs_number=NUMBER)
    found = [
        people.recognise(identity, practice=None, on=TODAY, pcn=pcn)
        for pcn in (cast.northside, cast.southside, None)
    ]
    assert found == [first, second, first]


def test_somebody_recorded_as_new_is_not_joined_with_anybody(app: Flask) -> None:
    first = recognise(rosa(nhs_number=NUMBER, postcode="ZZ1 1AA"))
    other = people.record_new(rosa(nhs_number=NUMBER, postcode="ZZ1 1AA"), practice=None, on=TODAY)
    assert other is not first
    assert other.nhs_number == NUMBER
