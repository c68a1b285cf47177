"""The demo is large enough, varied, about nobody, and the same for the same day."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import nhs_number
import pytest
from flask import Flask
from sqlalchemy import func, select

from linkwork import audit, clock
from linkwork.capacity.calendar import FinancialYear
from linkwork.database import db
from linkwork.demo import PASSWORD, build
from linkwork.models import Organisation, OrganisationKind, Person, SupportCase, User
from linkwork.passwords import verify
from tests.demo.made import DAYS, Made, made

DRAMA = re.compile(r"07700 900\d{3}|0161 496 0\d{3}|01632 960\d{3}|0113 496 0\d{3}")
TELEPHONE = re.compile(r"\b0\d[\d ]{8,}\b")


def test_it_is_about_as_large_as_a_care_board_of_this_size(demo: Made) -> None:
    kinds = [row["kind"] for row in demo.organisation]
    assert (kinds.count(OrganisationKind.PCN), kinds.count(OrganisationKind.PRACTICE)) == (6, 30)
    assert 650 <= len(demo.person) <= 750
    assert 3000 <= len(demo.contact) <= 6000
    assert 350 <= len(demo.onward_referral) <= 800
    assert 90 <= len(demo.service) <= 110
    assert 18 <= len(demo.post) <= 22


def test_it_reaches_up_to_today_and_back_through_two_financial_years(demo: Made) -> None:
    referred = sorted(row["referred_at"] for row in demo.referral)
    year = FinancialYear.containing(demo.today)
    assert referred[0].date() >= year.previous.start
    assert referred[0].date() < year.previous.start + timedelta(days=40)
    assert referred[-1] > demo.now - timedelta(days=7)


def test_the_next_steps_are_overdue_due_today_and_still_to_come(demo: Made) -> None:
    due = [case["next_action_on"] for case in demo.support_case if case["next_action_on"]]
    assert 12 <= sum(day < demo.today for day in due) <= 90
    assert 10 <= sum(day == demo.today for day in due) <= 70
    assert sum(day > demo.today for day in due) >= 80


def test_some_referrals_are_waiting_to_be_taken_on(demo: Made) -> None:
    new = [c for c in demo.support_case if not (c["accepted_at"] or c["declined_at"])]
    assert 5 <= len(new) <= 45


def test_every_full_caseload_is_one_a_worker_could_carry(demo: Made) -> None:
    caseload: dict[int, int] = defaultdict(int)
    for case in demo.support_case:
        if case["accepted_at"] and not (case["closed_at"] or case["declined_at"]):
            caseload[case["worker_id"]] += 1
    assert 12 <= len(caseload) <= 15
    assert max(caseload.values()) <= 50
    assert sum(caseload.values()) / len(caseload) >= 10


def test_nhs_numbers_are_valid_synthetic_and_never_twice(demo: Made) -> None:
    numbers = [person["nhs_number"] for person in demo.person if person["nhs_number"]]
    assert len(set(numbers)) == len(numbers) > 600
    assert all(number.startswith("999") and nhs_number.is_valid(number) for number in numbers)


def test_every_telephone_number_is_kept_for_drama(demo: Made) -> None:
    said = [
        str(value)
        for name in ("person", "service", "contact", "referral")
        for row in demo.tables[name]
        for value in row.values()
        if isinstance(value, str)
    ]
    numbers = [number for text in said for number in TELEPHONE.findall(text) if " " in number]
    assert len(numbers) > 600
    assert [number for number in numbers if not DRAMA.fullmatch(number)] == []


def test_every_postcode_of_a_person_has_a_place_in_the_invented_area(demo: Made) -> None:
    assert {person["postcode"][:2] for person in demo.person} == {"ZZ"}


def test_no_sentence_has_a_gap_left_in_it(demo: Made) -> None:
    written = {
        "contact": ("notes", "what_matters", "strengths", "next_action", "safety_action"),
        "referral": ("note",),
        "support_case": ("close_summary", "next_action"),
        "onward_referral": ("message",),
    }
    for name, columns in written.items():
        for row in demo.tables[name]:
            for column in columns:
                assert not re.search(r"[\[\]{}|]", row[column] or "")


def test_notes_are_hardly_ever_the_same_twice(demo: Made) -> None:
    talks = [row["notes"] for row in demo.contact if row["kind"] == "conversation"]
    assert len(set(talks)) / len(talks) > 0.93


def test_two_people_were_supported_by_two_pcns(demo: Made) -> None:
    pcns = defaultdict(set)
    for case in demo.support_case:
        if case["first_conversation_at"]:
            pcns[case["person_id"]].add(case["organisation_id"])
    assert sum(len(found) == 2 for found in pcns.values()) == 2


def test_it_shows_every_way_a_case_can_end_and_every_kind_of_post(demo: Made) -> None:
    assert len({case["close_reason"] for case in demo.support_case} - {None}) >= 7
    assert len({case["decline_reason"] for case in demo.support_case} - {None}) >= 4
    assert len({post["state"] for post in demo.post}) == 5
    assert {post["additional"] for post in demo.post} == {True, False}
    assert any(post["worker_id"] is None for post in demo.post)
    assert any(a["start_on"] <= demo.today <= a["end_on"] for a in demo.absence)


def test_the_directory_has_one_stale_one_ended_one_full_and_one_unlisted(demo: Made) -> None:
    assert any(demo.now - row["verified_at"] > timedelta(days=180) for row in demo.service)
    assert any(row["ends_on"] and row["ends_on"] < demo.today for row in demo.service)
    assert any(row["capacity_status"] == "no-capacity" for row in demo.service)
    assert [row["listed"] for row in demo.service].count(False) == 1


@pytest.mark.parametrize("demo", DAYS[:1], ids=str, indirect=True)
def test_the_same_day_gives_the_same_demo(demo: Made, tmp_path: Path) -> None:
    other = Made(demo.today, made(tmp_path, demo.today))
    for name in ("person", "referral", "support_case", "contact", "onward_referral", "post"):
        assert getattr(demo, name) == getattr(other, name)


def test_work_goes_on_from_the_demo_on_either_engine(app: Flask) -> None:
    said: list[str] = []
    build(DAYS[0], progress=said.append)
    assert len(said) >= 3
    last = db.session.scalar(select(func.max(SupportCase.id)))
    person, pcn = (
        db.session.scalars(select(Person)).first(),
        db.session.scalars(
            select(Organisation).where(Organisation.kind == OrganisationKind.PCN)
        ).first(),
    )
    assert person
    assert pcn
    added = SupportCase(person_id=person.id, organisation_id=pcn.id, opened_at=clock.now())
    db.session.add(added)
    db.session.flush()
    assert last is not None
    assert added.id == last + 1
    assert audit.verify().whole


@pytest.mark.one_engine
def test_every_account_that_is_in_use_opens_with_the_password_of_the_demo(app: Flask) -> None:
    build(DAYS[0], progress=lambda _: None)
    users = db.session.scalars(select(User)).all()
    assert verify(users[0].password_hash, PASSWORD)
    assert len({user.password_hash for user in users}) == 1
    assert [user.name for user in users if not user.is_active] == ["Stella Marsh"]
    roles = {role for user in users for role in user.roles}
    assert len(roles) == 9


def test_every_pcn_has_its_share_of_the_target_in_both_years(demo: Made) -> None:
    year = FinancialYear.containing(demo.today)
    shares = {(row["organisation_id"], row["year"]) for row in demo.target_share}
    assert len(shares) == 12
    assert {first for _, first in shares} == {year.first_year, year.first_year - 1}
