"""The directory as matching sees it: kept, and read again when something in it has changed."""

from typing import Any

from sqlalchemy import text

from linkwork.casework import matches, offers
from linkwork.casework.matches import Typed
from linkwork.database import db
from linkwork.models import Provider
from tests import cast as make
from tests.conftest import NOW
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


NAMES = ["zoo", "Zebra", "äpfel", "a-b", "a b", "ab", "Über", "10 men", "9 men", "É", "e", "_"]


def test_both_engines_give_the_same_order(cast: Any) -> None:
    """Whatever a database thinks of letters and words: both are compared here."""
    for number, name in enumerate([*NAMES, "ÿ and gardening"]):
        make.service(
            name,
            key=f"{number * 7 % 13:02}-{name[0]}",
            description="Digging, and the gardens of others.",
            provider=Provider(name=f"P{number}"),
            concepts={"gardening": 1.0},
        )
    of = make.case(cast.northside, worker=cast.amina)
    found = matches.suggest(of, on=NOW.date(), typed=Typed(yes=frozenset({"gardening"})))
    shown = found.ranking.matches
    assert [match.offer.name for match in shown] == ["ÿ and gardening", *sorted(NAMES)]
    assert len({match.score for match in shown[1:]}) == 1
