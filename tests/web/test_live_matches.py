"""What fits is looked up while a note is typed: for those who may, and nothing is written."""

import sqlite3
import time
from typing import Any

import pytest
from sqlalchemy import func, select

from linkwork.casework import match_answers
from linkwork.casework.lexicon import concepts_of
from linkwork.database import BUSY_SECONDS, db
from linkwork.events import Event
from linkwork.models import (
    AuditEntry,
    CaseNeed,
    Contact,
    Draft,
    Need,
    Service,
    SupportCase,
    service_text,
)
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW
from tests.pages import Reader, read
from tests.statements import watching
from tests.web.looking import NOTE, look, save, ticked

HOSTILE = "Mill <script>alert(1)</script> Allotment"


@pytest.fixture
def allotment(cast: Cast) -> Service:
    """What fits whoever likes gardening."""
    words = "Gardening on a shared allotment"
    found = make.service(name=HOSTILE, description=words, concepts=concepts_of("", words, []))
    service_text.reindex([found.id])
    return found


@pytest.fixture
def case(cast: Cast, allotment: Service) -> SupportCase:
    """A case of Amina’s."""
    found = make.case(cast.northside, worker=cast.amina)
    db.session.commit()
    return found


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    """Amina, signed in."""
    sign_in(client, cast.amina)
    return client


def rows() -> list[int | None]:
    counted = (AuditEntry, Draft, Contact)
    return [db.session.scalar(select(func.count()).select_from(table)) for table in counted]


def answers(case: SupportCase) -> dict[str, bool]:
    db.session.refresh(case)
    return {one.concept: one.confirmed for one in case.interests}


def test_what_is_typed_is_answered_with_what_was_heard_and_what_fits(
    amina: Reader, case: SupportCase
) -> None:
    told = look(amina, case, notes=NOTE)
    chips = dict(told["chips"])
    assert "“gardening”" in chips["gardening"]
    assert (told["line"], told["crisis"], told["unknown"]) == ("1 activity fits", [], "")
    assert told["said"] == f"1 activity fits: the first is {HOSTILE}."
    assert "Mill &lt;script&gt;alert(1)&lt;/script&gt; Allotment" in told["list"]
    assert "<script" not in told["list"]


def test_looking_again_writes_nothing_and_belongs_to_the_opening_of_the_form(
    amina: Reader, case: SupportCase, cast: Cast
) -> None:
    mark = look(amina, case, notes=NOTE)["mark"]
    before = rows()
    look(amina, case, notes=NOTE, mark=mark)
    assert rows() == before
    newest = select(AuditEntry.event).order_by(AuditEntry.number.desc()).limit(1)
    for of_nobody in ("", "made up", mark[:-1]):
        look(amina, case, notes=NOTE, mark=of_nobody)
        assert db.session.scalar(newest) == Event.CASE_OPENED
    assert rows()[0] == (before[0] or 0) + 3
    elsewhere = make.case(cast.northside, worker=cast.amina)
    look(amina, elsewhere, mark=mark)
    assert rows()[0] == (before[0] or 0) + 4
    assert look(amina, case, mark=mark)["mark"] == mark  # it lasts no longer by being used
    sign_in(amina, cast.amina)
    look(amina, case, mark=mark)
    assert db.session.scalar(newest) == Event.CASE_OPENED


@pytest.mark.one_engine
def test_looking_again_waits_for_nobody_who_writes(amina: Reader, case: SupportCase) -> None:
    address = f"/cases/{case.key}/matches/live"
    typed = {"notes": NOTE, "mark": look(amina, case, notes=NOTE)["mark"]}
    somebody = sqlite3.connect(str(db.engine.url.database), isolation_level=None)
    db.session.rollback()
    somebody.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    answer = amina.post(address, data=typed)
    assert (answer.status_code, time.monotonic() - began < BUSY_SECONDS / 2) == (200, True)
    somebody.close()


@pytest.mark.one_engine
def test_the_form_carries_the_mark_of_its_own_opening(amina: Reader, case: SupportCase) -> None:
    page = amina.get(f"/cases/{case.key}/contacts/new").text
    mark = page.split('data-mark="')[1].split('"')[0]
    before = rows()
    look(amina, case, notes=NOTE, mark=mark)
    assert rows() == before


