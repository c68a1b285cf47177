"""Lists of people out of a GP system, while they are looked at: sealed, and for an hour."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed, Record
from linkwork.models.organisation import Organisation
from linkwork.models.user import User


class PeopleImport(Addressed):
    """One file, from its arrival until somebody decided. Afterwards there is no row of it."""

    __tablename__ = "people_import"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    """Who brought it, and alone may see it."""
    at: Mapped[datetime] = mapped_column(index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """The file and its name, encrypted. The key is in the browser of whoever brought it, and
    nowhere else: a copy of the database tells nothing."""
    columns: Mapped[dict[str, str | list[str]] | None] = mapped_column(JSON)
    """What its columns mean, once that was said: meaning to header."""

    place_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """Where those are patients whose row does not say; None where every row must."""

    user: Mapped[User] = relationship()
    place: Mapped[Organisation | None] = relationship()


class PeopleColumns(Record):
    """What the columns of an organisation’s last list meant: its next is read by it."""

    __tablename__ = "people_columns"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    columns: Mapped[dict[str, str | list[str]]] = mapped_column(JSON, default=dict)
