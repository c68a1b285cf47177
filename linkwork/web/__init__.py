"""The pages. A route finds records, reads a form, calls casework, and answers; no more."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, request
from flask_login import LoginManager, current_user
from flask_wtf import CSRFProtect

from linkwork import clock
from linkwork.access import me, open_to_all
from linkwork.casework import notifications as told
from linkwork.casework import sessions
from linkwork.database import db
from linkwork.models import User
from linkwork.web import (
    absences,
    account,
    alarms,
    alerts,
    allocation,
    answers,
    ask,
    assumptions,
    attendances,
    audit_trail,
    behind,
    boards,
    calendars,
    capacity,
    cases,
    closings,
    companions,
    comparisons,
    concepts,
    concerns,
    contacts,
    corrections,
    directory_exports,
    display,
    drafts,
    emotional_loads,
    gaps,
    gate,
    goal_actions,
    goals,
    handouts,
    handover,
    import_columns,
    imports,
    kept_reports,
    limits,
    live_matches,
    mailbox,
    match_answers,
    matches,
    meanings,
    menu,
    messages,
    moves,
    notifications,
    offline,
    onward_referrals,
    organisation_changes,
    organisations,
    oruk_api,
    pages,
    people,
    people_imports,
    person_merges,
    plan_links,
    plans,
    posts,
    public_referrals,
    quality,
    questions,
    referrals,
    refusals,
    service_changes,
    service_checks,
    service_merges,
    service_remarks,
    service_reviews,
    services,
    sharing,
    signposts,
    sources,
    supervisions,
    tables,
    target_shares,
    tasks,
    today,
    users,
    visits,
    what_ifs,
)
from linkwork.web.settling import Settling

BLUEPRINTS: tuple[Blueprint, ...] = (
    account.bp,
    audit_trail.bp,
    pages.bp,
    capacity.bp,
    organisations.bp,
    cases.bp,
    contacts.bp,
    matches.bp,
    onward_referrals.bp,
    people.bp,
    referrals.bp,
    services.bp,
    users.bp,
    concerns.bp,
    alerts.bp,
    answers.bp,
    tasks.bp,
    today.bp,
    attendances.bp,
    companions.bp,
    visits.bp,
    plans.bp,
    goals.bp,
    goal_actions.bp,
    plan_links.bp,
    ask.bp,
    notifications.bp,
    mailbox.bp,
    supervisions.bp,
    emotional_loads.bp,
    closings.bp,
    messages.bp,
    public_referrals.bp,
    signposts.bp,
    gaps.bp,
    offline.bp,
    drafts.bp,
    alarms.bp,
    corrections.bp,
    handover.bp,
    person_merges.bp,
    allocation.bp,
    questions.bp,
    sharing.bp,
    service_changes.bp,
    oruk_api.bp,
    service_merges.bp,
    imports.bp,
    sources.bp,
    service_remarks.bp,
    people_imports.bp,
    import_columns.bp,
    directory_exports.bp,
    organisation_changes.bp,
    calendars.bp,
    service_checks.bp,
    service_reviews.bp,
    match_answers.bp,
    live_matches.bp,
    handouts.bp,
    comparisons.bp,
    limits.bp,
    meanings.bp,
    quality.bp,
    concepts.bp,
    kept_reports.bp,
    tables.bp,
    boards.bp,
    behind.bp,
    posts.bp,
    absences.bp,
    assumptions.bp,
    what_ifs.bp,
    target_shares.bp,
    moves.bp,
)
POLICY = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind} 'self'" for kind in ("script-src", "style-src", "img-src", "font-src")),
        *(f"{kind} 'self'" for kind in ("connect-src", "manifest-src", "form-action")),
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
YEAR_SECONDS = 365 * 24 * 60 * 60

login_manager = LoginManager()
csrf = CSRFProtect()


@login_manager.user_loader
def load_user(token: str) -> User | None:
    """Whose session this is, if it has not ended."""
    user = sessions.user_of(
        token,
        at=clock.now(),
        idle=timedelta(minutes=current_app.config["IDLE_MINUTES"]),
        longest=timedelta(hours=current_app.config["ABSOLUTE_HOURS"]),
    )
    if user is not None:
        g.visited = token
    return user


def init_app(app: Flask) -> None:
    """Put every page, check and header in place."""
    login_manager.init_app(app)
    gate.init_app(app)
    csrf.init_app(app)
    display.init_app(app)
    refusals.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    open_to_all(app.view_functions["static"])
    app.after_request(harden)
    app.context_processor(frame)
    app.wsgi_app = Settling(app, app.wsgi_app)  # type: ignore[method-assign]


def frame() -> dict[str, Any]:
    """What the frame of every page shows."""
    signed_in = current_user.is_authenticated
    return {
        "me": me() if signed_in else None,
        # A page that says what went wrong may come after the database has refused everything.
        "unread": told.unread(me()) if signed_in and db.session.is_active else 0,
        "nav": menu.items(me()) if signed_in else [],
        "demo": current_app.config["DEMO"],
        "idle_minutes": current_app.config["IDLE_MINUTES"],
        "run_by": current_app.config["ORGANISATION"],
        "today": clock.today(),
        "overdue_visits": visits.overdue_now() if signed_in else [],
    }


def harden(response: Response) -> Response:
    """Headers: nothing from elsewhere, nothing kept in a cache but files that never change."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static" and "v" in request.args and response.status_code < 400:
        response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    elif request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_SECONDS}")
    return response
