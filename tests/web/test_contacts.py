"""Recording a conversation: quick, once, and with nothing that was typed ever lost."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from linkwork.database import db
from linkwork.models import Contact, SupportCase, User
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW, TODAY, Clock
from tests.pages import Reader, read
from tests.statements import at_once

# What is kept is asked on both engines: tests/casework/test_contacts.py.
pytestmark = pytest.mark.one_engine

HOSTILE = "<script>alert(1)</script> O'Brien 😀 مرحبا"
NOTE = {
    "on": "2026-11-18",
    "at": "10:15",
    "mode": "phone",
    "minutes": "25",
    "notes": "Talked about the choir.",
    "once": "one",
}


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case of Amina’s that has not started."""
    return make.case(cast.northside, worker=cast.amina)


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    """Amina, signed in."""
    sign_in(client, cast.amina)
    return client


def save(client: Any, case: SupportCase | str, **typed: str | list[str]) -> TestResponse:
    key = case if isinstance(case, str) else case.key
    answer: TestResponse = client.post(f"/cases/{key}/contacts/new", data={**NOTE, **typed})
    return answer


def writing(who: User, key: str, **typed: str | list[str]) -> Callable[[Flask], int]:
    """What somebody does in a thread of their own: sign in and save a note."""
    number = who.id

    def act(app: Flask) -> int:
        window = sign_in(app.test_client(), db.session.get_one(User, number))
        return save(window, key, **typed).status_code

    return act


def how_many() -> int:
    return db.session.scalar(select(func.count()).select_from(Contact)) or 0


def field_value(html: str, name: str) -> str | None:
    return next(f.get("value") for f in read(html).fields if f.get("name") == name)


def test_the_form_is_ready_for_a_call_that_ended_just_now(amina: Reader, case: SupportCase) -> None:
    html = amina.get(f"/cases/{case.key}/contacts/new").text
    assert field_value(html, "on") == "2026-11-18"
    assert field_value(html, "at") == "10:30"
    focused = [f.get("name") for f in read(html).fields if "autofocus" in f]
    ticked = [f["value"] for f in read(html).fields if f.get("name") == "mode" and "checked" in f]
    assert (focused, ticked) == (["what_matters"], ["phone"])


def test_a_saved_conversation_leads_to_activities(amina: Reader, case: SupportCase) -> None:
    saved = save(amina, case)
    assert (saved.status_code, saved.location) == (303, f"/cases/{case.key}/matches/")
    assert case.state == "started"


def test_a_note_about_danger_leads_to_what_to_do_about_it(amina: Reader, case: SupportCase) -> None:
    saved = save(amina, case, notes="He said he wants to kill himself.")
    assert saved.location.startswith("/alarms/")
    assert "wants to kill himself" in amina.page(saved.location).text
    handled = save(
        amina,
        case,
        once="two",
        notes="He said he wants to kill himself.",
        safety_concern="yes",
        safety_action="Rang the crisis team.",
        told="Jo Bell, safeguarding lead",
    )
    assert handled.location == f"/cases/{case.key}/matches/"
    assert [concern.told for concern in case.concerns] == ["Jo Bell, safeguarding lead"]


def test_a_double_click_saves_one_contact(amina: Reader, case: SupportCase) -> None:
    first, second = save(amina, case), save(amina, case)
    assert first.location == second.location
    assert how_many() == 1


def test_the_same_form_sent_twice_at_once_saves_one_contact(
    case: SupportCase, cast: Cast, make_app: Callable[..., Flask]
) -> None:
    key = case.key
    db.session.commit()

    press = writing(cast.amina, key)
    assert at_once(make_app, press, press) == [303, 303]
    assert how_many() == 1


