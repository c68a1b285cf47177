"""What fits is shown beside a conversation while it is typed: looked up, never written.

Looking again while the form stays open belongs to the opening of the case that showed the form:
the form carries a mark of it, and a look without a mark is noted as an opening of its own.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, get_template_attribute, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import alarms, cases, matches, services, sessions
from linkwork.casework.matches import Suggestions, Typed
from linkwork.database import reads_only
from linkwork.forms.contacts import ConversationForm
from linkwork.matching import Match, crisis_words
from linkwork.models import Service, SupportCase
from linkwork.web import gate
from linkwork.web.hearing import (
    Chips,
    chips,
    danger_in_words,
    take_words,
    unwanted,
    wanted,
    words_of,
)

bp = Blueprint("live_matches", __name__, url_prefix="/cases/<key>/matches")

LOOK = "live_matches.look"
NOTHING_YET = "Activities that fit"
SHOWN = 4
PLAINLY = 0.5
MOST_RANKED = 40
LARGEST_BYTES = 500_000
MARK_SECONDS = 12 * 60 * 60


@dataclass(frozen=True, slots=True)
class Look:
    """What stands beside a note: what was heard in it, and what fits."""

    chips: Chips
    crisis: tuple[str, ...]
    """Words about danger. While there are any, nothing is ranked: safety comes first."""
    shown: Sequence[Match] = ()
    marked: Sequence[Service] = ()
    """What is to be talked about and is not among those shown."""
    line: str = NOTHING_YET
    mark: str = ""
    open: Sequence[str] = ()
    """Words about danger in the referral or an older note, until somebody answers them."""
    unknown: str = ""
    """What to say of words to add that nobody knows."""

    @property
    def said(self) -> str:
        """The line as it is read out."""
        return f"{self.line}: the first is {self.shown[0].offer.name}." if self.shown else self.line


def look_at(case: SupportCase, form: ConversationForm) -> Look:
    """What was heard in a form as it is typed, and the first activities that fit.

    What was typed in own words is ticked in the form once it is sent, not where a draft is shown.
    """
    unknown = take_words(form) if _asks_to_add() else ""
    text = words_of(form)
    crisis = (*crisis_words(text), *danger_in_words(form))
    older = alarms.stand_open(case)
    found = None if crisis or older or not case.is_open else _suggest(case, form, text)
    heard = matches.proposed(case, text)
    shown = _shown(found, {one.concept for one in heard} - unwanted(form)) if found else ()
    return Look(
        chips(heard, form, case),
        crisis,
        shown=shown,
        marked=services.listed(set(form.talk.data) - {match.offer.id for match in shown}),
        line=_line(found) if found else NOTHING_YET,
        mark=_mark(case),
        open=older,
        unknown=unknown,
    )


@bp.post("/live")
@requires(Permission.WORK_CASES)
@reads_only
def look(key: str) -> ResponseReturnValue:
    if (request.content_length or 0) > LARGEST_BYTES:
        return {"error": "This is too long to look for activities in."}, 413
    case = access.open_case(key, user=me(), on=clock.today())
    if not _is_marked(case):
        gate.note_if_shown(lambda: cases.open(case, by=me()))
    form = ConversationForm()
    return _told(look_at(case, form), form)


def _asks_to_add() -> bool:
    """A form that is sent is; a look while somebody types is only where they say so."""
    return request.method == "POST" and (request.endpoint != LOOK or "adding" in request.form)


def _suggest(case: SupportCase, form: ConversationForm, text: str) -> Suggestions:
    typed = Typed(text, yes=wanted(form), no=unwanted(form))
    return matches.suggest(case, on=clock.today(), typed=typed)


def _shown(found: Suggestions, heard: Collection[str]) -> Sequence[Match]:
    """The first matches; the last of them answers what is typed where nothing before it does.

    What was confirmed before weighs more than what is only heard now, and a list that never
    answered to the typing would not be looked at.
    """
    first, rest = found.ranking.matches[:SHOWN], found.ranking.matches[SHOWN:]
    if any(_answers(match, heard) for match in first):
        return first
    answer = next((match for match in rest if _answers(match, heard)), None)
    return (*first[:-1], answer) if answer else first


def _answers(match: Match, heard: Collection[str]) -> bool:
    return any(match.offer.concepts.get(concept, 0) >= PLAINLY for concept in heard)


def _line(found: Suggestions) -> str:
    """How many fit, in words: those that fit well where there are any, else those that may."""
    every = found.ranking.matches
    good = sum(match.band == "good" for match in every)
    count = good or len(every)
    if not count:
        return "No activity fits yet" if found.proposals or found.confirmed else NOTHING_YET
    many = f"{count} or more" if count >= MOST_RANKED else str(count)
    if good:
        return f"{many} {'activity fits' if count == 1 else 'activities fit'}"
    return f"{many} {'activity' if count == 1 else 'activities'} may fit"


def _told(seen: Look, form: ConversationForm) -> dict[str, Any]:
    chip = get_template_attribute("contacts/_needs.html", "chip")
    fitting = get_template_attribute("contacts/_fitting.html", "fitting")
    return {
        "chips": [[one.concept, str(chip(one, form))] for one in seen.chips.at_hand],
        "list": str(fitting(seen, form)),
        "line": seen.line,
        "said": seen.said,
        "crisis": seen.crisis,
        "unknown": seen.unknown,
        "mark": seen.mark,
    }


def _marker() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="case opened")


def _mark(case: SupportCase) -> str:
    """The mark the request came with, where it is good, so that it lasts no longer; else a new."""
    return request.form["mark"] if _is_marked(case) else str(_marker().dumps(_opening(case)))


def _opening(case: SupportCase) -> list[str]:
    """Whose opening of which case it was, in which session and on which day."""
    user = me()
    session = sessions.token_hash(user.session_token)[:16]
    return [case.key, user.key, session, clock.today().isoformat()]


def _is_marked(case: SupportCase) -> bool:
    """Whether the request comes from a form that this user was shown with this case."""
    try:
        found = _marker().loads(request.form.get("mark", ""), max_age=MARK_SECONDS)
    except BadSignature:
        return False
    return bool(found == _opening(case))
