"""Forms that were sent, so that sending one twice does it once."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from linkwork.database import Record


class Submission(Record):
    """The token of a form that was carried out, and where its sender was taken next."""

    __tablename__ = "submission"

    token: Mapped[str] = mapped_column(String(36), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    location: Mapped[str]