def test_two_workers_who_write_about_the_same_case_at_once_are_both_kept(
    case: SupportCase, cast: Cast, make_app: Callable[..., Flask], client: Reader
) -> None:
    key = case.key
    sign_in(client, cast.ben)
    client.post(f"/cases/{key}/cover", data={"reason": "joint_work"})

    needs = ["loneliness", "food"]
    one = writing(cast.amina, key, notes="One.", once="one", needs=needs)
    two = writing(cast.ben, key, notes="Two.", once="two", needs=needs)
    told = at_once(make_app, one, two)
    assert told == [303, 303]
    assert sorted(db.session.scalars(select(Contact.notes))) == ["One.", "Two."]
    db.session.refresh(case)
    assert sorted(need.need for need in case.needs) == ["food", "loneliness"]


def test_something_else_written_on_the_same_page_is_something_else(
    amina: Reader, case: SupportCase
) -> None:
    """Somebody who goes back and writes about another call must not lose it."""
    save(amina, case)
    save(amina, case, notes="A second call.")
    assert how_many() == 2


def test_a_form_without_its_token_is_not_taken_for_another(
    amina: Reader, case: SupportCase
) -> None:
    save(amina, case, once="")
    save(amina, case, once="")
    assert how_many() == 2


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"on": "2026-11-19"}, "Date must be today or in the past."),
        ({"at": "10:31"}, "A contact cannot be in the future."),
        ({"on": "2026-11-01"}, "before the referral arrived"),
        ({"on": "31/11/2026"}, "Enter a real date, for example 18/11/2026."),
        ({"on": "0001-01-01"}, "before the referral arrived"),
        ({"on": ""}, "Enter the date"),
        ({"at": "25:00"}, "Enter a real time"),
        ({"minutes": "1441"}, "from 1 to 1,440"),
        ({"minutes": "0"}, "from 1 to 1,440"),
        ({"minutes": "half an hour"}, "Enter a whole number"),
        ({"minutes": ""}, "Enter how many minutes"),
        ({"mode": "pigeon"}, "Not a valid choice"),
        ({"next_action_on": "2026-11-17"}, "The next step must be today or later."),
        ({"next_action_on": "20266-01-01"}, "could not read “20266-01-01” as a day"),
        ({"next_action_on": "Wednesday"}, "Write “today” or “next Wednesday”."),
        ({"next_action_on": "31/11"}, "31/11/2026 is not a day of the calendar."),
        ({"next_action_on": "yesterday"}, "The next step must be today or later."),
        ({"next_action": "x" * 201}, "Shorten the next step"),
        ({"safety_concern": "yes", "safety_action": "Rang 111."}, "whom you told"),
        ({"safety_concern": "yes", "told": "Jo Bell"}, "what you did"),
        ({"what_matters": "y" * 20_001}, "Shorten this to 20,000 characters."),
    ],
)
def test_what_cannot_be_saved_says_why_and_keeps_what_was_typed(
    amina: Reader, case: SupportCase, typed: dict[str, str], sentence: str
) -> None:
    refused = save(amina, case, notes=HOSTILE, **typed)
    page = read(refused.text)
    assert refused.status_code in {409, 422}
    assert sentence in page.text
    assert HOSTILE in page.text
    assert "<script>alert" not in refused.text
    assert page.titles[0].startswith("Error: ")
    assert how_many() == 0


def test_nothing_said_is_no_conversation(amina: Reader, case: SupportCase) -> None:
    refused = save(amina, case, notes=" \x00\r\n ")
    assert refused.status_code == 409
    assert "Write down what was said" in refused.text


def test_a_refused_note_is_saved_once_it_is_put_right(amina: Reader, case: SupportCase) -> None:
    save(amina, case, minutes="x")
    save(amina, case, next_action_on="2020-01-01")
    assert save(amina, case).status_code == 303
    assert how_many() == 1


def test_an_hour_of_the_clock_change_is_taken(amina: Reader, cast: Cast, clock: Clock) -> None:
    case = make.case(cast.northside, worker=cast.amina, opened_at=NOW - timedelta(days=300))
    saved = [
        save(amina, case, on="2026-10-25", at="01:30", once="autumn"),
        save(amina, case, on="2026-03-29", at="01:30", once="spring"),
    ]
    assert [answer.status_code for answer in saved] == [303, 303]
    moments = sorted(db.session.scalars(select(Contact.at)))
    assert [f"{at:%m-%d %H:%M}" for at in moments] == ["03-29 01:30", "10-25 00:30"]


