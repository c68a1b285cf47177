"""Messages to the practice: seen before they are sent, then read, printed, filed, taken away."""

import json

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from linkwork import access, audit, clock, permissions
from linkwork.access import Permission, me, requires
from linkwork.audit import Event
from linkwork.casework import cases, letters, messages, shareable
from linkwork.casework.letters import Letter
from linkwork.casework.shareable import Chosen, Offer
from linkwork.errors import RuleBroken
from linkwork.exchange import fhir_message
from linkwork.forms.messages import PARTS, MessageForm, PartsForm
from linkwork.models import NEED_LABELS, Message, MessageKind, SupportCase
from linkwork.models.contact import MODE_LABELS
from linkwork.web.cases import opened
from linkwork.web.display import day
from linkwork.web.paging import Page, number_asked
from linkwork.web.submissions import carry_out

bp = Blueprint("messages", __name__)

WITH_NAMES = tuple(
    joinedload(part)
    for part in (
        Message.case,
        Message.practice,
        Message.made_by,
        Message.read_by,
        Message.filed_by,
    )
)


@bp.get("/messages/")
@requires(Permission.REFER)
def index() -> ResponseReturnValue:
    filed, number = request.args.get("tab") == "filed", number_asked()
    inbox = messages.to_practice(me(), filed=filed, page=number)
    audit.record(Event.MESSAGES_LISTED, None, by=me(), shown=len(inbox.messages))
    total = inbox.filed if filed else inbox.to_file
    return render_template(
        "messages/index.html",
        inbox=inbox,
        rows=[(message, Letter.from_json(message.contents)) for message in inbox.messages],
        filed=filed,
        page=Page(number, total, messages.PAGE),
    )


@bp.get("/messages/<key>")
@requires(Permission.REFER, Permission.WORK_CASES)
def show(key: str) -> ResponseReturnValue:
    message = _opened(key)
    messages.open(message, by=me())
    return render_template(
        "messages/show.html",
        message=message,
        letter=Letter.from_json(message.contents),
        fhir=_fhir(message),
        ours=_is_ours(message),
    )


@bp.get("/messages/<key>/message.txt")
@requires(Permission.REFER, Permission.WORK_CASES)
def text(key: str) -> ResponseReturnValue:
    message = _opened(key)
    messages.downloaded(message, "txt", by=me())
    return _file(message, message.body, "text/plain", "txt")


@bp.get("/messages/<key>/message.json")
@requires(Permission.REFER, Permission.WORK_CASES)
def fhir(key: str) -> ResponseReturnValue:
    message = _opened(key)
    messages.downloaded(message, "json", by=me())
    return _file(message, _fhir(message), "application/fhir+json", "json")


@bp.post("/messages/<key>/read")
@requires(Permission.REFER)
def read(key: str) -> ResponseReturnValue:
    messages.read(access.find(Message, key, user=me()), by=me(), at=clock.now())
    return redirect(url_for("messages.show", key=key), 303)


@bp.post("/messages/<key>/file")
@requires(Permission.REFER)
def file(key: str) -> ResponseReturnValue:
    messages.file(access.find(Message, key, user=me()), by=me(), at=clock.now())
    flash("Marked as filed in the record.")
    return redirect(url_for("messages.index"), 303)


@bp.route("/cases/<key>/messages/new", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def new(key: str) -> ResponseReturnValue:
    case = opened(key, *cases.WHOLE)
    form = MessageForm()
    kind = messages.due(messages.of_case(case))
    done = None
    if request.form.get("step") != "preview":
        done = carry_out(form, lambda: _send(case, kind, form), then=lambda _: _back(case))
    elif form.was_sent:
        form.validate()
    return done or _writing(case, kind, form)


def _send(case: SupportCase, kind: MessageKind, form: MessageForm) -> None:
    message = messages.send(
        case,
        kind,
        chosen=chosen(form),
        note=form.note.data,
        seen=form.seen.data or "",
        by=me(),
        at=clock.now(),
    )
    flash(f"Sent to {message.practice.name}.")


def _writing(case: SupportCase, kind: MessageKind, form: MessageForm) -> ResponseReturnValue:
    """The form, beside the message as it would go out now."""
    letter = stopped = None
    offer = offer_parts(form, case)
    try:
        note = form.note.data
        letter = messages.compose(
            case, kind, chosen=chosen(form), note=note, by=me(), at=clock.now()
        )
        form.seen.data = letter.digest
    except RuleBroken as refusal:
        stopped = str(refusal)
    page = render_template(
        "messages/new.html",
        case=case,
        form=form,
        offer=offer,
        stopped=stopped,
        preview=previewed(letter) if letter else None,
    )
    return page, form.status


def _back(case: SupportCase) -> str:
    return url_for("cases.show", key=case.key)


def chosen(form: PartsForm) -> Chosen | None:
    """What was ticked; None where the page did not ask yet."""
    return Chosen(**form.ticked) if form.ticked is not None else None


def offer_parts(form: PartsForm, case: SupportCase) -> Offer:
    """Let the form offer what may be shared, ticked as usual until somebody says otherwise."""
    offer = shareable.offer(case)
    form.offer(
        {
            "contacts": [
                (c.key, f"{day(c.at)}, {MODE_LABELS[c.mode].lower()}{_before(c.key, offer)}")
                for c in offer.contacts
            ],
            "needs": [(str(n.need), NEED_LABELS[n.need]) for n in offer.needs],
            "goals": [(g.key, g.words) for g in offer.goals],
            "onward": [(o.key, o.service.name) for o in offer.onward],
        }
    )
    if form.ticked is None:
        for name in PARTS:
            form[name].data = sorted(getattr(offer.usual, name))
    return offer


def _before(key: str, offer: Offer) -> str:
    """What to know of a conversation that an earlier message told of."""
    if key in offer.corrected:
        return " (corrected since an earlier message)"
    return " (in an earlier message)" if key in offer.told else ""


def previewed(letter: Letter) -> dict[str, object]:
    """A letter that is not sent yet, as the page shows it: in text, and as FHIR."""
    document = fhir_message.bundle(letter, key="preview", at=clock.now())
    return {
        "letter": letter,
        "text": letters.text(letter),
        "fhir": json.dumps(document, indent=2, ensure_ascii=False),
    }


def _opened(key: str) -> Message:
    """The message: its practice’s, or a case’s once that may be opened."""
    message = access.find(Message, key, user=me(), options=WITH_NAMES)
    if not _is_ours(message):
        opened(message.case.key)
    return message


def _is_ours(message: Message) -> bool:
    may_refer = access.may(me(), Permission.REFER)
    return may_refer and permissions.acts_for(me(), message.practice_id)


def _fhir(message: Message) -> str:
    letter = Letter.from_json(message.contents)
    document = fhir_message.bundle(letter, key=message.key, at=message.sent_at)
    return json.dumps(document, indent=2, ensure_ascii=False)


def _file(message: Message, content: str, mimetype: str, ending: str) -> Response:
    """A file whose name tells nothing of the patient."""
    name = f"message-{clock.london(message.sent_at):%Y-%m-%d}-{message.key}.{ending}"
    return Response(
        content,
        mimetype=mimetype,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
