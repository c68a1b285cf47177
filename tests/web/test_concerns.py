"""Safeguarding concerns on the page: written, read by those who work the case, by nobody else."""

import pytest
from sqlalchemy import select

from linkwork.casework import concerns
from linkwork.database import db
from linkwork.models import AuditEntry, Concern, SupportCase
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW
from tests.pages import Reader

# What is kept is asked on both engines: tests/casework/test_concerns.py.
pytestmark = pytest.mark.one_engine

FEARED = "Bruises on both arms"
TYPED = {
    "what": FEARED,
    "told": "Jo Bell, safeguarding lead",
    "on": "2026-11-18",
    "at": "10:00",
    "high": "y",
    "once": "one",
}


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina)


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    sign_in(client, cast.amina)
    return client


@pytest.fixture
def concern(case: SupportCase, cast: Cast) -> Concern:
    made = concerns.raise_concern(
        case, what=FEARED, told="Jo Bell", told_at=NOW, by=cast.amina, at=NOW
    )
    db.session.commit()
    return made


def test_a_concern_is_saved_once_and_stands_on_the_bar_and_the_timeline(
    amina: Reader, case: SupportCase
) -> None:
    for _ in range(2):
        answer = amina.post(f"/cases/{case.key}/concerns/new", data=TYPED)
        assert answer.status_code == 303
    assert len(case.concerns) == 1
    text = amina.page(f"/cases/{case.key}").text
    for words in ("Safeguarding concern open", FEARED, "Jo Bell, safeguarding lead"):
        assert words in text


def test_a_concern_nobody_was_told_of_is_refused_and_keeps_what_was_typed(
    amina: Reader, case: SupportCase
) -> None:
    refused = amina.post(f"/cases/{case.key}/concerns/new", data={**TYPED, "told": " "})
    assert refused.status_code == 422
    assert "Tell your safeguarding lead" in refused.text
    assert FEARED in refused.text
    assert case.concerns == []


def test_a_concern_is_closed_with_how_it_ended(
    amina: Reader, case: SupportCase, concern: Concern
) -> None:
    ended = {"outcome": "Social care took it on.", "once": "two"}
    assert amina.post(f"/concerns/{concern.key}", data=ended).status_code == 303
    text = amina.page(f"/cases/{case.key}").text
    assert "Social care took it on." in text
    assert "Safeguarding concern open" not in text


def test_a_supervisor_finds_it_listed_without_a_word_of_it(
    client: Reader, cast: Cast, concern: Concern
) -> None:
    sign_in(client, cast.supervisor)
    text = client.page("/concerns").text
    assert concern.case.person.name in text
    assert FEARED not in text
    asked = client.get(f"/concerns/{concern.key}")
    assert "/cover" in asked.location, "a colleague’s case asks for a reason first"


def test_the_practice_and_the_lead_never_read_of_it(
    client: Reader, cast: Cast, case: SupportCase, concern: Concern
) -> None:
    sent = make.referral(cast.birch, by=cast.dev, case=case)
    sign_in(client, cast.dev)
    for address in ("/referrals/", f"/referrals/{sent.key}"):
        assert "oncern" not in client.page(address).text
    assert client.get(f"/concerns/{concern.key}").status_code == 403
    sign_in(client, cast.lead)
    assert client.get("/concerns").status_code == 403


def test_who_read_the_list_of_concerns_is_noted(
    client: Reader, concern: Concern, cast: Cast
) -> None:
    sign_in(client, cast.supervisor)
    client.page("/concerns")
    query = select(AuditEntry).where(AuditEntry.event == "cases.listed")
    entry = db.session.scalars(query).one()
    assert (entry.user_id, entry.details) == (
        cast.supervisor.id,
        {"shown": 1, "view": "concerns"},
    )
