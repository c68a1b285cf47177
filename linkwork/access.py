"""Who may do what, and to whose records. No other module decides either.

A route says what it needs with ``@requires``; a route that says nothing is refused. Records are
found through ``find``, which knows only those the user may see: one that exists elsewhere and one
that never existed are the same to it.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm.interfaces import ORMOption

from linkwork import capacity_access, directory_access, permissions
from linkwork.database import Addressed, db
from linkwork.directory_access import services
from linkwork.errors import NotYours, ReasonNeeded
from linkwork.models import (
    Alarm,
    CaseOpening,
    Concern,
    Contact,
    Draft,
    EmotionalLoad,
    Gap,
    Goal,
    GoalAction,
    MatchAnswer,
    Message,
    Notification,
    OnwardReferral,
    Organisation,
    OrganisationKind,
    PeopleImport,
    Person,
    PersonMerge,
    PublicReferral,
    Question,
    Referral,
    ReferralSource,
    Role,
    Signpost,
    Supervision,
    SupportCase,
    Task,
    User,
    UserRole,
    Visit,
)
from linkwork.permissions import (
    Permission,
    in_own_pcns,
    may,
    me,
    open_to_all,
    pcns,
    requires,
)

# Used by routes together with what is here.
__all__ = ["Permission", "may", "me", "open_to_all", "pcns", "requires", "services"]

R = TypeVar("R", bound=Addressed)


def cases(user: User) -> Select[SupportCase]:
    """Every case of the user's own PCNs, for those who work cases; nobody else's."""
    query = select(SupportCase)
    if not may(user, Permission.WORK_CASES):
        return query.where(false())
    return query.where(in_own_pcns(user, SupportCase.organisation_id))


def referrals(user: User) -> Select[Referral]:
    """Referrals a user may see: a practice’s own, and those received by one’s own PCNs."""
    allowed: list[ColumnElement[bool]] = []
    if may(user, Permission.REFER):
        sent = Referral.source.in_([ReferralSource.GP, ReferralSource.OTHER_PRIMARY_CARE])
        allowed.append(permissions.of_own_practice(user, Referral.practice_id) & sent)
    if may(user, Permission.WORK_CASES):
        allowed.append(in_own_pcns(user, Referral.organisation_id))
    return select(Referral).where(or_(false(), *allowed))


def people(user: User) -> Select[Person]:
    """People with a case in the user’s own PCNs."""
    known = cases(user).with_only_columns(SupportCase.person_id)
    return select(Person).where(Person.id.in_(known))


def public_referrals(user: User) -> Select[PublicReferral]:
    """What the public asked of the user’s own PCNs, for those who work cases."""
    theirs = in_own_pcns(user, PublicReferral.organisation_id)
    allowed = theirs if may(user, Permission.WORK_CASES) else false()
    return select(PublicReferral).where(allowed)


def person_merges(user: User) -> Select[PersonMerge]:
    """Merges whose kept person has a case in the user’s own PCNs."""
    known = people(user).with_only_columns(Person.id)
    return select(PersonMerge).where(PersonMerge.kept_id.in_(known))


def goal_actions(user: User) -> Select[GoalAction]:
    """What is done towards the goals a user may see."""
    seen = _of_cases(Goal)(user).with_only_columns(Goal.id)
    return select(GoalAction).where(GoalAction.goal_id.in_(seen))


def drafts(user: User) -> Select[Draft]:
    """What the user wrote and did not save, of the cases they may see: nobody reads another’s."""
    unsaved = (Draft.user_id == user.id) & Draft.contact_id.is_(None)
    visible = cases(user).with_only_columns(SupportCase.id)
    return select(Draft).where(unsaved, Draft.case_id.in_(visible))


def messages(user: User) -> Select[Message]:
    """Messages to the user’s own practice, and those about the cases a user may see."""
    allowed: list[ColumnElement[bool]] = []
    if may(user, Permission.REFER):
        allowed.append(permissions.of_own_practice(user, Message.practice_id))
    if may(user, Permission.WORK_CASES):
        allowed.append(Message.case_id.in_(cases(user).with_only_columns(SupportCase.id)))
    return select(Message).where(or_(false(), *allowed))


def onward_referrals(user: User) -> Select[OnwardReferral]:
    """Onward referrals of the cases a user may see."""
    return select(OnwardReferral).where(
        OnwardReferral.case_id.in_(cases(user).with_only_columns(SupportCase.id))
    )


def _of_cases(model: type[Any]) -> Callable[[User], Select[Any]]:
    """The scope of what belongs to a case: whoever may see the case may see it."""
    visible = SupportCase.id
    return lambda user: select(model).where(
        model.case_id.in_(cases(user).with_only_columns(visible))
    )


def supervisors(case: SupportCase) -> Select[User]:
    """Whoever supervises work on a case: at its PCN, one of its practices, or its board."""
    supervising = select(UserRole.user_id).where(UserRole.role == Role.SUPERVISOR)
    pcn = case.organisation
    places = Organisation.id.in_([pcn.id, pcn.parent_id]) | (
        (Organisation.parent_id == pcn.id) & (Organisation.kind == OrganisationKind.PRACTICE)
    )
    return (
        select(User)
        .join(User.organisation)
        .where(User.id.in_(supervising), User.disabled_at.is_(None), places)
        .order_by(User.name)
    )


def organisations(user: User) -> Select[Organisation]:
    """Organisations: all for an administrator, else the user’s own PCNs."""
    if may(user, Permission.MANAGE_ORGANISATIONS):
        return select(Organisation)
    return pcns(user)


def users(user: User) -> Select[User]:
    """Users: all of them for an administrator, else nobody but oneself."""
    if may(user, Permission.MANAGE_USERS):
        return select(User)
    return select(User).where(User.id == user.id)


def colleagues(user: User) -> Select[User]:
    """The link workers and supervisors of the user’s own PCNs and of the practices of these."""
    working = select(UserRole.user_id).where(UserRole.role.in_([Role.LINK_WORKER, Role.SUPERVISOR]))
    query = select(User).where(User.id.in_(working), User.disabled_at.is_(None))
    return query.where(_employed_there(user)).order_by(User.name)


def emotional_loads(user: User) -> Select[EmotionalLoad]:
    """How heavy cases are: one’s own marks, and those of the workers one supervises."""
    supervised_ids = supervised(user).with_only_columns(User.id)
    mine = EmotionalLoad.worker_id == user.id
    return select(EmotionalLoad).where(mine | EmotionalLoad.worker_id.in_(supervised_ids))


def people_imports(user: User) -> Select[PeopleImport]:
    """Lists of people that a user brought and did not decide on yet: nobody sees another’s."""
    allowed = PeopleImport.user_id == user.id if may(user, Permission.WORK_CASES) else false()
    return select(PeopleImport).where(allowed)


def gaps(user: User) -> Select[Gap]:
    """Gaps that a user noted, and those of their PCNs for those who plan by them."""
    mine: ColumnElement[bool] = Gap.user_id == user.id
    if may(user, Permission.SEE_GAPS):
        here = Gap.organisation_id == user.organisation_id
        mine = mine | here | in_own_pcns(user, Gap.organisation_id)
    return select(Gap).where(mine)


def notifications(user: User) -> Select[Notification]:
    """What a user was told."""
    return select(Notification).where(Notification.user_id == user.id)


def signposts(user: User) -> Select[Signpost]:
    """Signposts of the user’s own practice."""
    return select(Signpost).where(Signpost.organisation_id == user.organisation_id)


def supervised(user: User) -> Select[User]:
    """The link workers of the PCNs whose supervisor a user is, without themselves."""
    query = select(User)
    if not may(user, Permission.SUPERVISE):
        return query.where(false())
    holding = select(UserRole.user_id).where(UserRole.role == Role.LINK_WORKER)
    working = User.id.in_(holding) & (User.id != user.id) & User.disabled_at.is_(None)
    return query.where(working & _employed_there(user))


def _employed_there(user: User) -> ColumnElement[bool]:
    """Whether a user is employed by a PCN that ``user`` works for, or by one of its practices."""
    practices = select(Organisation.id).where(
        Organisation.kind == OrganisationKind.PRACTICE, in_own_pcns(user, Organisation.parent_id)
    )
    return in_own_pcns(user, User.organisation_id) | User.organisation_id.in_(practices)


def supervisions(user: User) -> Select[Supervision]:
    """Supervision one had or gave, and that of the workers one supervises, but for its notes."""
    theirs = supervised(user).with_only_columns(User.id)
    own = or_(Supervision.worker_id == user.id, Supervision.supervisor_id == user.id)
    return select(Supervision).where(or_(own, Supervision.worker_id.in_(theirs)))


SCOPES: dict[type[Any], Callable[[User], Select[Any]]] = {
    Alarm: _of_cases(Alarm),
    Draft: drafts,
    SupportCase: cases,
    Referral: referrals,
    PeopleImport: people_imports,
    Person: people,
    PersonMerge: person_merges,
    PublicReferral: public_referrals,
    Question: _of_cases(Question),
    Concern: _of_cases(Concern),
    Contact: _of_cases(Contact),
    EmotionalLoad: emotional_loads,
    Gap: gaps,
    Goal: _of_cases(Goal),
    GoalAction: goal_actions,
    MatchAnswer: _of_cases(MatchAnswer),
    Message: messages,
    Notification: notifications,
    OnwardReferral: onward_referrals,
    Signpost: signposts,
    Supervision: supervisions,
    Task: _of_cases(Task),
    Organisation: organisations,
    User: users,
    Visit: _of_cases(Visit),
    **capacity_access.SCOPES,
    **directory_access.SCOPES,
}


def find(model: type[R], key: str, *, user: User, options: Sequence[ORMOption] = ()) -> R:
    """Return the record if it is one this user may see, else raise ``NotYours``.

    ``options`` say what is to be loaded with it.
    """
    if "\0" in key:
        raise NotYours(model.__name__)  # PostgreSQL cannot be asked for one
    query = SCOPES[model](user).where(model.key == key).options(*options)
    found: R | None = db.session.scalar(query)
    if found is None:
        raise NotYours(model.__name__)
    return found


def open_case(key: str, *, user: User, on: date, options: Sequence[ORMOption] = ()) -> SupportCase:
    """Find a case to read or work on.

    A colleague’s case asks for a reason, once a day: raises ``ReasonNeeded`` until one is given.
    """
    found = find(SupportCase, key, user=user, options=options)
    if found.worker_id not in (None, user.id) and not _reason_given(found, user, on):
        raise ReasonNeeded(found.key)
    return found


def _reason_given(case: SupportCase, user: User, on: date) -> bool:
    query = select(CaseOpening.id).where(
        CaseOpening.case_id == case.id,
        CaseOpening.user_id == user.id,
        CaseOpening.opened_on == on,
    )
    return db.session.scalar(query.limit(1)) is not None
