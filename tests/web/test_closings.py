"""Closing a case on the page: what is asked, what is shown before, and what comes of it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from linkwork.database import db
from linkwork.models import (
    AuditEntry,
    CaseNeed,
    CloseReason,
    Message,
    Need,
    OnwardReferral,
    SupportCase,
)
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW
from tests.pages import Reader, read, straight_quotes

# What is kept is asked on both engines: tests/casework/test_closings.py.
pytestmark = pytest.mark.one_engine

DAY = timedelta(days=1)
HOSTILE = "<script>alert(1)</script> O'Brien 😀"


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    """Amina, signed in."""
    sign_in(client, cast.amina)
    return client


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case that Birch Road referred, and that has started."""
    case = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - 5 * DAY)
    make.referral(cast.birch, by=cast.dev, case=case)
    return case


@pytest.fixture
def onward(case: SupportCase, cast: Cast) -> list[OnwardReferral]:
    """One that is waited for, and one that the person goes to."""
    return [
        make.onward_referral(case, by=cast.amina, service=make.service(name), **facts)
        for name, facts in (
            ("Garden", {"sent_at": NOW - DAY}),
            (HOSTILE, {"sent_at": NOW - DAY, "first_attended_at": NOW}),
        )
    ]


def close(client: Reader, case: SupportCase, **typed: str) -> TestResponse:
    return client.post(
        f"/cases/{case.key}/close", data={"reason": "person_ended", "once": "a", **typed}
    )


def answers(onward: list[OnwardReferral], *codes: str) -> dict[str, str]:
    return {f"answer_{o.key}": code for o, code in zip(onward, codes, strict=True)}


def seen_on(answer: TestResponse) -> str:
    """The mark of the message that a page shows."""
    assert answer.status_code in {200, 409}, answer.status
    found = [part for part in answer.text.split("<input") if 'name="seen"' in part]
    return found[0].partition('value="')[2].partition('"')[0]


def how_many(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_each_open_onward_referral_is_asked_about_and_a_refusal_keeps_the_text(
    amina: Reader, case: SupportCase, onward: list[OnwardReferral]
) -> None:
    first = amina.get(f"/cases/{case.key}/close").text
    assert 'name="parts"' not in first  # nothing of the message was asked about yet
    page = read(first)
    assert "What became of each activity?" in page.text
    assert "Not going: getting there is too hard" in page.text
    refused = close(amina, case, summary="She sings again.", **answers(onward, "", "ended:helped"))
    assert refused.status_code == 422
    assert "Choose what became of Garden." in refused.text
    assert "She sings again." in refused.text
    assert read(refused.text).titles[0].startswith("Error: ")
    assert straight_quotes(refused.text) == []
    assert case.is_open


def test_the_message_is_read_before_anything_is_closed(
    amina: Reader, case: SupportCase, onward: list[OnwardReferral], cast: Cast
) -> None:
    make.contact(case, by=cast.amina, notes="Open words.", share_with_gp=True)
    make.contact(case, by=cast.amina, notes="Shut words.")
    typed = {"summary": "She sings again.", **answers(onward, "declined:travel", "ended:helped")}
    shown = close(amina, case, **typed)
    assert (shown.status_code, case.is_open, how_many(Message)) == (200, True, 0)
    text = read(shown.text).text
    for words in (
        "Nothing is closed or sent yet",
        "Garden: not going, because getting there is too hard",
        "it helped",
        "She sings again.",
        "Open words.",
        "871731000000106",
        '"resourceType": "Bundle"',
        "1 conversation not marked as safe to share",
    ):
        assert words in text
    assert "Shut words." not in text
    assert "There is a problem" not in text
    done = close(amina, case, **typed, seen=seen_on(shown))
    assert (done.status_code, case.state, how_many(Message)) == (303, "closed", 1)
    assert [o.state for o in onward] == ["declined", "ended"]
    assert "She sings again." in db.session.scalars(select(Message.body)).one()
    page = amina.page(f"/cases/{case.key}").text
    assert "Sent to Birch Road Surgery." in page
    assert "Message to Birch Road Surgery: support has ended" in page


def test_a_message_that_changed_after_it_was_read_is_shown_again(
    amina: Reader, case: SupportCase
) -> None:
    seen = seen_on(close(amina, case))
    again = close(amina, case, seen=seen, summary="Something else.")
    assert (again.status_code, case.is_open) == (409, True)
    assert "not the one you read any more" in again.text
    assert close(amina, case, summary="Something else.", seen=seen_on(again)).status_code == 303


def test_what_is_unticked_is_left_out_of_the_message(
    amina: Reader, case: SupportCase, cast: Cast
) -> None:
    case.needs.append(CaseNeed(need=Need.ALCOHOL_DRUGS, seen_at=NOW))
    make.contact(case, by=cast.amina, notes="Open words.", share_with_gp=True)
    assert "Alcohol and drugs" in read(close(amina, case).text).text.partition("FOR THE GP")[2]
    bare = close(amina, case, parts="asked")
    told = read(bare.text).text.partition("FOR THE GP")[2].partition("The same as HL7")[0]
    assert "Alcohol" not in told
    assert "Open words." not in told
    close(amina, case, parts="asked", seen=seen_on(bare))
    assert "Alcohol" not in db.session.scalars(select(Message.body)).one()


def test_needs_that_are_better_are_kept_with_the_close(
    amina: Reader, case: SupportCase, cast: Cast
) -> None:
    case.needs.append(CaseNeed(need=Need.LONELINESS, seen_at=NOW))
    make.contact(case, by=cast.amina, share_with_gp=True, needs=[Need.LONELINESS])
    shown = close(amina, case, resolved="loneliness")
    assert "Loneliness (better now)" in shown.text
    close(amina, case, resolved="loneliness", seen=seen_on(shown))
    db.session.expire_all()
    assert case.needs[0].resolved_at is not None


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ({"reason": "stepped_up"}, "Say where they get more help now."),
        ({"reason": "stepped_up", "stepped_up_to": "Crisis team"}, "Say whom you told, and when."),
        ({"reason": "moved"}, "Choose whether you handed them over."),
        ({"reason": "moved", "handed_over": "yes"}, "Say to which PCN or worker."),
    ],
)
def test_a_reason_may_ask_for_more(
    amina: Reader, case: SupportCase, typed: dict[str, str], asked: str
) -> None:
    refused = close(amina, case, **typed)
    assert (refused.status_code, asked in refused.text, case.is_open) == (422, True, True)


