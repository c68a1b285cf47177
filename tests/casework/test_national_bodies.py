"""An organisation that sees all of England: no file names one, so it is added by hand."""

from typing import Any

import pytest
from sqlalchemy import select

from linkwork.casework import organisations
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import AuditEntry, OrganisationKind


@pytest.mark.one_engine
def test_a_national_body_is_added_once_and_noted(app: Any) -> None:
    made = organisations.add_national_body(" The Office ", "x99", by=None)
    assert (made.kind, made.name, made.ods_code) == (OrganisationKind.NATIONAL, "The Office", "X99")
    db.session.commit()
    assert db.session.scalars(select(AuditEntry.event)).all() == ["organisation.added"]
    with pytest.raises(RuleBroken, match="code X99 already"):
        organisations.add_national_body("Another", "X99", by=None)
    with pytest.raises(RuleBroken, match="a name and a code"):
        organisations.add_national_body("", "X98", by=None)
