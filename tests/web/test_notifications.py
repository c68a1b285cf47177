"""What users are told of on every page, and the page that lists it."""

import re

from flask import Flask
from sqlalchemy import Engine, event, select

from linkwork.casework import notifications
from linkwork.database import db
from linkwork.models import Mail, MailKind, NoticeKind, Notification
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW
from tests.pages import Reader


def tell(cast: Cast, kind: NoticeKind = NoticeKind.CASE_GIVEN, **facts: object) -> Notification:
    notifications.tell(cast.amina, kind, at=NOW, **facts)  # type: ignore[arg-type]
    db.session.flush()
    return db.session.scalars(select(Notification).order_by(Notification.id.desc())).first()  # type: ignore[return-value]


def test_every_page_says_how_many_are_unread_with_one_cheap_question(
    client: Reader, cast: Cast
) -> None:
    for kind in (NoticeKind.CASE_GIVEN, NoticeKind.TASK_DUE, NoticeKind.SUPERVISION_DUE):
        tell(cast, kind)
    sign_in(client, cast.amina)
    asked: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        asked.extend([statement] if "notification" in statement else [])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        pages = [client.get(path).text for path in ("/privacy", "/services", "/no-such-page")]
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(asked) == len(pages)
    for page in pages:
        link = re.search(r'<a [^>]*href="/notifications">(.*?)</a>', page)
        assert link is not None
        assert re.sub("<[^>]+>", "", link[1]) == "Notifications (3) unread"


def test_nothing_unread_is_no_number_and_nobody_signed_in_no_link(
    client: Reader, cast: Cast
) -> None:
    assert 'href="/notifications"' not in client.get("/privacy").text
    sign_in(client, cast.ben)
    assert ">Notifications</a>" in client.get("/privacy").text


def test_a_name_is_said_only_of_ones_own_case(client: Reader, cast: Cast) -> None:
    mine = make.case(cast.northside, worker=cast.amina, person=make.person("Odette", "Marl"))
    theirs = make.case(cast.northside, worker=cast.ben, person=make.person("Silas", "Crane"))
    tell(cast, case=mine)
    tell(cast, NoticeKind.CONCERN_RAISED, case=theirs)
    sign_in(client, cast.amina)
    text = client.page("/notifications").text
    assert "Odette Marl" in text
    assert "Crane" not in text
    assert "Silas" not in text
    assert "A safeguarding concern was raised." in text


def test_opening_one_marks_it_read_and_a_colleagues_case_asks_for_a_reason(
    client: Reader, cast: Cast
) -> None:
    case = make.case(cast.northside, worker=cast.ben)
    notice = tell(cast, NoticeKind.CONCERN_RAISED, case=case)
    sign_in(client, cast.amina)
    answer = client.post(f"/notifications/{notice.key}/open")
    assert answer.location == f"/cases/{case.key}"
    assert client.get(answer.location).location.startswith(f"/cases/{case.key}/cover")
    assert notifications.unread(cast.amina) == 0


def test_a_practice_is_led_to_its_own_referral(client: Reader, cast: Cast) -> None:
    referral = make.referral(cast.birch, by=cast.dev)
    kind = NoticeKind.MESSAGE_FROM_LINK_WORKER
    notifications.tell(cast.dev, kind, case=referral.case, at=NOW)
    db.session.flush()
    [notice], _ = notifications.listed(cast.dev)
    sign_in(client, cast.dev)
    answer = client.post(f"/notifications/{notice.key}/open")
    assert answer.location == f"/referrals/{referral.key}"
    assert referral.person.family_name not in client.page("/notifications").text


def test_one_is_marked_read_and_then_all(client: Reader, cast: Cast) -> None:
    first = tell(cast)
    tell(cast, NoticeKind.TASK_DUE)
    sign_in(client, cast.amina)
    client.post(f"/notifications/{first.key}/read")
    assert notifications.unread(cast.amina) == 1
    client.post("/notifications/read")
    assert notifications.unread(cast.amina) == 0
    assert "Mark all as read" not in client.page("/notifications").text


def test_a_page_has_twenty_five(client: Reader, cast: Cast) -> None:
    db.session.add_all(
        Notification(user_id=cast.amina.id, kind=NoticeKind.TASK_DUE, at=NOW) for _ in range(30)
    )
    sign_in(client, cast.amina)
    assert client.get("/notifications").text.count("Mark as read") == 25
    assert client.get("/notifications?page=2").text.count("Mark as read") == 5


def test_emails_are_chosen_or_none(client: Reader, cast: Cast) -> None:
    sign_in(client, cast.amina)
    assert "sends no email yet" in client.page("/notifications/emails").text
    client.post("/notifications/emails", data={"kinds": ["task_due", "case_given"]})
    assert notifications.by_email(cast.amina) == {NoticeKind.TASK_DUE, NoticeKind.CASE_GIVEN}
    client.post("/notifications/emails", data={"once": "a"})
    assert notifications.by_email(cast.amina) == frozenset()
    refused = client.post("/notifications/emails", data={"kinds": ["everything"]})
    assert refused.status_code == 422


def test_the_mailbox_is_in_the_demo_only(client: Reader, cast: Cast, app: Flask) -> None:
    db.session.add(
        Mail(
            kind=MailKind.URGENT,
            user_id=cast.ben.id,
            to="ben@x.example",
            subject="Please look",
            body="Something waits.",
            made_at=NOW,
            next_try_at=NOW,
        )
    )
    sign_in(client, cast.amina)
    assert client.get("/mailbox").status_code == 404
    app.config["DEMO"] = True
    assert "Something waits." not in client.page("/mailbox").text
    page = client.page("/mailbox?whose=everybody").text
    assert "Something waits." in page
    assert "ben@x.example" in page
