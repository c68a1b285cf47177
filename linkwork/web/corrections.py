"""Putting a contact right, reading what it said before, and taking one out."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import corrections
from linkwork.casework.corrections import Wording
from linkwork.database import db
from linkwork.forms.corrections import CorrectionForm, StrikeForm
from linkwork.models import Contact, ContactMode, Correction
from linkwork.web.cases import opened
from linkwork.web.submissions import carry_out

bp = Blueprint("corrections", __name__, url_prefix="/contacts/<key>")


@bp.route("/correct", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def correct(key: str) -> ResponseReturnValue:
    contact = access.find(Contact, key, user=me())
    case = opened(contact.case.key)
    form = CorrectionForm(data={"version": contact.version, **_as_it_is(contact)})
    done = carry_out(form, lambda: _correct(contact, form), then=lambda _: _after(case.key))
    if done is not None:
        return done
    db.session.refresh(contact)
    changed = form.was_sent and form.seen != contact.version
    # Whoever has seen both texts chooses: what they send next is meant.
    form.version.data = str(contact.version)
    page = render_template(
        "corrections/correct.html",
        contact=contact,
        case=case,
        form=form,
        changed=changed,
        theirs=corrections.may_correct(contact, user=me()),
    )
    return page, form.status


@bp.get("/history")
@requires(Permission.WORK_CASES)
def history(key: str) -> ResponseReturnValue:
    contact = access.find(Contact, key, user=me())
    case = opened(contact.case.key)
    before = [_as_it_was(kept) for kept in corrections.history(contact, by=me())]
    return render_template("corrections/history.html", contact=contact, case=case, before=before)


@bp.route("/strike", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def strike(key: str) -> ResponseReturnValue:
    contact = access.find(Contact, key, user=me())
    case = opened(contact.case.key)
    form = StrikeForm()
    done = carry_out(form, lambda: _strike(contact, form), then=lambda _: _after(case.key))
    if done is not None:
        return done
    page = render_template("corrections/strike.html", contact=contact, case=case, form=form)
    return page, form.status


def _as_it_is(contact: Contact) -> dict[str, Any]:
    local = clock.london(contact.at)
    names = ("mode", "what_matters", "notes", "strengths", "share_with_gp")
    shown = {name: getattr(contact, name) for name in names}
    return {"on": local.date(), "at": local.time(), "minutes": contact.minutes or None, **shown}


def _as_it_was(kept: Correction) -> dict[str, Any]:
    said = {**kept.said, "mode": ContactMode(kept.said["mode"])}
    said |= {"moment": datetime.fromisoformat(kept.said["at"]), "at": kept.corrected_at}
    return {**said, "by": kept.corrected_by.name, "reason": kept.reason}


def _correct(contact: Contact, form: CorrectionForm) -> None:
    # A moment that still reads as it did is left as it is, to the second.
    local = clock.london(contact.at)
    same = (local.date(), local.strftime("%H:%M")) == (form.on.data, f"{form.at.data:%H:%M}")
    wording = Wording(
        at=contact.at if same else form.moment(),
        mode=ContactMode(form.mode.data),
        minutes=form.minutes.data or 0,
        what_matters=form.what_matters.data,
        notes=form.notes.data,
        strengths=form.strengths.data,
        share_with_gp=form.share_with_gp.data,
    )
    reason = form.reason.data or ""
    corrections.correct(contact, wording, reason=reason, seen=form.seen, by=me(), at=clock.now())


def _strike(contact: Contact, form: StrikeForm) -> None:
    corrections.strike(contact, reason=form.reason.data or "", by=me(), at=clock.now())


def _after(case_key: str) -> str:
    flash("The contact is corrected. What it said before is kept.")
    return url_for("cases.show", key=case_key)
