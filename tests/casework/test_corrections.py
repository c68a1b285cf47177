"""Corrections: what is put right counts, what was said is kept, and nobody overwrites anybody."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from linkwork.casework import contacts, corrections
from linkwork.casework.contacts import Conversation
from linkwork.casework.corrections import Wording
from linkwork.database import db
from linkwork.errors import ChangedMeanwhile, RuleBroken
from linkwork.models import AuditEntry, Contact, ContactMode, Correction, Need, SupportCase, User
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

HOUR = timedelta(hours=1)


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina)


def talk(case: SupportCase, by: User, at: datetime = NOW, **facts: object) -> Contact:
    said = Conversation(**{"mode": ContactMode.PHONE, "minutes": 25, "notes": "Sang.", **facts})
    return contacts.record(case, said, by=by, at=at, now=NOW)


def as_it_is(contact: Contact) -> Wording:
    names = Wording.__dataclass_fields__
    return Wording(**{name: getattr(contact, name) for name in names})


def correct(
    contact: Contact, by: User, *, seen: int | None = None, **changes: object
) -> Correction:
    wording = replace(as_it_is(contact), **changes)  # type: ignore[arg-type]
    version = contact.version if seen is None else seen
    return corrections.correct(contact, wording, reason="A slip", seen=version, by=by, at=NOW)


def test_what_is_corrected_is_said_from_now_on_and_what_it_said_is_kept(
    case: SupportCase, cast: Cast
) -> None:
    contact = talk(case, cast.amina)
    kept = correct(contact, cast.amina, notes="Sings.", minutes=35)
    assert (contact.notes, contact.minutes) == ("Sings.", 35)
    assert (kept.said["notes"], kept.said["minutes"]) == ("Sang.", 25)
    assert (kept.corrected_by, kept.reason) == (cast.amina, "A slip")
    db.session.commit()
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry is not None
    assert (entry.event, entry.details["fields"]) == ("contact.corrected", ["minutes", "notes"])


def test_a_supervisor_may_correct_and_a_colleague_may_not(case: SupportCase, cast: Cast) -> None:
    contact = talk(case, cast.amina)
    correct(contact, cast.supervisor, notes="Better.")
    with pytest.raises(RuleBroken, match="Ask Amina Okafor, who wrote this"):
        correct(contact, cast.ben, notes="Worse.")
    with pytest.raises(RuleBroken, match="Ask Amina Okafor, who wrote this"):
        corrections.history(contact, by=cast.ben)
    assert contact.notes == "Better."


def test_of_two_who_correct_at_once_the_second_is_shown_the_first(
    case: SupportCase, cast: Cast
) -> None:
    contact = talk(case, cast.amina)
    read = contact.version
    correct(contact, cast.amina, seen=read, notes="One.")
    db.session.commit()
    with pytest.raises(ChangedMeanwhile, match="Both texts are below"):
        correct(contact, cast.supervisor, seen=read, notes="Two.")
    correct(contact, cast.supervisor, seen=contact.version, notes="Two, after reading One.")
    db.session.commit()
    said = [kept.said["notes"] for kept in corrections.history(contact, by=cast.amina)]
    assert said == ["One.", "Sang."]


def test_the_first_conversation_moves_with_its_correction(case: SupportCase, cast: Cast) -> None:
    first, second = talk(case, cast.amina, NOW - 5 * HOUR), talk(case, cast.amina, NOW - HOUR)
    correct(first, cast.amina, at=NOW)
    assert (case.first_conversation_at, case.last_contact_at) == (NOW - HOUR, NOW)
    correct(second, cast.amina, mode=ContactMode.LETTER)
    assert case.first_conversation_at == NOW


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"at": NOW + HOUR}, "cannot be in the future"),
        ({"at": NOW - timedelta(days=20)}, "before the referral arrived"),
        ({"notes": None}, "Write down what was said"),
        ({}, "Nothing was changed"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_in_a_sentence(
    case: SupportCase, cast: Cast, changes: dict[str, object], sentence: str
) -> None:
    contact = talk(case, cast.amina)
    with pytest.raises(RuleBroken, match=sentence):
        correct(contact, cast.amina, **changes)


def test_a_correction_needs_a_reason(case: SupportCase, cast: Cast) -> None:
    contact = talk(case, cast.amina)
    wording = replace(as_it_is(contact), notes="Other.")
    with pytest.raises(RuleBroken, match="Say why"):
        corrections.correct(
            contact, wording, reason=" ", seen=contact.version, by=cast.amina, at=NOW
        )
    with pytest.raises(RuleBroken, match="Say why"):
        corrections.strike(contact, reason="", by=cast.amina, at=NOW)


def test_what_is_taken_out_counts_nowhere_and_can_be_read_by_its_author(
    case: SupportCase, cast: Cast
) -> None:
    talk(case, cast.amina, NOW - 5 * HOUR, needs={Need.FOOD: 2}, next_action="Ring")
    wrong = talk(
        case,
        cast.amina,
        NOW - HOUR,
        needs={Need.FOOD: 2, Need.WORK: 3},
        next_action="Other",
        next_action_on=TODAY,
        share_with_gp=True,
    )
    corrections.strike(wrong, reason="Written about the wrong person", by=cast.amina, at=NOW)
    assert case.last_contact_at == case.first_conversation_at == NOW - 5 * HOUR
    assert [need.need for need in case.needs] == [Need.FOOD]
    assert (case.next_action, case.next_action_on) == ("Ring", None)
    assert (wrong.notes, wrong.minutes, wrong.share_with_gp) == (None, 0, False)
    before = corrections.history(wrong, by=cast.supervisor)
    assert before[0].said["notes"] == "Sang."
    with pytest.raises(RuleBroken, match="taken out already"):
        corrections.strike(wrong, reason="Again", by=cast.amina, at=NOW)


def test_the_only_conversation_taken_out_leaves_a_case_that_has_not_started(
    case: SupportCase, cast: Cast
) -> None:
    contact = talk(case, cast.amina, plan_agreed=True)
    corrections.strike(contact, reason="Wrong person", by=cast.amina, at=NOW)
    assert (case.state, case.first_conversation_at, case.plan_agreed_at) == ("waiting", None, None)


def test_what_a_plan_rests_on_stays(case: SupportCase, cast: Cast) -> None:
    contact = talk(case, cast.amina, NOW - 5 * HOUR)
    case.plan_agreed_at = NOW - 4 * HOUR
    db.session.commit()
    for act in (
        lambda: corrections.strike(contact, reason="Wrong", by=cast.amina, at=NOW),
        lambda: correct(contact, cast.amina, at=NOW),
    ):
        with pytest.raises(RuleBroken, match="A plan was agreed after this conversation"):
            act()
        db.session.rollback()


def test_a_note_about_danger_is_answered_before_it_is_taken_out(
    case: SupportCase, cast: Cast
) -> None:
    contact = talk(case, cast.amina, notes="He wants to kill himself.")
    with pytest.raises(RuleBroken, match="words about danger"):
        corrections.strike(contact, reason="Wrong person", by=cast.amina, at=NOW)


def test_what_is_written_down_a_day_later_says_so(case: SupportCase, cast: Cast) -> None:
    late, in_time = talk(case, cast.amina, NOW - 24 * HOUR), talk(case, cast.amina, NOW - HOUR)
    assert (late.is_late, in_time.is_late) == (True, False)
    assert late.recorded_at == datetime(2026, 11, 18, 10, 30, tzinfo=UTC)


def test_a_letter_is_not_made_a_talk_with_somebody_nobody_took_on(cast: Cast) -> None:
    waiting = make.case(cast.northside)
    letter = talk(waiting, cast.amina, mode=ContactMode.LETTER)
    with pytest.raises(RuleBroken, match="Accept the referral first"):
        correct(letter, cast.amina, mode=ContactMode.PHONE)


def test_what_is_taken_out_decides_no_next_step(case: SupportCase, cast: Cast) -> None:
    wrong = talk(case, cast.amina, NOW, next_action="Other")
    corrections.strike(wrong, reason="Wrong person", by=cast.amina, at=NOW)
    talk(case, cast.amina, NOW - HOUR, next_action="Ring Ada", next_action_on=TODAY)
    assert (case.next_action, case.next_action_on) == ("Ring Ada", TODAY)
