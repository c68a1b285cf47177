"""Users: who has an account, what they may do, and the links that let them in."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import handover, mail, users
from linkwork.forms.users import FilterForm, FindForm, InviteForm, RolesForm
from linkwork.models import MailKind, User
from linkwork.web.paging import Page, here, number_asked
from linkwork.web.submissions import carry_out

bp = Blueprint("users", __name__, url_prefix="/users")


@bp.get("")
@requires(Permission.MANAGE_USERS)
def index() -> ResponseReturnValue:
    form, number = FilterForm.of(request.args), number_asked()
    found, total = users.listed(me(), role=form.role.data, state=form.state.data, page=number)
    chips = [
        {"label": label, "url": here(**{field.name: None, "page": None})}
        for field in (form.role, form.state)
        for label in [c.label for c in field.choices if field.data and c.value == field.data]
    ]
    return render_template(
        "users/index.html",
        form=form,
        find=FindForm(formdata=None),
        found=found,
        chips_shown=chips,
        page=Page(number, total, users.PAGE),
    )


@bp.post("/find")
@requires(Permission.MANAGE_USERS)
def find() -> ResponseReturnValue:
    form = FindForm.from_request()
    found = users.search(me(), form.words.data) if form.validate() else None
    return render_template("users/find.html", form=form, found=found), form.status


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def new() -> ResponseReturnValue:
    form = InviteForm.from_request()
    done = carry_out(form, lambda: _invite(form), then=_shown)
    return done or (render_template("users/new.html", form=form), form.status)


def _invite(form: InviteForm) -> User:
    user, token = users.invite(
        name=form.name.data,
        email=form.email.data,
        organisation=users.organisation_called(form.organisation.data, viewer=me()),
        roles=form.chosen(),
        by=me(),
        at=clock.now(),
    )
    _give(user, token)
    return user


@bp.get("/<key>")
@requires(Permission.MANAGE_USERS)
def show(key: str) -> ResponseReturnValue:
    user = access.find(User, key, user=me())
    link, emailed = session.pop("invitation", None), session.pop("invitation_sent", False)
    mine = link is not None and link[0] == user.key
    return render_template(
        "users/show.html",
        user=user,
        state=users.state_of(user),
        last_seen_at=users.last_seen_at(user),
        left=handover.left_with(user),
        may_hand_over=access.may(me(), Permission.ALLOCATE_CASES),
        link=url_for("account.join", token=link[1], _external=True) if mine else None,
        emailed=emailed,
        days=users.GOOD_FOR.days,
    )


@bp.route("/<key>/roles", methods=["GET", "POST"])
@requires(Permission.MANAGE_USERS)
def roles(key: str) -> ResponseReturnValue:
    user = access.find(User, key, user=me())
    form = RolesForm.from_request(data={"roles": sorted(user.roles)})
    done = carry_out(
        form, lambda: users.change_roles(user, form.chosen(), by=me()), then=lambda _: _shown(user)
    )
    return done or (render_template("users/roles.html", user=user, form=form), form.status)


@bp.post("/<key>/link")
@requires(Permission.MANAGE_USERS)
def link(key: str) -> ResponseReturnValue:
    user = access.find(User, key, user=me())
    _give(user, users.invite_again(user, by=me(), at=clock.now()))
    return redirect(_shown(user), 303)


@bp.post("/<key>/disable")
@requires(Permission.MANAGE_USERS)
def disable(key: str) -> ResponseReturnValue:
    user = access.find(User, key, user=me())
    if user.id != me().id and user.disabled_at is None and handover.left_with(user).anything:
        return redirect(_shown(user, "left"), 303)  # what is left is said there
    users.disable(user, by=me(), at=clock.now())
    flash(f"{user.name} can no longer sign in, and is signed out everywhere.")
    return redirect(_shown(user), 303)


@bp.post("/<key>/enable")
@requires(Permission.MANAGE_USERS)
def enable(key: str) -> ResponseReturnValue:
    user = access.find(User, key, user=me())
    users.enable(user, by=me())
    flash(f"{user.name} can sign in again.")
    return redirect(_shown(user), 303)


def _give(user: User, token: str) -> None:
    """Show the link to the administrator once, and email it where emails are sent."""
    # In the administrator's own cookie and nowhere else: only the hash of a token is kept.
    session["invitation"] = (user.key, token)
    url = url_for("account.join", token=token, _external=True)
    kind = MailKind.INVITATION
    letter = mail.queue_link(user.email, kind, url, user=user, at=clock.now())
    session["invitation_sent"] = letter is not None


def _shown(user: User, place: str | None = None) -> str:
    return url_for("users.show", key=user.key, _anchor=place)
