"""Providers: the organisations that run the services of the directory."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from linkwork.database import Published


class Provider(Published):
    """An ``organization`` of Open Referral UK. Its key is its identifier there."""

    __tablename__ = "provider"

    name: Mapped[str]
    description: Mapped[str | None]
    url: Mapped[str | None]
    email: Mapped[str | None]
    identifiers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
