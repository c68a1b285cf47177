"""What a user was told of, in plain words, and which of it comes by email."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, audit, clock
from linkwork.access import Permission, may, me, requires
from linkwork.audit import Event
from linkwork.casework import mail, notifications
from linkwork.forms.notifications import EmailsForm
from linkwork.models import NoticeKind, Notification, Person
from linkwork.web.paging import Page, number_asked
from linkwork.web.submissions import carry_out

bp = Blueprint("notifications", __name__, url_prefix="/notifications")

SENTENCES = {
    NoticeKind.CASE_GIVEN: "A case was given to you.",
    NoticeKind.REFERRAL_JOINED: "A new referral joined a case of yours.",
    NoticeKind.PROVIDER_ANSWERED: "An activity answered.",
    NoticeKind.PROVIDER_SILENT: "Some activities have not answered for ten days.",
    NoticeKind.VISIT_OVERDUE: "A home visit is overdue: nobody has said that they are safe.",
    NoticeKind.CONCERN_RAISED: "A safeguarding concern was raised.",
    NoticeKind.MESSAGE_FROM_LINK_WORKER: "A link worker wrote to your practice.",
    NoticeKind.MESSAGE_FROM_PRACTICE: "A practice wrote about a case of yours.",
    NoticeKind.PUBLIC_REQUEST: "Somebody asked for help on the public page.",
    NoticeKind.PUBLIC_DANGER: "Words of danger came in on the public page. Look at once.",
    NoticeKind.TASK_DUE: "Some of your tasks are due.",
    NoticeKind.SUPERVISION_DUE: "Your supervision is due.",
    NoticeKind.DEATH_RECORDED: "Somebody on your caseload has died. Their case is closed.",
    NoticeKind.DEATH_WITHDRAWN: "A death was recorded by mistake. The case is open again.",
    NoticeKind.IMPORT_HELD: "A list of activities looks wrong and waits for you to decide.",
    NoticeKind.FEED_FAILING: "A feed of activities could not be fetched three times.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One notification as it is shown: a name only where the case is the user’s own."""

    notification: Notification
    sentence: str
    person: Person | None


@bp.get("")
@requires(Permission.OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    number = number_asked()
    found, total = notifications.listed(me(), page=number)
    lines = [_line(notification) for notification in found]
    if any(line.person for line in lines):
        audit.record(Event.CASES_LISTED, None, by=me(), shown=len(lines), view="notifications")
    return render_template(
        "notifications/index.html",
        lines=lines,
        page=Page(number, total, notifications.PAGE),
        emails=mail.is_on(),
    )


@bp.post("/<key>/open")
@requires(Permission.OWN_ACCOUNT)
def follow(key: str) -> ResponseReturnValue:
    notification = access.find(Notification, key, user=me())
    notifications.read(notification, at=clock.now())
    return redirect(_where(notification), 303)


@bp.post("/<key>/read")
@requires(Permission.OWN_ACCOUNT)
def read(key: str) -> ResponseReturnValue:
    notifications.read(access.find(Notification, key, user=me()), at=clock.now())
    return redirect(url_for("notifications.index"), 303)


@bp.post("/read")
@requires(Permission.OWN_ACCOUNT)
def read_all() -> ResponseReturnValue:
    notifications.read_all(me(), at=clock.now())
    return redirect(url_for("notifications.index"), 303)


@bp.route("/emails", methods=["GET", "POST"])
@requires(Permission.OWN_ACCOUNT)
def emails() -> ResponseReturnValue:
    form = EmailsForm.from_request(data={"kinds": sorted(notifications.by_email(me()))})
    done = carry_out(
        form,
        lambda: notifications.choose(me(), form.chosen(), by=me()),
        then=lambda _: url_for("notifications.index"),
    )
    if done is not None:
        flash("Your choice is saved.")
        return done
    page = render_template("notifications/emails.html", form=form, emails=mail.is_on())
    return page, form.status


def _line(notification: Notification) -> Line:
    case = notification.case
    mine = case is not None and case.worker_id == me().id and may(me(), Permission.WORK_CASES)
    sentence = SENTENCES.get(notification.kind, "Something happened that may want you.")
    return Line(notification, sentence, case.person if case is not None and mine else None)


def _where(notification: Notification) -> str:
    """Where the user sees what it is about; a colleague’s case asks for a reason there."""
    case, kind = notification.case, notification.kind
    if case is not None and may(me(), Permission.WORK_CASES):
        return url_for("cases.show", key=case.key)
    if case is not None and may(me(), Permission.REFER):
        sent = notifications.referral_of(notification, user=me())
        if sent is not None:
            return url_for("referrals.show", key=sent)
    if kind in (NoticeKind.PUBLIC_REQUEST, NoticeKind.PUBLIC_DANGER):
        return url_for("public_referrals.index")
    if kind in (NoticeKind.IMPORT_HELD, NoticeKind.FEED_FAILING):
        return url_for("imports.index")
    if kind is NoticeKind.SUPERVISION_DUE:
        return url_for("supervisions.index")
    return url_for("pages.home")
