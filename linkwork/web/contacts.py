"""Recording a conversation, or an attempt that failed."""

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, me, requires
from linkwork.casework import contacts, lexicon
from linkwork.casework.contacts import Conversation
from linkwork.forms.contacts import LONGEST_NOTE, AttemptForm, ConversationForm
from linkwork.matching import Proposal, crisis_words, propose
from linkwork.models import Contact, ContactMode, ContactOutcome, Need, SupportCase
from linkwork.web.cases import opened
from linkwork.web.submissions import carry_out

bp = Blueprint("contacts", __name__, url_prefix="/cases/<key>/contacts")

USUAL, MAIN = 2, 3


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def new(key: str) -> ResponseReturnValue:
    case = opened(key)
    now = clock.london(clock.now())
    form = ConversationForm(
        data={"on": now.date(), "at": now.time(), "mode": "phone", **_booked(case)}
    )
    heard: tuple[Proposal, ...] = ()
    if "suggest" in request.form:
        heard = propose(_words(form), lexicon.lexicon())
        return _page(case, form, heard, 200)
    done = carry_out(form, lambda: _record(case, form), then=lambda contact: _next(contact, key))
    return done or _page(case, form, heard, form.status)


@bp.route("/attempt", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def attempt(key: str) -> ResponseReturnValue:
    case = opened(key)
    now = clock.london(clock.now())
    form = AttemptForm(
        data={"on": now.date(), "at": now.time(), "mode": "phone", "outcome": "no_reply"}
    )
    done = carry_out(
        form,
        lambda: contacts.attempt(
            case,
            mode=ContactMode(form.mode.data),
            outcome=ContactOutcome(form.outcome.data),
            notes=form.notes.data,
            next_action=form.next_action.data,
            next_action_on=form.next_action_on.data,
            by=me(),
            at=form.moment(),
            now=clock.now(),
        ),
        then=lambda _: url_for("cases.show", key=key),
    )
    return done or (render_template("contacts/attempt.html", case=case, form=form), form.status)


def _page(
    case: SupportCase, form: ConversationForm, heard: tuple[Proposal, ...], status: int
) -> ResponseReturnValue:
    crisis = crisis_words(_words(form)) if request.method == "POST" else ()
    return (
        render_template(
            "contacts/new.html",
            case=case,
            form=form,
            heard=heard,
            asked="suggest" in request.form,
            crisis=crisis,
        ),
        status,
    )


def _record(case: SupportCase, form: ConversationForm) -> Contact:
    said = Conversation(
        mode=ContactMode(form.mode.data),
        minutes=form.minutes.data,
        notes=form.notes.data,
        what_matters=form.what_matters.data,
        strengths=form.strengths.data,
        needs=_needs(form),
        plan_agreed=form.plan_agreed.data,
        safety_concern=form.safety_concern.data,
        safety_action=form.safety_action.data,
        share_with_gp=form.share_with_gp.data,
        next_action=form.next_action.data,
        next_action_on=form.next_action_on.data,
    )
    return contacts.record(case, said, by=me(), at=form.moment(), now=clock.now())


def _needs(form: ConversationForm) -> dict[Need, int]:
    """The needs ticked; the one that matters most weighs more, and counts as ticked."""
    main = form.main_need.data
    chosen = {Need(code): USUAL for code in form.needs.data or []}
    return {**chosen, Need(main): MAIN} if main else chosen


def _booked(case: SupportCase) -> dict[str, object]:
    """A next step still to come, shown again so that it is kept or changed and never forgotten."""
    if case.next_action_on is None or case.next_action_on <= clock.today():
        return {}
    return {"next_action": case.next_action, "next_action_on": case.next_action_on}


def _words(form: ConversationForm) -> str:
    """What was typed so far, however long: it may not have been checked yet."""
    typed = (form.what_matters.data, form.notes.data, form.strengths.data)
    return "\n".join(words[:LONGEST_NOTE] for words in typed if words)


def _next(contact: Contact, key: str) -> str:
    """Where a saved conversation leads: to the safety step where somebody may be in danger."""
    flash("Conversation saved.")
    words = " ".join(filter(None, (contact.what_matters, contact.notes)))
    if crisis_words(words) and not contact.safety_concern:
        flash(
            "This note has words about danger or self-harm. Read it again now, follow your "
            "safety procedure, and record what you did.",
            "alert",
        )
        return url_for("cases.show", key=key)
    return url_for("matches.index", key=key)
