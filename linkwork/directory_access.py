"""Whose the records of the directory are: a part of ``access``, which is what others ask."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, select

from linkwork.models import Service, User
from linkwork.permissions import Permission, may


def services(user: User) -> Select[Service]:
    """The directory: editors see unlisted entries too."""
    query = select(Service)
    if may(user, Permission.EDIT_DIRECTORY):
        return query
    return query.where(Service.listed)


SCOPES: dict[type[Any], Callable[[User], Select[Any]]] = {
    Service: services,
}
