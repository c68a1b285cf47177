"""What the page of one onward referral shows, whichever of its forms was sent."""

from datetime import date
from typing import Any
from urllib.parse import quote

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload, selectinload

from linkwork import access, clock
from linkwork.access import Permission, me
from linkwork.casework import (
    answer_links,
    answers,
    companions,
    crowding,
    mail,
    onward_referrals,
    sent_details,
    service_merges,
    shared_links,
)
from linkwork.casework.crowding import Crowding
from linkwork.forms import Form
from linkwork.forms.onward_referrals import (
    AnswerForm,
    CompanionForm,
    EndForm,
    MissedForm,
    WentForm,
)
from linkwork.models import (
    Absent,
    OnwardDecline,
    OnwardOutcome,
    OnwardReferral,
    OnwardState,
    Service,
    SharedLink,
    SupportCase,
)
from linkwork.web.cases import opened
from linkwork.web.display import LABELS, day, label

WITH_PARTS = (
    joinedload(OnwardReferral.service).joinedload(Service.provider),
    joinedload(OnwardReferral.case).joinedload(SupportCase.person),
    joinedload(OnwardReferral.onward_from).joinedload(OnwardReferral.service),
    joinedload(OnwardReferral.companion),
    selectinload(OnwardReferral.answers),
    selectinload(OnwardReferral.attendances),
)


def found(key: str) -> OnwardReferral:
    """The onward referral, once its case may be opened: who may not read one, reads neither."""
    onward = access.find(OnwardReferral, key, user=me(), options=WITH_PARTS)
    opened(onward.case.key)
    return onward


def address_of(onward: OnwardReferral) -> str:
    """Where its page is."""
    return url_for("onward_referrals.show", key=onward.key)


def page(onward: OnwardReferral, sent: Form | None = None) -> ResponseReturnValue:
    """The onward referral with its forms: the one that was sent as it was filled in."""
    html = render_template(
        "onward_referrals/show.html",
        onward=onward,
        case=onward.case,
        lines=sent_details.as_sent(onward),
        changed=sent_details.changed(onward),
        happened=_happened(onward),
        crowding=crowded(onward.service) if onward.state is OnwardState.AGREED else None,
        silent_days=_silent_days(onward),
        ask_whether_they_went=_ask_whether_they_went(onward),
        over=answers.is_over(onward),
        can_change=answers.can_change(onward, me()),
        in_directory=in_directory(onward.service),
        links=_links(onward),
        mail_is_on=mail.is_on(),
        forms=_forms(onward, sent),
        form=sent,
    )
    return html, sent.status if sent is not None else 200


def crowded(service: Service) -> Crowding | None:
    """How many of ours are there already, where one more wants a word first."""
    counted = crowding.at_service(service, at=clock.now())
    return counted if counted.is_too_many else None


def in_directory(service: Service) -> bool:
    """Whether the user can open the activity’s own page: one off the list has none for most."""
    service = service_merges.kept_instead_of(service)
    return service.listed or access.may(me(), Permission.EDIT_DIRECTORY)


def answer_address(link: SharedLink) -> str:
    """The address a provider is given."""
    return url_for("answers.show", answer_link=shared_links.token(link), _external=True)


def tried_before(case: SupportCase) -> OnwardReferral | None:
    """The onward referral that the next is to follow, where the address or the form names one."""
    key = request.values.get("after", "")
    tried = access.find(OnwardReferral, key, user=me()) if key else None
    return tried if tried is not None and tried.case_id == case.id else None


def _forms(onward: OnwardReferral, sent: Form | None) -> dict[str, Form]:
    forms: dict[str, Form] = {
        "answer": AnswerForm(
            LABELS[OnwardDecline], formdata=None, first_session_on=onward.first_session_on
        ),
        "went": WentForm(formdata=None, held_on=_last_session(onward)),
        "missed": MissedForm(LABELS[Absent], formdata=None, missed_on=_last_session(onward)),
        "end": EndForm(_endings(onward), formdata=None),
        "companion": companion_form(onward, formdata=None),
    }
    return {name: sent if type(sent) is type(made) else made for name, made in forms.items()}


def companion_form(onward: OnwardReferral, **kwargs: Any) -> CompanionForm:
    """The form that asks who goes along."""
    people = [(user.key, user.name) for user in companions.perhaps(me())]
    return CompanionForm(
        people,
        companion=onward.companion.key if onward.companion else "",
        companion_name=onward.companion_name,
        accompanied_on=onward.accompanied_on or onward.first_session_on,
        **kwargs,
    )


def _last_session(onward: OnwardReferral) -> date:
    """The first session where that has come and nothing is known of it, else today."""
    first, today = onward.first_session_on, clock.today()
    return first if first is not None and first <= today and not onward.attendances else today


def _silent_days(onward: OnwardReferral) -> int | None:
    """For how many days they have not answered, where that is long; else None."""
    asked = onward.chased_at or onward.sent_at
    if asked is None or onward.state is not OnwardState.SENT:
        return None
    days = (clock.today() - clock.london(asked).date()).days
    return days if days >= onward_referrals.SILENT_DAYS else None


def _ask_whether_they_went(onward: OnwardReferral) -> bool:
    first = onward.first_session_on
    if first is None or first > clock.today() or onward.first_attended_at or not onward.is_open:
        return False
    return not any(row.held_on >= first for row in onward.attendances)


def _links(onward: OnwardReferral) -> dict[str, Any]:
    """The link that opens something, with words to pass it on by; and when one was looked at."""
    made = answer_links.of(onward) if onward.sent_at else []
    alive = next((link for link in made if answer_links.opens(link, at=clock.now())), None)
    looked = max((link.last_opened_at for link in made if link.last_opened_at), default=None)
    if alive is None:
        return {"made": made, "alive": None, "looked_at": looked}
    address = answer_address(alive)
    words = (
        "We would like to refer somebody to you, and they agreed. Open this link to see the "
        f"details and to answer. You need no account.\n\n{address}\n\n"
        f"The link works until {day(alive.expires_at)}."
    )
    subject, to = quote("A referral to you"), quote(onward.service.email or "", safe="@")
    letter = f"mailto:{to}?subject={subject}&body={quote(words)}"
    return {"made": made, "alive": alive, "looked_at": looked, "words": words, "letter": letter}


def _happened(onward: OnwardReferral) -> list[tuple[str, str]]:
    moments = {
        "Agreed": onward.agreed_at,
        "Sent": onward.sent_at,
        "Asked again": onward.chased_at,
        "Waiting list": onward.waitlisted_at,
        "Accepted": onward.accepted_at,
        "First session": onward.first_session_on,
        "First visit": onward.first_attended_at,
        "Not going": onward.declined_at,
        "Taken back": onward.cancelled_at,
        "Ended": onward.ended_at,
    }
    why = {"Not going": onward.decline_reason, "Ended": onward.outcome}
    return [
        (name, f"{day(at)}: {label(why[name])}" if why.get(name) else day(at))
        for name, at in moments.items()
        if at is not None
    ]


def _endings(onward: OnwardReferral) -> dict[OnwardOutcome, str]:
    fitting = onward_referrals.endings(onward)
    return {code: text for code, text in LABELS[OnwardOutcome].items() if code in fitting}
