"""Drafts: kept every few seconds while somebody types, and given back wherever they go on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import drafts
from linkwork.casework.drafts import WORDS, Kept
from linkwork.errors import RuleBroken
from linkwork.forms import RESUMED, new_token
from linkwork.forms.date_words import read_day, say_day
from linkwork.matching import crisis_words
from linkwork.models import Draft, DraftForm, SupportCase

bp = Blueprint("drafts", __name__)

NOT_TYPED = frozenset({"csrf_token", "once", "draft", "draft_version", "keep", "suggest", RESUMED})
LARGEST_BYTES = 500_000
ADDRESS = {DraftForm.CONVERSATION: "contacts.new", DraftForm.ATTEMPT: "contacts.attempt"}


@dataclass(frozen=True)
class Begun:
    """What the user wrote in a form before: what goes into it, and what else there is."""

    draft: Draft | None = None
    others: Sequence[Draft] = ()
    filling: dict[str, Any] = field(default_factory=dict)
    """What a form is made with, so that it shows the draft."""


def begun(case: SupportCase, form: DraftForm) -> Begun:
    """The drafts of a form of this case. One asked for as ``?draft=`` comes first."""
    found = list(drafts.of(case, form, author=me()))
    if request.method != "GET":
        sent = request.form.get("draft")
        return Begun(others=[draft for draft in found if draft.key != sent])
    if not found:
        return Begun()
    first = next((d for d in found if d.key == request.args.get("draft")), found[0])
    typed = MultiDict(first.fields)
    typed["draft"], typed["draft_version"] = first.key, str(first.version)
    others = [draft for draft in found if draft is not first]
    return Begun(first, others, {"formdata": typed})


def typed_here() -> dict[str, list[str]]:
    """What is in the form that was sent, without what no user typed."""
    return {name: values for name, values in request.form.lists() if name not in NOT_TYPED}


@bp.post("/cases/<key>/drafts/<form>")
@requires(Permission.WORK_CASES)
def keep(key: str, form: str) -> ResponseReturnValue:
    case = access.find(SupportCase, key, user=me())
    if form not in set(DraftForm):
        abort(404)
    if (request.content_length or 0) > LARGEST_BYTES:
        return {"error": "This is too long to keep as a draft. Save it, or shorten it."}, 413
    sent: Any = request.get_json(silent=True)
    fields = _fields(sent)
    if fields is None:
        return {"error": "This could not be read as a draft."}, 422
    try:
        kept = _kept(case, DraftForm(form), fields, sent)
    except RuleBroken as refusal:
        return {"error": str(refusal)}, 409
    return {**_told(kept), **_listened(fields)}


def _kept(
    case: SupportCase, form: DraftForm, fields: dict[str, list[str]], sent: dict[str, Any]
) -> Kept:
    wanted, seen = sent.get("draft"), sent.get("version")
    return drafts.keep(
        case,
        form,
        fields,
        author=me(),
        key=str(wanted) if _is_key(wanted) else new_token(),
        seen=seen if isinstance(seen, int) else None,
        at=clock.now(),
    )


@bp.post("/drafts/<key>/discard")
@requires(Permission.WORK_CASES)
def discard(key: str) -> ResponseReturnValue:
    draft = access.find(Draft, key, user=me())
    drafts.discard(draft)
    flash("Your unsaved note is discarded.")
    if request.form.get("back") == "form":
        return redirect(url_for(ADDRESS[draft.form], key=draft.case.key), 303)
    return redirect(url_for("cases.show", key=draft.case.key), 303)


def _is_key(text: Any) -> bool:
    return isinstance(text, str) and re.fullmatch(r"[A-Za-z0-9_-]{8,36}", text) is not None


def _fields(sent: Any) -> dict[str, list[str]] | None:
    """The fields sent, where they are names with lists of text and nothing else."""
    fields = sent.get("fields") if isinstance(sent, dict) else None
    if not isinstance(fields, dict) or not all(isinstance(v, list) for v in fields.values()):
        return None
    if not all(isinstance(text, str) for values in fields.values() for text in values):
        return None
    named = {str(name): values for name, values in fields.items() if name not in NOT_TYPED}
    return {name: [text.replace("\0", "") for text in named[name]] for name in named}


def _told(kept: Kept) -> dict[str, Any]:
    if kept.draft is None:
        return {"saved": True}
    return {
        "draft": kept.draft.key,
        "version": kept.version,
        "at": f"{clock.london(kept.draft.saved_at):%H:%M}",
        "beside": [
            {
                "at": f"{clock.london(other.saved_at):%H:%M}",
                "text": "\n".join(t for n in WORDS for t in other.fields.get(n, ()) if t),
                "address": url_for(ADDRESS[other.form], key=other.case.key, draft=other.key),
            }
            for other in kept.beside
        ],
    }


def _listened(fields: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What was understood of it: words about danger, the day of the next step."""
    text = "\n".join(t for n in ("what_matters", "notes", "strengths") for t in fields.get(n, ()))
    day, typed = None, "".join(fields.get("next_action_on", ())).strip()
    try:
        day = say_day(read_day(typed, today=clock.today())) if typed else None
    except ValueError as unclear:
        day = str(unclear)
    return {"crisis": crisis_words(text), "day": day}
