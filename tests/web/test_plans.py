"""The page of a plan: written, agreed, copied, reviewed, printed and shared."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from linkwork.casework import goal_actions, goals, plan_links, plans
from linkwork.database import db
from linkwork.models import ActionOwner, AuditEntry, Goal, Mail, Plan, SharedLink, SupportCase
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW, TODAY
from tests.pages import Reader, read
from tests.statements import watching

DAY = timedelta(days=1)
HOSTILE = "<img src=x onerror=alert(1)> O'Brien’s 😀 مرحبا"
AGREED = {"agreed_on": str(TODAY), "review_on": "in 6 weeks", "once": "a"}


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    sign_in(client, cast.amina)
    return client


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case with a conversation, and nothing planned yet."""
    return make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - 3 * DAY)


@pytest.fixture
def agreed(case: SupportCase, cast: Cast) -> SupportCase:
    """The same with a goal, an action and an agreed plan."""
    goal = goals.write(case, "I want to sing again", by=cast.amina, at=NOW)
    goal_actions.add(goal, "Ring the choir", owner=ActionOwner.PERSON, by=cast.amina, at=NOW)
    plans.agree(case, on=TODAY, review_on=TODAY + 42 * DAY, by=cast.amina, now=NOW)
    db.session.commit()
    return case


def post(client: Reader, case: SupportCase, what: str, **typed: Any) -> Any:
    return client.post(f"/cases/{case.key}/plan/{what}", data=typed)


def the(model: type[Any]) -> Any:
    return db.session.scalars(select(model)).one()


def test_a_goal_is_written_and_stands_on_the_page_and_on_the_case(
    amina: Reader, case: SupportCase
) -> None:
    sent = post(amina, case, "goals", words=HOSTILE, once="a")
    goal = the(Goal)
    assert sent.location == f"/cases/{case.key}/plan#goal-{goal.key}"
    assert HOSTILE in amina.page(f"/cases/{case.key}/plan").text
    assert '<a href="/cases/" aria-current="page"' in amina.get(f"/cases/{case.key}/plan").text
    text = amina.page(f"/cases/{case.key}").text
    assert HOSTILE in text
    assert "0 of 1 goals met. Not agreed yet." in text
    assert post(amina, case, "goals", words=HOSTILE, once="a").location == sent.location
    assert the(Goal) is goal


def test_what_is_wrong_is_said_beside_what_was_typed(amina: Reader, agreed: SupportCase) -> None:
    goals_page = post(amina, agreed, "goals", words=" ", once="a")
    assert (goals_page.status_code, "own words" in goals_page.text) == (422, True)
    review = post(
        amina, agreed, "review", what_changed="She sings", next_review_on="yesterday", once="b"
    )
    assert review.status_code == 409
    assert "The review must be after today." in review.text
    assert "She sings" in read(review.text).text
    assert 'value="yesterday"' in review.text


def test_a_plan_is_agreed_copied_and_reviewed_on_one_page(
    amina: Reader, case: SupportCase, cast: Cast
) -> None:
    goals.write(case, "Company", by=cast.amina, at=NOW)
    assert post(amina, case, "agree", **AGREED).status_code == 303
    assert post(amina, case, "copy", how="large_print", once="b").status_code == 303
    saved = {"what_changed": "Nothing yet", "next_review_on": "", "once": "c"}
    assert post(amina, case, "review", **saved).status_code == 303
    text = amina.page(f"/cases/{case.key}/plan").text
    for said in ("No more reviews", "In large print, 18 November 2026", "Nothing yet"):
        assert said in text
    timeline = amina.page(f"/cases/{case.key}").text
    assert "Plan agreed" in timeline
    assert "Plan reviewed" in timeline


def test_a_plan_without_a_goal_or_before_agreement_is_explained(
    amina: Reader, case: SupportCase
) -> None:
    assert "Write at least one goal first." in amina.page(f"/cases/{case.key}/plan").text
    refused = post(amina, case, "agree", **AGREED)
    assert (refused.status_code, "at least one goal" in refused.text) == (409, True)
    for what, typed in {
        "copy": {"how": "post"},
        "review": {"what_changed": "More", "next_review_on": ""},
    }.items():
        answer = post(amina, case, what, once=what, **typed)
        assert (answer.status_code, "Agree the plan first." in answer.text) == (409, True)
    assert post(amina, case, "share").status_code == 409


