"""Recording a conversation, or an attempt that failed."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, me, requires
from linkwork.casework import alarms, contacts, drafts, interests, match_answers, services
from linkwork.casework.contacts import Conversation
from linkwork.errors import RuleBroken
from linkwork.forms.contacts import AttemptForm, ContactForm, ConversationForm
from linkwork.forms.date_words import say_day
from linkwork.models import Contact, ContactMode, ContactOutcome, DraftForm, SupportCase
from linkwork.web.cases import opened
from linkwork.web.drafts import Begun, begun, typed_here
from linkwork.web.hearing import (
    CONCEPT_OF,
    danger_in_words,
    needs_ticked,
    take_words,
    unwanted,
    wanted,
)
from linkwork.web.live_matches import look_at
from linkwork.web.submissions import carry_out

bp = Blueprint("contacts", __name__, url_prefix="/cases/<key>/contacts")

KEEP, SUGGEST = "keep", "suggest"


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def new(key: str) -> ResponseReturnValue:
    case = opened(key)
    now = clock.london(clock.now())
    written = begun(case, DraftForm.CONVERSATION)
    form = ConversationForm(
        **written.filling,
        data={
            "on": now.date(),
            "at": now.time(),
            "mode": "phone",
            "told_on": now.date(),
            "told_at": now.time(),
            **_booked(case),
        },
    )
    done = None
    if KEEP in request.form:
        done = _put_aside(case, DraftForm.CONVERSATION, form)
    elif SUGGEST not in request.form:
        done = carry_out(form, lambda: _record(case, form), then=_next)
    return done or _page(case, form, written)


@bp.route("/attempt", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def attempt(key: str) -> ResponseReturnValue:
    case = opened(key)
    now = clock.london(clock.now())
    written = begun(case, DraftForm.ATTEMPT)
    form = AttemptForm(
        **written.filling,
        data={"on": now.date(), "at": now.time(), "mode": "phone", "outcome": "no_reply"},
    )
    if KEEP in request.form:
        done = _put_aside(case, DraftForm.ATTEMPT, form)
    else:
        done = carry_out(form, lambda: _attempt(case, form), then=_next)
    if done is not None:
        return done
    return render_template(
        "contacts/attempt.html", case=case, form=form, written=written
    ), form.status


def _page(case: SupportCase, form: ConversationForm, written: Begun) -> ResponseReturnValue:
    asked = SUGGEST in request.form
    page = render_template(
        "contacts/new.html",
        case=case,
        form=form,
        written=written,
        look=look_at(case, form),
        asked=asked,
    )
    return page, 200 if asked else form.status


def _record(case: SupportCase, form: ConversationForm) -> Contact:
    danger = danger_in_words(form)
    if danger:
        form.words.data = ""
    elif unknown := take_words(form):
        raise RuleBroken(unknown)
    worried = form.is_worried
    said = Conversation(
        mode=ContactMode(form.mode.data),
        minutes=form.length or 0,
        notes=form.notes.data,
        what_matters=form.what_matters.data,
        strengths=form.strengths.data,
        needs=needs_ticked(form),
        plan_agreed=form.plan_agreed.data,
        safety_concern=worried,
        safety_action=form.safety_action.data if worried else None,
        told=form.told.data,
        told_at=form.told_moment(),
        share_with_gp=form.share_with_gp.data,
        next_action=form.next_action.data,
        next_action_on=form.next_action_on.data,
    )
    contact = contacts.record(case, said, by=me(), at=form.moment(), now=clock.now())
    if danger:
        alarms.listen(contact, also=danger, by=me(), at=clock.now())
        flash(f"“{'”, “'.join(danger)}” was not taken for a need: {interests.IN_DANGER}")
    _answer(case, form)
    drafts.saved(contact, DraftForm.CONVERSATION, form.draft.data, author=me())
    return contact


def _answer(case: SupportCase, form: ConversationForm) -> None:
    """Keep the answers and what is to be talked about; a case that has ended is left as it is."""
    if not case.is_open:
        return
    refused = {one.concept for one in case.interests if not one.confirmed}
    needs = {CONCEPT_OF[need] for need in form.needs.data}
    for concept in sorted(wanted(form) - needs | needs & refused):
        interests.confirm(case, concept, by=me(), at=clock.now())
    for concept in sorted(unwanted(form)):
        interests.refuse(case, concept, by=me())
    for service in services.listed(form.talk.data):
        match_answers.discuss(case, service, by=me(), at=clock.now())


def _attempt(case: SupportCase, form: AttemptForm) -> Contact:
    contact = contacts.attempt(
        case,
        mode=ContactMode(form.mode.data),
        outcome=ContactOutcome(form.outcome.data),
        notes=form.notes.data,
        next_action=form.next_action.data,
        next_action_on=form.next_action_on.data,
        by=me(),
        at=form.moment(),
        now=clock.now(),
    )
    drafts.saved(contact, DraftForm.ATTEMPT, form.draft.data, author=me())
    return contact


def _put_aside(
    case: SupportCase, which: DraftForm, form: ContactForm
) -> ResponseReturnValue | None:
    """Keep the form as a draft, for whoever works without scripts or wants to go on later."""
    try:
        drafts.keep(
            case,
            which,
            typed_here(),
            author=me(),
            key=form.draft.data or "",
            seen=form.seen,
            at=clock.now(),
        )
    except RuleBroken as refusal:
        form.refuse(str(refusal))
        return None
    flash("Saved as a draft. Nobody but you sees it until you save the conversation.")
    return redirect(url_for("cases.show", key=case.key), 303)


def _booked(case: SupportCase) -> dict[str, object]:
    """A next step still to come, shown again so that it is kept or changed and never forgotten."""
    if case.next_action_on is None or case.next_action_on <= clock.today():
        return {}
    return {"next_action": case.next_action, "next_action_on": case.next_action_on}


def _next(contact: Contact) -> str:
    """Where a saved contact leads: to the safety step where somebody may be in danger."""
    talked = contact.kind == "conversation"
    saved = "Conversation saved." if talked else "Attempt saved."
    if contact.next_action_on is not None:
        saved += f" Next step: {say_day(contact.next_action_on)}."
    flash(saved)
    alarm = alarms.of_contact(contact)
    if alarm is not None and alarm.answered_at is None:
        return url_for("alarms.show", key=alarm.key)
    return url_for("matches.index" if talked else "cases.show", key=contact.case.key)
