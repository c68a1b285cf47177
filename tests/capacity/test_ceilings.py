"""Section 6: what limits a whole-time worker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.capacity.ceilings import STANDARD, Ceilings, Limit, Workload


@pytest.mark.parametrize(("contacts", "people"), [(6, 270), (7, 236), (8, 210), (12, 145)])
def test_section_6_more_contacts_leave_fewer_people(contacts: float, people: int) -> None:
    assert round(Ceilings(STANDARD, None, contacts).by_hours.value or 0) == people


@pytest.mark.parametrize(("weeks", "people"), [(12, 173), (26, 80)])
def test_section_6_longer_support_leaves_fewer_people(weeks: float, people: int) -> None:
    assert round(Ceilings(STANDARD, weeks, None).by_open_cases.value or 0) == people


def test_section_6_support_of_8_3_weeks_is_about_250_people() -> None:
    assert Ceilings(STANDARD, 8.3, None).by_open_cases.value == pytest.approx(250, abs=1)
    assert Ceilings(STANDARD, 8.3, None).people_per_wte == 250


def test_section_6_250_people_leave_3_78_hours_and_6_6_contacts_each() -> None:
    assert STANDARD.hours_with_people == pytest.approx(945)
    assert STANDARD.hours_each(250) == pytest.approx(3.78)
    assert STANDARD.contacts_each(250) == pytest.approx(6.6, abs=0.05)


def test_section_6_the_sentence_on_length_of_support() -> None:
    assert Ceilings(STANDARD, 14, 6).sentence() == (
        "Length of support limits you now (14 weeks). "
        "At 10 weeks each WTE could start 59 more people a year."
    )


def test_the_sentence_on_hours() -> None:
    assert Ceilings(STANDARD, 8, 8).sentence() == (
        "Hours with people limit you now (8 contacts each). "
        "At 6 contacts each WTE could start 40 more people a year."
    )


def test_the_sentence_says_when_another_limit_takes_over() -> None:
    both = Ceilings(STANDARD, 12, 10.1)
    assert (both.limit, round(both.people_per_wte)) == (Limit.HOURS, 170)
    assert both.sentence().endswith("At 6 contacts each WTE could start 3 more people a year.")
    tied = Ceilings(Workload(open_cases=20), 10, 15.1)
    assert tied.sentence().endswith("At 9 weeks each WTE could start 12 more people a year.")


def test_no_gain_is_said_in_words() -> None:
    at_once = Ceilings(STANDARD, 12, 9.9)
    assert at_once.limit is Limit.OPEN_CASES
    assert at_once.sentence(shorter_weeks=11.99).endswith(
        "each WTE could start no more people: something else limits you too."
    )


def test_the_expected_number_is_the_limit_when_nothing_else_is() -> None:
    known = Ceilings(STANDARD, 8, 5)
    assert (known.limit, known.people_per_wte) == (Limit.EXPECTED, 250)
    assert known.sentence() == (
        "The expected 250 people a year for each WTE is the limit: "
        "neither length of support nor hours with people limits you."
    )


@pytest.mark.parametrize(("weeks", "contacts"), [(None, None), (0, 0), (-1, 0.5)])
def test_a_ceiling_that_is_not_known_says_why_and_does_not_limit(
    weeks: float | None, contacts: float | None
) -> None:
    ceilings = Ceilings(STANDARD, weeks, contacts)
    assert ceilings.by_open_cases.text() == ceilings.by_hours.text() == "-"
    assert ceilings.people_per_wte == 250
    assert len(ceilings.unknown) == 2
    assert ceilings.sentence().endswith("as far as is known.")


@pytest.mark.parametrize(
    "wrong", [{"open_cases": 0}, {"first_hours": -1}, {"share_with_people": 1.1}]
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="settings"):
        Workload(**wrong)


@given(st.floats(0.1, 200), st.floats(1, 60), st.floats(0, 20), st.floats(0, 20))
def test_longer_support_and_more_contacts_never_let_more_people_in(
    weeks: float, contacts: float, longer: float, more: float
) -> None:
    now = Ceilings(STANDARD, weeks, contacts).people_per_wte
    assert Ceilings(STANDARD, weeks + longer, contacts + more).people_per_wte <= now
