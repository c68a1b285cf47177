"""What an activity must keep to for a person: what is kept, and one form to change it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, me, requires
from linkwork.casework import limit_answers, limits
from linkwork.casework.lexicon import lexicon
from linkwork.casework.limits import Kept, Question
from linkwork.forms import choices
from linkwork.forms.limits import LimitsForm
from linkwork.matching import Limits, wording
from linkwork.matching.contradictions import contradictions
from linkwork.models import SupportCase
from linkwork.web.cases import opened
from linkwork.web.limit_words import how, in_words, listed
from linkwork.web.submissions import carry_out

bp = Blueprint("limits", __name__, url_prefix="/cases/<key>/limits")


@dataclass(frozen=True, slots=True)
class Panel:
    """What the panel says: rows of label and words, and what is still to be asked."""

    rows: Sequence[tuple[str, str]]
    earlier_on: date | None
    """The day the limits of an earlier episode were kept, where nobody confirmed them yet."""
    is_earlier: bool
    is_empty: bool
    questions: Sequence[Question]
    has_place: bool
    wrong: Sequence[str]


def panel_of(case: SupportCase, note: str = "", kept: Kept | None = None) -> Panel:
    """What is kept for a case, and the questions that a note leads to."""
    kept = kept or limits.kept_of(case)
    made = limits.made_of(case.person, kept.values, on=clock.today())
    return Panel(
        rows=list(_rows(case, kept, made)),
        earlier_on=kept.kept_on if kept.is_earlier else None,
        is_earlier=kept.is_earlier,
        is_empty=kept.is_empty,
        questions=limits.questions(case, note, kept),
        has_place=made.origin is not None,
        wrong=contradictions(made),
    )


@bp.route("/", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def change(key: str) -> ResponseReturnValue:
    case = opened(key)
    kept = limits.kept_of(case)
    shown = request.method == "GET"
    form = LimitsForm.showing(_asked_or_known(case, kept)) if shown else LimitsForm.from_request()
    _offer(form, case, kept)
    done = carry_out(form, lambda: _keep(case, form), then=lambda _: _back(key))
    return done or (_page(case, form), form.status)


@bp.post("/still-right")
@requires(Permission.WORK_CASES)
def still_right(key: str) -> ResponseReturnValue:
    limits.confirm(opened(key), by=me(), on=clock.today())
    return redirect(_back(key), 303)


@bp.post("/answer")
@requires(Permission.WORK_CASES)
def answer(key: str) -> ResponseReturnValue:
    asked, yes = request.form.get("question", ""), request.form.get("answer") == "yes"
    limits.answer(opened(key), asked, yes=yes, by=me(), on=clock.today())
    return redirect(_back(key), 303)


@bp.post("/widen")
@requires(Permission.WORK_CASES)
def widen(key: str) -> ResponseReturnValue:
    limits.widen(opened(key), request.form.get("step", ""), by=me(), on=clock.today())
    flash("The limit is changed, for now and for the next search.")
    return redirect(_back(key), 303)


def _page(case: SupportCase, form: LimitsForm) -> str:
    """The form, above it what was kept since it was first shown: whoever sends it again saw it."""
    kept = limits.kept_of(case)
    now = limit_answers.digest(kept.values)
    is_older = request.method == "POST" and (form.seen.data or "") != now
    form.seen.data = now
    _offer(form, case, kept)
    meanwhile = panel_of(case, kept=kept).rows if is_older else ()
    return render_template("limits/change.html", case=case, form=form, is_older=is_older,
                           meanwhile=meanwhile)  # fmt: skip


def _keep(case: SupportCase, form: LimitsForm) -> None:
    kept = form.kept()
    if form.unwanted_words.data:
        kept["unwanted"] = [*kept["unwanted"], limit_answers.concept_of(form.unwanted_words.data)]
    limits.keep(case, kept, by=me(), on=clock.today(), seen=form.seen.data or "")


def _asked_or_known(case: SupportCase, kept: Kept) -> dict[str, object]:
    """What was asked, and where a language was not, what their record says of it."""
    languages, would_do = limits.language_of(case.person, kept.values)
    if not languages or kept.values.get("language"):
        return dict(kept.values)
    return {
        **kept.values,
        "language": case.person.language,
        "interpreter": "yes" if would_do else "",
    }


def _offer(form: LimitsForm, case: SupportCase, kept: Kept) -> None:
    """Let the form choose among what was tried, and what was said not to be wanted."""
    tried = {service.key: service.name for service in limits.tried(case)}
    ticked = [*kept.values.get("not_again", ()), *(form.not_again.data or ())]
    form.not_again.choices = choices({**tried, **limits.named(ticked)})
    sent = [code for code in form.unwanted.data or () if code in lexicon().concepts]
    labels = {code: lexicon().label(code) for code in [*kept.values.get("unwanted", ()), *sent]}
    form.unwanted.choices = choices(labels)


def _rows(case: SupportCase, kept: Kept, made: Limits) -> Iterator[tuple[str, str]]:
    yield from in_words(kept.values)
    if ways := how(made):
        yield "How", ways
    if made.languages:
        names = wording.languages(made.languages)
        yield "Language", f"{names}, or with an interpreter" if made.interpreter else names
    if made.single_sex:
        yield "Groups", f"{(made.gender or 'their gender').capitalize()} only"
    tried = list(limits.named(made.not_again).values()) if made.not_again else []
    unwanted = listed(lexicon().label(concept) for concept in sorted(made.unwanted))
    if tried or unwanted:
        yield "Not again", "\n".join(filter(None, [*tried, unwanted]))
    known = [f"aged {made.age}", {"women": "a woman", "men": "a man"}.get(made.gender or "", "")]
    known += ["a carer"] if case.person.carer else []
    yield "From their record", listed(filter(None, known))


def _back(key: str) -> str:
    return url_for("matches.index", key=key, after=request.args.get("after") or None)
