"""The posts of a PCN: who is employed, who is away, what is vacant, and what to check."""

from collections.abc import Sequence

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.capacity.targets import Scope
from linkwork.casework import (
    organisations,
    post_changes,
    post_checks,
    post_imports,
    posts,
)
from linkwork.casework.post_changes import terms_of
from linkwork.errors import RuleBroken
from linkwork.exchange import staff_sheets
from linkwork.forms import Form
from linkwork.forms.posts import VACANCY, EndForm, FillForm, HoursForm, MarkForm, PostForm
from linkwork.models import Organisation, Post, User
from linkwork.web import sheets
from linkwork.web.sheets import Sheet, many
from linkwork.web.submissions import carry_out

bp = Blueprint("posts", __name__)

COLUMNS = (
    ("Email", "The work email address of whoever holds the post. Empty for a vacancy."),
    ("WTE", "Whole-time equivalents, for example 0.6."),
    ("Additional", "Yes for a post that came with the 125,000 people, else no."),
    ("Start", "The first day, like 18/11/2026. Empty for a vacancy."),
    ("End", "The last day, where it is known."),
    ("State", "Approved, advertised, appointed, started or ended. Empty: read from the rest."),
    ("PCN code", "Where you look after more than one PCN."),
)
EXAMPLE = """Email,WTE,Additional,Start,End,State
sam.reed@example.org,0.6,yes,01/04/2026,,started
,1.0,yes,,,advertised"""


@bp.get("/capacity/<key>/posts")
@requires(Permission.MANAGE_STAFFING)
def index(key: str) -> ResponseReturnValue:
    pcn, today = organisations.pcn(key, user=me()), clock.today()
    staffing = posts.of_pcns([pcn.id]).get(pcn.id, posts.Staffing())
    return render_template(
        "posts/index.html",
        pcn=pcn,
        today=today,
        staffing=staffing,
        going_on=[row for row in staffing.posts if not posts.has_ended(row[0], today)],
        over=[row for row in staffing.posts if posts.has_ended(row[0], today)],
        warnings=post_checks.warnings(pcn, staffing, on=today),
        absences=[(one, staffing.name_of(one.worker_id)) for one in staffing.absences],
        in_post=staffing.in_post_wte(today, Scope.ALL),
        funded=staffing.funded_wte(today, Scope.ALL),
    )


