"""Drafts: nothing that was typed is lost, and nothing takes the place of something else."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from linkwork.casework import contacts, drafts
from linkwork.casework.contacts import Conversation
from linkwork.casework.drafts import Kept
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import AuditEntry, Contact, ContactMode, Draft, DraftForm, SupportCase, User
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW

TALK = DraftForm.CONVERSATION
PAGE, OTHER_PAGE = "first-page", "other-page"


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina)


def keep(
    case: SupportCase,
    by: User,
    notes: str,
    *,
    key: str = PAGE,
    seen: int | None = None,
    at: datetime = NOW,
    **fields: list[str],
) -> Kept:
    said = {"notes": [notes], **fields}
    return drafts.keep(case, TALK, said, author=by, key=key, seen=seen, at=at)


def save(case: SupportCase, by: User, notes: str, key: str | None = PAGE) -> Contact:
    said = Conversation(mode=ContactMode.PHONE, minutes=5, notes=notes)
    contact = contacts.record(case, said, by=by, at=NOW, now=NOW)
    drafts.saved(contact, TALK, key, author=by)
    return contact


def texts(case: SupportCase, by: User) -> list[str]:
    return [draft.fields["notes"][0] for draft in drafts.of(case, TALK, author=by)]


def version(kept: Kept) -> int:
    assert kept.draft is not None
    return kept.version


def test_what_is_typed_on_takes_the_place_of_what_was_typed(case: SupportCase, cast: Cast) -> None:
    first = keep(case, cast.amina, "She")
    keep(case, cast.amina, "She sings", seen=version(first))
    assert texts(case, cast.amina) == ["She sings"]


def test_what_was_deleted_on_the_same_page_is_deleted(case: SupportCase, cast: Cast) -> None:
    first = keep(case, cast.amina, "She sings")
    keep(case, cast.amina, "He", seen=version(first))
    assert texts(case, cast.amina) == ["He"]


def test_a_draft_is_read_by_its_author_alone(case: SupportCase, cast: Cast) -> None:
    keep(case, cast.amina, "Hers")
    keep(case, cast.ben, "His", key=OTHER_PAGE)
    assert texts(case, cast.amina) == ["Hers"]
    assert [draft.user for draft in drafts.of_user(cast.ben)] == [cast.ben]
    assert list(drafts.of_user(cast.supervisor)) == []


def test_a_page_cannot_write_over_the_draft_of_somebody_else(case: SupportCase, cast: Cast) -> None:
    kept = keep(case, cast.amina, "Hers")
    keep(case, cast.ben, "His", key=PAGE, seen=version(kept))
    assert (texts(case, cast.amina), texts(case, cast.ben)) == (["Hers"], ["His"])


def test_of_two_windows_that_write_at_once_both_texts_are_kept_and_named(
    case: SupportCase, cast: Cast
) -> None:
    read = version(keep(case, cast.amina, "Common"))
    keep(case, cast.amina, "Common, from the desk", seen=read)
    kept = keep(case, cast.amina, "Common, from the phone", seen=read)
    assert kept.draft is not None
    assert kept.draft.key != PAGE
    assert [other.fields["notes"] for other in kept.beside] == [["Common, from the desk"]]
    assert sorted(texts(case, cast.amina)) == ["Common, from the desk", "Common, from the phone"]


def test_a_window_that_holds_all_the_other_wrote_goes_on_with_it(
    case: SupportCase, cast: Cast
) -> None:
    """The answer to the first was lost on its way: the page never learnt the version."""
    keep(case, cast.amina, "She sings")
    keep(case, cast.amina, "She sings\r\nand plays")
    assert texts(case, cast.amina) == ["She sings\r\nand plays"]


def test_a_copy_that_arrives_late_changes_nothing(case: SupportCase, cast: Cast) -> None:
    read = version(keep(case, cast.amina, "She"))
    keep(case, cast.amina, "She sings", seen=read)
    keep(case, cast.amina, "She", seen=read)
    assert texts(case, cast.amina) == ["She sings"]


def test_saving_lets_go_of_the_draft_and_of_copies_that_hold_no_more(
    case: SupportCase, cast: Cast
) -> None:
    keep(case, cast.amina, "She sings")
    keep(case, cast.amina, "She", key=OTHER_PAGE)
    save(case, cast.amina, "She sings")
    assert texts(case, cast.amina) == []
    assert keep(case, cast.amina, "She si").draft is None
    assert texts(case, cast.amina) == []
    assert all("sings" not in str(draft.fields) for draft in db.session.scalars(select(Draft)))


def test_what_another_window_wrote_besides_survives_the_saving(
    case: SupportCase, cast: Cast
) -> None:
    keep(case, cast.amina, "She sings")
    keep(case, cast.amina, "Something else", key=OTHER_PAGE)
    save(case, cast.amina, "She sings")
    assert texts(case, cast.amina) == ["Something else"]


def test_what_is_typed_after_saving_is_a_draft_again(case: SupportCase, cast: Cast) -> None:
    save(case, cast.amina, "She sings")
    assert keep(case, cast.amina, "She sings").draft is None
    assert keep(case, cast.amina, "She sings, and he plays").draft is not None
    assert texts(case, cast.amina) == ["She sings, and he plays"]


def test_a_note_that_is_not_saved_leaves_its_draft(case: SupportCase, cast: Cast) -> None:
    keep(case, cast.amina, "She sings")
    db.session.commit()
    save(case, cast.amina, "She sings")
    db.session.rollback()
    assert texts(case, cast.amina) == ["She sings"]


def test_too_much_is_refused_in_a_sentence(case: SupportCase, cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="too long to keep as a draft"):
        keep(case, cast.amina, "y" * 100_001)
    for number in range(drafts.MOST_KEPT):
        keep(case, cast.amina, f"note {number}", key=f"page-number-{number}")
    with pytest.raises(RuleBroken, match="ten unsaved notes"):
        keep(case, cast.amina, "another", key="page-too-many")


def test_a_draft_leaves_no_entry_and_no_draft_of_a_case_out_of_sight_is_listed(
    case: SupportCase, cast: Cast
) -> None:
    db.session.commit()
    before = db.session.scalar(select(func.count()).select_from(AuditEntry))
    keep(case, cast.amina, "She sings")
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == before
    case.organisation = cast.southside
    db.session.flush()
    assert list(drafts.of_user(cast.amina)) == []


def test_what_is_remembered_of_saved_drafts_is_forgotten_after_a_month(
    case: SupportCase, cast: Cast
) -> None:
    save(case, cast.amina, "Old", key="old-page-key")
    db.session.scalars(select(Draft)).one().saved_at = NOW - timedelta(days=31)
    save(case, cast.amina, "New", key="new-page-key")
    assert list(db.session.scalars(select(Draft.key))) == ["new-page-key"]


EDIT = st.tuples(st.integers(0, 2), st.text("ab ", min_size=1, max_size=3), st.booleans())


@pytest.mark.one_engine
@given(edits=st.lists(EDIT, max_size=12))
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_windows_type_and_whichever_answers_are_lost_each_text_is_in_a_draft(
    cast: Cast, edits: list[tuple[int, str, bool]]
) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    windows: list[dict[str, Any]] = [{"key": PAGE + case.key, "seen": None, "text": ""}] * 3
    windows = [dict(window) for window in windows]
    for which, typed, arrives in edits:
        window = windows[which]
        window["text"] += typed + "."
        kept = keep(case, cast.amina, window["text"], key=window["key"], seen=window["seen"])
        if arrives and kept.draft is not None:
            window["key"], window["seen"] = kept.draft.key, kept.version
        there = [" ".join(text.split()) for text in texts(case, cast.amina)]
        for each in windows:
            assert any(" ".join(each["text"].split()) in text for text in there) or not each["text"]
