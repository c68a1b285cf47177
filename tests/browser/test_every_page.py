"""Every page that each role can reach from its menu, in the demo, held to every rule of a page."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import func, select

from linkwork import clock as linkwork_clock
from linkwork.access import Permission, may
from linkwork.casework import users
from linkwork.database import db
from linkwork.models import (
    Concern,
    Contact,
    Message,
    OnwardReferral,
    OrganisationKind,
    Role,
    SupportCase,
    Task,
    User,
)
from linkwork.permissions import EVERYBODY
from tests import cast as make
from tests.browser.crawl import FOCUSED, Crawl, hold
from tests.browser.demo_data import demo_url, somebody
from tests.browser.directory_walk import waiting
from tests.browser.windows import Live, sign_in

# Pages that nobody in particular reads, which the walk of nobody looks at.
OPEN_TO_ALL = {
    "ask.index",  # where the setting says so: test_asking.py
    "ask.new",
    "ask.place",
    "ask.sent",
    "offline.show",
    "oruk_api.index",  # these are read by programs; the page about them is walked
    "oruk_api.openapi",
    "oruk_api.services",
    "oruk_api.taxonomies",
    "pages.accessibility",
    "pages.help",
    "pages.privacy",
}
ANSWERED = (
    OnwardReferral.accepted_at,
    OnwardReferral.waitlisted_at,
    OnwardReferral.first_attended_at,
    OnwardReferral.declined_at,
    OnwardReferral.cancelled_at,
    OnwardReferral.ended_at,
)
# Who looks at the pages that everybody who signs in has: the others would see them just so.
LOOK_AT_WHAT_ALL_HAVE = (Role.LINK_WORKER, Role.DIRECTORY_EDITOR)
# Routes that show no page of their own: they lead on, or show the page of another route.
NO_PAGE = {
    "account.demo",
    "account.device_key",
    "account.join",
    "account.sign_in",
    "alarms.show",  # of a note with words about danger: test_contacts.py
    "answers.show",  # opened by a link that is given to a provider: test_onward_referrals.py
    "attendances.missed",
    "attendances.went",
    "boards.board_csv",  # of a whole board, walked below, as is the move
    "boards.board_xlsx",
    "capacity.show",
    "closings.not_dead",  # of a case that a death closed: test_closings.py
    "companions.arrange",
    "comparisons.show",  # of what is chosen in a list: test_matches.py
    "corrections.history",  # of a contact that was corrected: test_contacts.py
    "goals.act",
    "goals.reword",
    "goals.set_aside",
    "moves.show",
    "mailbox.index",  # in the demo only, and so not here: tests/web/test_notifications.py
    "onward_referrals.answer",
    "onward_referrals.end",
    # Of what only some sites or cases have, walked in test_asking.py.
    "person_merges.new",
    "person_merges.undo",
    "public_referrals.accept",
    "public_referrals.discard",
    "questions.answer",
    "pages.health",
    "pages.home",
    "people_imports.columns",  # of a list that only its own browser can open
    "people_imports.show",
    "plan_links.calendar",
    "plan_links.show",  # opened by the person: test_plans.py
    "plans.agree",
    "plans.copy",
    "plans.review",
    "plans.write",
    "service_remarks.new",  # reached by a form; an editor’s walk looks at it
    "service_checks.show",  # opened by a provider: tests/web/test_service_checks.py
    "static",
    "organisations.preview",  # of files that somebody sent: test_organisations.py
    "offline.whose",
    "offline.worker",
    "visits.safe",
}
# Pages drawn like another that is walked, with fewer questions: tests/web/test_posts.py.
LIKE_ANOTHER = {
    "absences.bring",
    "absences.edit",
    "absences.remove",
    "assumptions.set_above",
    "assumptions.take_back",
    "posts.begin",
    "posts.end",
    "posts.fill",
    "posts.hours",
    "posts.remove",
    "target_shares.profiles",
}
# What has to refuse to be sent empty, for the walk to have found the forms there are.
REFUSING = {
    Role.LINK_WORKER: {
        "closings.close",
        "cases.cover",
        "closings.decline",
        "cases.index",
        "contacts.attempt",
        "contacts.new",
        "match_answers.reject",
        "matches.index",
        "onward_referrals.new",
        "onward_referrals.show",
        "people.edit",
        "referrals.record",
        "emotional_loads.mark",
        "gaps.new",
        "supervisions.new",
        "visits.new",
        "concerns.new",
    },
    Role.SUPERVISOR: {"allocation.allocate", "allocation.reassign", "handover.show"},
    Role.PRACTICE: {"questions.ask", "referrals.index", "referrals.new", "referrals.withdraw"},
    Role.DIRECTORY_EDITOR: {"services.edit", "imports.new"},
    Role.PCN_LEAD: {"absences.new", "assumptions.set_of_pcn", "posts.bring", "posts.new"},
    Role.ADMIN: {"organisations.import_files", "users.new"},
}


@pytest.fixture
def database_url(engine: str, tmp_path: Path, clock: Any) -> str:
    """The demo, instead of an empty database."""
    return demo_url(engine, "", tmp_path)


@pytest.mark.parametrize("role", Role)
def test_every_page_of_a_role_keeps_every_rule(role: Role, live: Live, page: Page) -> None:
    who = somebody(role)
    leaving = OPEN_TO_ALL | LIKE_ANOTHER
    if role not in LOOK_AT_WHAT_ALL_HAVE:
        leaving = leaving | pages_of_all(live.app)
    if role is Role.SUPERVISOR:  # who sees what a link worker sees, just so, and more
        leaving = leaving | pages_of(somebody(Role.LINK_WORKER), live.app)
    walk = Crawl(live, page, role.value, leaving=leaving)
    sign_in(page, who)
    page.wait_for_url("**/*")
    walk.follow("/", *telling(who))
    walk.send_every_form_empty()
    assert pages_of(who, live.app) - leaving - set(walk.seen.values()) == set(), (
        "no link leads there"
    )
    assert REFUSING.get(role, set()) - walk.refusing == set(), "carried out without an answer"


def test_every_page_for_nobody_keeps_every_rule(
    make_app: Callable[..., Flask], live: Live, page: Page
) -> None:
    admin = somebody(Role.ADMIN)
    _, token = users.invite(
        name="Ida Lark",
        email="ida.lark@moorvale.example",
        organisation=admin.organisation,
        roles=[Role.ADMIN],
        by=admin,
        at=linkwork_clock.now(),
    )
    db.session.commit()
    live.app.config["DEMO"] = True
    walk = Crawl(live, page, "nobody")
    walk.follow("/sign-in", "/demo", f"/join/{token}")
    walk.send_every_form_empty()
    assert walk.refusing == {"account.sign_in", "account.join"}


def test_the_pages_of_a_whole_board_and_of_england_keep_every_rule(live: Live, page: Page) -> None:
    lead = somebody(Role.PCN_LEAD, lambda who: who.organisation.kind is OrganisationKind.ICB)
    own = pages_of(somebody(Role.PCN_LEAD), live.app)
    walk = Crawl(live, page, "board", leaving=OPEN_TO_ALL | own - {"capacity.index"})
    sign_in(page, lead)
    walk.follow("/capacity")
    assert {"capacity.index", "capacity.show", "moves.show"} <= set(walk.seen.values())
    page.context.clear_cookies()
    national = somebody(Role.PCN_LEAD, lambda who: may(who, Permission.SEE_ENGLAND))
    walk = Crawl(live, page, "england", leaving=OPEN_TO_ALL | own)
    sign_in(page, national)
    walk.follow("/capacity/england")
    assert {"boards.national", "boards.show"} <= set(walk.seen.values())


def test_a_page_that_is_refused_keeps_every_rule(page: Page) -> None:
    page.goto("/join/no-such-invitation")
    hold(page, "refused-invitation")
    sign_in(page, somebody(Role.PRACTICE))
    for address in ("/referrals/no-such-referral", "/cases/", "/nowhere"):
        page.goto(address)
        hold(page, f"refused{address.replace('/', '-')}")


def test_a_link_to_main_content_is_the_first_thing_the_keyboard_reaches(page: Page) -> None:
    page.goto("/sign-in")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED, ".skip-link")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED, "main")


def telling(who: User) -> Iterator[str]:
    """Pages that no link, or no first link, leads to: cases with the most on them, of each kind."""
    if may(who, Permission.REFER):
        untouched = make.referral(who.organisation, by=who)  # only such a one can be taken back
        db.session.commit()
        yield from ("/referrals/new?checked=yes", f"/referrals/{untouched.key}")
    if may(who, Permission.REPORT_GAPS):
        yield "/gaps/new"
    if may(who, Permission.EDIT_DIRECTORY):
        yield from waiting(who)
        db.session.commit()
    if not may(who, Permission.WORK_CASES):
        return
    mine, here = SupportCase.worker_id == who.id, SupportCase.organisation_id
    colleague = (here == who.organisation_id) & SupportCase.worker_id.is_distinct_from(who.id)
    yield from (f"/onward-referrals/{key}" for key in unanswered(who))
    feared = select(Concern.key).join(SupportCase).where(SupportCase.worker_id == who.id)
    yield from (f"/concerns/{key}" for key in db.session.scalars(feared.limit(1)))
    about = select(Message.key).join(SupportCase).where(SupportCase.worker_id == who.id)
    yield from (f"/messages/{key}" for key in db.session.scalars(about.limit(1)))
    promised = select(Task.case_id).where(Task.owner_id == who.id, Task.is_open)
    yield f"/cases/{busiest(mine & SupportCase.id.in_(promised))}"
    if may(who, Permission.ALLOCATE_CASES):
        yield from ("/cases/?whose=team&view=open", "/supervision")
        yield f"/cases/reassign?case={busiest(mine & SupportCase.closed_at.is_(None))}"
    looked_at = (
        mine & SupportCase.closed_at.is_(None) & SupportCase.connected_at.is_not(None),
        mine & SupportCase.closed_at.is_not(None),
        (here == who.organisation_id) & (SupportCase.state == "new"),
        colleague & SupportCase.first_conversation_at.is_not(None),
    )
    for chosen in looked_at[:1] if Role.SUPERVISOR in who.roles else looked_at:
        yield f"/cases/{busiest(chosen)}"


def unanswered(who: User) -> Sequence[str]:
    """The key of an onward referral that somebody waits to hear of; nothing where there is none."""
    mine = select(OnwardReferral.key).join(SupportCase).where(SupportCase.worker_id == who.id)
    silent = mine.where(
        OnwardReferral.sent_at.is_not(None),
        *(moment.is_(None) for moment in ANSWERED),
        SupportCase.closed_at.is_(None),
    )
    return db.session.scalars(silent.order_by(OnwardReferral.id).limit(1)).all()


def busiest(chosen: Any) -> str:
    """The key of the case with the most contacts and onward referrals."""
    onward = select(func.count()).where(OnwardReferral.case_id == SupportCase.id)
    talks = select(func.count()).where(Contact.case_id == SupportCase.id)
    most = (onward.scalar_subquery() + talks.scalar_subquery()).desc()
    key = db.session.scalar(select(SupportCase.key).where(chosen).order_by(most).limit(1))
    assert key is not None
    return key


def pages_of_all(app: Flask) -> set[str]:
    """The routes with a page that everybody who signs in may open."""
    return {
        endpoint
        for endpoint, view in app.view_functions.items()
        if (asked := getattr(view, "requires", None)) and asked <= EVERYBODY
    }


def pages_of(who: User, app: Flask) -> set[str]:
    """The routes with a page that a user’s roles open."""
    reading = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return {
        endpoint
        for endpoint in reading - NO_PAGE
        if not endpoint.startswith("oruk_api.")  # for programs: tests/web/test_oruk_api.py
        and all(may(who, p) for p in getattr(app.view_functions[endpoint], "requires", ()))
    }
