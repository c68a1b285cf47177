"""The assumptions behind the figures (capacity rules, sections 3 to 10)."""

from dataclasses import asdict, fields, replace

import pytest

from linkwork.capacity.assumptions import REFERENCE_COSTS, SETTINGS, Assumptions
from linkwork.capacity.ceilings import STANDARD

DEFAULTS = {
    "people_per_wte": 250,
    "people_per_wte_low": 200,
    "open_cases": 40,
    "hours_a_week": 37.5,
    "weeks_worked": 42,
    "share_with_people": 0.6,
    "first_hours": 1,
    "further_hours": 0.5,
    "leaving": 0.1,
    "target_wait_weeks": 4,
    "relief_weeks": 26,
    "ramp": True,
    "shorter_weeks": 10,
    "fewer_contacts": 6,
    "tilt": 0.4,
    "cost_per_wte": None,
}


def test_sections_3_to_10_the_defaults_are_those_of_the_rules() -> None:
    assert asdict(Assumptions()) == DEFAULTS


def test_every_assumption_has_a_label_a_range_and_a_source() -> None:
    assert list(SETTINGS) == [field.name for field in fields(Assumptions)]
    assert all(one.label and one.source and one.lowest < one.highest for one in SETTINGS.values())


def test_section_6_the_workload_is_built_from_the_assumptions() -> None:
    assert Assumptions().workload == STANDARD
    assert replace(Assumptions(), open_cases=30).workload.open_cases == 30


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), 1001, None])
def test_a_value_that_is_not_allowed_is_refused_in_words(value: float | None) -> None:
    with pytest.raises(ValueError, match=r"^People one WTE starts in a year: enter a value from 1"):
        replace(Assumptions(), people_per_wte=value)


@pytest.mark.parametrize("code", [code for code, one in SETTINGS.items() if not one.switch])
def test_both_ends_of_a_range_are_allowed_and_nothing_beyond_them(code: str) -> None:
    setting = SETTINGS[code]
    for value in (setting.lowest, setting.highest):
        assert getattr(replace(Assumptions(), **{code: value}), code) == value
    for value in (setting.lowest - 0.01, setting.highest + 0.01):
        with pytest.raises(ValueError, match=setting.label):
            replace(Assumptions(), **{code: value})


def test_only_the_cost_may_be_left_open_and_the_ramp_is_on_or_off() -> None:
    assert [code for code, one in SETTINGS.items() if one.optional] == ["cost_per_wte"]
    assert replace(Assumptions(), ramp=False).ramp is False
    with pytest.raises(ValueError, match="on or off"):
        replace(Assumptions(), ramp=0.5)  # type: ignore[arg-type]


def test_assumptions_are_printed_with_their_units() -> None:
    printed = {setting.code: text for setting, text in Assumptions(cost_per_wte=36_428).texts}
    assert printed["people_per_wte"] == "250 people"
    assert printed["share_with_people"] == "0.6"
    assert printed["ramp"] == "on"
    assert printed["first_hours"] == "1 hour"
    assert SETTINGS["people_per_wte"].text(1) == "1 person"
    assert printed["cost_per_wte"] == "36,428 pounds"
    assert {s.code: t for s, t in Assumptions().texts}["cost_per_wte"] == "-"


def test_section_10_the_reference_costs_give_136_pounds_a_person_at_250() -> None:
    assert REFERENCE_COSTS["2019/20"] / 250 == pytest.approx(136, abs=0.5)
