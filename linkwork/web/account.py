"""Signing in and out, joining by invitation, and the demonstration’s one-click sign-in."""

import base64
import hmac
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user
from sqlalchemy import select

from linkwork import clock
from linkwork.access import Permission, me, open_to_all, requires
from linkwork.casework import sessions, users
from linkwork.database import commit_anyway, db
from linkwork.errors import RuleBroken
from linkwork.forms.account import JoinForm, SignInForm
from linkwork.models import ROLE_LABELS, Role, User
from linkwork.web import gate

bp = Blueprint("account", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@open_to_all
def sign_in() -> ResponseReturnValue:
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(_wanted())
    form, status = SignInForm.from_request(), 0
    if form.is_ready():
        try:
            return _welcome(_checked(form), kept=form.kept.data or "")
        except RuleBroken as refusal:
            commit_anyway()  # a sign-in that failed is counted
            form.refuse(str(refusal))
            status = 429 if isinstance(refusal, sessions.TooOften) else 422
    page = render_template(
        "account/sign_in.html", form=form, ended=_has_ended(), kept=bool(form.kept.data)
    )
    return page, status or form.status


def _checked(form: SignInForm) -> User:
    return sessions.sign_in(
        form.email.data or "",
        form.password.data or "",
        address=request.remote_addr or "",
        at=clock.now(),
    )


def _has_ended() -> bool:
    """Whether this browser brought a session that is over."""
    return "_user_id" in session and not current_user.is_authenticated


@bp.post("/sign-out")
@requires(Permission.OWN_ACCOUNT)
def sign_out() -> ResponseReturnValue:
    sessions.end(me(), at=clock.now())
    logout_user()
    session.clear()
    return redirect(url_for("account.sign_in"), 303)


@bp.post("/session/keep")
@requires(Permission.OWN_ACCOUNT)
def keep() -> ResponseReturnValue:
    return "", 204


@bp.get("/account/device-key")
@requires(Permission.OWN_ACCOUNT)
def device_key() -> ResponseReturnValue:
    """The key to what this user’s browser keeps locked; who signs out leaves it behind."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    key = hmac.digest(secret, b"device key\0" + me().key.encode(), "sha256")
    return {
        "owner": me().key,
        "key": base64.b64encode(key).decode(),
        "hours": current_app.config["ABSOLUTE_HOURS"],
    }


@bp.route("/join/<token>", methods=["GET", "POST"])
@open_to_all
def join(token: str) -> ResponseReturnValue:
    invitation = users.invitation(token, at=clock.now())
    if invitation is None:
        return render_template("account/invitation_over.html"), 404
    name, email = invitation.user.name, invitation.user.email
    form = JoinForm.from_request()
    if form.is_ready():
        try:
            user = users.join(token, form.password.data, at=clock.now())
            return _welcome(sessions.begin(user, at=clock.now()))
        except RuleBroken as refusal:
            form.refuse(str(refusal))
    return render_template("account/join.html", form=form, name=name, email=email), form.status


@bp.get("/demo")
@open_to_all
def demo() -> ResponseReturnValue:
    _only_in_the_demonstration()
    everybody = db.session.scalars(select(User).order_by(User.id)).unique()
    usable = [user for user in everybody if user.is_active]
    cast = [(role, [u for u in usable if _main_role(u) is role]) for role in ROLE_LABELS]
    return render_template("account/demo.html", cast=[(role, us) for role, us in cast if us])


@bp.post("/demo/<key>")
@open_to_all
def demo_sign_in(key: str) -> ResponseReturnValue:
    _only_in_the_demonstration()
    user = db.session.scalar(select(User).where(User.key == key))
    if user is None or not user.is_active:
        abort(404)
    return _welcome(sessions.begin(user, at=clock.now()))


def _main_role(user: User) -> Role | None:
    """Where somebody with several roles stands in the list: under the one that can do most."""
    last = [Role.SUPERVISOR, Role.PCN_LEAD]
    by_weight = sorted(user.roles, key=lambda role: (role not in last, list(Role).index(role)))
    return by_weight[0] if by_weight else None


def _only_in_the_demonstration() -> None:
    if not current_app.config["DEMO"]:
        abort(404)


def _welcome(user: User, kept: str = "") -> ResponseReturnValue:
    """Begin with a clean cookie; give back what was being written when the last session ended."""
    wanted = _wanted()
    if current_user.is_authenticated:
        sessions.end(me(), at=clock.now())
    session.clear()
    gate.mark_as(user)
    login_user(user)
    found = gate.unseal(kept, owner=user) if kept else None
    if found:
        return render_template("account/kept.html", kept=found)
    return redirect(wanted, 303)


def _wanted() -> str:
    """Where somebody wanted to go before they were asked to sign in."""
    return _safe(request.args.get("next")) or url_for("pages.home")


def _safe(address: str | None) -> str | None:
    """An address of this site, else None: nobody is sent elsewhere after signing in."""
    if not address or not address.startswith("/") or address[1:2] in {"/", "\\"}:
        return None
    if not address.isascii() or not address.isprintable() or "\\" in address:
        return None  # browsers drop tabs and turn backslashes round
    parts = urlsplit(address)
    return None if parts.scheme or parts.netloc else address
