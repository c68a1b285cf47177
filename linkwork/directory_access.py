"""Whose the records of the directory are: a part of ``access``, which is what others ask."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, false, select

from linkwork.models import (
    DirectoryImport,
    Service,
    ServiceChange,
    ServiceCheck,
    ServiceFacet,
    ServiceMerge,
    ServiceRemark,
    Source,
    User,
)
from linkwork.permissions import Permission, may


def services(user: User) -> Select[Service]:
    """The directory: editors see unlisted entries too."""
    query = select(Service)
    if may(user, Permission.EDIT_DIRECTORY):
        return query
    return query.where(Service.listed)


def facets(user: User) -> Select[ServiceFacet]:
    """The same entries, as searches read them."""
    query = select(ServiceFacet)
    if may(user, Permission.EDIT_DIRECTORY):
        return query
    return query.where(ServiceFacet.listed)


def _for_editors(model: type[Any]) -> Callable[[User], Select[Any]]:
    """The scope of what is the directory editors’ business and nobody else’s."""
    return lambda user: (
        select(model) if may(user, Permission.EDIT_DIRECTORY) else select(model).where(false())
    )


SCOPES: dict[type[Any], Callable[[User], Select[Any]]] = {
    DirectoryImport: _for_editors(DirectoryImport),
    Service: services,
    ServiceChange: _for_editors(ServiceChange),
    ServiceCheck: _for_editors(ServiceCheck),
    ServiceMerge: _for_editors(ServiceMerge),
    ServiceRemark: _for_editors(ServiceRemark),
    Source: _for_editors(Source),
}
