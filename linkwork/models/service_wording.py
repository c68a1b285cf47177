"""What the index of words takes of a service: its words, cut in the same way for both engines."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, func, select

from linkwork.models.location import Location, ServiceAtLocation
from linkwork.models.provider import Provider
from linkwork.models.service import Service, ServiceArea
from linkwork.models.taxonomy import ServiceTerm, TaxonomyTerm

WORD = re.compile(r"[^\W_]+")
LONGEST_WORD = 40
COLUMNS = ("name", "terms", "place", "description")
Row = dict[str, object]
"""The number of a service as ``id``, and its words by ``COLUMNS``."""


def words_of(said: str) -> list[str]:
    """The words of a text, in small letters and without accents."""
    plain = said.lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    found = WORD.findall(plain)
    return [word[:LONGEST_WORD] for word in found] if len(plain) > LONGEST_WORD else found


def row(
    number: int,
    *,
    name: str,
    description: str | None,
    provider: str | None,
    terms: Iterable[str],
    places: Iterable[str],
) -> Row:
    """What is indexed of one service; ``places`` are the words of where it is."""
    texts = (name, " ".join(terms), " ".join((provider or "", *places)), description or "")
    words = (" ".join(words_of(said)) for said in texts)
    return {"id": number, **dict(zip(COLUMNS, words, strict=True))}


def rows(connection: Connection, service_ids: Sequence[int]) -> Iterator[Row]:
    """What is indexed of these services, as they stand in the database now."""
    terms, places = _terms(connection, service_ids), _places(connection, service_ids)
    query = (
        select(Service.id, Service.name, Service.description, Provider.name.label("provider"))
        .outerjoin(Provider, Service.provider_id == Provider.id)
        .where(Service.id.in_(service_ids))
    )
    for one in connection.execute(query):
        yield row(
            one.id,
            name=one.name,
            description=one.description,
            provider=one.provider,
            terms=terms[one.id],
            places=places[one.id],
        )


def distinct(rows: Iterable[Row]) -> set[str]:
    """Every word of these rows."""
    return {word for row in rows for name in COLUMNS for word in str(row[name]).split()}


def _terms(connection: Connection, service_ids: Sequence[int]) -> dict[int, list[str]]:
    query = (
        select(ServiceTerm.service_id, TaxonomyTerm.name)
        .join(TaxonomyTerm, ServiceTerm.term_id == TaxonomyTerm.id)
        .where(ServiceTerm.service_id.in_(service_ids))
    )
    return _gathered(connection.execute(query))


def _places(connection: Connection, service_ids: Sequence[int]) -> dict[int, list[str]]:
    one = func.coalesce
    where = one(Location.name, "") + " " + one(Location.address, "")
    where = where + " " + one(Location.city, "") + " " + one(Location.postcode, "")
    at = (
        select(ServiceAtLocation.service_id, where)
        .join(Location, ServiceAtLocation.location_id == Location.id)
        .where(ServiceAtLocation.service_id.in_(service_ids))
    )
    areas = select(ServiceArea.service_id, ServiceArea.name)
    areas = areas.where(ServiceArea.service_id.in_(service_ids))
    return _gathered(connection.execute(at.union_all(areas)))


def _gathered(rows: Iterable[Sequence[object]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for service_id, words in rows:
        found[int(str(service_id))].append(str(words))
    return found
