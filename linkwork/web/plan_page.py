"""What the page of a plan shows, whichever of its forms was sent; and the words of its paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from linkwork import clock
from linkwork.casework import cases, goals, mail, plan_links, plans, service_words, shared_links
from linkwork.forms import Form
from linkwork.forms.goals import ActionForm, GoalForm
from linkwork.forms.plans import AgreeForm, CopyForm, ReviewForm
from linkwork.models import (
    ActionOwner,
    Goal,
    GoalAction,
    OnwardReferral,
    OnwardState,
    Person,
    Plan,
    SharedLink,
    SupportCase,
)

REVIEW_AFTER = timedelta(weeks=6)
# What every page of a plan shows of its case besides.
WITH_NAMES = (
    joinedload(SupportCase.person).joinedload(Person.practice),
    cases.with_name(SupportCase.worker),
)
LAYOUTS = {"standard": "Standard", "large": "Large print", "easy": "Easy read"}


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity the person agreed to go to, in words."""

    name: str
    when: list[str]
    where: str | None
    phone: str | None
    first_on: date | None
    """The first session, where it is still to come."""
    is_waiting: bool
    """Whether they are on its waiting list."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the person’s own copy of their plan, and nothing else."""

    name: str
    worker: str | None
    email: str | None
    practice: str | None
    goals: list[Goal]
    activities: list[Activity]
    agreed_at: datetime | None
    review_on: date | None
    layout: str
    case: SupportCase

    def who(self, action: GoalAction) -> str:
        """Who does it, as the person says it."""
        if action.owner is ActionOwner.PERSON:
            return "I"
        if action.owner is ActionOwner.WORKER:
            return self.worker or "My link worker"
        return action.owner_name or ""


def answer(
    case: SupportCase, sent: Form | None = None, *, goal: Goal | None = None
) -> ResponseReturnValue:
    """The page of a plan with its forms: the one that was sent as it was filled in."""
    today = clock.today()
    plan, found = plans.of_case(case), goals.of_case(case, whole=True)
    link = plan_links.current(case, at=clock.now())
    forms: dict[str, Form] = {
        "write": GoalForm(formdata=None),
        "agree": AgreeForm(formdata=None, agreed_on=today, review_on=today + REVIEW_AFTER),
        "given": CopyForm(formdata=None),
        "review": ReviewForm(formdata=None, next_review_on=today + REVIEW_AFTER),
    }
    if sent is not None:
        forms = {name: sent if type(sent) is type(form) else form for name, form in forms.items()}
    page = render_template(
        "plans/show.html",
        case=case,
        plan=plan,
        goals=[one for one in found if one.set_aside_at is None],
        set_aside=[one for one in found if one.set_aside_at is not None],
        owners=owners(case),
        forms=forms,
        actions=_action_forms(case, found, sent, goal),
        form=sent,
        link=link,
        locked=link is not None and plan_links.is_locked(link),
        address=address_of(link) if link else None,
        mail_is_on=mail.is_on(),
    )
    return page, sent.status if sent is not None else 200


def owners(case: SupportCase) -> dict[ActionOwner, str]:
    """Who may do something in a plan, by name."""
    person = case.person.preferred_name or case.person.given_name
    return {
        ActionOwner.PERSON: person,
        ActionOwner.WORKER: f"{case.worker.name} (link worker)" if case.worker else "Link worker",
        ActionOwner.OTHER: "Somebody else",
    }


def sheet(case: SupportCase, plan: Plan | None) -> Sheet:
    """The person’s own copy, in the layout the address asks for."""
    asked = request.args.get("layout", "")
    practice = case.person.practice
    return Sheet(
        name=case.person.name,
        worker=case.worker.name if case.worker else None,
        email=case.worker.email if case.worker else None,
        practice=practice.name if practice else None,
        goals=[one for one in goals.of_case(case, whole=True) if one.set_aside_at is None],
        activities=[_activity(onward) for onward in plans.activities(case)],
        agreed_at=plan.agreed_at if plan else case.plan_agreed_at,
        review_on=plan.review_on if plan else None,
        layout=asked if asked in LAYOUTS else "standard",
        case=case,
    )


def _activity(onward: OnwardReferral) -> Activity:
    service, first_on = onward.service, onward.first_session_on
    is_ahead = first_on is not None and first_on >= clock.today()
    places = [service_words.address(link.location) for link in service.places_at]
    return Activity(
        name=service.name,
        when=service_words.when(service),
        where=places[0] if places else None,
        phone=service.phone,
        first_on=first_on if is_ahead else None,
        is_waiting=onward.state is OnwardState.WAITLISTED,
    )


def _action_forms(
    case: SupportCase, found: Sequence[Goal], sent: Form | None, about: Goal | None
) -> dict[str, Form]:
    """A form for an action to each open goal, with ids of its own for its labels to point at."""
    forms: dict[str, Form] = {}
    for goal in found:
        if goal.is_open and case.is_open:
            mine = about is not None and goal.id == about.id and isinstance(sent, ActionForm)
            form: Form = sent if mine and sent else ActionForm(owners(case), formdata=None)
            for field in form:
                field.id = f"{field.name}-{goal.key}"
            forms[goal.key] = form
    return forms


def address_of(link: SharedLink) -> str:
    """The address the person is given."""
    return url_for("plan_links.show", plan_link=shared_links.token(link), _external=True)