def test_without_a_conversation_the_page_leads_to_one(amina: Reader, cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    page = amina.get(f"/cases/{case.key}/plan").text
    assert "a plan is agreed by talking about it" in page
    assert f"/cases/{case.key}/contacts/new" in page


def test_what_a_conversation_agreed_is_said_until_it_is_written_down(
    amina: Reader, case: SupportCase
) -> None:
    case.plan_agreed_at = NOW - DAY
    said = "A conversation says that you agreed a plan on 17 November 2026."
    assert said in amina.page(f"/cases/{case.key}/plan").text


def test_the_plan_of_a_closed_case_is_read_and_not_changed(
    amina: Reader, agreed: SupportCase
) -> None:
    agreed.closed_at, agreed.close_reason = NOW, "moved"
    page = amina.get(f"/cases/{agreed.key}/plan").text
    assert "I want to sing again" in page
    assert "<form" not in page.split("<main")[1].split("</main")[0]
    assert post(amina, agreed, "goals", words="More", once="a").status_code == 409


@pytest.mark.parametrize("layout", ["standard", "large", "easy", "unknown"])
def test_the_paper_holds_what_the_person_may_hold_and_nothing_else(
    amina: Reader, agreed: SupportCase, cast: Cast, layout: str
) -> None:
    person = agreed.person
    person.alert, person.next_of_kin, person.safe_to_contact = "Dog", "Ada", "No voicemail"
    to = make.service("Riverside choir", phone="01632 960123")
    make.onward_referral(agreed, by=cast.amina, service=to, message="A little shy")
    coming = {"accepted_at": NOW, "first_session_on": TODAY + DAY}
    make.onward_referral(agreed, by=cast.amina, service=make.service("Allotment"), **coming)
    full = make.service("Pottery")
    make.onward_referral(agreed, by=cast.amina, service=full, waitlisted_at=NOW)
    declined = make.service("Bowls")
    make.onward_referral(agreed, by=cast.amina, service=declined, declined_at=NOW)
    make.contact(agreed, by=cast.amina, notes="Hates bingo", what_matters="Her tabby")
    page = amina.get(f"/cases/{agreed.key}/plan/print?layout={layout}")
    shown = read(page.text)
    held = ["Rosa Quill", "I want to sing again", "I will: Ring the choir", "Riverside choir"]
    held += ["01632 960123", "Amina Okafor", "amina.okafor@moorvale.example", "999", "116 123"]
    held += ["Pottery I am on the waiting list.", "My first time is Thursday 19 November 2026."]
    for words in held:
        assert words in shown.text
    kept = ["Dog", "Ada", "voicemail", "shy", "bingo", "tabby", "Bowls", "07700 900123", "12 Mar"]
    for words in kept:
        assert words not in shown.text
    assert person.nhs_number[:3] + " " + person.nhs_number[3:6] not in shown.text
    assert "Quill" not in shown.titles[0]


def test_a_link_is_made_shown_once_and_taken_back(amina: Reader, agreed: SupportCase) -> None:
    assert post(amina, agreed, "share").status_code == 303
    assert post(amina, agreed, "share").status_code == 303
    link = the(SharedLink)
    page = amina.get(f"/cases/{agreed.key}/plan").text
    assert f"/plan/{link.key}." in page
    assert "Not opened yet." in page
    assert "Quill" not in link.key
    post(amina, agreed, "unshare")
    assert "/plan/" + link.key not in amina.get(f"/cases/{agreed.key}/plan").text
    assert link.revoked_at == NOW


def test_the_link_is_emailed_to_the_person_and_to_nobody_else(
    amina: Reader, agreed: SupportCase
) -> None:
    page = f"/cases/{agreed.key}/plan"
    agreed.person.email = "rosa@home.example"
    post(amina, agreed, "share")
    assert "Email the link" not in amina.get(page).text
    assert post(amina, agreed, "link/email").status_code == 409
    amina.application.config["DEMO"] = True
    assert "Or email it to rosa@home.example" in amina.page(page).text
    for said in ("on its way to them by email", "was not sent twice"):
        assert post(amina, agreed, "link/email", to="other@home.example").status_code == 303
        assert said in amina.page(page).text
    [mail] = db.session.scalars(select(Mail)).all()
    assert (mail.to, mail.kind, mail.case_id) == ("rosa@home.example", "plan", agreed.id)
    assert "/plan/" in (mail.body or "")
    post(amina, agreed, "unshare")
    assert mail.given_up_at == NOW
    assert post(amina, agreed, "link/email").status_code == 409
    emailed = select(AuditEntry).where(AuditEntry.event == "shared_link.emailed")
    [entry] = db.session.scalars(emailed).all()
    assert (entry.person_id, entry.details) == (agreed.person_id, {"via": "email"})


def test_a_locked_link_is_shown_to_be_locked(
    amina: Reader, agreed: SupportCase, cast: Cast
) -> None:
    link = plan_links.share(agreed, by=cast.amina, at=NOW)
    link.failed_tries = plan_links.MOST_TRIES
    page = amina.get(f"/cases/{agreed.key}/plan").text
    assert "Locked: the date of birth was given wrong five times." in page
    assert "/plan/" + link.key not in page
    post(amina, agreed, "share")
    (working,) = db.session.scalars(select(SharedLink).where(SharedLink.revoked_at.is_(None)))
    assert working.key != link.key


def test_the_page_of_a_plan_costs_the_same_however_many_goals_there_are(
    amina: Reader, case: SupportCase, cast: Cast
) -> None:
    def queries() -> int:
        db.session.commit()
        db.session.expire_all()
        with watching() as seen:
            amina.get(f"/cases/{case.key}/plan")
        return len(seen)

    goals.write(case, "first", by=cast.amina, at=NOW)
    goals.write(case, "second", by=cast.amina, at=NOW)
    few = queries()
    for number in range(8):
        goal = goals.write(case, f"goal {number}", by=cast.amina, at=NOW)
        goal_actions.add(goal, "Ring", owner=ActionOwner.PERSON, by=cast.amina, at=NOW)
        goals.reword(goal, f"better {number}", seen=1, by=cast.ben, at=NOW)
    assert queries() <= few + 1
    assert few <= 8


def test_every_change_of_a_plan_is_audited_with_its_person_and_without_words(
    amina: Reader, case: SupportCase
) -> None:
    post(amina, case, "goals", words="Secret words", once="a")
    post(amina, case, "agree", **AGREED)
    post(amina, case, "copy", how="post", once="b")
    review = {"what_changed": "Secret words", "next_review_on": "", "once": "c"}
    post(amina, case, "review", **review)
    post(amina, case, "share")
    post(amina, case, "unshare")
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.person_id == case.person_id).order_by(AuditEntry.number)
    ).all()
    said = [entry.event for entry in entries if not entry.event.startswith("case.")]
    assert said == [
        "goal.written",
        "plan.agreed",
        "plan.copied",
        "plan.reviewed",
        "shared_link.made",
        "shared_link.revoked",
    ]
    assert not [entry for entry in entries if "Secret" in str(entry.details)]
    assert db.session.scalar(select(func.count()).select_from(Plan)) == 1