def test_needs_ticked_join_the_case_each_with_its_weight(amina: Reader, case: SupportCase) -> None:
    weights = {"weight_food": "1", "weight_loneliness": "3", "weight_work": "3"}
    save(amina, case, needs=["food", "benefits", "loneliness", "pigeons"], **weights)
    found = {str(need.need): need.importance for need in case.needs}
    assert found == {"food": 1, "benefits": 2, "loneliness": 3}


def test_a_usual_length_is_chosen_and_one_that_is_typed_counts_before_it(
    amina: Reader, case: SupportCase
) -> None:
    save(amina, case, minutes="", usual_minutes="45", once="chosen")
    save(amina, case, minutes="20", usual_minutes="45", once="typed")
    assert sorted(db.session.scalars(select(Contact.minutes))) == [20, 45]


def test_the_day_of_the_next_step_is_said_back(amina: Reader, case: SupportCase) -> None:
    saved = save(amina, case, next_action="Ring Ada", next_action_on="Tuesday")
    assert case.next_action_on == date(2026, 11, 24)
    assert "Next step: Tuesday 24 November 2026." in amina.page(saved.location).text


def test_needs_are_suggested_without_saving_anything(amina: Reader, case: SupportCase) -> None:
    notes = "Lonely since her husband died. Worried about debt."
    shown = save(amina, case, notes=notes, suggest="yes")
    text = read(shown.text).text
    assert shown.status_code == 200
    first = [f["value"] for f in read(shown.text).fields if f.get("name") == "needs"][:5]
    assert {"loneliness", "money_debt"} <= set(first)
    assert "“Lonely”" in text
    assert notes in text
    assert how_many() == 0


def test_a_step_that_is_still_to_come_is_shown_so_that_it_is_not_forgotten(
    amina: Reader, cast: Cast
) -> None:
    later = TODAY + timedelta(days=3)
    case = make.case(
        cast.northside, worker=cast.amina, next_action="Ring Ada", next_action_on=later
    )
    html = amina.get(f"/cases/{case.key}/contacts/new").text
    assert field_value(html, "next_action") == "Ring Ada"
    assert field_value(html, "next_action_on") == "Saturday 21 November 2026"


def test_a_try_is_recorded_and_does_not_start_the_case(amina: Reader, case: SupportCase) -> None:
    typed = {**NOTE, "outcome": "no_reply", "next_action": "Ring again", "notes": ""}
    typed["next_action_on"] = "2026-11-20"
    saved = amina.post(f"/cases/{case.key}/contacts/attempt", data=typed)
    assert (saved.status_code, saved.location) == (303, f"/cases/{case.key}")
    assert (case.state, case.next_action_on) == ("waiting", date(2026, 11, 20))
    assert "No reply: phone call" in amina.page(f"/cases/{case.key}").text


def test_a_closed_case_takes_no_note_and_keeps_it_on_the_page(amina: Reader, cast: Cast) -> None:
    then = NOW - timedelta(days=1)
    case = make.case(cast.northside, worker=cast.amina, closed_at=then, close_reason="moved")
    refused = save(amina, case)
    assert refused.status_code == 409
    assert "This case has ended." in refused.text
    assert NOTE["notes"] in refused.text


@given(notes=st.text(max_size=60), matters=st.text(max_size=60), minutes=st.text(max_size=6))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_typed_is_saved_or_answered_with_a_sentence(
    amina: Reader, case: SupportCase, notes: str, matters: str, minutes: str
) -> None:
    amina.inspecting = False  # what was typed may look like a fault of ours
    answer = save(amina, case, notes=notes, what_matters=matters, minutes=minutes, once=notes)
    assert answer.status_code in {303, 409, 422}
