"""Who may do what, and to whose records. No other module decides either.

A route says what it needs with ``@requires``; a route that says nothing is refused. Records are
found through ``find``, which knows only those the user may see: one that exists elsewhere and one
that never existed are the same to it.
"""

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from flask_login import current_user
from sqlalchemy import ColumnElement, Select, false, or_, select
from sqlalchemy.orm.interfaces import ORMOption

from linkwork.database import Addressed, db
from linkwork.errors import NotYours, ReasonNeeded
from linkwork.models import (
    CaseOpening,
    Concern,
    Contact,
    Goal,
    GoalAction,
    Message,
    OnwardReferral,
    Organisation,
    OrganisationKind,
    Person,
    PersonMerge,
    PublicReferral,
    Referral,
    ReferralSource,
    Role,
    Service,
    SupportCase,
    Task,
    User,
    UserRole,
)

View = Callable[..., Any]
R = TypeVar("R", bound=Addressed)


class Permission(StrEnum):
    """What a route may ask for."""

    OWN_ACCOUNT = "own account"
    WORK_CASES = "work cases"
    ALLOCATE_CASES = "allocate cases"
    REFER = "refer"
    SEE_CAPACITY = "see capacity"
    SEE_DIRECTORY = "see directory"
    EDIT_DIRECTORY = "edit directory"
    MANAGE_ORGANISATIONS = "manage organisations"
    MANAGE_USERS = "manage users"
    SEE_AUDIT = "see audit"


EVERYBODY = {Permission.OWN_ACCOUNT, Permission.SEE_DIRECTORY}
GRANTS: dict[Role, set[Permission]] = {
    Role.LINK_WORKER: {Permission.WORK_CASES},
    Role.SUPERVISOR: {
        Permission.WORK_CASES,
        Permission.ALLOCATE_CASES,
        Permission.SEE_CAPACITY,
    },
    Role.PRACTICE: {Permission.REFER},
    Role.PCN_LEAD: {Permission.SEE_CAPACITY},
    Role.DIRECTORY_EDITOR: {Permission.EDIT_DIRECTORY},
    Role.PEER_COORDINATOR: set(),
    Role.HUB_WORKER: set(),
    Role.CALDICOTT: {Permission.SEE_AUDIT},
    Role.ADMIN: {Permission.MANAGE_ORGANISATIONS, Permission.MANAGE_USERS},
}
OPEN_TO_ALL: frozenset[Permission] = frozenset()


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Let a route be used by those who hold any of ``permissions``."""

    def declare(view: View) -> View:
        view.requires = frozenset(permissions)  # type: ignore[attr-defined]
        return view

    return declare


def open_to_all(view: View) -> View:
    """Let a route be used without signing in."""
    view.requires = OPEN_TO_ALL  # type: ignore[attr-defined]
    return view


def me() -> User:
    """The user who is signed in: the record itself, not Flask-Login's stand-in for it."""
    user: User = current_user._get_current_object()  # noqa: SLF001
    return user


def may(user: User, permission: Permission) -> bool:
    """Whether any role of ``user`` grants ``permission``."""
    return permission in EVERYBODY or any(permission in GRANTS[role] for role in user.roles)


def pcns(user: User) -> Select[Organisation]:
    """The PCNs a user works for: their own, their practice’s, or all of their board’s."""
    query = select(Organisation).where(Organisation.kind == OrganisationKind.PCN)
    return query.where(_within(user, Organisation.id, Organisation.parent_id))


def _own_pcn(user: User) -> int | None:
    """The one PCN of a user: their organisation, or the one their practice belongs to."""
    if user.organisation.kind is OrganisationKind.PCN:
        return user.organisation_id
    if user.organisation.kind is OrganisationKind.PRACTICE:
        return user.organisation.parent_id
    return None


def _within(user: User, pcn: Any, board: Any) -> ColumnElement[bool]:
    own = _own_pcn(user)
    mine: ColumnElement[bool] = false()
    if own is not None:
        mine = pcn == own
    elif user.organisation.kind is OrganisationKind.ICB:
        mine = board == user.organisation_id
    return mine


