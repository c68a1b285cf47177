"""Who takes part in the whole job, on the demo and on the real directory and organisations."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from linkwork.capacity.calendar import FinancialYear
from linkwork.casework import targets
from linkwork.database import db
from linkwork.exchange.directory import import_directory
from linkwork.exchange.organisations import import_organisations
from linkwork.models import Organisation, OrganisationKind, Post, PostState, Role, User
from tests.browser.demo_data import somebody
from tests.cast import user
from tests.conftest import NOW, TODAY
from tests.paths import SHARED_DATA

PRACTICES = SHARED_DATA / "ods" / "gp-reg-pat-prac-map_2022-01.csv"
PATIENTS = SHARED_DATA / "ods" / "gp-reg-pat-prac-all_2021.csv"
SERVICES = SHARED_DATA / "directory" / "gm_oruk_3.0_services.json"
BOARD = "Greater Manchester%"


@dataclass(frozen=True)
class Players:
    """One of each role: all but the stranger have to do with the same PCN."""

    practice: User
    worker: User
    lead: User
    editor: User
    admin: User
    guardian: User
    stranger: User
    postcode: str


def of_the_demo() -> Players:
    """The demo’s own users."""
    lead = somebody(Role.PCN_LEAD)
    pcn = lead.organisation_id
    return Players(
        practice=somebody(Role.PRACTICE, lambda who: who.organisation.parent_id == pcn),
        worker=somebody(Role.LINK_WORKER, lambda who: who.organisation_id == pcn),
        lead=lead,
        editor=somebody(Role.DIRECTORY_EDITOR),
        admin=somebody(Role.ADMIN),
        guardian=somebody(Role.CALDICOTT),
        stranger=somebody(Role.LINK_WORKER, lambda who: who.organisation_id != pcn),
        postcode="ZZ3 4AB",
    )


def of_the_real_directory() -> Players:
    """Invented users at real organisations, beside the real directory, all just imported."""
    import_organisations(PRACTICES, PATIENTS, by=None, at=NOW, on=TODAY)
    import_directory(SERVICES, source="Greater Manchester", by=None, at=NOW, today=TODAY)
    targets.freeze_shares(FinancialYear.containing(TODAY), by=None, at=NOW)
    board = db.session.scalars(
        select(Organisation).where(
            Organisation.kind == OrganisationKind.ICB, Organisation.name.ilike(BOARD)
        )
    ).one()
    here, elsewhere = _members(board)[:2]
    practice = _members(here)[0]
    players = Players(
        practice=user("Dev Anand", practice, Role.PRACTICE),
        worker=user("Amina Okafor", here, Role.LINK_WORKER),
        lead=user("Leo Marsh", here, Role.PCN_LEAD),
        editor=user("Edith Vale", board, Role.DIRECTORY_EDITOR),
        admin=user("Adam Stone", board, Role.ADMIN),
        guardian=user("Clara Finch", board, Role.CALDICOTT),
        stranger=user("Cath Doyle", elsewhere, Role.LINK_WORKER),
        postcode=practice.postcode or "",
    )
    post = Post(wte=Decimal(1), start_on=date(2026, 4, 1), additional=True, state=PostState.STARTED)
    post.organisation, post.worker = here, players.worker
    db.session.add(post)
    return players


def _members(of: Organisation) -> list[Organisation]:
    query = select(Organisation).where(Organisation.parent_id == of.id)
    return list(db.session.scalars(query.order_by(Organisation.ods_code)).unique())
