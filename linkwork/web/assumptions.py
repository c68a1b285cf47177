"""The assumptions behind the figures: what holds, where it comes from, and who set it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, clock
from linkwork.access import Permission, may, me, requires
from linkwork.capacity.assumptions import SETTINGS, Setting
from linkwork.casework import assumptions, organisations
from linkwork.casework.assumptions import Standing
from linkwork.errors import NotAllowed
from linkwork.forms.assumptions import TakeBackForm, form_of
from linkwork.models import Assumption, Organisation, OrganisationKind
from linkwork.web.submissions import carry_out

bp = Blueprint("assumptions", __name__)


@dataclass(frozen=True, slots=True)
class Level:
    """Where assumptions are set: a PCN, a board, or (None) the installation."""

    organisation: Organisation | None

    @property
    def name(self) -> str:
        """Whose they are, in words."""
        return self.organisation.name if self.organisation else "Everywhere in this Linkwork"

    @property
    def is_pcn(self) -> bool:
        """Whether it is that of one PCN."""
        return self.organisation is not None and self.organisation.kind is OrganisationKind.PCN

    @property
    def url(self) -> str:
        """Its page."""
        if self.is_pcn and self.organisation is not None:
            return url_for("assumptions.of_pcn", key=self.organisation.key)
        return url_for("assumptions.index")

    def address(self, code: str) -> str:
        """The page on which one of them is set."""
        if self.is_pcn and self.organisation is not None:
            return url_for("assumptions.set_of_pcn", key=self.organisation.key, code=code)
        return url_for("assumptions.set_above", code=code)


@bp.get("/assumptions")
@requires(Permission.SEE_CAPACITY, Permission.MANAGE_ORGANISATIONS)
def index() -> ResponseReturnValue:
    own = organisations.pcns(me(), on=clock.today())
    if me().organisation.kind is not OrganisationKind.ICB and len(own) == 1:
        return redirect(url_for("assumptions.of_pcn", key=own[0].key))
    return _page(_above(), own)


@bp.get("/capacity/<key>/assumptions")
@requires(Permission.SEE_CAPACITY)
def of_pcn(key: str) -> ResponseReturnValue:
    return _page(Level(organisations.pcn(key, user=me())), [])


@bp.route("/assumptions/set/<code>", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFFING, Permission.MANAGE_ORGANISATIONS)
def set_above(code: str) -> ResponseReturnValue:
    level, setting = _above(), _setting(code)
    if _may_set(level):
        return _set(level, setting)
    own = organisations.pcns(me(), on=clock.today())
    if len(own) != 1:
        raise NotAllowed
    return redirect(Level(own[0]).address(code))


@bp.route("/capacity/<key>/assumptions/set/<code>", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFFING)
def set_of_pcn(key: str, code: str) -> ResponseReturnValue:
    return _set(Level(organisations.pcn(key, user=me())), _setting(code))


@bp.route("/assumptions/<key>/take-back", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFFING, Permission.MANAGE_ORGANISATIONS)
def take_back(key: str) -> ResponseReturnValue:
    found = access.find(Assumption, key, user=me())
    level, form = Level(found.organisation), TakeBackForm.from_request()
    done = carry_out(
        form,
        lambda: assumptions.take_back(found, by=me(), at=clock.now()),
        then=lambda _: _said("Taken back. What held before holds again.", level),
    )
    page = render_template(
        "assumptions/take_back.html",
        form=form,
        level=level,
        row=found,
        setting=SETTINGS.get(found.code),
    )
    return done or (page, form.status)


def _page(level: Level, pcns: Sequence[Organisation]) -> ResponseReturnValue:
    today = clock.today()
    held = assumptions.standing(level.organisation, today)
    history = [row for row in assumptions.history(level.organisation) if row.code in SETTINGS]
    return render_template(
        "assumptions/index.html",
        level=level,
        today=today,
        rows=[(SETTINGS[one.code], one, _whence(one)) for one in held],
        history=[(SETTINGS[row.code], row) for row in history],
        may_set=_may_set(level),
        for_all=() if level.organisation is None else assumptions.FOR_ALL,
        mine={row.key for row in history if row.organisation_id == _number_of(level)},
        pcns=pcns if may(me(), Permission.SEE_CAPACITY) else [],
    )


def _set(level: Level, setting: Setting) -> ResponseReturnValue:
    today = clock.today()
    held = next(
        one for one in assumptions.standing(level.organisation, today) if one.code == setting.code
    )
    form = form_of(setting).from_request(data={"from_on": today, "value": _shown(setting, held)})
    done = carry_out(
        form,
        lambda: assumptions.set_value(
            setting.code,
            form.number(),
            of=level.organisation,
            from_on=form.from_on.data,
            by=me(),
            at=clock.now(),
        ),
        then=lambda _: _said("Set. Figures from that day on rest on it.", level),
    )
    page = render_template(
        "assumptions/set.html",
        form=form,
        level=level,
        setting=setting,
        held=held,
        whence=_whence(held),
    )
    return done or (page, form.status)


def _shown(setting: Setting, held: Standing) -> object:
    if setting.switch:
        return "1" if held.value else "0"
    return held.value


def _whence(held: Standing) -> str:
    """Where a value was set, in words."""
    if held.row is None:
        return "Starting value"
    if held.row.organisation is None:
        return "Set everywhere"
    kind = held.row.organisation.kind
    return "Set for the board" if kind is OrganisationKind.ICB else "Set for this PCN"


def _above() -> Level:
    """The level above PCNs that a user looks at: the installation’s, for who looks after it."""
    if may(me(), Permission.MANAGE_ORGANISATIONS):
        return Level(None)
    organisation = me().organisation
    return Level(organisation if organisation.kind is OrganisationKind.ICB else None)


def _may_set(level: Level) -> bool:
    if level.organisation is None:
        return may(me(), Permission.MANAGE_ORGANISATIONS)
    return may(me(), Permission.MANAGE_STAFFING)


def _number_of(level: Level) -> int | None:
    return level.organisation.id if level.organisation else None


def _setting(code: str) -> Setting:
    found = SETTINGS.get(code)
    if found is None:
        abort(404)
    return found


def _said(sentence: str, level: Level) -> str:
    flash(sentence)
    return level.url
