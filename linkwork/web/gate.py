"""The gate every request passes: no declaration, no entry; no session, no page.

Somebody whose session ended while they were writing gets the sign-in page with their text folded
into it, sealed for them alone: after signing in they find it where they left it. Whose text it is
is read from the form's own CSRF token, which is signed and names the user the page was made for;
what carries no such token is kept for nobody.
"""

from collections.abc import Callable
from typing import Any

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from linkwork import clock
from linkwork.access import may, me
from linkwork.casework import sessions
from linkwork.database import afterwards, commit_anyway, db
from linkwork.errors import NotAllowed
from linkwork.forms import RESUMED
from linkwork.forms.account import SignInForm
from linkwork.models import User

KEPT_SECONDS = 12 * 60 * 60
SHOWN = (200, 409, 422)
NOT_KEPT = frozenset({"csrf_token", "password", "again", "kept", RESUMED})
TOKEN_SALT = "wtf-csrf-token"  # noqa: S105 - Flask-WTF's own, a name and not a secret
OWNER_MARK = "user:"


def check_request() -> ResponseReturnValue | None:
    """Run before every request."""
    if request.endpoint is None:
        return None
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        abort(404)  # no record has such a key, and PostgreSQL cannot be asked for one
    needed = getattr(current_app.view_functions[request.endpoint], "requires", None)
    if needed is None:
        raise NotAllowed(f"{request.endpoint} declares no access")
    if not needed:
        return None
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    if not any(may(me(), permission) for permission in needed):
        raise NotAllowed(request.endpoint)
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.method in {"GET", "HEAD"}:
        wanted = request.full_path.rstrip("?") if request.path != "/" else None
        return redirect(url_for("account.sign_in", next=wanted))
    if request.endpoint == "account.sign_out":
        return redirect(url_for("account.sign_in"), 303)
    if request.endpoint == "account.keep":
        return "Your session has ended.", 401, {"Content-Type": "text/plain; charset=utf-8"}
    return ask_again()


def ask_again() -> ResponseReturnValue:
    """The sign-in page, with what the request carried folded into it."""
    kept = seal_what_was_typed()
    form = SignInForm(formdata=None, kept=kept)
    return render_template("account/sign_in.html", form=form, ended=True, kept=bool(kept)), 401


def mark_as(user: User) -> None:
    """Let every form of this browser say whose it is, in each of the user's sessions alike.

    So a page that was opened before the user signed in again can still be sent, and one that
    somebody else left open cannot.
    """
    session["csrf_token"] = OWNER_MARK + user.key


def writer() -> str | None:
    """The key of the user the posted form was made for; None where nobody can be sure."""
    serializer = URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=TOKEN_SALT)
    try:
        found = str(serializer.loads(request.form.get("csrf_token", "")))
    except BadSignature:
        return None
    return found.removeprefix(OWNER_MARK) if found.startswith(OWNER_MARK) else None


def seal_what_was_typed() -> str:
    """What the request carries, sealed for whoever wrote it; empty where nothing can be kept."""
    owner = writer()
    if owner is None or not takes_a_page():
        return ""
    typed = [(k, v) for k, v in request.form.items(multi=True) if k not in NOT_KEPT]
    files = any(file.filename for file in request.files.values())
    return _sealer().dumps({"path": request.path, "typed": typed, "files": files, "owner": owner})


def takes_a_page() -> bool:
    """Whether the address of this request also shows a page, to which text can be brought back."""
    return request.url_rule is not None and "GET" in (request.url_rule.methods or ())


def unseal(kept: str, *, owner: User) -> dict[str, Any] | None:
    """What was kept for ``owner``; None for anybody else, or when it was altered or is old."""
    try:
        found: dict[str, Any] = _sealer().loads(kept, max_age=KEPT_SECONDS)
    except BadSignature:
        return None
    return found if found["owner"] == owner.key else None


def _sealer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="what was typed")


def note_if_shown(note: Callable[[], None]) -> None:
    """Have ``note`` made where the request is answered with a page, a refused form among them."""
    g.setdefault("to_note", []).append(note)


def note_the_visit(response: Response) -> Response:
    """A refused request is a sign of life too: all it did is dropped, but not when it was made."""
    refused = 400 <= response.status_code < 500
    if refused and "visited" in g and not g.get("keep"):
        db.session.rollback()
        afterwards().clear()
        sessions.touch(g.visited, at=clock.now())
        commit_anyway()
    if response.status_code in SHOWN:
        for note in g.get("to_note", []):
            note()
    return response


def init_app(app: Flask) -> None:
    """Stand before every other check: an ended session must not cost anybody their text."""
    app.before_request(check_request)
    app.after_request(note_the_visit)
