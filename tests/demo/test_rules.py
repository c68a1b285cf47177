"""Every rule that always holds, holds of everything the demo makes up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from linkwork import clock
from linkwork.capacity.calendar import FinancialYear
from tests.demo.made import Made

ONWARD = ("agreed_at", "sent_at", "waitlisted_at", "accepted_at", "first_attended_at", "ended_at")
# Of the directory and the audit trail, when a row was made is when the demo was started.
OURS = {"person", "referral", "support_case", "contact", "onward_referral", "post", "user"}
# What is planned lies ahead, and a link is good until a day to come.
AHEAD = {("visit", "planned_at"), ("shared_link", "expires_at"), ("mail", "next_try_at")}
CASE = ("opened_at", "accepted_at", "first_conversation_at", "plan_agreed_at", "closed_at")


def moments(made: Made) -> Iterator[tuple[str, str, datetime]]:
    for name, rows in made.tables.items():
        if name == "audit_entry":
            continue
        for row in rows:
            for column, value in row.items():
                if (name, column) in AHEAD or (column == "created_at" and name not in OURS):
                    continue
                if isinstance(value, datetime):
                    yield name, column, value


def test_nothing_has_happened_that_lies_ahead(demo: Made) -> None:
    assert [found for found in moments(demo) if found[2] > demo.now] == []
    assert [p for p in demo.person if p["died_on"] and p["died_on"] >= demo.today] == []


def test_what_happens_in_a_case_happens_in_order(demo: Made) -> None:
    for case in demo.support_case:
        happened = [case[name] for name in CASE if case[name]]
        assert happened == sorted(happened)
    for onward in demo.onward_referral:
        happened = [onward[name] for name in ONWARD if onward[name]]
        assert happened == sorted(happened)
    for referral in demo.referral:
        assert referral["consented_at"] <= referral["referred_at"] <= referral["received_at"]


def test_nobody_is_spoken_with_before_the_case_is_accepted_or_after_it_is_closed(
    demo: Made,
) -> None:
    contacts = demo.by_case("contact")
    for case in demo.support_case:
        for contact in contacts[case["id"]]:
            assert case["accepted_at"] <= contact["at"]
            assert case["closed_at"] is None or contact["at"] <= case["closed_at"]


def test_a_case_starts_with_its_first_attended_conversation_and_with_nothing_else(
    demo: Made,
) -> None:
    contacts = demo.by_case("contact")
    two_way = {"phone", "visit", "in_person", "video"}
    for case in demo.support_case:
        talks = [
            contact["at"]
            for contact in contacts[case["id"]]
            if (contact["kind"], contact["outcome"]) == ("conversation", "attended")
            and contact["mode"] in two_way
        ]
        assert case["first_conversation_at"] == min(talks, default=None)
        assert case["last_contact_at"] == max(talks, default=None)


def test_connected_is_when_an_activity_was_first_attended(demo: Made) -> None:
    onward = demo.by_case("onward_referral")
    for case in demo.support_case:
        went = [row["first_attended_at"] for row in onward[case["id"]] if row["first_attended_at"]]
        assert case["connected_at"] == min(went, default=None)


def test_an_onward_referral_is_sent_only_when_agreed_and_answered_only_when_sent(
    demo: Made,
) -> None:
    for row in demo.onward_referral:
        assert row["agreed_at"]
        answered = [row[name] for name in ("accepted_at", "declined_at", "waitlisted_at")]
        assert not any(answered) or row["sent_at"]
        assert (row["declined_at"] is None) == (row["decline_reason"] is None)
        assert (row["ended_at"] is None) == (row["outcome"] is None)
        assert sum(bool(row[name]) for name in ("ended_at", "declined_at", "cancelled_at")) <= 1


def test_closing_left_no_onward_referral_without_an_answer(demo: Made) -> None:
    closed = {case["id"] for case in demo.support_case if case["closed_at"]}
    left = [
        row
        for row in demo.onward_referral
        if row["case_id"] in closed
        and not (row["ended_at"] or row["cancelled_at"] or row["declined_at"])
    ]
    assert left == []


def test_no_contact_means_three_attempts_on_two_days_by_two_channels(demo: Made) -> None:
    contacts = demo.by_case("contact")
    given_up = [case for case in demo.support_case if case["close_reason"] == "NO_CONTACT"]
    given_up = given_up or [c for c in demo.support_case if c["close_reason"] == "no_contact"]
    assert given_up
    for case in given_up:
        tries = [c for c in contacts[case["id"]] if c["kind"] == "attempt"][-4:]
        assert len(tries) >= 3
        assert len({c["at"].date() for c in tries}) >= 2
        assert len({c["mode"] for c in tries}) >= 2


def test_a_closed_or_declined_case_asks_for_nothing_more(demo: Made) -> None:
    for case in demo.support_case:
        if case["closed_at"] or case["declined_at"]:
            assert case["next_action_on"] is None
        elif case["accepted_at"]:
            assert case["next_action"]
            assert case["next_action_on"]
            assert case["worker_id"]


def test_a_worker_who_left_has_no_open_case(demo: Made) -> None:
    left = {user["id"] for user in demo.user if user["disabled_at"]}
    assert left
    assert [c for c in demo.support_case if c["worker_id"] in left and not c["closed_at"]] == []


def test_nobody_works_at_a_pcn_outside_a_post_there_or_while_away(demo: Made) -> None:
    posts = [(p["worker_id"], p["organisation_id"], p["start_on"], p["end_on"]) for p in demo.post]
    pcn_of = {case["id"]: case["organisation_id"] for case in demo.support_case}
    for contact in demo.contact:
        day = clock.london(contact["at"]).date()
        who, where = contact["worker_id"], pcn_of[contact["case_id"]]
        assert any(
            (who, where) == (worker, pcn) and start <= day <= (end or day)
            for worker, pcn, start, end in posts
            if start
        )
        assert not any(
            away["worker_id"] == who and away["start_on"] <= day <= away["end_on"]
            for away in demo.absence
        )


def test_work_is_done_in_office_hours_on_working_days(demo: Made) -> None:
    for contact in demo.contact:
        local = clock.london(contact["at"])
        assert 9 <= local.hour < 17
        assert FinancialYear.containing(local).working_days(local.date(), local.date()) == 1


def test_a_death_ends_everything_at_once(demo: Made) -> None:
    onward = demo.by_case("onward_referral")
    died_on = {person["id"]: person["died_on"] for person in demo.person}
    died = [case for case in demo.support_case if case["close_reason"] == "DIED"]
    died = died or [case for case in demo.support_case if case["close_reason"] == "died"]
    assert died
    for case in died:
        assert died_on[case["person_id"]] <= case["closed_at"].date()
        assert all(row["ended_at"] != case["closed_at"] for row in onward[case["id"]])


def test_the_next_step_is_the_one_agreed_in_the_last_conversation(demo: Made) -> None:
    contacts = demo.by_case("contact")
    for case in demo.support_case:
        talks = [row for row in contacts[case["id"]] if row["kind"] == "conversation"]
        if case["next_action_on"] and talks and talks[-1]["next_action"]:
            assert case["next_action"] == talks[-1]["next_action"]
            assert case["next_action_on"] == talks[-1]["next_action_on"]
        for row in talks:
            assert row["next_action_on"] is None or row["next_action_on"] >= row["at"].date()