def _in_own_pcns(user: User, column: Any) -> ColumnElement[bool]:
    own = _own_pcn(user)
    inside: ColumnElement[bool] = (
        column == own
        if own is not None
        else column.in_(pcns(user).with_only_columns(Organisation.id))
    )
    return inside


def cases(user: User) -> Select[SupportCase]:
    """Every case of the user's own PCNs, for those who work cases; nobody else's."""
    query = select(SupportCase)
    if not may(user, Permission.WORK_CASES):
        return query.where(false())
    return query.where(_in_own_pcns(user, SupportCase.organisation_id))


def referrals(user: User) -> Select[Referral]:
    """Referrals a user may see: a practice’s own, and those received by one’s own PCNs."""
    allowed: list[ColumnElement[bool]] = []
    if may(user, Permission.REFER):
        sent = Referral.source.in_([ReferralSource.GP, ReferralSource.OTHER_PRIMARY_CARE])
        allowed.append((Referral.practice_id == user.organisation_id) & sent)
    if may(user, Permission.WORK_CASES):
        allowed.append(_in_own_pcns(user, Referral.organisation_id))
    return select(Referral).where(or_(false(), *allowed))


def people(user: User) -> Select[Person]:
    """People with a case in the user’s own PCNs."""
    known = cases(user).with_only_columns(SupportCase.person_id)
    return select(Person).where(Person.id.in_(known))


def public_referrals(user: User) -> Select[PublicReferral]:
    """What the public asked of the user’s own PCNs, for those who work cases."""
    query = select(PublicReferral)
    if not may(user, Permission.WORK_CASES):
        return query.where(false())
    return query.where(_in_own_pcns(user, PublicReferral.organisation_id))


def person_merges(user: User) -> Select[PersonMerge]:
    """Merges whose kept person has a case in the user’s own PCNs."""
    known = cases(user).with_only_columns(SupportCase.person_id)
    return select(PersonMerge).where(PersonMerge.kept_id.in_(known))


def contacts(user: User) -> Select[Contact]:
    """Contacts of the cases a user may see."""
    return select(Contact).where(Contact.case_id.in_(cases(user).with_only_columns(SupportCase.id)))


def goal_actions(user: User) -> Select[GoalAction]:
    """What is done towards the goals a user may see."""
    seen = _of_cases(Goal)(user).with_only_columns(Goal.id)
    return select(GoalAction).where(GoalAction.goal_id.in_(seen))


def messages(user: User) -> Select[Message]:
    """Messages to the user’s own practice, and those about the cases a user may see."""
    allowed: list[ColumnElement[bool]] = []
    if may(user, Permission.REFER):
        allowed.append(Message.practice_id == user.organisation_id)
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


def services(user: User) -> Select[Service]:
    """The directory: editors see unlisted entries too."""
    query = select(Service)
    if may(user, Permission.EDIT_DIRECTORY):
        return query
    return query.where(Service.listed)


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
    """The link workers and supervisors of the user’s own PCNs, to whom a case may be given."""
    working = select(UserRole.user_id).where(UserRole.role.in_([Role.LINK_WORKER, Role.SUPERVISOR]))
    query = select(User).where(User.id.in_(working), User.disabled_at.is_(None))
    return query.where(_in_own_pcns(user, User.organisation_id)).order_by(User.name)


SCOPES: dict[type[Any], Callable[[User], Select[Any]]] = {
    SupportCase: cases,
    Referral: referrals,
    Person: people,
    PersonMerge: person_merges,
    PublicReferral: public_referrals,
    Concern: _of_cases(Concern),
    Contact: contacts,
    Goal: _of_cases(Goal),
    GoalAction: goal_actions,
    Message: messages,
    OnwardReferral: onward_referrals,
    Service: services,
    Task: _of_cases(Task),
    Organisation: organisations,
    User: users,
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
