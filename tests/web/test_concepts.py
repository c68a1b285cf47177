"""The words we know: listed, shown, and tried out on a note that nobody keeps."""

import logging
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from linkwork.casework.lexicon import concepts_of, lexicon
from linkwork.database import db
from linkwork.models import AuditEntry, Draft, Submission
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.pages import Reader

NOTE = "Her son loves the allotment. She hates gardening. Ivy Rose misses the compost heap."


def try_out(client: Reader, **typed: str) -> str:
    page = client.post("/concepts/try", data=typed)
    assert page.status_code == 200
    return page.text


def test_every_concept_is_listed_with_how_many_activities_carry_it(
    client: Reader, cast: Cast
) -> None:
    make.service("Mill Lane Allotment", concepts=concepts_of("Mill Lane Allotment", "", []))
    sign_in(client, cast.editor)
    page = client.get("/concepts").text
    assert f"{len(lexicon().concepts)} concepts" in page
    row = page.split('/concepts/gardening"')[1].split("</tr>")[0]
    assert ">1<" in row


@pytest.mark.one_engine
def test_a_list_is_narrowed_by_words_and_by_kind(client: Reader, cast: Cast) -> None:
    sign_in(client, cast.dev)
    found = client.get("/concepts?q=allotment").text
    assert "/concepts/gardening" in found
    assert "/concepts/debt" not in found
    groups = client.get("/concepts?kind=group").text
    assert "/concepts/veterans" in groups
    assert "/concepts/gardening" not in groups
    assert "Nothing is known by these words" in client.get("/concepts?q=zzzz").text


@pytest.mark.one_engine
def test_a_concept_shows_its_words_and_who_carries_it(client: Reader, cast: Cast) -> None:
    make.service("Mill Lane <i>Allotment", concepts=concepts_of("Mill Lane Allotment", "", []))
    sign_in(client, cast.editor)
    page = client.get("/concepts/gardening").text
    assert "allotment*" in page
    assert "Mill Lane &lt;i&gt;Allotment" in page
    assert client.get("/concepts/nothing-of-the-kind").status_code == 404


@pytest.mark.one_engine
def test_a_note_shows_what_is_heard_and_what_is_not_and_why(client: Reader, cast: Cast) -> None:
    sign_in(client, cast.editor)
    page = try_out(client, note=NOTE)
    assert "<mark>compost</mark>" in page
    assert "<mark>allotment</mark>" not in page
    assert "said of somebody else" in page
    assert "said not to be wanted" in page
    assert page.index("What would be proposed") < page.rindex("“compost”")


@pytest.mark.one_engine
def test_a_phrase_is_tried_alone_and_the_proposal_has_it(client: Reader, cast: Cast) -> None:
    sign_in(client, cast.editor)
    note = "He is always at the tiddlywinks."
    assert "Nothing." in try_out(client, note=note)
    page = try_out(client, note=note, phrase="tiddlywink*", concept="games")
    assert "<mark>tiddlywinks</mark>" in page
    assert "/concepts/games" in page.split("What would be proposed")[1]


def test_a_phrase_says_which_activities_it_would_newly_find(client: Reader, cast: Cast) -> None:
    make.service("Quoits at the Plough", concepts={})
    make.service("Golf and quoits", concepts={"golf": 1.0})
    sign_in(client, cast.editor)
    page = try_out(client, phrase="quoit*", concept="golf")
    assert "1 activity" in page
    assert "Quoits at the Plough" in page
    assert "1 already does" in page
    assert "Golf and quoits" not in page
    make.service("Riverside Café", concepts={})
    assert "Riverside Café" in try_out(client, phrase="cafe")


@pytest.mark.parametrize(("people", "told"), [(7, "fewer than 8"), (8, "<strong>8</strong>")])
def test_people_of_ones_own_cases_are_counted_and_not_below_eight(
    client: Reader, cast: Cast, people: int, told: str
) -> None:
    for _ in range(people):
        ours = make.case(cast.northside, worker=cast.amina)
        for _ in range(2):
            make.contact(ours, by=cast.amina, notes="Talked of the Quoits club.")
    theirs = make.case(cast.northside, worker=cast.ben)
    make.contact(theirs, by=cast.ben, notes="Quoits again.")
    sign_in(client, cast.amina)
    assert told in try_out(client, phrase="quoit*")
    counted = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "notes.counted"))
    [entry] = counted.all()
    assert "uoit" not in str(entry.details)
    sign_in(client, cast.editor)
    assert "In your own notes" not in try_out(client, phrase="quoit*")


@pytest.mark.one_engine
def test_a_trial_waits_for_no_writer_and_looks_for_no_scrap_of_a_word(
    app: Flask, client: Reader, cast: Cast
) -> None:
    view: Any = app.view_functions["concepts.trial"]
    assert view.reads_only
    sign_in(client, cast.amina)
    page = try_out(client, note="Up at six.", phrase="up _ at")
    assert "In your own notes" not in page
    assert "In the directory" not in page


@pytest.mark.one_engine
def test_what_is_typed_is_neither_kept_nor_logged(
    client: Reader, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(client, cast.amina)
    entries = len(db.session.scalars(select(AuditEntry)).all())
    with caplog.at_level(logging.DEBUG):
        page = client.post("/concepts/try", data={"note": "A secret about quoits", "phrase": "q"})
    assert page.status_code == 200
    assert "secret" not in caplog.text
    assert len(db.session.scalars(select(AuditEntry)).all()) == entries
    assert db.session.scalars(select(Submission)).all() == []
    assert db.session.scalars(select(Draft)).all() == []


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("", "Write a note, a phrase, or both"),
        ("the", "found in too much"),
        ("!!", "no word in it"),
    ],
)
@pytest.mark.one_engine
def test_a_phrase_that_cannot_be_is_refused_with_what_to_do(
    client: Reader, cast: Cast, phrase: str, said: str
) -> None:
    sign_in(client, cast.editor)
    page = client.post("/concepts/try", data={"phrase": phrase})
    assert page.status_code == 422
    assert said in page.text
