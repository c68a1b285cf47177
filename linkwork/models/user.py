"""People who sign in, what they may do, and their sessions."""

from datetime import datetime
from enum import StrEnum

from flask_login import UserMixin
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed, Record
from linkwork.models.organisation import Organisation


class Role(StrEnum):
    """What somebody does here. One user may hold several."""

    LINK_WORKER = "link_worker"
    SUPERVISOR = "supervisor"
    PRACTICE = "practice"
    PCN_LEAD = "pcn_lead"
    DIRECTORY_EDITOR = "directory_editor"
    PEER_COORDINATOR = "peer_coordinator"
    HUB_WORKER = "hub_worker"
    CALDICOTT = "caldicott"
    ADMIN = "admin"


ROLE_LABELS = {
    Role.LINK_WORKER: "Link worker",
    Role.SUPERVISOR: "Supervisor",
    Role.PRACTICE: "GP practice",
    Role.PCN_LEAD: "PCN lead",
    Role.DIRECTORY_EDITOR: "Directory editor",
    Role.PEER_COORDINATOR: "Peer support co-ordinator",
    Role.HUB_WORKER: "Wellbeing hub worker",
    Role.CALDICOTT: "Caldicott guardian",
    Role.ADMIN: "Administrator",
}


class User(UserMixin, Addressed):
    """Somebody who signs in, on behalf of one organisation."""

    __tablename__ = "user"

    session_token = ""
    """The token of the session this user came with; never kept."""

    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    password_hash: Mapped[str | None]
    disabled_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship(lazy="joined")
    grants: Mapped[list["UserRole"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="UserRole.id"
    )

    # Flask-Login compares tokens, and all who have no session have the same one: none.
    __eq__ = object.__eq__
    __ne__ = object.__ne__
    __hash__ = object.__hash__

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie: the session’s token, not the user’s number."""
        return self.session_token

    @property
    def roles(self) -> frozenset[Role]:
        """The roles this user holds."""
        return frozenset(grant.role for grant in self.grants)

    @property
    def is_active(self) -> bool:
        """Whether this user may be signed in at all."""
        return self.disabled_at is None and self.password_hash is not None


class UserRole(Record):
    """One role of one user."""

    __tablename__ = "user_role"
    __table_args__ = (UniqueConstraint("user_id", "role"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role: Mapped[Role]


class UserSession(Record):
    """One signed-in browser. The cookie holds a token; only its hash is kept here."""

    __tablename__ = "user_session"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined")


class Invitation(Record):
    """A link, good once and for some days, with which a user sets a password."""

    __tablename__ = "invitation"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined")


class SignInFailure(Record):
    """A sign-in that failed, kept for an hour so that guessing is slowed in every process."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (Index(None, "subject", "failed_at"),)

    subject: Mapped[str] = mapped_column(String(64))
    failed_at: Mapped[datetime]
