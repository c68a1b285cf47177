"""What a person takes away about activities: a sheet to print, and words that fit a text message.

Nothing here comes from a person’s record: the same sheet may be given to anybody.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import joinedload, selectinload

from linkwork import access, clock
from linkwork.casework import service_hours, service_words, services
from linkwork.casework.lexicon import lexicon
from linkwork.database import db
from linkwork.errors import NotYours
from linkwork.matching import Offer, wording
from linkwork.matching.offers import sensitive_concepts
from linkwork.models import Service, ServiceAtLocation, User

MOST = 6
ONE_TEXT, EACH_OF_SEVERAL = 160, 153
ONE_UNICODE, EACH_UNICODE = 70, 67
LONGEST_NAME = 60
LONGEST_ABOUT = 600
# The 7-bit alphabet of text messages (3GPP TS 23.038); the second line counts twice.
PLAIN = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
TWICE = frozenset("^{}\\[~]|€")
SIMPLER = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})
JOINING = {
    "self": "You can just go, or ring them first.",
    "link_worker": "Your link worker refers you.",
    "professional": "A professional, such as your link worker, refers you.",
    "gp": "Your GP practice refers you.",
}
RING_FIRST = "Ring them first and ask how to join."
ASK_FIRST = "Ask your link worker how to join."


@dataclass(frozen=True, slots=True)
class TextMessage:
    """Words for a text message; ``length`` in characters, ``texts`` how many messages it takes."""

    words: str
    length: int
    texts: int


@dataclass(frozen=True, slots=True)
class Handout:
    """One activity in plain words for the person; what is not known is left out or said to be."""

    key: str
    name: str
    run_by: str
    about: str
    when: list[str]
    next: str
    where: list[str]
    access: str
    cost: str
    for_whom: str
    joining: str
    phone: str
    email: str
    website: str
    checked: str
    warning: str
    """Why nobody should go now; empty for one that runs."""
    is_sensitive: bool
    """Whether it speaks of what may put somebody at risk where another reads it, such as abuse."""
    text: TextMessage


def chosen(keys: Sequence[str], *, user: User) -> list[Service]:
    """The services with these keys, in this order and each once, at most six; four queries.

    One that is not listed any more is left out. Raises ``NotYours`` where none is left.
    """
    wanted = list(dict.fromkeys(key for key in keys if "\0" not in key))[:MOST]
    query = (
        access.services(user)
        .where(Service.key.in_(wanted))
        .options(
            joinedload(Service.provider),
            selectinload(Service.places_at).joinedload(ServiceAtLocation.location),
            selectinload(Service.schedules),
            selectinload(Service.costs),
        )
    )
    found = {service.key: service for service in db.session.scalars(query).unique()}
    if keys and not found:
        raise NotYours(Service.__name__)
    return [found[key] for key in wanted if key in found]


def of_service(service: Service, *, at: datetime) -> Handout:
    """What the person is given about one activity, as the directory knows it now."""
    when, cost = service_words.when(service), service_words.cost(service)
    where = _places(service)
    return Handout(
        key=service.key,
        name=service.name,
        run_by=_run_by(service),
        about=_about(service.description or ""),
        when=when,
        next=_dated(service_hours.next_words(service, at=at), clock.london(at).date()),
        where=where,
        access=service_words.access(service),
        cost=cost,
        for_whom=service_words.for_whom(service),
        joining=_joining(service),
        phone=service.phone or "",
        email=service.email or "",
        website=_website(service),
        checked=service_words.checked(service, on=clock.london(at).date()).words,
        warning=_warning(service, at),
        is_sensitive=_is_sensitive(service),
        text=_text(service, when, where, cost),
    )


def text_of(name: str, parts: Sequence[tuple[int, str]]) -> TextMessage:
    """A text message of a name and of as many of the parts as fit into one beside it.

    Parts stand in the order given; those of a lower number are put in first. The name always
    stands. Quotes and dashes are made plain: one curly quote would more than halve what fits.
    """
    every = [_plain(name), *(_plain(words) for _, words in parts)]
    kept = {0}
    for _, place in sorted((rank, place) for place, (rank, _) in enumerate(parts, 1)):
        longer = kept | {place}
        if _texts(" ".join(every[one] for one in sorted(longer))) == 1:
            kept = longer
    words = " ".join(every[one] for one in sorted(kept))
    return TextMessage(words, length(words), _texts(words))


def length(words: str) -> int:
    """How many characters of a text message the words take: some count twice."""
    return len(words) + sum(letter in TWICE for letter in words)


def _texts(words: str) -> int:
    if all(letter in PLAIN or letter in TWICE for letter in words):
        one, each, taken = ONE_TEXT, EACH_OF_SEVERAL, length(words)
    else:
        one, each, taken = ONE_UNICODE, EACH_UNICODE, len(words.encode("utf-16-le")) // 2
    return 1 if taken <= one else -(-taken // each)


def _plain(words: str) -> str:
    """The words on one line, with letters of the message alphabet where there are such."""
    line = " ".join(words.translate(SIMPLER).split())
    return "".join(
        letter if letter in PLAIN or letter in TWICE else _bare(letter) for letter in line
    )


def _bare(letter: str) -> str:
    """A letter without its accent, where it then is in the alphabet; else the letter itself."""
    bare = unicodedata.normalize("NFKD", letter)[0]
    return bare if bare in PLAIN else letter


def _text(service: Service, when: list[str], where: list[str], cost: str) -> TextMessage:
    """Whom to ring matters most, then when and where, then the cost and the website."""
    name = service.name if len(service.name) <= LONGEST_NAME else f"{service.name[:57].strip()}..."
    parts = [(2, f"{words}.") for words in when[:1]] + [(3, f"{words}.") for words in where[:1]]
    if cost != "Cost not stated":
        parts.append((4, f"{cost}."))
    if service.phone:
        parts.append((1, f"Phone {service.phone}."))
    if website := _website(service):
        parts.append((5 if service.phone else 1, website))
    return text_of(f"{name}.", parts)


def _dated(words: str, today: date) -> str:
    """The next time with its date: on paper, tomorrow is another day."""
    for said, day in (("Today", today), ("Tomorrow", today + timedelta(days=1))):
        if words.startswith(said):
            return f"{wording.DAYS[day.weekday()]} {day.day} {day:%B}{words.removeprefix(said)}"
    return words


def _places(service: Service) -> list[str]:
    places = [link.location for link in service.places_at]
    said = [service_words.address(place) for place in places if place.address or place.postcode]
    return list(dict.fromkeys(said))


def _run_by(service: Service) -> str:
    provider = service.provider.name if service.provider else ""
    return provider if provider != service.name else ""


def _about(description: str) -> str:
    line = description.strip()
    if len(line) <= LONGEST_ABOUT:
        return line
    return f"{line[:LONGEST_ABOUT].rsplit(' ', 1)[0]}…"


def _joining(service: Service) -> str:
    known = JOINING.get(service.referral_route or "")
    return known or (RING_FIRST if service.phone else ASK_FIRST)


def _website(service: Service) -> str:
    return service.url if service.url and service_words.is_web_address(service.url) else ""


def _is_sensitive(service: Service) -> bool:
    offer = Offer(service.key, service.name, concepts=service.concepts or {})
    return bool(sensitive_concepts(offer, lexicon()))


def _warning(service: Service, at: datetime) -> str:
    if services.has_ended(service, on=clock.london(at).date()):
        return "It has ended."
    if service.status.value != "active":
        return "It is not running now."
    return ""
