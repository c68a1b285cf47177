"""Shares by WTE and by deprivation: frozen with what they were worked out from, by one method."""

from datetime import UTC, date, datetime

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.shares import Method
from linkwork.casework import list_profiles, targets
from linkwork.casework.list_profiles import Line
from linkwork.cli import main
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import ListProfile, Organisation, PostState, TargetShare
from tests.casework.test_targets import pcn
from tests.cast import Cast, post
from tests.conftest import SECRET

YEAR = FinancialYear(2026)
AT = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
PROFILES = {
    "Z1": (0.5, 0.3, 0.1, 0.1, 0),
    "Z2": (0, 0.1, 0.2, 0.3, 0.4),
    "Z3": (0.2, 0.2, 0.2, 0.2, 0.2),
    "Z4": (0.1, 0.2, 0.3, 0.2, 0.2),
}
LISTS = {"Z1": 52_000, "Z2": 31_000, "Z3": 74_000, "Z4": 43_000}


def with_profile(code: str, of: Organisation) -> None:
    q1, q2, q3, q4, q5 = PROFILES[code]
    given = {"q1": q1, "q2": q2, "q3": q3, "q4": q4, "q5": q5}
    db.session.add(ListProfile(organisation_id=of.id, as_of=date(2026, 1, 1), **given))


def shares(target: str = "A") -> dict[str, int | None]:
    query = select(TargetShare).where(TargetShare.target == target)
    return {row.organisation.ods_code or "": row.people for row in db.session.scalars(query)}


def test_shares_by_deprivation_are_those_of_section_3_and_name_whoever_has_no_profile(
    app: Flask,
) -> None:
    for code, patients in LISTS.items():
        with_profile(code, pcn(code, patients))
    pcn("Z5", 50_000)
    plan_a, plan_b = targets.planned(YEAR, Method.DEPRIVATION, at=AT)
    assert [(one.network.code, one.reason) for one in plan_a.excluded] == [
        ("Z5", "no deprivation profile")
    ]
    fixed = targets.freeze_shares(YEAR, Method.DEPRIVATION, by=None, at=AT)
    # 134.3, 51.6, 154.1 and 86.0 before rounding (section 3).
    assert shares() == {"Z1": 134, "Z2": 52, "Z3": 154, "Z4": 86, "Z5": None}
    assert plan_a.rest + 134 + 52 + 154 + 86 == 125_000
    assert fixed[0].inputs["quintiles"] == [0.5, 0.3, 0.1, 0.1, 0]
    assert (fixed[0].inputs["tilt"], fixed[0].method) == (0.4, "deprivation")
    assert plan_b.target.people == 400_000


def test_the_method_of_a_year_stays_and_whoever_comes_later_gets_a_share_by_it(
    app: Flask,
) -> None:
    for code in ("Z1", "Z2"):
        with_profile(code, pcn(code, LISTS[code]))
    targets.freeze_shares(YEAR, Method.DEPRIVATION, by=None, at=AT)
    with pytest.raises(RuleBroken, match="frozen by list size and deprivation already"):
        targets.freeze_shares(YEAR, Method.WTE, by=None, at=AT)
    with_profile("Z3", pcn("Z3", LISTS["Z3"]))
    [late, _] = targets.freeze_shares(YEAR, by=None, at=AT)
    assert (late.method, late.people) == ("deprivation", 154)
    assert shares()["Z1"] == 134


def test_shares_by_wte_count_the_additional_posts_for_the_one_and_all_for_the_other(
    cast: Cast,
) -> None:
    post(cast.amina, "1.0", start_on=date(2025, 4, 1))
    post(cast.ben, "0.6", start_on=date(2025, 4, 1), additional=False)
    vacancy = post(cast.ben, "0.5", start_on=None, state=PostState.APPROVED)
    vacancy.worker = None
    targets.freeze_shares(YEAR, Method.WTE, by=None, at=AT)
    code = cast.northside.ods_code or ""
    # 125,000 x 1.5 / 500, and 400,000 x 2.1 / 1,700.
    assert (shares("A")[code], shares("B")[code]) == (375, 494)
    assert shares("A")[cast.southside.ods_code or ""] is None
    row = db.session.scalars(select(TargetShare).where(TargetShare.people == 375)).one()
    assert (row.inputs["wte"], row.inputs["national_wte"]) == (1.5, 500)


def test_without_what_a_method_takes_nothing_is_frozen(app: Flask) -> None:
    pcn("Z1", 52_000)
    for method, words in ((Method.WTE, "Add posts"), (Method.DEPRIVATION, "Bring in the profiles")):
        with pytest.raises(RuleBroken, match=words):
            targets.freeze_shares(YEAR, method, by=None, at=AT)
    assert shares() == {}


def test_profiles_come_in_any_unit_and_every_wrong_row_is_named(cast: Cast) -> None:
    code = cast.northside.ods_code or ""
    other = cast.southside.ods_code or ""
    on = date(2026, 11, 18)
    lines = [
        Line(2, code, (50, 30, 10, 10, 0), None),
        Line(3, other, (5_000, 3_000, 1_000, 1_000, 0), date(2026, 4, 1)),
        Line(4, "Z9", (1, 0, 0, 0, 0), None),
        Line(5, code, (50, 30, 10, 10, 30.5), date(2026, 4, 1)),
        Line(6, code, (0, 0, 0, 0, 0), date(2026, 5, 1)),
        Line(7, other, (0.2, 0.2, 0.2, 0.2, 0.2), date(2027, 4, 1)),
        Line(8, code, (20, 20, 20, 20, 20), None),
    ]
    found = list_profiles.sort_out(lines, on=on)
    assert [row.line for row in found.new] == [2, 3]
    assert found.new[1].parts == (0.5, 0.3, 0.1, 0.1, 0)
    assert [row.line for row in found.problems] == [4, 5, 6, 7, 8]
    with pytest.raises(RuleBroken, match="5 rows are wrong"):
        list_profiles.bring_in(lines, by=cast.admin, on=on)
    assert list_profiles.bring_in(lines[:2], by=cast.admin, on=on) == 2
    assert list_profiles.sort_out(lines[:2], on=on).same == 2


@pytest.mark.one_engine
def test_the_command_freezes_by_a_method_and_names_whoever_gets_no_share(
    app: Flask, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("LINKWORK_SECRET_KEY", SECRET * 2)
    with_profile("Z1", pcn("Z1", 52_000))
    pcn("Z2", 31_000)
    db.session.commit()
    for words, code, told in (
        (["--method", "wte"], 1, "Add posts"),
        (["--method", "deprivation"], 0, "No share: Z2: no deprivation profile."),
        (["--method", "list"], 1, "frozen by list size and deprivation already"),
        ([], 0, "are frozen"),
    ):
        done = CliRunner().invoke(main, ["freeze-shares", "2026/27", *words])
        assert (done.exit_code, told in done.output) == (code, True), done.output
