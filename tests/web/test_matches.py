"""Activities for a case: what is heard, confirmed, asked, shown and left out."""

import re

import pytest
from sqlalchemy import event

from linkwork.casework.lexicon import concepts_of
from linkwork.database import db
from linkwork.models import service_text
from tests import cast as people
from tests.cast import sign_in
from tests.pages import read

NOTE = "Since his wife died he hardly leaves the house. Used to love gardening."


@pytest.fixture
def case(cast):
    found = people.case(cast.northside, worker=cast.amina)
    people.contact(found, by=cast.amina, notes=NOTE)
    words = "Gardening on a shared allotment"
    service = people.service(
        name="Mill Lane <b>Allotment</b>", description=words, concepts=concepts_of("", words, [])
    )
    service_text.reindex([service.id])
    db.session.commit()
    return found


@pytest.fixture
def amina(client, cast):
    return sign_in(client, cast.amina)


def address(case, more=""):
    return f"/cases/{case.key}/matches{more}"


def test_what_was_heard_is_shown_in_the_words_of_the_note(amina, case):
    page = read(amina.get(address(case)).text).text

    assert "Gardening: “gardening”" in page
    assert re.search("Bereavement: .*“[^”]*died", page)


def test_a_match_says_why_and_its_name_cannot_do_harm(amina, case):
    answer = amina.get(address(case)).text

    assert "Mill Lane &lt;b&gt;Allotment&lt;/b&gt;" in answer
    assert "<b>Allotment" not in answer


def test_a_ticked_need_is_confirmed_and_an_added_one_too(amina, case):
    sent = {"yes": ["gardening"], "words": "debt", "once": "1"}
    answer = amina.post(address(case, "/needs"), data=sent, follow_redirects=True)

    assert {i.concept: i.confirmed for i in case.interests} == {"gardening": True, "debt": True}
    assert "Added: " in answer.text


def test_nothing_ticked_is_sent_back_with_what_to_do(amina, case):
    answer = amina.post(address(case, "/needs"), data={"once": "1"})

    assert answer.status_code == 409
    assert "Say yes or no" in answer.text


def test_words_nobody_knows_are_kept_in_the_box(amina, case):
    sent = {"words": "xylophagous quandary", "once": "1"}
    answer = amina.post(address(case, "/needs"), data=sent)

    assert answer.status_code == 409
    assert 'value="xylophagous quandary"' in answer.text
    assert "Try another word" in answer.text


@pytest.mark.parametrize("concept", ["no-such-thing", "%00", "'; drop table service"])
def test_a_made_up_concept_is_refused_and_nothing_is_kept(amina, case, concept):
    answer = amina.post(address(case, "/needs"), data={"yes": [concept], "once": "1"})

    assert answer.status_code == 409
    assert case.interests == []


def test_what_is_refused_is_gone_from_the_list(amina, case):
    amina.post(address(case, "/not/gardening"), data={})

    assert "“gardening”" not in amina.get(address(case)).text


def test_another_pcns_worker_finds_nothing(client, cast, case):
    sign_in(client, cast.cath)

    assert client.get(address(case)).status_code == 404
    assert client.post(address(case, "/needs"), data={"words": "debt"}).status_code == 404


def test_a_colleague_is_asked_for_a_reason_first(client, cast, case):
    sign_in(client, cast.ben)

    assert "/cover" in client.get(address(case)).location


def test_the_page_asks_the_database_a_fixed_number_of_questions(amina, case):
    amina.get(address(case))
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))

    amina.get(address(case))

    reading = [s for s in asked if s.lstrip().upper().startswith("SELECT")]
    # session, case, its needs, interests, referrals and notes, the directory's stamp, words,
    # our open referrals, what was said no to, limits of an earlier episode, and the audit trail's
    # head.
    assert len(reading) <= 16, "\n".join(reading)