@bp.route("/capacity/<key>/posts/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFFING)
def new(key: str) -> ResponseReturnValue:
    pcn = organisations.pcn(key, user=me())
    form = PostForm.from_request(data={"additional": "yes"})
    people = _offer(form, None)
    done = carry_out(
        form,
        lambda: post_changes.add(pcn, form.terms(_chosen(form, people)), by=me(), on=clock.today()),
        then=lambda _: _said("Post added.", pcn),
    )
    return done or _page(form, pcn, None, "Add a post", "Add the post")


@bp.route("/posts/<key>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFFING)
def edit(key: str) -> ResponseReturnValue:
    post = access.find(Post, key, user=me())
    pcn, terms = post.organisation, terms_of(post)
    form = PostForm.from_request(
        obj=terms,
        data={
            "worker": terms.worker.key if terms.worker else "",
            "additional": "yes" if terms.additional else "no",
            "state": terms.state.value,
        },
    )
    people = _offer(form, terms.worker)
    done = carry_out(
        form,
        lambda: post_changes.correct(
            post,
            form.terms(_chosen(form, people)),
            mark=form.mark.data,
            by=me(),
            on=clock.today(),
        ),
        then=lambda _: _said("Post corrected.", pcn),
    )
    return done or _page(form, pcn, post, "Correct a post", "Save")


@bp.route("/posts/<key>/hours", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFFING)
def hours(key: str) -> ResponseReturnValue:
    post = access.find(Post, key, user=me())
    pcn, form = post.organisation, HoursForm.from_request(data={"from_on": clock.today()})
    done = carry_out(
        form,
        lambda: post_changes.change_hours(
            post, form.wte.data, form.from_on.data, mark=form.mark.data, by=me(), on=clock.today()
        ),
        then=lambda _: _said("Hours changed.", pcn),
    )
    return done or _page(form, pcn, post, "Change hours", "Change the hours")


@bp.route("/posts/<key>/fill", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFFING)
def fill(key: str) -> ResponseReturnValue:
    post = access.find(Post, key, user=me())
    pcn, form = post.organisation, FillForm.from_request()
    people = post_changes.may_hold(me())
    form.worker.choices = [(user.key, user.name) for user in people]
    done = carry_out(
        form,
        lambda: post_changes.fill(
            post,
            _somebody(form, people),
            form.start_on.data,
            mark=form.mark.data,
            by=me(),
            on=clock.today(),
        ),
        then=lambda _: _said("Vacancy filled.", pcn),
    )
    return done or _page(form, pcn, post, "Fill a vacancy", "Fill the vacancy")


@bp.route("/posts/<key>/end", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFFING)
def end(key: str) -> ResponseReturnValue:
    post = access.find(Post, key, user=me())
    pcn, form = post.organisation, EndForm.from_request(data={"end_on": post.end_on})
    done = carry_out(
        form,
        lambda: post_changes.end(
            post,
            form.end_on.data,
            vacant=form.vacant.data,
            mark=form.mark.data,
            by=me(),
            on=clock.today(),
        ),
        then=lambda _: _said("The last day is recorded.", pcn),
    )
    return done or _page(form, pcn, post, "End a post", "Record the last day")


@bp.route("/posts/<key>/begin", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFFING)
def begin(key: str) -> ResponseReturnValue:
    post = access.find(Post, key, user=me())
    pcn, form = post.organisation, MarkForm.from_request()
    done = carry_out(
        form,
        lambda: post_changes.begin(post, mark=form.mark.data, by=me(), on=clock.today()),
        then=lambda _: _said("Recorded: they have begun.", pcn),
    )
    return done or _page(form, pcn, post, "Say that they have begun", "They have begun")


@bp.route("/posts/<key>/remove", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFFING)
def remove(key: str) -> ResponseReturnValue:
    post = access.find(Post, key, user=me())
    pcn, form = post.organisation, MarkForm.from_request()
    done = carry_out(
        form,
        lambda: post_changes.remove(post, mark=form.mark.data, by=me()),
        then=lambda _: _said("Post removed.", pcn),
    )
    return done or _page(form, pcn, post, "Remove a post", "Remove the post")


@bp.route("/posts/import", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFFING)
def bring() -> ResponseReturnValue:
    today = clock.today()
    return sheets.page(
        Sheet(
            template="posts/import.html",
            read=lambda text: post_imports.sort_out(staff_sheets.posts(text), user=me(), on=today),
            bring=lambda text: post_imports.bring_in(staff_sheets.posts(text), by=me(), on=today),
            said=lambda number: f"{many(number, 'post')} brought in.",
            home=home(),
            columns=COLUMNS,
            example=EXAMPLE,
        )
    )


def home() -> str:
    """Where a sheet leads back to: the posts of the user’s PCN, or all of their PCNs."""
    own = organisations.pcns(me(), on=clock.today())
    if len(own) == 1:
        return url_for("posts.index", key=own[0].key)
    return url_for("capacity.index")


def _page(
    form: Form, pcn: Organisation, post: Post | None, title: str, button: str
) -> ResponseReturnValue:
    """The page of one form; it carries what the writer saw, so that nothing is overwritten."""
    if post is not None and (form.form_errors or not form.was_sent):
        form["mark"].data = terms_of(post).mark
    page = render_template(
        "posts/edit.html", form=form, pcn=pcn, post=post, title=title, button_text=button
    )
    return page, form.status


def _offer(form: PostForm, holder: User | None) -> Sequence[User]:
    people = post_changes.may_hold(me())
    if holder is not None and holder.id not in {user.id for user in people}:
        people.append(holder)
    form.worker.choices = [("", VACANCY), *((user.key, user.name) for user in people)]
    return people


def _chosen(form: PostForm, people: Sequence[User]) -> User | None:
    return _somebody(form, people) if form.worker.data else None


def _somebody(form: PostForm | FillForm, people: Sequence[User]) -> User:
    found = next((user for user in people if user.key == form.worker.data), None)
    if found is None:
        raise RuleBroken("Choose somebody from the list.")
    return found


def _said(sentence: str, pcn: Organisation) -> str:
    flash(sentence)
    return url_for("posts.index", key=pcn.key)
