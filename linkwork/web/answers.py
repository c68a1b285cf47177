"""What a provider sees and answers through a link, without an account.

A link may be forwarded, so its first page holds a first name and a reference only; the details
are shown to whoever asks for them, which is noted, for half an hour in that browser.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from linkwork import clock
from linkwork.access import me, open_to_all
from linkwork.casework import answer_links, answers, attendances, sent_details, shared_links
from linkwork.casework.answers import Room, Said, SaidAlready
from linkwork.casework.shared_links import LinkOver
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.forms import Form
from linkwork.forms.answers import ANSWERS, REASONS, AnswerForm, CameForm, RoomForm
from linkwork.models import (
    AnswerKind,
    CapacityStatus,
    OnwardDecline,
    OnwardReferral,
    SharedLink,
)

bp = Blueprint("answers", __name__, url_prefix="/answer/<answer_link>")

SHOWN_FOR = timedelta(minutes=30)
MOST_SHOWN = 20
CHANGED = "Somebody else answered at the same moment. What they said is shown here: check it."
SIGNED_IN = (
    "You are signed in, and this page is for the activity. Open the case, and note there what "
    "they said."
)
THANKS = "Thank you. The link worker is told."


@bp.get("")
@open_to_all
def show(answer_link: str) -> ResponseReturnValue:
    return _page(_followed(answer_link))


@bp.post("/details")
@open_to_all
def details(answer_link: str) -> ResponseReturnValue:
    link = _followed(answer_link)
    if not (answer_links.is_alive(_of(link)) and _is_shown(link)):  # noted once in half an hour
        user = me() if current_user.is_authenticated else None
        answer_links.reveal(link, by=user, at=clock.now())
        _remember(link)
    return redirect(url_for(".show", answer_link=answer_link), 303)


@bp.post("")
@open_to_all
def give(answer_link: str) -> ResponseReturnValue:
    link, form = _followed(answer_link), AnswerForm.from_request()

    def answer() -> None:
        read = form.answers_read()
        answers.give(_of(link), _said(form), by=None, at=clock.now(), read=read)

    return _carry_out(form, answer, answer_link) or _page(_followed(answer_link), form)


@bp.post("/attendance")
@open_to_all
def attendance(answer_link: str) -> ResponseReturnValue:
    link, form = _followed(answer_link), CameForm.from_request()

    def note() -> None:
        came = form.came.data == "yes"
        attendances.note(_of(link), on=form.held_on.data, came=came, by=None, now=clock.now())

    return _carry_out(form, note, answer_link) or _page(_followed(answer_link), form)


@bp.post("/room")
@open_to_all
def room(answer_link: str) -> ResponseReturnValue:
    link, form = _followed(answer_link), RoomForm.from_request()
    done = _carry_out(
        form, lambda: answers.say_room(_of(link), _room(form), at=clock.now()), answer_link
    )
    return done or _page(_followed(answer_link), form)


@bp.post("/<any(finished, stopped):how>")
@open_to_all
def over(answer_link: str, how: str) -> ResponseReturnValue:
    link, form = _followed(answer_link), Form.from_request()
    said = Said(AnswerKind(how))
    done = _carry_out(
        form, lambda: answers.give(_of(link), said, by=None, at=clock.now()), answer_link
    )
    return done or _page(_followed(answer_link), form)


@bp.errorhandler(LinkOver)
def link_over(_: LinkOver) -> ResponseReturnValue:
    """The link has ended: nothing is said of what it opened."""
    return render_template("answers/over.html"), 410


def _followed(answer_link: str) -> SharedLink:
    return answer_links.follow(answer_link, at=clock.now())


def _of(link: SharedLink) -> OnwardReferral:
    if link.onward_referral is None:
        raise NotYours("SharedLink")
    return link.onward_referral


def _carry_out(
    form: Form, act: Callable[[], object], answer_link: str
) -> ResponseReturnValue | None:
    """Do ``act`` if the form was sent and is well-formed; None where it is to be shown again.

    There is no user whose forms could be counted: what is said twice is said once. What one of
    us says here would be taken for the provider’s, so it is refused.
    """
    if not form.is_ready():
        return None
    if current_user.is_authenticated:
        form.refuse(SIGNED_IN)
        return None
    try:
        act()
        db.session.flush()
    except SaidAlready:
        db.session.rollback()
    except (RuleBroken, StaleDataError, IntegrityError) as refusal:
        db.session.rollback()
        form.refuse(str(refusal) if isinstance(refusal, RuleBroken) else CHANGED)
        return None
    flash(THANKS)
    return redirect(url_for(".show", answer_link=answer_link), 303)


def _page(link: SharedLink, sent: Form | None = None) -> ResponseReturnValue:
    onward = _of(link)
    if not answer_links.is_alive(onward) and not answers.can_change(onward, None):
        return render_template("answers/nothing_to_do.html", onward=onward)
    shown = answer_links.is_alive(onward) and _is_shown(link)
    page = render_template(
        "answers/show.html",
        onward=onward,
        link=link,
        given=shared_links.token(link),
        first_name=sent_details.first_name(onward),
        lines=sent_details.as_sent(onward) if shown else None,
        can_change=answers.can_change(onward, None),
        is_alive=answer_links.is_alive(onward),
        reasons=REASONS,
        forms=_forms(onward, sent),
        form=sent,
    )
    return page, sent.status if sent is not None else 200


def _forms(onward: OnwardReferral, sent: Form | None) -> dict[str, Form]:
    forms: dict[str, Form] = {
        "answer": AnswerForm(
            formdata=None,
            read=str(len(onward.answers)),
            answer=onward.state.value if onward.state.value in ANSWERS else None,
            first_session_on=onward.first_session_on,
            wait_weeks=onward.wait_weeks,
            decline_reason=onward.decline_reason,
        ),
        "came": CameForm(formdata=None, held_on=_session_to_ask_of(onward)),
        "room": RoomForm(formdata=None),
        "over": Form(formdata=None),
    }
    return {name: sent if type(sent) is type(made) else made for name, made in forms.items()}


def _session_to_ask_of(onward: OnwardReferral) -> Any:
    """The first session where it has come, else today."""
    first, today = onward.first_session_on, clock.today()
    return first if first is not None and first <= today and not onward.attendances else today


def _said(form: AnswerForm) -> Said:
    kind = AnswerKind(form.answer.data)
    declined = kind is AnswerKind.DECLINED
    return Said(
        kind,
        decline_reason=OnwardDecline(form.decline_reason.data) if declined else None,
        first_session_on=form.first_session_on.data if kind is AnswerKind.ACCEPTED else None,
        wait_weeks=form.wait_weeks.data if kind is AnswerKind.WAITLISTED else None,
        words=form.words.data,
        given_by=form.given_by.data,
    )


def _room(form: RoomForm) -> Room:
    status = CapacityStatus(form.room.data) if form.room.data else None
    if status is None and form.places.data is not None:
        status = CapacityStatus.CAPACITY
    return Room(status, form.places.data, bool(form.still_right.data))


def _remember(link: SharedLink) -> None:
    """Let this browser show the details for a while."""
    kept = dict(list(session.get("answering", {}).items())[-MOST_SHOWN + 1 :])
    session["answering"] = {**kept, link.key: clock.now().isoformat()}


def _is_shown(link: SharedLink) -> bool:
    since = session.get("answering", {}).get(link.key)
    return since is not None and clock.now() - datetime.fromisoformat(since) < SHOWN_FOR
