"""Which entries of a directory may be the same activity, and why, in words.

Every pair of a large directory cannot be compared: entries are first put into blocks by what the
same activity has in common, a phone number, a web page, a name, a rare word of the name with the
place or the provider; only entries of one block are compared. A block that is too large tells
nothing (the number of a council's switchboard) and is passed over. Then points count for what
agrees and against what does not, as with people.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from linkwork.matching.names import likeness, plain_words

LARGEST_BLOCK = 40
RARE = 0.002
ALWAYS_RARE = 20
SAME_NAME, CLOSE_NAME, LIKE_NAME = 0.97, 0.88, 0.76
PROBABLE, ALMOST_CERTAIN = 4.0, 6.0
# Words that tell two activities of one provider apart.
TELLING = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays "
    "thursdays fridays saturdays sundays morning afternoon evening weekly monthly men mens women "
    "womens boys girls ladies junior juniors senior seniors adult adults children kids youth baby "
    "babies toddler toddlers under over beginner beginners intermediate advanced one two three "
    "north south east west i ii iii".split()
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An activity as it is compared. Texts as they stand; postcodes with their outward code."""

    id: int
    name: str
    provider: str = ""
    postcodes: frozenset[str] = frozenset()
    outcodes: frozenset[str] = frozenset()
    phone: str = ""
    """The last ten digits."""
    web: str = ""
    """Host and path, without what comes before and after."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries that may be one, the lower number first; points, and what (dis)agrees."""

    one: int
    other: int
    points: float
    agrees: tuple[str, ...]
    differs: tuple[str, ...]

    @property
    def is_almost_certain(self) -> bool:
        """Whether hardly anything speaks against it."""
        return self.points >= ALMOST_CERTAIN


def pairs(entries: Sequence[Entry]) -> list[Pair]:
    """The pairs of entries that are probably one activity, the most likely first."""
    known = {
        entry.id: (entry, plain_words(entry.name), plain_words(entry.provider)) for entry in entries
    }
    found: list[Pair] = []
    for one, other in _candidates(known.values()):
        pair = _compare(known[one], known[other])
        if pair is not None:
            found.append(pair)
    return sorted(found, key=lambda pair: (-pair.points, pair.one, pair.other))


def compare(one: Entry, other: Entry) -> Pair | None:
    """Whether two entries may be one activity, and why; None where that is not likely."""
    first, second = sorted((one, other), key=lambda entry: entry.id)
    return _compare(_plain(first), _plain(second))


_Known = tuple[Entry, str, str]


def _plain(entry: Entry) -> _Known:
    return entry, plain_words(entry.name), plain_words(entry.provider)


def _candidates(known: Iterable[_Known]) -> set[tuple[int, int]]:
    listed = list(known)
    counts = Counter(word for _, name, _ in listed for word in set(name.split()))
    most = max(ALWAYS_RARE, len(listed) * RARE)
    blocks: dict[Hashable, list[int]] = defaultdict(list)
    for entry, name, provider in listed:
        rare = [word for word in set(name.split()) if counts[word] <= most]
        for key in _keys(entry, name, provider, rare):
            blocks[key].append(entry.id)
    found: set[tuple[int, int]] = set()
    for ids in blocks.values():
        if 1 < len(ids) <= LARGEST_BLOCK:
            found.update(combinations(sorted(set(ids)), 2))
    return found


def _keys(entry: Entry, name: str, provider: str, rare: Sequence[str]) -> Iterator[Hashable]:
    yield "name", name
    if entry.phone:
        yield "phone", entry.phone
    if entry.web:
        yield "web", entry.web
    for place in entry.postcodes | entry.outcodes:
        yield "place", place, name[:5]
        for word in rare:
            yield "word", place, word
    if provider:
        for word in rare:
            yield "provider", provider, word


def _compare(one: _Known, other: _Known) -> Pair | None:
    if _are_parts(one[0].name, other[0].name):
        return None
    said = [_names(one[1], other[1])]
    if said[0][0] <= 0:
        return None
    said += [*_places(one[0], other[0]), *_providers(one[2], other[2]), *_reached(one[0], other[0])]
    points = sum(weight for weight, _ in said)
    if points < PROBABLE:
        return None
    ordered = sorted(said, key=lambda pair: -abs(pair[0]))
    agrees = tuple(words for weight, words in ordered if weight > 0)
    differs = tuple(words for weight, words in ordered if weight < 0)
    return Pair(one[0].id, other[0].id, points, agrees, differs)


def _are_parts(one: str, other: str) -> bool:
    """Whether they are two things of one place: "Park school - Gym", "Park school - Pitches"."""
    (head, dash, tail), (twin, too, end) = (name.rpartition(" - ") for name in (one, other))
    return bool(dash and too) and head == twin and tail != end


def _names(one: str, other: str) -> tuple[float, str]:
    apart = set(one.split()) ^ set(other.split())
    if apart and any(word in TELLING or word[:1].isdigit() for word in apart):
        return -1, "names that tell them apart"
    alike = likeness(one, other)
    if alike >= SAME_NAME:
        return 3, "the same name"
    if alike >= CLOSE_NAME:
        return 2.5, "names that are nearly the same"
    return (1.5, "names that are alike") if alike >= LIKE_NAME else (-1, "different names")


def _places(one: Entry, other: Entry) -> Iterator[tuple[float, str]]:
    if one.postcodes & other.postcodes:
        yield 2, "the same postcode"
    elif one.postcodes and other.postcodes:
        yield -2, "different postcodes"
    elif one.outcodes & other.outcodes:
        yield 1, "the same area"
    elif one.outcodes and other.outcodes:
        yield -1.5, "different areas"


def _providers(one: str, other: str) -> Iterator[tuple[float, str]]:
    if one and other:
        alike = likeness(one, other)
        yield (1, "the same provider") if alike >= CLOSE_NAME else (-0.5, "different providers")


def _reached(one: Entry, other: Entry) -> Iterator[tuple[float, str]]:
    if one.phone and one.phone == other.phone:
        yield 2, "the same phone number"
    elif one.phone and other.phone:
        yield -0.5, "different phone numbers"
    if one.web and one.web == other.web:
        yield 1.5, "the same web page"
