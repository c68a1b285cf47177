"""What comes before the lists of Today: danger nobody answered, notes not saved, requests."""

from linkwork.casework import alarms, drafts, unfinished
from linkwork.models import Alarm, DraftForm, SupportCase, User
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW
from tests.pages import Reader


def in_danger(case: SupportCase, by: User) -> Alarm:
    contact = make.contact(case, by=by, notes="She said she wants to die.")
    alarm = alarms.listen(contact, by=by, at=NOW)
    assert alarm is not None
    return alarm


def test_words_about_danger_come_to_their_worker_and_to_whoever_gives_out_cases(cast: Cast) -> None:
    mine = in_danger(make.case(cast.northside, worker=cast.amina), cast.amina)
    bens = in_danger(make.case(cast.northside, worker=cast.ben), cast.ben)
    in_danger(make.case(cast.southside, worker=cast.cath), cast.cath)
    assert unfinished.of(cast.amina).alarms == [mine]
    assert unfinished.of(cast.supervisor).alarms == [mine, bens]


def test_what_nobody_saved_comes_to_its_writer_alone(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    words = {"notes": ["Half a sent"]}
    form = DraftForm.CONVERSATION
    drafts.keep(case, form, words, author=cast.amina, key="half-a-note", seen=None, at=NOW)
    assert [draft.key for draft in unfinished.of(cast.amina).drafts] == ["half-a-note"]
    assert unfinished.of(cast.supervisor).drafts == []


def test_requests_of_the_public_are_counted_in_ones_own_pcn(cast: Cast) -> None:
    make.public_referral(cast.northside)
    assert [unfinished.of(u).to_check for u in (cast.amina, cast.cath, cast.dev)] == [1, 0, 0]


def test_today_begins_with_what_is_unfinished(client: Reader, cast: Cast) -> None:
    alarm = in_danger(make.case(cast.northside, worker=cast.amina), cast.amina)
    make.public_referral(cast.northside)
    sign_in(client, cast.amina)
    page = client.page("/today")
    assert "A note has words about danger" in page.text
    assert f'href="/alarms/{alarm.key}"' in client.get("/today").text
    assert "1 request of the public waits for somebody to read" in page.text
