"""Two or three activities side by side for one person: what they keep to, and what they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from linkwork import clock
from linkwork.casework import availability, handouts, offers, service_words
from linkwork.casework.handouts import Handout
from linkwork.casework.matches import Suggestions
from linkwork.matching import Check, Fit, Limits, Offer, check, wording
from linkwork.matching.asked import nearest_km
from linkwork.matching.limits import JUDGES
from linkwork.models import Service

FEWEST, MOST = 2, 3
NAMES = {
    "ended": "Still runs",
    "gender": "Women or men",
    "age": "Age",
    "group": "For which people",
    "language": "Language",
    "channel": "From home, by phone or online",
    "access": "Access",
}
"""What a limit is called where services are compared by it."""
SAID_ELSEWHERE = frozenset({"cost", "distance", "places", "time"})
NOTHING = "Nothing that was heard or confirmed"
NONE_KNOWN = "None known"
NO_LIMIT = "No such limit"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one service says in a row, and whether that keeps to the limit where it is one."""

    words: tuple[str, ...]
    fit: Fit | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that matters, for every service in turn."""

    name: str
    cells: tuple[Cell, ...]
    is_own: bool = False
    """Whether every service has its own, as it has a phone: that it differs says nothing."""

    @property
    def differs(self) -> bool:
        """Whether the services are not the same in it."""
        return not self.is_own and len(set(self.cells)) > 1


def compare(services: Sequence[Service], found: Suggestions, *, at: datetime) -> list[Row]:
    """The services side by side for the person that ``found`` was suggested for.

    Why each fits, then each limit that was asked with fits, not stated or no, then the facts.
    """
    keys = [service.key for service in services]
    on = clock.london(at).date()
    known = {offer.id: offer for offer in offers.directory(on=on).offers}
    held = [known.get(key) for key in keys]
    checks = [_checks(offer, found.ranking.limits, on) for offer in held]
    given = [handouts.of_service(service, at=at) for service in services]
    able = availability.of(keys, found.meetings, found.limits, at=at)
    places = [(able[one.key].places or service_words.room(one),) for one in services]
    return [
        _row("Why it fits", [_why(service, found) for service in services]),
        _judged("How far", "distance", [_far(offer, found.limits) for offer in held], checks),
        _judged("Cost", "cost", [(one.cost,) for one in given], checks),
        _judged("When", "time", [tuple(one.when) for one in given], checks),
        _row("Next time", [(able[key].next,) for key in keys]),
        _judged("Places", "places", places, checks),
        *_asked(checks),
        *_facts(given),
    ]


def _asked(checks: Sequence[Mapping[str, Check]]) -> list[Row]:
    """Every other limit that was asked, in the order in which people care about them."""
    asked = [name for name in ("ended", *JUDGES) if any(name in known for known in checks)]
    return [
        Row(
            NAMES.get(name, name.replace("_", " ").capitalize()),
            tuple(_of_check(known.get(name)) for known in checks),
        )
        for name in asked
        if name not in SAID_ELSEWHERE
    ]


def _facts(given: Sequence[Handout]) -> list[Row]:
    return [
        _row("Access there", [(one.access,) for one in given]),
        _row("Who it is for", [(one.for_whom,) for one in given]),
        _row("How to join", [(one.joining,) for one in given]),
        _row("Where", [tuple(one.where) for one in given], is_own=True),
        _row("Phone", [(one.phone,) for one in given], is_own=True),
        _row("Email", [(one.email,) for one in given], is_own=True),
        _row("Last checked", [(one.checked,) for one in given], is_own=True),
    ]


def _checks(offer: Offer | None, limits: Limits, on: date) -> Mapping[str, Check]:
    """Each limit held against a service; nothing where it is not in the directory now."""
    return {one.limit: one for one in check(offer, limits, on=on)} if offer else {}


def _far(offer: Offer | None, limits: Limits) -> tuple[str, ...]:
    km = nearest_km(offer, limits) if offer else None
    return (capital(wording.distance(km)),) if km is not None else ()


def _why(service: Service, found: Suggestions) -> tuple[str, ...]:
    for match in found.ranking.matches:
        if match.offer.id == service.key or any(o.id == service.key for o in match.also):
            return tuple(map(capital, match.because))
    for group in found.ranking.not_shown:
        if any(offer.id == service.key for offer in group.offers):
            return (f"Not on the list: {group.words}",)
    return (NOTHING,)


def _of_check(one: Check | None) -> Cell:
    return Cell((capital(one.words),), one.fit) if one else Cell((NO_LIMIT,))


def _judged(
    name: str, limit: str, words: Sequence[tuple[str, ...]], checks: Sequence[Mapping[str, Check]]
) -> Row:
    """A fact that also answers a limit, where that was asked."""
    cells = []
    for said, known in zip(words, checks, strict=True):
        judged = known.get(limit)
        cells.append(Cell(_known(said), judged.fit if judged else None))
    return Row(name, tuple(cells))


def _row(name: str, words: Sequence[tuple[str, ...]], *, is_own: bool = False) -> Row:
    return Row(name, tuple(Cell(_known(said)) for said in words), is_own)


def _known(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if word) or (NONE_KNOWN,)


def capital(words: str) -> str:
    """The words with a large first letter."""
    return words[:1].upper() + words[1:]
