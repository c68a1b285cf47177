"""What the model of meaning has learnt of our concepts, and whether somebody is at work on it."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from linkwork.database import Record


class Understanding(Record):
    """The one row there is: worked out anew when the concepts or the model change."""

    __tablename__ = "understanding"

    lexicon_hash: Mapped[str | None] = mapped_column(String(32))
    """Of the words of the concepts that it was learnt from."""
    model_hash: Mapped[str | None] = mapped_column(String(32))
    taught: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What was learnt, as ``linkwork.meaning.Taught`` writes it."""
    taught_at: Mapped[datetime | None]
    taken_until: Mapped[datetime | None]
    """One process works at a time; what took longer is taken for dead, and another may try."""
    finished_at: Mapped[datetime | None]
    """When nothing waited any more."""