@pytest.mark.one_engine
def test_only_those_who_may_open_the_case_are_answered(client: Reader, cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    address = f"/cases/{case.key}/matches/live"
    sign_in(client, cast.cath)
    assert client.post(address, data={"notes": NOTE}).status_code == 404
    sign_in(client, cast.ben)
    asked_why = client.post(address, data={"notes": NOTE})
    assert (asked_why.status_code, asked_why.is_json) == (403, False)
    client.post(f"/cases/{case.key}/cover", data={"reason": "joint_work"})
    assert look(client, case, notes=NOTE)["line"]


@pytest.mark.one_engine
def test_words_about_danger_give_way_to_safety_and_never_to_a_list(
    amina: Reader, case: SupportCase, allotment: Service
) -> None:
    told = look(amina, case, notes=f"{NOTE} He said he can’t go on.", talk=allotment.key)
    assert told["crisis"] == ["can’t go on"]
    assert "Safety comes first" in told["list"]
    assert ("fits__why" in told["list"], told["line"]) == (False, "Activities that fit")
    assert ticked(told["list"]) == [allotment.key]  # what somebody marked is not lost by it
    page = save(amina, case, notes="He can’t go on.", suggest="yes").text
    assert "Is anybody in danger?" in page
    assert "fits__why" not in page


@pytest.mark.one_engine
@pytest.mark.parametrize("words", ["suicidal", "suicide", "self harm"])
def test_danger_is_no_need_to_search_with(amina: Reader, case: SupportCase, words: str) -> None:
    for typed in ({"words": words}, {"words": words, "adding": "yes"}):
        told = look(amina, case, notes=NOTE, **typed)
        assert (bool(told["crisis"]), "fits__why" in told["list"]) == (True, False)
        assert ticked("".join(html for _, html in told["chips"])) == []
    assert "if somebody is in danger now, call 999." in told["unknown"]
    told = look(amina, case, notes=NOTE, yes="crisis")
    assert (told["crisis"], "fits__why" in told["list"]) == (["crisis support"], False)
    saved = save(amina, case, words=words, yes="crisis")
    assert (saved.status_code, answers(case), rows()[2]) == (303, {}, 1)
    assert saved.location.startswith("/alarms/")
    page = read(amina.get(saved.location).text).text
    assert f"“{words}”, “crisis support” was not taken for a need: if somebody" in page


@pytest.mark.one_engine
def test_a_yes_counts_and_a_no_does_too(amina: Reader, case: SupportCase) -> None:
    assert "confirmed" in look(amina, case, notes="Nothing.", yes="gardening")["list"]
    told = look(amina, case, notes=NOTE, no="gardening")
    assert "Mill" not in told["list"]
    assert ticked(dict(told["chips"])["gardening"]) == ["gardening"]


@pytest.mark.one_engine
def test_the_list_answers_to_what_is_typed_beside_what_was_confirmed_before(
    amina: Reader, case: SupportCase, cast: Cast
) -> None:
    for name in ("Tea and talk", "Harbour walks", "Old songs", "Quiz night", "Sewing bee"):
        make.service(name=name, concepts={"loneliness": 1.0})
    case.needs.append(CaseNeed(need=Need.LONELINESS, importance=3, seen_at=NOW))
    assert "Mill" not in look(amina, case, notes="Nothing.")["list"]
    told = look(amina, case, notes=NOTE)
    assert told["list"].count("fits__why") == 4
    assert "Mill" in told["list"]


@pytest.mark.one_engine
def test_words_of_ones_own_are_ticked_or_answered_with_what_they_may_mean(
    amina: Reader, case: SupportCase
) -> None:
    told = look(amina, case, words="allotment", adding="yes")
    assert ticked(dict(told["chips"])["gardening"]) == ["gardening"]
    assert ticked(dict(look(amina, case, words="debt", adding="yes")["chips"])["debt"]) == [
        "money_debt"
    ]
    unknown = look(amina, case, words="xylophagous quandary", adding="yes")["unknown"]
    assert "“xylophagous quandary” is not among the needs and interests we know." in unknown


def test_what_is_answered_on_the_page_is_kept_with_the_conversation(
    amina: Reader, case: SupportCase, allotment: Service
) -> None:
    yes, talk = ["gardening", "befriending"], [allotment.key, "no-such-key"]
    saved = save(amina, case, yes=yes, no="loneliness", words="singing", talk=talk)
    assert saved.status_code == 303
    found = answers(case)
    assert found.pop("loneliness") is False
    assert {"gardening", "befriending"} < found.keys()
    assert all(found.values())
    assert [one.service for one in match_answers.to_discuss(case)] == [allotment]
    assert "To talk about Mill" in read(amina.get(saved.location).text).text
    # Somebody to talk to is loneliness, whatever it was called.
    assert db.session.scalars(select(Contact)).one().needs == ["loneliness"]


@pytest.mark.one_engine
def test_a_need_said_no_to_before_and_ticked_now_counts_again(
    amina: Reader, case: SupportCase
) -> None:
    save(amina, case, no=["loneliness"])
    save(amina, case, needs=["loneliness"], once="two")
    assert answers(case) == {"loneliness": True}


@pytest.mark.one_engine
@pytest.mark.parametrize("wrong", [{"minutes": "x"}, {"next_action_on": "2020-01-01"}])
def test_a_form_that_is_refused_keeps_every_answer_and_the_case_none(
    amina: Reader, case: SupportCase, allotment: Service, wrong: dict[str, str]
) -> None:
    refused = save(amina, case, yes="gardening", no="bowls", talk=allotment.key, **wrong)
    assert set(ticked(refused.text)) == {"gardening", "bowls", allotment.key}
    assert (answers(case), match_answers.to_discuss(case)) == ({}, [])


@pytest.mark.one_engine
def test_words_that_nobody_knows_stop_no_note_silently(amina: Reader, case: SupportCase) -> None:
    refused = save(amina, case, words="xylophagous quandary")
    assert refused.status_code == 409
    assert 'value="xylophagous quandary"' in refused.text
    assert "Try another word for it." in read(refused.text).text
    assert save(amina, case, words="").status_code == 303


@pytest.mark.one_engine
def test_a_draft_gives_back_every_answer(
    amina: Reader, case: SupportCase, allotment: Service
) -> None:
    fields = {"notes": [NOTE], "yes": ["singing"], "no": ["gardening"], "talk": [allotment.key]}
    fields |= {"needs": ["food"], "words": ["deb"]}
    content = {"draft": "page-one-key", "version": None, "fields": fields}
    amina.post(f"/cases/{case.key}/drafts/conversation", json=content)
    page = amina.get(f"/cases/{case.key}/contacts/new").text
    assert set(ticked(page)) == {"singing", "gardening", "food", allotment.key}
    assert 'value="deb"' in page  # half a word is not taken for one


@pytest.mark.one_engine
def test_what_is_no_concept_any_more_stops_nobody(amina: Reader, case: SupportCase) -> None:
    codes = ["no-such-thing", "'; drop table service", "<b>", "x" * 65]
    look(amina, case, notes=NOTE, yes=codes, no=codes, talk=codes)
    assert save(amina, case, yes=codes, no=codes, talk=codes).status_code == 303
    assert answers(case) == {}


@pytest.mark.one_engine
def test_a_case_that_has_ended_takes_a_late_note_and_no_answers(
    amina: Reader, cast: Cast, clock: Any
) -> None:
    case = make.case(cast.northside, worker=cast.amina, close_reason="moved", closed_at=clock.now)
    assert save(amina, case, yes="gardening").status_code == 303
    assert answers(case) == {}
    assert "data-fits-line" not in amina.get(f"/cases/{case.key}/contacts/new").text


@pytest.mark.one_engine
@pytest.mark.parametrize("notes", ["", "garden", "garden " * 50_000, "Je veux faire du jardinage."])
def test_any_length_of_note_is_answered(amina: Reader, case: SupportCase, notes: str) -> None:
    assert look(amina, case, notes=notes)["line"]


@pytest.mark.one_engine
def test_what_no_note_can_be_is_refused_before_it_is_read(amina: Reader, case: SupportCase) -> None:
    answer = amina.post(f"/cases/{case.key}/matches/live", data={"notes": "a" * 500_001})
    assert answer.status_code == 413


def test_a_look_asks_the_database_the_same_few_questions_however_much_there_is(
    amina: Reader, case: SupportCase, cast: Cast
) -> None:
    look(amina, case, notes=NOTE)
    with watching() as few:
        look(amina, case, notes=NOTE)
    for number in range(5):
        make.contact(case, by=cast.amina, notes=f"Gardening {number}")
    mark = look(amina, case, notes=NOTE)["mark"]
    with watching() as many:
        look(amina, case, notes=NOTE, yes=["gardening", "singing"], mark=mark)
    assert len(many) <= len(few) <= 12, "\n".join(statement for statement, _ in few)
