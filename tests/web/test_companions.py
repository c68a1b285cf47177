"""Who goes along the first time, arranged and done on the page of an onward referral."""

from datetime import timedelta

import pytest

from linkwork.models import OnwardReferral
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW
from tests.pages import Reader

DAY = timedelta(days=1)


@pytest.fixture
def onward(client: Reader, cast: Cast) -> OnwardReferral:
    """One that was sent, of a case of Amina’s, who is signed in."""
    sign_in(client, cast.amina)
    case = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - 5 * DAY)
    return make.onward_referral(case, by=cast.amina, agreed_at=NOW - 4 * DAY, sent_at=NOW - 3 * DAY)


def test_a_colleague_goes_along_and_it_is_told_in_the_case(
    client: Reader, onward: OnwardReferral, cast: Cast
) -> None:
    page = f"/onward-referrals/{onward.key}"
    typed = {"companion": cast.ben.key, "accompanied_on": "2026-11-18"}
    assert client.post(f"{page}/companion", data=typed).status_code == 303
    assert "Ben Harte goes along on 18 November 2026." in client.page(page).text
    assert client.post(f"{page}/companion/done").status_code == 303
    assert "Ben Harte went along on 18 November 2026." in client.page(page).text
    assert client.post(f"{page}/companion/done").status_code == 409
    assert "Somebody went along to Riverside choir" in client.page(f"/cases/{onward.case.key}").text


def test_a_volunteer_is_named_and_may_be_called_off(client: Reader, onward: OnwardReferral) -> None:
    page = f"/onward-referrals/{onward.key}"
    typed = {"companion_name": "Jo from church", "accompanied_on": "2026-11-20"}
    assert client.post(f"{page}/companion", data=typed).status_code == 303
    assert "Jo from church goes along" in client.page(page).text
    assert "They went together" not in client.page(page).text
    assert client.post(f"{page}/companion/call-off").status_code == 303
    assert "Jo from church" not in client.page(page).text


def test_somebody_of_another_pcn_cannot_be_named(
    client: Reader, onward: OnwardReferral, cast: Cast
) -> None:
    page = f"/onward-referrals/{onward.key}"
    assert "Cath Doyle" not in client.get(page).text
    typed = {"companion": cast.cath.key, "accompanied_on": "2026-11-20"}
    refused = client.post(f"{page}/companion", data=typed)
    assert refused.status_code == 409
    assert "Choose somebody of your PCN" in refused.text


def test_on_the_day_whoever_goes_along_and_the_worker_read_it_in_today(
    client: Reader, onward: OnwardReferral, cast: Cast
) -> None:
    typed = {"companion": cast.ben.key, "accompanied_on": "2026-11-18"}
    client.post(f"/onward-referrals/{onward.key}/companion", data=typed)
    for user in (cast.amina, cast.ben):
        sign_in(client, user)
        assert "Ben Harte to Riverside choir . Due today" in client.page("/today/").text
    sign_in(client, cast.supervisor)
    assert "Ben Harte to" not in client.page("/today/").text
