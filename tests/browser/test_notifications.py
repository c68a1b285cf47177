"""Notifications and the mailbox of the demo, in a browser at every width."""

from playwright.sync_api import Page, expect

from linkwork.casework import mail, notifications
from linkwork.database import db
from linkwork.models import MailKind, NoticeKind
from tests import cast as make
from tests.browser.windows import Live, inspect, sign_in
from tests.cast import Cast
from tests.conftest import NOW


def test_what_waits_is_counted_on_every_page_opened_and_read(
    page: Page, live: Live, cast: Cast
) -> None:
    live.app.config["DEMO"] = True
    mine = make.case(cast.northside, worker=cast.amina, person=make.person("Odette", "Marl"))
    theirs = make.case(cast.northside, worker=cast.ben)
    notifications.tell(cast.amina, NoticeKind.CASE_GIVEN, case=mine, at=NOW)
    notifications.tell(cast.amina, NoticeKind.CONCERN_RAISED, case=theirs, at=NOW)
    notifications.tell(cast.amina, NoticeKind.TASK_DUE, at=NOW)
    mail.queue(cast.amina, MailKind.REMINDER, waiting=3, at=NOW)
    db.session.commit()
    sign_in(page, cast.amina)
    page.get_by_role("link", name="Notifications (3) unread").click()
    inspect(page, "notifications")
    page.get_by_role("button", name="Open A case was given to you.").click()
    expect(page.locator(".identity-bar__name")).to_contain_text("MARL")
    page.get_by_role("link", name="Notifications (2) unread").click()
    page.get_by_role("link", name="Choose which come by email").click()
    inspect(page, "notification-emails")
    page.get_by_role("link", name="Back to notifications").click()
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_role("link", name="Notifications", exact=True)).to_be_visible()
    page.get_by_role("link", name="Emails that would be sent").click()
    expect(page.get_by_text("You have 3 things waiting in Linkwork.")).to_be_visible()
    inspect(page, "mailbox")
