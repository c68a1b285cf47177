"""The directory as matching sees it: kept, and read again when something in it has changed."""

from typing import Any

from sqlalchemy import text

from linkwork.casework import offers
from linkwork.database import db
from tests import cast as make
from tests.statements import plan_of, watching


def test_whether_anything_has_changed_is_told_by_an_index_alone(cast: Any) -> None:
    make.service("Choir")
    db.session.commit()
    with watching() as asked:
        offers._stamp()
    [(statement, values)] = asked
    if db.engine.name == "postgresql":
        db.session.execute(text("SET LOCAL enable_bitmapscan = off"))  # as in a table of any size
    plan = plan_of(statement, values)
    assert "COVERING INDEX ix_service_version" in plan or "Index Only Scan" in plan
