"""The pages of tasks, and of the next step."""

import pytest

from linkwork.database import db
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import TODAY
from tests.pages import Reader

# What is kept is asked on both engines: tests/casework/test_tasks.py.
pytestmark = pytest.mark.one_engine


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    """Amina, signed in."""
    sign_in(client, cast.amina)
    return client


def test_a_task_is_promised_done_and_seen_on_the_page_of_the_case(
    amina: Reader, cast: Cast
) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    address = f"/cases/{case.key}/tasks/new"
    assert "Write what is to be done." in amina.post(address, data={}).text
    sent = {"what": "Send the form", "due_on": TODAY.isoformat(), "owner": cast.ben.key}
    for _ in range(2):
        assert amina.post(address, data={**sent, "once": "a"}).status_code == 303
    page = amina.page(f"/cases/{case.key}")
    assert page.text.count("Send the form Due today · Ben Harte") == 1


def test_a_task_of_another_pcns_worker_is_refused_and_what_was_typed_stays(
    amina: Reader, cast: Cast
) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    sent = {"what": "Send the form", "due_on": TODAY.isoformat(), "owner": cast.cath.key}
    refused = amina.post(f"/cases/{case.key}/tasks/new", data=sent)
    assert refused.status_code == 409
    assert "Send the form" in refused.text


def test_a_task_that_is_done_leads_back_to_where_it_was_done(amina: Reader, cast: Cast) -> None:
    task = make.task(make.case(cast.northside, worker=cast.amina))
    assert amina.post(f"/tasks/{task.key}/done?next=/today").location == "/today"
    other = make.task(task.case)
    elsewhere = amina.post(f"/tasks/{other.key}/done?next=//evil.example")
    assert elsewhere.location == f"/cases/{task.case.key}"


def test_a_task_moves_and_is_called_off_on_the_page(amina: Reader, cast: Cast) -> None:
    task = make.task(make.case(cast.northside, worker=cast.amina))
    assert "Send the form" in amina.page(f"/tasks/{task.key}/put-off").text
    sent = {"reason": "in_hand", "until_on": "2026-11-20"}
    assert amina.post(f"/tasks/{task.key}/put-off", data=sent).status_code == 303
    assert "Due Friday" in amina.page(f"/cases/{task.case.key}").text
    amina.post(f"/tasks/{task.key}/cancel")
    db.session.expire_all()
    assert task.cancelled_at is not None


def test_the_task_of_a_colleagues_case_asks_for_a_reason(amina: Reader, cast: Cast) -> None:
    task = make.task(make.case(cast.northside, worker=cast.ben))
    assert amina.post(f"/tasks/{task.key}/done").status_code == 403
    db.session.expire_all()
    assert task.done_at is None


def test_the_next_step_is_booked_without_a_conversation(amina: Reader, cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    address = f"/cases/{case.key}/next-step?next=/today"
    sent = {"what": "Ring about the choir", "due_on": "2026-11-17"}
    refused = amina.post(address, data=sent)
    assert "must be today or later" in refused.text
    assert amina.post(address, data={**sent, "due_on": "2026-11-20"}).location == "/today"
    assert "Ring about the choir" in amina.page(f"/cases/{case.key}").text


def test_a_next_step_that_a_second_window_booked_meanwhile_is_shown_beside_one_s_own(
    client: Reader, cast: Cast
) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    sign_in(client, cast.amina)
    address = f"/cases/{case.key}/next-step"
    seen = {"version": str(case.version), "due_on": "tomorrow"}
    assert f'value="{case.version}"' in client.get(address).text
    first = {**seen, "what": "Ring the club", "once": "a"}
    assert client.post(address, data=first).status_code == 303
    refused = client.post(address, data={**seen, "what": "Ring her sister", "once": "b"})
    assert refused.status_code == 409
    assert "This case was changed while you were writing." in refused.text
    assert "Ring the club" in refused.text
    assert "Ring her sister" in refused.text
    db.session.expire_all()
    assert case.next_action == "Ring the club"
    again = {**seen, "version": str(case.version), "what": "Ring her sister", "once": "c"}
    assert f'value="{case.version}"' in refused.text
    assert client.post(address, data=again).status_code == 303
    db.session.expire_all()
    assert case.next_action == "Ring her sister"
