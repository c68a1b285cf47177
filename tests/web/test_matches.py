"""Activities for a case: what is heard, confirmed, asked, shown and left out."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from linkwork.casework import interests
from linkwork.casework.lexicon import concepts_of
from linkwork.database import db
from linkwork.models import Provider, Schedule, Service, service_text
from tests import cast as people
from tests.cast import sign_in
from tests.conftest import NOW, TODAY
from tests.pages import read
from tests.statements import watching

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


@pytest.mark.one_engine
def test_yes_to_several_at_once_leaves_out_what_is_sensitive(amina, case, cast):
    people.contact(case, by=cast.amina, notes="He drinks a bottle of whisky a day. In debt.")
    db.session.commit()
    page = amina.get(address(case)).text

    assert "Alcohol" in page
    values = re.search(r'value="([^"]* [^"]*)"[^>]*>Yes to these', page)[1].split()
    assert "gardening" in values
    assert "alcohol" not in values
    assert re.search('name="yes"[^>]*value="alcohol"', page)


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
    amina.post(address(case, "/needs"), data={"no": "gardening"})

    assert "“gardening”" not in amina.get(address(case)).text


def test_another_pcns_worker_finds_nothing(client, cast, case):
    sign_in(client, cast.cath)

    assert client.get(address(case)).status_code == 404
    assert client.post(address(case, "/needs"), data={"words": "debt"}).status_code == 404


def test_a_colleague_is_asked_for_a_reason_first(client, cast, case):
    sign_in(client, cast.ben)

    assert "/cover" in client.get(address(case)).location


def test_one_press_says_yes_or_no_to_what_was_heard(amina, case):
    amina.post(address(case, "/needs"), data={"yes": "gardening bereavement", "once": "1"})
    amina.post(address(case, "/needs"), data={"no": "bereavement", "once": "2"})

    said = {i.concept: i.confirmed for i in case.interests}
    assert said == {"gardening": True, "bereavement": False}


def test_a_slip_of_the_keys_is_kept_and_answered_with_what_was_meant(amina, case):
    sent = {"words": "gardning <b>", "once": "1"}
    answer = amina.post(address(case, "/needs"), data=sent)

    assert 'value="gardning &lt;b&gt;"' in answer.text
    assert "Did you mean" in answer.text
    assert '<input type="hidden" name="yes" value="gardening">' in answer.text


@pytest.mark.parametrize("words", ["suicidal", "Self harm", "suicide", "wants to end it all"])
def test_words_of_danger_open_what_to_do_and_no_list(amina, case, words):
    answer = amina.post(address(case, "/needs"), data={"words": words, "once": "1"})

    assert (answer.status_code, case.interests) == (409, [])
    assert "Is anybody in danger?" in answer.text
    assert "call 999" in answer.text
    assert "Did you mean" not in answer.text
    assert 'class="match"' not in answer.text


def test_help_after_a_death_by_suicide_can_be_asked_for_by_its_name(amina, case):
    amina.post(address(case, "/needs"), data={"words": "Loss by suicide", "once": "1"})

    assert [i.concept for i in case.interests] == ["suicide_bereavement"]


def test_nobody_answers_for_a_case_that_ended_in_another_tab(amina, case):
    case.closed_at = NOW
    db.session.commit()
    answer = amina.post(address(case, "/needs"), data={"yes": "gardening", "once": "1"})

    assert answer.status_code == 409
    assert "has ended" in answer.text


def test_the_same_answer_from_two_tabs_is_one(amina, case):
    for once in ("1", "1", "2"):
        amina.post(address(case, "/needs"), data={"yes": "gardening", "once": once})

    assert [i.concept for i in case.interests] == ["gardening"]


def test_a_directory_of_none_says_what_to_do_and_offers_the_gap(client, cast):
    empty = people.case(cast.northside, worker=cast.amina)
    empty.person.postcode = None
    sign_in(client, cast.amina)
    page = read(client.get(address(empty)).text).text

    assert "Nothing fits yet" in page
    assert "Should there be something?" in page
    assert "postcode is not known" in page


def test_poor_matches_alone_leave_the_gap_to_be_noted(amina, case):
    assert "Should there be something?" not in amina.get(address(case)).text
    service = db.session.scalars(select(Service)).one()
    service.concepts, service.name, service.description = {"nature": 1.0}, "Pond", "Ponds"
    service_text.reindex([service.id])
    db.session.commit()
    page = read(amina.get(address(case)).text).text

    assert "Possible" in page
    assert "Good matches" not in page
    assert "Should there be something?" in page


def test_what_is_left_out_stands_under_its_reason_each_with_its_own(amina, case):
    service = db.session.scalars(select(Service)).one()
    service.minimum_age = 99
    db.session.commit()
    page = read(amina.get(address(case)).text).text

    assert "1 for another age" in page
    assert "Mill Lane <b>Allotment</b> : aged 99 and over" in page


def test_the_page_asks_the_database_the_same_however_many_services_fit(amina, case):
    def questions():
        amina.get(address(case))
        db.session.expire_all()
        with watching() as asked:
            amina.get(address(case))
        return [statement for statement, _ in asked]

    few = questions()
    for number in range(12):
        made = people.service(name=f"Garden {number}", concepts={"gardening": 1.0})
        made.provider = Provider(name=f"Provider {number}")
    db.session.commit()

    # case, person, needs, interests, referrals, notes, concerns, the directory’s stamp, words, our
    # open referrals, limits of an earlier episode, answers of two kinds, and room where they fit.
    assert len(few) <= 16, "\n".join(few)
    assert len(questions()) == len(few)


def test_activities_can_stand_by_how_soon_somebody_could_begin(amina, case, cast):
    words = "Gardening on a shared allotment"
    for name, weekday in (("Later Plot", None), ("Friday Plot", "FR")):
        plot = people.service(name=name, description=words, concepts=concepts_of("", words, []))
        db.session.add(
            Schedule(
                service_id=plot.id,
                byday=weekday or "FR",
                freq="WEEKLY",
                valid_from=None if weekday else TODAY + timedelta(days=40),
            )
        )
        service_text.reindex([plot.id])
    interests.confirm(case, "gardening", by=cast.amina, at=NOW)
    db.session.commit()

    page = read(amina.get(address(case, "/?order=day")).text).text

    order = ["Now: within a week", "Friday Plot", "Longer", "Later Plot", "No day stated", "Mill"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert "Now: within a week" not in read(amina.get(address(case, "/")).text).text
