"""No good, and why: with one press off the list, with another back on it."""

import pytest

from linkwork.casework import match_answers
from linkwork.casework.lexicon import concepts_of
from linkwork.database import db
from linkwork.models import MatchAnswer, RejectReason, SupportCase, service_text
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW
from tests.pages import Reader

HOSTILE = "O'Neill’s <script>alert(1)</script> Garden"


def garden(name: str = "Mill Lane Garden") -> str:
    words = "Gardening on a shared allotment"
    service = make.service(name=name, description=words, concepts=concepts_of("", words, []))
    db.session.flush()
    service_text.reindex([service.id])
    db.session.commit()
    return service.key


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    found = make.case(cast.northside, worker=cast.amina)
    make.contact(found, by=cast.amina, notes="He used to love gardening.")
    db.session.commit()
    return found


def listing(case: SupportCase) -> str:
    return f"/cases/{case.key}/matches/"


def say_no(client: Reader, case: SupportCase, service: str, reason: str, **more: str):
    sent = {"service": service, "reason": reason, "match": "good-1", **more}
    return client.post(f"/cases/{case.key}/matches/no-good", data=sent)


def test_no_good_takes_it_off_says_so_and_can_be_undone_at_once(
    client: Reader, cast: Cast, case: SupportCase
) -> None:
    key = garden(HOSTILE)
    sign_in(client, cast.amina)
    sent = say_no(client, case, key, "too_far")
    page = client.get(sent.location).text
    assert "<script>alert" not in page
    assert "Taken off the list" in page
    assert "too far" in page
    assert "1 you said no to" in page
    assert f'name="service" value="{key}" form="chosen"' not in page
    assert "Say how far they can go" in page
    [answer] = match_answers.rejected(case)
    assert (answer.band, answer.rank, answer.reason) == ("good", 1, RejectReason.TOO_FAR)
    back = client.post(f"/match-answers/{answer.key}/put-back", follow_redirects=True).text
    assert "It is put back" in back
    assert f'value="{key}" form="chosen"' in back
    client.post(f"/match-answers/{answer.key}/put-back")
    assert match_answers.rejected(case) == []


def test_a_double_press_says_no_once_and_own_words_are_kept(
    client: Reader, cast: Cast, case: SupportCase
) -> None:
    key = garden()
    sign_in(client, cast.amina)
    page = client.page(f"/cases/{case.key}/matches/no-good?service={key}&match=good-1")
    assert "Mill Lane Garden" in page.text
    for _ in range(2):
        sent = say_no(client, case, key, "other", words="He’s <b>allergic</b>\0")
    assert db.session.query(MatchAnswer).count() == 1
    assert "He’s &lt;b&gt;allergic" in client.get(sent.location).text


def test_what_was_tried_before_is_not_tried_again_until_it_is_put_back(
    client: Reader, cast: Cast, case: SupportCase
) -> None:
    key = garden()
    sign_in(client, cast.amina)
    say_no(client, case, key, "tried_before")
    assert case.limits["not_again"] == [key]
    [answer] = match_answers.rejected(case)
    client.post(f"/match-answers/{answer.key}/put-back")
    db.session.refresh(case)
    assert not case.limits.get("not_again")


def test_no_good_without_a_known_reason_or_on_an_ended_case_changes_nothing(
    client: Reader, cast: Cast, case: SupportCase
) -> None:
    key = garden()
    sign_in(client, cast.amina)
    for reason in ("because", ""):
        refused = say_no(client, case, key, reason)
        assert (refused.status_code, "Choose why" in refused.text) == (422, reason == "")
    case.closed_at = NOW
    db.session.commit()
    answer = say_no(client, case, key, "cost")
    assert (answer.status_code, "has ended" in answer.text) == (409, True)
    assert db.session.query(MatchAnswer).count() == 0


def test_an_answer_of_another_pcn_is_not_there(client: Reader, cast: Cast) -> None:
    theirs = make.case(cast.southside, worker=cast.cath)
    answer = match_answers.reject(theirs, make.service(), RejectReason.COST, by=cast.cath, at=NOW)
    db.session.commit()
    sign_in(client, cast.amina)
    assert client.post(f"/match-answers/{answer.key}/put-back").status_code == 404
    assert client.get(f"{listing(theirs)}?answered={answer.key}").status_code == 404
    assert say_no(client, theirs, garden(), "cost").status_code == 404
