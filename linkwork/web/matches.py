"""Activities that fit a case: needs confirmed, limits asked, and every suggestion explained."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, me, requires
from linkwork.casework import matches, service_hours
from linkwork.casework.matches import Suggestions
from linkwork.errors import RuleBroken
from linkwork.forms import choices
from linkwork.forms.matches import LimitsForm, NeedsForm
from linkwork.matching import Match, Proposal
from linkwork.models import SupportCase
from linkwork.web import gaps
from linkwork.web.cases import opened
from linkwork.web.onward_page import tried_before
from linkwork.web.submissions import carry_out

bp = Blueprint("matches", __name__, url_prefix="/cases/<key>/matches")
MOST_SAID = 40


@bp.get("/")
@requires(Permission.WORK_CASES)
def index(key: str) -> ResponseReturnValue:
    case = opened(key)
    return _page(case, NeedsForm(formdata=None), LimitsForm.showing(case.limits or {}))


@bp.post("/needs")
@requires(Permission.WORK_CASES)
def needs(key: str) -> ResponseReturnValue:
    case, form = opened(key), NeedsForm.from_request()
    form.yes.choices = choices({code: code for code in request.form.getlist("yes")})
    done = carry_out(form, lambda: _answer(case, form), then=lambda _: _here(key))
    return done or _page(case, form, LimitsForm.showing(case.limits or {}))


@bp.post("/limits")
@requires(Permission.WORK_CASES)
def limits(key: str) -> ResponseReturnValue:
    case, form = opened(key), LimitsForm.from_request()
    done = carry_out(
        form, lambda: matches.keep_limits(case, form.kept(), by=me()), then=lambda _: _here(key)
    )
    return done or _page(case, NeedsForm(formdata=None), form)


@bp.post("/not/<concept>")
@requires(Permission.WORK_CASES)
def no(key: str, concept: str) -> ResponseReturnValue:
    matches.refuse(opened(key), concept, by=me())
    return redirect(_here(key), 303)


def _answer(case: SupportCase, form: NeedsForm) -> None:
    """Everything that was ticked, and the words that were typed; nothing at all is refused."""
    if not form.yes.data and not form.words.data:
        raise RuleBroken("Tick what is right, or type a need or interest to add.")
    for concept in dict.fromkeys(form.yes.data or []):
        matches.confirm(case, concept, by=me(), at=clock.now())
    if form.words.data:
        flash(f"Added: {matches.add(case, form.words.data, by=me(), at=clock.now())}.")


def _page(case: SupportCase, needs_form: NeedsForm, limits_form: LimitsForm) -> ResponseReturnValue:
    found = matches.suggest(case, on=clock.today())
    if needs_form.yes.choices is None or not needs_form.errors:
        needs_form.yes.choices = choices({p.concept: _heard(p) for p in found.proposals})
    faulty = needs_form if needs_form.errors else limits_form
    status = max(needs_form.status, limits_form.status)
    return (
        render_template(
            "matches/index.html",
            case=case,
            found=found,
            form=faulty,
            needs_form=needs_form,
            limits_form=limits_form,
            bands=_bands(found),
            next_times=_next_times(found),
            gap=_gap(case, found),
            tried=tried_before(case),
        ),
        status,
    )


def _heard(proposal: Proposal) -> str:
    words = ", ".join(f"“{words}”" for words in proposal.words[:3])
    return f"{proposal.label[:1].upper()}{proposal.label[1:]}: {words}"


def _gap(case: SupportCase, found: Suggestions) -> gaps.Offer | None:
    left = [(group.limit, group.count) for group in found.ranking.not_shown]
    return None if found.ranking.matches else gaps.of_case(case, left)


def _bands(found: Suggestions) -> list[tuple[str, list[Match]]]:
    shown = found.ranking.matches
    titles = {"good": "Good matches", "possible": "Possible"}
    return [
        (title, [match for match in shown if match.band == band])
        for band, title in titles.items()
        if any(match.band == band for match in shown)
    ]


def _next_times(found: Suggestions) -> dict[str, str]:
    """When each of the first matches meets next, by its key."""
    at = clock.now()
    said = {
        match.offer.id: service_hours.next_of(
            one.schedules, at=at, not_before=one.opens_on, until=one.ends_on
        )
        for match in found.ranking.matches[:MOST_SAID]
        if (one := found.meetings.get(match.offer.id))
    }
    return {key: words for key, words in said.items() if words}


def _here(key: str) -> str:
    return url_for("matches.index", key=key, after=request.args.get("after") or None)