def test_where_they_went_is_shown_on_the_case(amina: Reader, case: SupportCase) -> None:
    typed = {"reason": "stepped_up", "stepped_up_to": HOSTILE, "told": "Dr Hale"}
    close(amina, case, **typed, seen=seen_on(close(amina, case, **typed)))
    text = amina.page(f"/cases/{case.key}").text
    assert f"Stepped up to: {HOSTILE}" in text


@pytest.mark.parametrize("reason", ["died", "opened_in_error"])
def test_where_nothing_is_sent_one_press_closes(
    amina: Reader, case: SupportCase, reason: str
) -> None:
    assert close(amina, case, reason=reason).status_code == 303
    assert (case.close_reason, how_many(Message)) == (reason, 0)


def test_the_page_says_why_nothing_is_sent(amina: Reader, case: SupportCase) -> None:
    case.share_with_gp = False
    assert "does not share with their GP" in amina.page(f"/cases/{case.key}/close").text
    assert close(amina, case).status_code == 303
    assert "does not share with their GP" in amina.page(f"/cases/{case.key}").text


def test_after_a_death_open_answers_are_not_asked_for(
    amina: Reader, case: SupportCase, onward: list[OnwardReferral]
) -> None:
    assert close(amina, case, reason="died").status_code == 303
    assert {o.state for o in onward} == {"cancelled"}


def test_a_close_that_is_sent_twice_sends_one_message(amina: Reader, case: SupportCase) -> None:
    seen = seen_on(close(amina, case))
    assert [close(amina, case, seen=seen).status_code for _ in range(2)] == [303, 303]
    assert how_many(Message) == 1


def test_a_refused_close_announces_nothing(amina: Reader, case: SupportCase) -> None:
    close(amina, case)
    assert "Sent to" not in amina.page(f"/cases/{case.key}").text


def test_a_referral_is_declined_with_words_to_the_practice(
    client: Reader, amina: Reader, cast: Cast
) -> None:
    case = make.referral(cast.birch, by=cast.dev).case
    typed = {"reason": "person_declined", "note": "She sees her sister."}
    assert amina.post(f"/cases/{case.key}/decline", data=typed).status_code == 303
    sign_in(client, cast.dev)
    assert "Not taken on" in client.page("/messages/").text
    body = db.session.scalars(select(Message.body)).one()
    assert "871711000000103" in body
    assert "She sees her sister." in body


def test_only_a_supervisor_takes_a_death_back(
    client: Reader, amina: Reader, case: SupportCase, cast: Cast
) -> None:
    close(amina, case, reason="died")
    page = f"/cases/{case.key}"
    text = amina.page(page).text
    assert "Recorded by mistake" not in text
    assert "Open again" not in text
    assert amina.get(f"{page}/not-dead").status_code == 403
    sign_in(client, cast.supervisor)
    client.post(f"{page}/cover", data={"reason": "supervision"})
    assert "Recorded by mistake" in client.page(page).text
    assert client.post(f"{page}/not-dead").status_code == 422
    done = client.post(f"{page}/not-dead", data={"reason": "wrong_person"})
    assert (done.status_code, case.state, case.person.died_on) == (303, "started", None)
    assert how_many(AuditEntry) > 0
    assert client.get(f"{page}/not-dead").status_code == 303


def test_a_case_closed_otherwise_has_no_death_to_take_back(
    client: Reader, case: SupportCase, cast: Cast
) -> None:
    case.closed_at, case.close_reason = NOW, CloseReason.MOVED
    sign_in(client, cast.supervisor)
    client.post(f"/cases/{case.key}/cover", data={"reason": "supervision"})
    assert client.get(f"/cases/{case.key}/not-dead").status_code == 303
    refused = client.post(f"/cases/{case.key}/not-dead", data={"reason": "slip"})
    assert refused.status_code == 409


def test_that_somebody_has_died_is_said_on_the_page_of_a_case_that_has_ended(
    client: Reader, case: SupportCase, cast: Cast
) -> None:
    case.closed_at, case.close_reason = NOW, CloseReason.MOVED
    amina, page = client, f"/cases/{case.key}"
    sign_in(amina, cast.amina)
    assert "They have died" in amina.page(page).text
    assert "Check the name and date of birth" in amina.page(f"{page}/died").text
    assert amina.post(f"{page}/died", data={"once": "a"}).status_code == 303
    assert case.person.died_on is not None
    text = amina.page(page).text
    assert "They have died" not in text
    assert "Open again" not in text
    assert amina.get(f"{page}/died").status_code == 303
    sign_in(client, cast.supervisor)
    client.post(f"{page}/cover", data={"reason": "supervision"})
    assert "Recorded by mistake" in client.page(page).text
