"""The Caldicott guardian’s page: who looked at what, without a word about anybody."""

import pytest
from sqlalchemy import text

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework import audit_trail
from linkwork.database import db
from linkwork.forms.audit_trail import EVENT_LABELS
from linkwork.models import SupportCase
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.pages import Reader


@pytest.fixture
def guardian(client: Reader, cast: Cast) -> Reader:
    return sign_in(client, cast.caldicott)


@pytest.fixture
def case(cast: Cast, clock) -> SupportCase:
    """A case that Amina opened yesterday and Ben today."""
    made = make.case(cast.northside, worker=cast.amina)
    clock.advance(days=-1)
    audit.record(Event.CASE_OPENED, made, by=cast.amina)
    clock.advance(days=1)
    audit.record(Event.CASE_COVERED, made, by=cast.ben, reason="cover", needs=["debt", "food"])
    audit.record(Event.SIGN_IN_FAILED, None, by=None)
    db.session.commit()
    return made


def test_the_trail_says_who_did_what_and_nothing_about_the_person(
    guardian: Reader, case: SupportCase
) -> None:
    page = guardian.page("/audit-trail").text
    assert "Amina Okafor Case opened" in page
    assert "reason: cover; needs: debt, food" in page
    assert "Nobody signed in Sign-in failed" in page
    assert "Quill" not in page
    assert "Rosa" not in page


@pytest.mark.parametrize(
    ("filters", "amina", "ben"),
    [
        ("user={amina}", True, False),
        ("person={person}", True, True),
        ("event=case.covered", False, True),
        ("from_on=2026-11-18", False, True),
        ("until_on=2026-11-17", True, False),
        ("from_on=2026-11-17&until_on=2026-11-17&event=case.opened&user={amina}", True, False),
        ("user=nobody", False, False),
        ("person=nobody", False, False),
        ("event=nonsense&from_on=yesterday&before=x", True, True),
        ("from_on=2026-02-30", True, True),
    ],
)
def test_filters_choose_entries_and_nonsense_chooses_all(
    guardian: Reader, cast: Cast, case: SupportCase, filters: str, amina: bool, ben: bool
) -> None:
    query = filters.format(amina=cast.amina.key, person=case.person.key)
    page = guardian.get(f"/audit-trail?{query}").text
    shown = page[page.find("<tbody>") :] if "<tbody>" in page else ""
    assert ("Amina Okafor" in shown, "Ben Harte" in shown) == (amina, ben)


def test_a_long_trail_is_read_page_by_page(
    guardian: Reader, case: SupportCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_trail, "PAGE", 2)
    first = guardian.page("/audit-trail").text
    assert "Older" in first
    assert "Amina Okafor" not in first
    second = guardian.page("/audit-trail?before=2").text
    assert "Amina Okafor" in second
    assert "Older" not in second


def test_a_whole_trail_says_so_with_the_head_to_note(guardian: Reader, case: SupportCase) -> None:
    head = audit.verify().head
    page = guardian.page("/audit-trail/check").text
    assert "All 3 entries" in page
    assert head in page


def test_a_trail_that_was_changed_says_what_to_do(guardian: Reader, case: SupportCase) -> None:
    db.session.execute(text("UPDATE audit_entry SET user_id = 1 WHERE number = 2"))
    db.session.commit()
    page = guardian.page("/audit-trail/check").text
    assert "The trail is not whole" in page
    assert "Entry 2 was changed after it was written." in page


@pytest.mark.one_engine
def test_every_event_has_a_label_in_plain_words() -> None:
    assert set(EVENT_LABELS) == set(Event)
