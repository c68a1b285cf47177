"""Records of staffing and settings that tests of addresses open."""

from linkwork.casework import assumptions
from linkwork.database import db
from linkwork.models import Absence, AbsenceKind, Assumption, Organisation, User
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY


def absence(of: User) -> Absence:
    """A long absence of somebody who holds a post."""
    make.post(of)
    made = Absence(worker=of, kind=AbsenceKind.PARENTAL, start_on=TODAY)
    db.session.add(made)
    db.session.flush()
    return made


def own_assumption(cast: Cast) -> Assumption:
    """One that whoever the test is about may take back."""
    return assumption(cast, None if cast.me == cast.admin else cast.northside)


def assumption(cast: Cast, pcn: Organisation | None) -> Assumption:
    """An assumption that was set for a PCN, or everywhere."""
    return assumptions.set_value("people_per_wte", 200, of=pcn, from_on=TODAY, by=cast.lead, at=NOW)
