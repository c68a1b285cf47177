"""The safety step after a note with words about danger."""

import pytest

from linkwork.casework import alarms, contacts
from linkwork.casework.contacts import Conversation
from linkwork.database import db
from linkwork.models import Alarm, ContactMode, SupportCase, service_text
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW, TODAY
from tests.pages import Reader, read
from tests.web.looking import NOTE, look, save

ANSWER = {
    "found": "concern",
    "account": "Tablets at home. Rang the crisis team.",
    "told": "Jo Bell, safeguarding lead",
    "told_on": "2026-11-18",
    "told_at": "10:20",
    "step": "Check that they are safe",
}


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina)


@pytest.fixture
def alarm(case: SupportCase, cast: Cast) -> Alarm:
    said = Conversation(ContactMode.PHONE, 20, notes="He wants to <i>kill himself</i>.")
    contacts.record(case, said, by=cast.amina, at=NOW, now=NOW)
    return alarms.of_case(case)[0]


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    sign_in(client, cast.amina)
    return client


def test_the_page_says_what_to_do_and_proposes_a_step_for_today(
    amina: Reader, alarm: Alarm
) -> None:
    page = amina.page(f"/alarms/{alarm.key}")
    assert "call 999" in page.text
    assert "He wants to <i>kill himself</i>." in page.text
    values = {field.get("name"): field.get("value") for field in page.fields}
    assert (values["step"], values["told_on"]) == ("Check that they are safe", "2026-11-18")


def test_the_case_says_that_nobody_has_answered_until_somebody_has(
    amina: Reader, alarm: Alarm, case: SupportCase
) -> None:
    address = f"/cases/{case.key}"
    assert "A note has words about danger" in amina.page(address).text
    saved = amina.post(f"/alarms/{alarm.key}", data=ANSWER)
    assert (saved.status_code, saved.location) == (303, address)
    text = amina.page(address).text
    assert "A note has words about danger" not in text
    assert case.next_action_on == TODAY
    assert [concern.told for concern in case.concerns] == ["Jo Bell, safeguarding lead"]
    assert "This was answered on" in amina.page(f"/alarms/{alarm.key}").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"found": ""}, "Say whether anybody may be in danger."),
        ({"account": ""}, "Write down what you found."),
        ({"told": ""}, "Tell your safeguarding lead first"),
        ({"told_on": "2026-11-19"}, "must be today or in the past"),
        ({"told_at": "10:31"}, "cannot be in the future"),
        ({"found": "no_danger", "account": "no"}, "Say how you know"),
    ],
)
def test_an_answer_that_says_too_little_is_refused_and_kept(
    amina: Reader, alarm: Alarm, typed: dict[str, str], sentence: str
) -> None:
    refused = amina.post(f"/alarms/{alarm.key}", data={**ANSWER, **typed})
    assert refused.status_code in {409, 422}
    assert sentence in read(refused.text).text
    assert "Check that they are safe" in refused.text
    assert alarm.answered_at is None


@pytest.mark.one_engine
def test_a_referral_that_speaks_of_danger_is_asked_about_before_any_list(
    client: Reader, cast: Cast
) -> None:
    words = "Gardening on a shared allotment"
    service = make.service(name="Mill Lane", description=words, concepts={"gardening": 1.0})
    service_text.reindex([service.id])
    note = "She wants to kill herself. She loves gardening."
    case = make.case(cast.northside, worker=cast.amina)
    make.referral(cast.birch, case=case, note=note)
    db.session.commit()
    sign_in(client, cast.amina)
    for path in ("matches/", "compare"):
        page = client.get(f"/cases/{case.key}/{path}", follow_redirects=True).text
        assert "says <strong data-typed>“kill herself”" in page
        assert 'class="match"' not in page
    page = client.get(f"/cases/{case.key}").text
    assert "The referral has words about danger" in page
    told = look(client, case, notes=NOTE)
    assert ("“kill herself”" in told["list"], "fits__why" in told["list"]) == (True, False)
    saved = save(client, case)
    assert saved.location.startswith("/alarms/")
    assert 'class="match"' not in client.get(f"/cases/{case.key}/matches/").text
    sent = {"found": "no_danger", "account": "Spoke to her at length: safe.", "once": "two"}
    assert client.post(saved.location, data=sent).status_code == 303
    assert 'class="match"' in client.get(f"/cases/{case.key}/matches/").text
