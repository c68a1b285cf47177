"""The page of today: each row one step from what settles it, and what is put off."""

import pytest

from linkwork.models import CaseNeed, Need
from tests import cast as make
from tests.casework.test_today import DAY
from tests.cast import Cast, sign_in
from tests.conftest import NOW, TODAY
from tests.pages import Reader
from tests.statements import watching


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    """Amina, signed in."""
    sign_in(client, cast.amina)
    return client


def test_today_is_the_home_of_those_who_work_cases(client: Reader, cast: Cast) -> None:
    for who, home in (
        (cast.amina, "Today"),
        (cast.supervisor, "Today"),
        (cast.dev, "Our referrals"),
    ):
        sign_in(client, who)
        assert home in client.page("/").headings[0]


def test_an_empty_day_says_what_else_there_is(client: Reader, cast: Cast) -> None:
    sign_in(client, cast.supervisor)
    assert "Nothing wants you today" in client.page("/today").text


def test_each_row_leads_to_the_form_that_settles_it(amina: Reader, cast: Cast) -> None:
    new = make.case(cast.northside, worker=cast.amina)
    late = make.case(cast.northside, opened_at=NOW - 40 * DAY)
    talked = {"worker": cast.amina, "first_conversation_at": NOW}
    due = make.case(cast.northside, **talked, next_action="Ring", next_action_on=TODAY - DAY)
    unbooked = make.case(cast.northside, **talked)
    make.contact(unbooked, by=cast.amina)
    task = make.task(due)
    silent = make.onward_referral(due, by=cast.amina, sent_at=NOW - 12 * DAY)
    found = amina.page("/today")
    for address in (
        f"/cases/{new.key}/contacts/new",
        f"/cases/{late.key}/accept",
        f"/cases/{due.key}/contacts/new",
        f"/cases/{unbooked.key}/next-step?next=/today",
        f"/tasks/{task.key}/done?next=/today",
        f"/onward-referrals/{silent.key}",
        f"/today/put-off/new/{new.key}",
        f"/today/put-off/task/{task.key}",
        f"/today/put-off/silent/{silent.key}",
    ):
        assert address in found.values, address
    for words in ("Ring . Overdue by 1 day", "was asked 12 days ago", "Talked once"):
        assert words in found.text


def test_the_header_says_how_full_one_is_and_when_there_is_room(amina: Reader, cast: Cast) -> None:
    make.case(cast.northside, worker=cast.amina, complexity="complex", next_action_on=TODAY + DAY)
    assert "1.75 of 0 points, 1 person. No room at present." in amina.page("/today").text
    make.post(cast.amina)
    assert "1.75 of 40 points, 1 person. Next free start Friday." in amina.page("/today").text


def test_a_long_list_shows_ten_and_the_rest_when_asked(amina: Reader, cast: Cast) -> None:
    for _ in range(12):
        make.case(cast.northside, worker=cast.amina)
    shown = amina.page("/today")
    assert "Show all 12" in shown.text
    assert shown.text.count("Yours since") == 10
    everything = amina.page("/today?show=new")
    assert everything.text.count("Yours since") == 12
    assert amina.page("/today?show=nonsense").text.count("Yours since") == 10


def test_a_row_is_put_off_with_a_reason_and_brought_back(amina: Reader, cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    address = f"/today/put-off/new/{case.key}"
    assert "Choose why this is put off" in amina.post(address, data={}).text
    sent = {"reason": "away", "until_on": (TODAY + 3 * DAY).isoformat(), "once": "a"}
    assert amina.post(address, data=sent).location == "/today"
    page = amina.page("/today")
    assert "Put off (1)" in page.text
    assert "New for me. They are away or in hospital. Comes back Saturday." in page.text
    amina.post(f"/today/bring-back/new/{case.key}")
    assert "Yours since" in amina.page("/today").text


def test_only_ones_own_supervision_is_put_off(amina: Reader, cast: Cast) -> None:
    address = "/today/put-off/supervision/"
    assert "Supervision due" in amina.page(address + cast.amina.key).headings[0]
    sent = {"reason": "in_hand", "until_on": (TODAY + 3 * DAY).isoformat()}
    assert amina.post(address + cast.amina.key, data=sent).status_code == 303
    assert "Nothing wants you today" in amina.page("/today").text
    assert amina.get(address + cast.ben.key).status_code == 404
    assert amina.get(f"/today/put-off/nothing/{cast.amina.key}").status_code == 404


def test_a_name_that_is_code_stays_a_name(amina: Reader, cast: Cast) -> None:
    person = make.person("<img src=x onerror=alert(1)>", "O'Quill")
    make.case(cast.northside, worker=cast.amina, person=person)
    answer = amina.get("/today")
    assert "<img" not in answer.text


def counted(reader: Reader, address: str) -> int:
    reader.page(address)
    with watching() as asked:
        reader.page(address)
    return len(asked)


def test_the_page_asks_at_most_nine_things_besides_what_every_page_asks(
    amina: Reader, cast: Cast
) -> None:
    for _ in range(12):
        case = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW)
        case.needs.append(CaseNeed(need=Need.FOOD, seen_at=NOW))
        make.contact(case, by=cast.amina)
        make.task(case)
        make.onward_referral(case, by=cast.amina, sent_at=NOW - 20 * DAY)
        make.case(cast.northside, opened_at=NOW - 40 * DAY)
    assert counted(amina, "/today") - counted(amina, "/help") <= 9
