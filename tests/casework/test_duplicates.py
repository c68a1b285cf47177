"""Finding who may be the same person, among those a user may see and no others."""

from datetime import date
from typing import Any

import pytest

from linkwork.casework import duplicates
from linkwork.models import SupportCase
from tests import cast as make
from tests.cast import Cast

BORN = date(1951, 3, 12)


def rosa(cast: Cast, given: str = "Rosa", family: str = "Quill", **facts: Any) -> SupportCase:
    usual = {"date_of_birth": BORN, "nhs_number": None, "phone": None, "postcode": None}
    person = make.person(given, family, **{**usual, **facts})
    return make.case(cast.northside, person=person)


def found(cast: Cast, case: SupportCase) -> list[tuple[SupportCase, str]]:
    alike = duplicates.of(case.person, user=cast.amina)
    return [(each.case, str(each.likeness.sureness).split()[0]) for each in alike]


@pytest.mark.parametrize(
    ("facts", "sureness"),
    [
        ({"given": "Rosa"}, "Probably"),
        ({"given": "Rosie", "family": "Quil"}, "Perhaps"),
        ({"given": "Quill", "family": "Rosa"}, "Probably"),
        ({"date_of_birth": date(1951, 12, 3)}, "Perhaps"),
        ({"date_of_birth": date(1951, 3, 13)}, "Perhaps"),
        ({"family": "Adams", "phone": "07700 900123"}, "Perhaps"),
    ],
)
def test_what_is_written_differently_is_found(
    cast: Cast, facts: dict[str, Any], sureness: str
) -> None:
    first = rosa(cast, phone="+44 7700 900123")
    twin = rosa(cast, **facts)
    assert found(cast, first) == [(twin, sureness)]
    assert found(cast, twin) == [(first, sureness)]


def test_a_number_finds_somebody_whose_birth_was_mistyped(cast: Cast) -> None:
    first = rosa(cast, nhs_number="9990000018")
    twin = rosa(cast, nhs_number="9990000018", date_of_birth=date(1915, 3, 12))
    assert [case for case, _ in found(cast, first)] == [twin]


def test_a_postcode_that_a_referral_gave_counts_as_one_from_before(cast: Cast) -> None:
    first = rosa(cast, postcode="ZZ1 1AA")
    twin = rosa(cast, postcode="ZZ9 9ZZ")
    sent = make.referral(cast.birch, case=twin, received={"postcode": "zz11aa"})
    assert sent.person is twin.person
    [alike] = duplicates.of(first.person, user=cast.amina)
    assert "the same postcode (now or before)" in alike.likeness.agrees


def test_twins_of_one_house_and_strangers_of_one_birthday_are_not_found(cast: Cast) -> None:
    first = rosa(cast)
    rosa(cast, given="Iris", nhs_number="9990000026")
    rosa(cast, given="Bo", family="Adams")
    assert found(cast, first) == []


def test_nobody_elsewhere_is_found(cast: Cast) -> None:
    first = rosa(cast, nhs_number="9990000018")
    there = make.person("Rosa", "Quill", date_of_birth=BORN, nhs_number="9990000018", twin=1)
    make.case(cast.southside, person=there)
    assert found(cast, first) == []
