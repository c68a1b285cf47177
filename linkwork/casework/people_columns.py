"""What the columns of lists of people mean: said once, and remembered for an organisation."""

from sqlalchemy import select

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework import people_imports
from linkwork.database import db
from linkwork.models import OrganisationKind, PeopleColumns, PeopleImport, User


def remembered(user: User) -> dict[str, str | list[str]]:
    """What the columns meant in the last list of the user’s organisation; empty where none was."""
    query = select(PeopleColumns.columns).where(PeopleColumns.organisation_id == _home(user))
    return db.session.scalar(query) or {}


def choose(import_: PeopleImport, chosen: dict[str, str | list[str]], *, user: User) -> None:
    """Say what the columns of a list mean, and remember it for the next of the organisation.

    Raises ``RuleBroken`` where the list is gone.
    """
    people_imports.hold(import_)
    import_.columns = chosen
    query = select(PeopleColumns).where(PeopleColumns.organisation_id == _home(user))
    kept = db.session.scalar(query.with_for_update())
    if kept is not None and kept.columns == chosen:
        return
    if kept is None:
        db.session.add(PeopleColumns(organisation_id=_home(user), columns=chosen))
    else:
        kept.columns = chosen
    audit.record(Event.PEOPLE_COLUMNS_CHOSEN, import_, by=user, meanings=sorted(chosen))


def _home(user: User) -> int:
    """The organisation whose lists are alike: the user’s PCN, or their board."""
    place = user.organisation
    is_practice = place.kind is OrganisationKind.PRACTICE
    return place.parent_id if is_practice and place.parent_id else place.id
