"""The pages of handing over, and what an administrator sees of it."""

import pytest

from linkwork import clock
from linkwork.casework import drafts
from linkwork.database import db
from linkwork.models import DraftForm, SupportCase
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.pages import Reader

# What is kept is asked on both engines: tests/casework/test_handover.py.
pytestmark = pytest.mark.one_engine


@pytest.fixture
def supervisor(client: Reader, cast: Cast) -> Reader:
    """The supervisor, signed in."""
    sign_in(client, cast.supervisor)
    return client


def hers(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina, person=make.person(practice=cast.birch))


def test_an_administrator_sees_the_numbers_and_no_name(client: Reader, cast: Cast) -> None:
    hers(cast)
    sign_in(client, cast.admin)
    refused = client.post(f"/users/{cast.amina.key}/disable")
    assert refused.location == f"/users/{cast.amina.key}#left"
    page = client.page(f"/users/{cast.amina.key}")
    assert "still has 1 open case. A supervisor of their PCN" in page.text
    assert "Quill" not in page.text
    assert "Hand over their cases" not in page.text
    db.session.expire_all()
    assert cast.amina.disabled_at is None
    assert client.get(f"/handover/{cast.amina.key}").status_code == 403


def test_a_supervisor_hands_everybody_over_and_then_the_account_is_disabled(
    supervisor: Reader, cast: Cast
) -> None:
    case = hers(cast)
    address = f"/handover/{cast.amina.key}"
    assert "1 open case" in supervisor.page(address).text
    sent = {"everybody": cast.ben.key, "note": "Ring in the morning.", "once": "a"}
    for _ in range(2):
        assert supervisor.post(address, data=sent).location == "/handover"
    assert "One case handed over." in supervisor.page("/handover").text
    assert "Nothing is left to hand over" in supervisor.page(address).text
    sign_in(supervisor, cast.ben)
    page = supervisor.page(f"/cases/{case.key}")
    assert "From Amina Okafor to Ben Harte" in page.text
    assert "Ring in the morning." in page.text
    sign_in(supervisor, cast.admin)
    supervisor.post(f"/users/{cast.amina.key}/disable")
    db.session.expire_all()
    assert cast.amina.disabled_at is not None


def test_what_was_chosen_stays_when_somebody_has_nobody_yet(supervisor: Reader, cast: Cast) -> None:
    one, two = hers(cast), hers(cast)
    address = f"/handover/{cast.amina.key}"
    sent = {f"case-{one.key}": cast.ben.key, "note": "Ring in the morning."}
    refused = supervisor.post(address, data=sent)
    assert refused.status_code == 409
    assert "Nobody is chosen yet for one person" in refused.text
    assert refused.text.count(f'selected value="{cast.ben.key}"') == 1
    assert "Ring in the morning." in refused.text
    sent |= {f"practice-{cast.birch.key}": cast.supervisor.key, "once": "a"}
    assert supervisor.post(address, data=sent).status_code == 303
    db.session.expire_all()
    assert (one.worker_id, two.worker_id) == (cast.ben.id, cast.supervisor.id)


def test_a_handover_needs_a_note_and_a_colleague_of_the_pcn(supervisor: Reader, cast: Cast) -> None:
    hers(cast)
    address = f"/handover/{cast.amina.key}"
    said = supervisor.post(address, data={"everybody": cast.ben.key})
    assert "Write what the new worker should know." in said.text
    for other in (cast.cath, cast.amina):
        refused = supervisor.post(address, data={"everybody": other.key, "note": "x"})
        assert refused.status_code == 409


def test_unsaved_notes_are_put_on_the_case_by_the_supervisor(
    supervisor: Reader, cast: Cast
) -> None:
    case = hers(cast)
    case.worker = cast.ben
    drafts.keep(
        case,
        DraftForm.CONVERSATION,
        {"notes": ["She lives alone."]},
        author=cast.amina,
        key="a" * 12,
        seen=None,
        at=clock.now(),
    )
    db.session.commit()
    page = supervisor.page(f"/handover/{cast.amina.key}")
    assert "1 unsaved note" in page.text
    assert "She lives alone." not in page.text
    assert "Who takes everybody" not in page.text
    assert supervisor.post(f"/handover/{cast.amina.key}/unsaved").location == "/handover"
    assert "Nothing is left to hand over" in supervisor.page(f"/handover/{cast.amina.key}").text
    sign_in(supervisor, cast.ben)
    shown = supervisor.page(f"/cases/{case.key}").text
    assert "Unsaved note of Amina Okafor" in shown
    assert "She lives alone." in shown
