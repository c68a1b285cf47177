"""How deprived the area is that a person lives in: worked out from their postcode, for figures.

A decile of the English Indices of Deprivation, 1 the most deprived. It says something of an area
and nothing of the person, so it is counted and never shown as theirs. Only the decile is kept, with
its source and date: no area, no ward. Without the full index of postcodes nothing is known; what
is known of an outward code is the mean of ten thousand homes, and is not taken for one of them.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update

from linkwork import geography
from linkwork.database import db
from linkwork.models import Person

FIELDS = ("deprivation_decile", "deprivation_source", "deprivation_on")
BATCH = 1_000


@dataclass
class Applied:
    """Of how many people the decile is known, not known, and other than it was."""

    known: int = 0
    unknown: int = 0
    changed: int = 0


def note(person: Person, *, on: date) -> None:
    """Work out anew, on the day ``on``, what goes with a person’s postcode."""
    decile, source = _of(person.postcode)
    person.deprivation_decile, person.deprivation_source = decile, source
    person.deprivation_on = on if decile else None


def carry(person: Person, other: Person) -> None:
    """Take over what was worked out for another record, whose postcode was taken over."""
    for name in FIELDS:
        setattr(person, name, getattr(other, name))


def apply(*, on: date) -> Applied:
    """Work it out for everybody, a thousand people at a time, and flush.

    Nobody’s record counts as edited by it: no version moves. A postcode that is changed meanwhile
    keeps what its own change worked out.
    """
    done, last = Applied(), 0
    while rows := db.session.execute(_after(last)).all():
        last, changed = rows[-1].id, []
        for row in rows:
            decile, source = _of(row.postcode)
            done.known += bool(decile)
            done.unknown += not decile
            if (decile, source) != (row.deprivation_decile, row.deprivation_source):
                changed.append((row, decile, source))
        for row, decile, source in changed:
            _keep(row, decile, source, on)
        done.changed += len(changed)
    db.session.expire_all()
    return done


def _of(postcode: str | None) -> tuple[int | None, str | None]:
    area = geography.area_of(postcode)
    return (area.decile, area.source) if area and area.decile else (None, None)


def _after(number: int) -> Any:
    columns = (Person.id, Person.postcode, Person.deprivation_decile, Person.deprivation_source)
    return select(*columns).where(Person.id > number).order_by(Person.id).limit(BATCH)


def _keep(row: Any, decile: int | None, source: str | None, on: date) -> None:
    people: Any = Person.__table__
    same = people.c.postcode.is_not_distinct_from(row.postcode)
    db.session.execute(
        update(people)
        .where(people.c.id == row.id, same)
        .values(
            deprivation_decile=decile,
            deprivation_source=source,
            deprivation_on=on if decile else None,
        )
    )
