"""What stands in a case, made for the walk over every route."""

from linkwork.casework import alarms, concerns, goal_actions, goals, match_answers, visits
from linkwork.database import db
from linkwork.models import (
    ActionOwner,
    Alarm,
    Concern,
    Draft,
    Goal,
    GoalAction,
    MatchAnswer,
    RejectReason,
    SupportCase,
    User,
    Visit,
)
from tests import cast as make
from tests.conftest import NOW


def alarm(case: SupportCase, by: User) -> Alarm:
    contact = make.contact(case, by=by, notes="She wants to end it all.")
    raised = alarms.listen(contact, by=by, at=NOW)
    assert raised is not None
    return raised


def draft(case: SupportCase, author: User) -> Draft:
    made = Draft(case=case, user_id=author.id, form="conversation", saved_at=NOW)
    made.fields = {"notes": ["Unsaved."]}
    db.session.add(made)
    return made


def concern(case: SupportCase, by: User) -> Concern:
    return concerns.raise_concern(case, what="Bruises", told="Jo Bell", told_at=NOW, by=by, at=NOW)


def goal(case: SupportCase, by: User) -> Goal:
    return goals.write(case, "I want to sing again", by=by, at=NOW)


def action(case: SupportCase, by: User) -> GoalAction:
    found = goal(case, by)
    return goal_actions.add(found, "Ring the choir", owner=ActionOwner.PERSON, by=by, at=NOW)


def visit(case: SupportCase, by: User) -> Visit:
    return visits.plan(case, planned_at=NOW, place="The library", by=by, at=NOW)


def no_good(case: SupportCase, by: User) -> MatchAnswer:
    return match_answers.reject(case, make.service(), RejectReason.TOO_FAR, by=by, at=NOW)
