"""How suggestions fare, on the page and in a file: with none, one and many, and who sees what."""

import csv
import io
import re

import pytest

from linkwork.casework import match_answers
from linkwork.database import db
from linkwork.models import CaseInterest, RejectReason, Role, Service, UserRole
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW
from tests.pages import Reader

FAR, NOT_FOR_THEM = RejectReason.TOO_FAR, RejectReason.NOT_FOR_THEM


@pytest.fixture
def allotment(cast: Cast) -> Service:
    """An activity whose entry says little, with a name that a page must not believe."""
    return make.service("=Allotment <b>", concepts={"gardening": 1.0})


def rejected(cast: Cast, service: Service, reason: RejectReason, times: int) -> None:
    for _ in range(times):
        case = make.case(cast.northside, worker=cast.amina)
        case.interests = [CaseInterest(concept="gardening", confirmed=True)]
        match_answers.reject(case, service, reason, by=cast.amina, at=NOW)
    db.session.commit()


def accepted(cast: Cast, service: Service, times: int, *, went: int) -> None:
    for number in range(times):
        case = make.case(cast.northside, worker=cast.amina)
        onward = make.onward_referral(
            case, by=cast.amina, service=service, first_attended_at=NOW if number < went else None
        )
        match_answers.accept(onward, by=cast.amina, at=NOW)
    db.session.commit()


@pytest.mark.one_engine
def test_with_nothing_answered_it_says_what_will_be_counted(client: Reader, cast: Cast) -> None:
    sign_in(client, cast.editor)
    page = client.page("/quality").text
    assert "No suggestion has been answered yet." in page
    assert "<table" not in page


def test_the_editor_sees_no_small_number_and_what_to_put_right(
    client: Reader, cast: Cast, allotment: Service
) -> None:
    rejected(cast, allotment, NOT_FOR_THEM, 10)
    rejected(cast, allotment, FAR, 1)
    accepted(cast, allotment, 20, went=18)
    sign_in(client, cast.editor)
    page = client.page("/quality").text
    assert "In twelve months 31 suggestions were answered: 65% were taken up (20 of 31" in page
    assert "18 of 20" not in page, "those who did not go are two"
    assert "(10 or more)" in page
    assert "too far" not in page.lower()
    assert "Age limit not stated" in page
    assert f"/services/{allotment.key}/edit" in client.get("/quality").text
    assert "Amina" not in page


def test_one_who_may_see_the_people_sees_every_number(
    client: Reader, cast: Cast, allotment: Service
) -> None:
    db.session.add(UserRole(user_id=cast.amina.id, role=Role.DIRECTORY_EDITOR))
    db.session.commit()
    db.session.refresh(cast.amina)
    rejected(cast, allotment, FAR, 1)
    sign_in(client, cast.amina)
    page = client.page("/quality").text
    assert "In twelve months 1 suggestion was answered: 0% were taken up (0 of 1" in page
    assert "Too far (1)" in page
    assert "Place not stated" in page
    assert "7 or fewer" not in page


@pytest.mark.one_engine
def test_little_taken_up_is_said_of_a_concept(
    client: Reader, cast: Cast, allotment: Service
) -> None:
    rejected(cast, allotment, FAR, 12)
    sign_in(client, cast.editor)
    page = client.page("/quality").text
    assert "There is little that people take up for gardening" in page
    assert "Little taken up" in page


@pytest.mark.one_engine
def test_the_file_holds_the_same_and_no_formula(
    client: Reader, cast: Cast, allotment: Service
) -> None:
    rejected(cast, allotment, FAR, 13)
    sign_in(client, cast.editor)
    response = client.get("/quality/quality.csv")
    assert response.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    assert [row["Of"] for row in rows] == ["Month"] * 12 + ["Concept", "Activity"]
    assert rows[-1]["Name"] == "'=Allotment <b>"
    assert [row["Too far"] for row in (rows[11], rows[-1])] == ["", "10 or more"]


@pytest.mark.one_engine
def test_what_was_taken_up_is_not_found_by_subtracting_the_reasons(
    client: Reader, cast: Cast, allotment: Service
) -> None:
    rejected(cast, allotment, FAR, 16)
    accepted(cast, allotment, 4, went=0)
    sign_in(client, cast.editor)
    page, file = client.page("/quality").text, client.get("/quality/quality.csv").text
    assert "Too few suggestions were answered" in page
    assert not {"4", "16", "20"} & {*re.findall(r"\d+", page.split("Month by month")[0])}
    assert not {"4", "20"} & {*file.replace("\r\n", ",").split(",")}


@pytest.mark.one_engine
def test_a_need_of_few_people_is_not_named(client: Reader, cast: Cast, allotment: Service) -> None:
    rejected(cast, allotment, FAR, 7)
    sign_in(client, cast.editor)
    page = client.page("/quality").text
    assert "gardening" not in page.lower()
    assert "And 1 more, of too few people to be named." in page
    assert "Gardening" not in client.get("/quality/quality.csv").text
