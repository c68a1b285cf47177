"""Messages on the page: seen, sent, read, filed, taken away; by nobody else."""

import json
import re
from datetime import timedelta

import pytest
from fhir.resources.R4B.bundle import Bundle
from sqlalchemy import select
from werkzeug.test import TestResponse

from linkwork.database import db
from linkwork.models import AuditEntry, CloseReason, Message, SupportCase
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW
from tests.pages import Reader, read, straight_quotes
from tests.statements import watching

DAY = timedelta(days=1)
HOSTILE = "<img src=x onerror=alert(1)> O'Brien"


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    """Amina, signed in."""
    sign_in(client, cast.amina)
    return client


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case that Birch Road referred, of somebody with a hostile name."""
    person = make.person("Rosa", HOSTILE)
    started = {"first_conversation_at": NOW - 5 * DAY}
    case = make.case(cast.northside, worker=cast.amina, person=person, **started)
    make.referral(cast.birch, by=cast.dev, case=case)
    return case


def write(client: Reader, case: SupportCase, **typed: str) -> TestResponse:
    return client.post(f"/cases/{case.key}/messages/new", data={"once": "a", **typed})


def seen_on(text: str) -> str:
    found = [part for part in text.split("<input") if 'name="seen"' in part]
    return found[0].partition('value="')[2].partition('"')[0]


def events() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.number)))


def test_the_message_is_on_the_page_before_it_is_sent(
    amina: Reader, case: SupportCase, cast: Cast
) -> None:
    make.contact(case, by=cast.amina, notes="Open words.", share_with_gp=True)
    page = amina.get(f"/cases/{case.key}/messages/new").text
    assert "Open words." in page
    assert "support has started" in page
    assert straight_quotes(page) == []
    contact = re.findall(r'name="contacts" value="([^"]+)" checked', page)
    sent = write(amina, case, parts="asked", contacts=contact[0], seen=seen_on(page))
    assert sent.status_code == 303
    assert "Open words." in db.session.scalars(select(Message.body)).one()
    text = amina.page(f"/cases/{case.key}").text
    assert "sent 18 November 2026, not read yet" in text
    assert "message.sent" in events()


def test_what_was_not_read_is_shown_and_not_sent(amina: Reader, case: SupportCase) -> None:
    page = amina.get(f"/cases/{case.key}/messages/new").text
    refused = write(amina, case, note="New words.", seen=seen_on(page))
    assert (refused.status_code, db.session.scalars(select(Message)).all()) == (409, [])
    assert "New words." in read(refused.text).text
    again = write(amina, case, note="New words.", seen=seen_on(refused.text))
    assert again.status_code == 303


def test_the_message_is_shown_again_with_other_ticks(amina: Reader, case: SupportCase) -> None:
    shown = write(amina, case, step="preview", parts="asked", note="New words.")
    assert shown.status_code == 200
    assert "There is a problem" not in shown.text
    assert shown.text.count("New words.") > 1
    too_long = write(amina, case, step="preview", note="x" * 4001)
    assert (too_long.status_code, "Shorten this" in too_long.text) == (422, True)


@pytest.mark.parametrize("share", [True, False])
def test_where_nothing_can_be_sent_the_page_says_why(
    amina: Reader, case: SupportCase, share: bool
) -> None:
    case.share_with_gp, case.first_conversation_at = share, None
    text = amina.page(f"/cases/{case.key}/messages/new").text
    assert ("Record a conversation first" if share else "does not share with their GP") in text


def test_a_practice_reads_files_and_the_worker_sees_it(
    client: Reader, case: SupportCase, cast: Cast
) -> None:
    message = make.message(case, by=cast.amina)
    sign_in(client, cast.dev)
    listed = client.page("/messages/")
    assert HOSTILE.upper() in listed.text
    done = client.post(f"/messages/{message.key}/read", follow_redirects=True)
    assert "FOR THE GP RECORD" in done.text
    assert "To be coded in the GP record" in done.text
    assert (message.read_by, message.filed_at) == (cast.dev, None)
    client.post(f"/messages/{message.key}/file")
    assert "Nothing to read." in client.page("/messages/").text
    assert "Dev Anand" in client.page("/messages/?tab=filed").text
    sign_in(client, cast.amina)
    assert "filed 18 November 2026 by Dev Anand" in client.page(f"/cases/{case.key}").text
    page = client.page(f"/messages/{message.key}").text
    assert "I have read this" not in page
    assert client.post(f"/messages/{message.key}/read").status_code == 403


def test_looking_at_a_message_does_not_mark_it_as_read(
    client: Reader, case: SupportCase, cast: Cast
) -> None:
    message = make.message(case, by=cast.amina)
    sign_in(client, cast.dev)
    assert "I have read this" in client.page(f"/messages/{message.key}").text
    assert message.read_at is None
    assert events()[-1] == "message.opened"


def test_a_message_is_taken_away_as_text_and_as_fhir_and_the_file_name_tells_nothing(
    client: Reader, case: SupportCase, cast: Cast
) -> None:
    message = make.message(case, by=cast.amina)
    sign_in(client, cast.dev)
    text = client.get(f"/messages/{message.key}/message.txt")
    assert (text.mimetype, text.text) == ("text/plain", message.body)
    fhir = client.get(f"/messages/{message.key}/message.json")
    assert fhir.mimetype == "application/fhir+json"
    Bundle.model_validate_json(fhir.data)
    assert json.loads(fhir.data)["timestamp"] == "2026-11-18T10:30:00Z"
    for answer, ending in ((text, "txt"), (fhir, "json")):
        name = f"message-2026-11-18-{message.key}.{ending}"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert events()[-2:] == ["message.downloaded"] * 2


def test_another_practice_finds_no_message(client: Reader, case: SupportCase, cast: Cast) -> None:
    message = make.message(case, by=cast.amina)
    sign_in(client, cast.quinn)
    for page in ("", "/message.txt", "/message.json"):
        assert client.get(f"/messages/{message.key}{page}").status_code == 404
    assert client.post(f"/messages/{message.key}/file").status_code == 404
    assert "Nothing to read." in client.page("/messages/").text


def test_a_colleague_gives_a_reason_before_they_read_a_message(
    client: Reader, case: SupportCase, cast: Cast
) -> None:
    message = make.message(case, by=cast.amina)
    sign_in(client, cast.ben)
    answer = client.get(f"/messages/{message.key}/message.txt")
    assert (answer.status_code, "/cover" in answer.location) == (303, True)


def test_a_list_of_messages_asks_the_same_however_long_it_is(client: Reader, cast: Cast) -> None:
    def asked_for(count: int) -> int:
        for _ in range(count):
            case = make.case(cast.northside, worker=cast.amina)
            make.referral(cast.birch, case=case)
            make.message(case, by=cast.amina)
        sign_in(client, cast.dev)
        with watching() as asked:
            client.page("/messages/")
        return len(asked)

    assert asked_for(1) == asked_for(9)


def test_what_was_told_of_a_case_opened_in_error_is_taken_back_from_its_page(
    amina: Reader, case: SupportCase
) -> None:
    shown = amina.get(f"/cases/{case.key}/messages/new").text
    write(amina, case, seen=seen_on(shown))
    case.closed_at, case.close_reason = NOW + DAY, CloseReason.OPENED_IN_ERROR
    db.session.commit()
    link = "Take back what the practice was told"
    assert link in amina.page(f"/cases/{case.key}").text
    page = amina.get(f"/cases/{case.key}/messages/new").text
    assert "Please disregard everything we told you of this patient" in page
    sent = amina.post(f"/cases/{case.key}/messages/new", data={"once": "b", "seen": seen_on(page)})
    assert sent.status_code == 303
    last = db.session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
    last.sent_at = NOW + 2 * DAY  # the clock of the tests stands still
    db.session.commit()
    text = amina.page(f"/cases/{case.key}").text
    assert (link in text, "opened in error is not reported" in text) == (False, True)
