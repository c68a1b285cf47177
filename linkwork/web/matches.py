"""Activities that fit a case: needs confirmed, and every suggestion explained."""

from typing import NamedTuple

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from linkwork import clock
from linkwork.access import Permission, me, requires
from linkwork.casework import alarms, availability, interests, match_answers, matches
from linkwork.casework.availability import Availability, Soonness
from linkwork.casework.lexicon import lexicon
from linkwork.casework.matches import LeftOut, Suggestions
from linkwork.errors import RuleBroken
from linkwork.forms.matches import NeedsForm
from linkwork.matching import Match
from linkwork.matching.alternatives import alternatives
from linkwork.models import REJECT_LABELS, MatchAnswer, SupportCase
from linkwork.web import gaps
from linkwork.web.cases import opened
from linkwork.web.limits import panel_of
from linkwork.web.onward_page import tried_before
from linkwork.web.paging import here
from linkwork.web.submissions import carry_out

bp = Blueprint("matches", __name__, url_prefix="/cases/<key>/matches")
# The title of each band, and how many of it are shown.
BANDS = {"good": ("Good matches", 12), "possible": ("Possible", 6)}
WHENS = {
    Soonness.NOW: "Now: within a week",
    Soonness.MONTH: "This month",
    Soonness.LONGER: "Longer",
    Soonness.UNKNOWN: "No day stated: ask the provider",
}


class Band(NamedTuple):
    """Matches under one title, each with its place in the ranking."""

    title: str
    matches: list[tuple[int, Match]]


@bp.get("/")
@requires(Permission.WORK_CASES)
def index(key: str) -> ResponseReturnValue:
    case = opened(key, joinedload(SupportCase.person))
    return _page(case, NeedsForm(formdata=None))


@bp.post("/needs")
@requires(Permission.WORK_CASES)
def needs(key: str) -> ResponseReturnValue:
    case, form = opened(key), NeedsForm.from_request()
    done = carry_out(form, lambda: _answer(case, form), then=lambda _: _here(key))
    return done or _page(case, form)


def _answer(case: SupportCase, form: NeedsForm) -> None:
    """What was said yes or no to, or the words that were typed; nothing at all is refused."""
    answers = form.answers()
    if not answers and not form.words.data:
        raise RuleBroken("Say yes or no to what was heard, or type a need or interest to add.")
    for concept, is_right in answers.items():
        if is_right:
            interests.confirm(case, concept, by=me(), at=clock.now())
        else:
            interests.refuse(case, concept, by=me())
    if form.words.data:
        flash(f"Added: {interests.add(case, form.words.data, by=me(), at=clock.now())}.")


def _page(case: SupportCase, form: NeedsForm) -> ResponseReturnValue:
    today = clock.today()
    found = matches.suggest(case, on=today)
    bands, left_out = _bands(found), matches.left_out(found, on=today)
    standing = _standing(found, bands, left_out)
    by_day = request.args.get("order") == "day"
    return (
        render_template(
            "matches/index.html",
            case=case,
            found=found,
            form=form,
            at_once=[one for one in found.proposals if one.concept not in lexicon().sensitive],
            meant=interests.meant(form.words.data or "") if form.form_errors else (),
            open_danger=alarms.stand_open(case),
            in_danger=bool(interests.speaks_of_danger(form.words.data or "")),
            limits=panel_of(case, found.note, found.kept),
            would_change=alternatives(found.rank_with, found.ranking, found.limits),
            to_discuss=match_answers.to_discuss(case),
            bands=_by_day(bands, standing) if by_day else bands,
            orders=_orders(by_day=by_day),
            band_names={"good": "A good match", "possible": "Possible"} if by_day else {},
            standing=standing,
            left_out=left_out,
            just_said=_just_said(found),
            no_good=list(REJECT_LABELS.items()),
            gap=_gap(case, found),
            tried=tried_before(case),
        ),
        form.status,
    )


def _just_said(found: Suggestions) -> MatchAnswer | None:
    """The answer that led here, to be undone at once."""
    key = request.args.get("answered")
    return next((answer for answer in found.turned_down if answer.key == key), None)


def _gap(case: SupportCase, found: Suggestions) -> gaps.Offer | None:
    """What one press would note, where nothing is a good match: poor ones do not fill a gap."""
    if any(match.band == "good" for match in found.ranking.matches):
        return None
    return gaps.of_case(case, [(group.limit, group.count) for group in found.ranking.not_shown])


def _bands(found: Suggestions) -> list[Band]:
    """The best of each band, and the place of its first in the whole ranking."""
    shown = found.ranking.matches
    bands = []
    for code, (title, most) in BANDS.items():
        of_band = [match for match in shown if match.band == code]
        if of_band:
            first = shown.index(of_band[0]) + 1
            bands.append(Band(title, list(enumerate(of_band[:most], start=first))))
    return bands


def _by_day(bands: list[Band], standing: dict[str, Availability]) -> list[Band]:
    """The same matches by how soon somebody could begin; within that, the best first."""
    every = [placed for band in bands for placed in band.matches]
    unknown = Availability()
    found = [
        Band(
            title, [one for one in every if standing.get(one[1].offer.id, unknown).soonness is soon]
        )
        for soon, title in WHENS.items()
    ]
    return [band for band in found if band.matches]


def _orders(*, by_day: bool) -> list[dict[str, object]]:
    return [
        {"label": "Best fit first", "url": here(order=None), "current": not by_day},
        {"label": "Soonest first", "url": here(order="day"), "current": by_day},
    ]


def _standing(
    found: Suggestions, bands: list[Band], left_out: tuple[LeftOut, ...]
) -> dict[str, Availability]:
    """Of what is shown and of what is full: its places, and when it meets next, by its key."""
    keys = [match.offer.id for band in bands for _, match in band.matches]
    keys += [o.id for group in left_out if group.limit == "places" for o, _ in group.services]
    return availability.of(keys, found.meetings, found.limits, at=clock.now())


def _here(key: str) -> str:
    return url_for("matches.index", key=key, after=request.args.get("after") or None)
