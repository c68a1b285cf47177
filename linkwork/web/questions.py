"""A practice asks about its own referral, and the link worker answers."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import following, questions
from linkwork.forms.questions import AnswerForm, QuestionForm
from linkwork.models import Question
from linkwork.web.cases import opened
from linkwork.web.submissions import carry_out

bp = Blueprint("questions", __name__)


@bp.route("/referrals/<key>/ask", methods=["GET", "POST"])
@requires(Permission.REFER)
def ask(key: str) -> ResponseReturnValue:
    followed, form = following.follow(key, me()), QuestionForm.from_request()
    done = carry_out(
        form,
        lambda: questions.ask(followed, form.body.data, by=me(), at=clock.now()),
        then=lambda _: url_for("referrals.show", key=key),
    )
    if done is not None:
        flash("Sent to the link worker.")
        return done
    page = render_template("questions/ask.html", followed=following.follow(key, me()), form=form)
    return page, form.status


@bp.route("/questions/<key>/answer", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def answer(key: str) -> ResponseReturnValue:
    question = access.find(Question, key, user=me())
    case, form = opened(question.case.key), AnswerForm.from_request()
    done = carry_out(
        form,
        lambda: questions.answer(question, form.answer.data, by=me(), at=clock.now()),
        then=lambda _: url_for("cases.show", key=case.key),
    )
    if done is not None:
        flash("Your answer is sent to the practice.")
        return done
    page = render_template("questions/answer.html", case=case, question=question, form=form)
    return page, form.status
