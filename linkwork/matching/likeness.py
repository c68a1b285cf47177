"""Whether two records may be of one person, and why, in words.

Points for what agrees and against what does not; the words say which, because whoever decides must
see it. Names are compared with the similarity of Jaro (1989) and the bonus of Winkler (1990) for a
common beginning, birth dates also with day and month changed about, given names also as the short
forms people use.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from linkwork.matching.names import similarity

SAME_NAME, CLOSE_NAME = 1.0, 0.88
# Short forms of given names, folded: a group is one name.
SHORT_FORMS = (
    "alexander alex sandy alec al",
    "alexandra alex sandra lexi",
    "andrew andy drew",
    "anthony tony",
    "barbara barb babs",
    "catherine katherine kathryn cathy kathy kate katie kath kay",
    "charles charlie chuck",
    "christopher chris kit",
    "christine christina chris chrissie tina",
    "daniel dan danny",
    "david dave davy",
    "deborah debra deb debbie",
    "dorothy dot dotty dolly",
    "edward ed eddie ted teddy ned",
    "elizabeth elisabeth liz lizzie beth betty bess libby eliza lisa",
    "frances fran frankie",
    "francis frank frankie",
    "frederick fred freddie",
    "geoffrey jeffrey geoff jeff",
    "henry harry hal",
    "isabella isobel isabel bella izzy",
    "jacqueline jackie",
    "james jim jimmy jamie",
    "jennifer jen jenny",
    "john jack johnny jon",
    "jonathan jon johnny",
    "joseph joe joey",
    "josephine jo josie",
    "judith judy",
    "kenneth ken kenny",
    "lawrence laurence larry laurie",
    "leonard len lenny leo",
    "margaret maggie meg peggy peg marge margie madge",
    "mary molly polly may",
    "matthew matt",
    "maureen mo",
    "michael mike mick mickey",
    "mohammed mohamed muhammad mohammad mo",
    "nicholas nick nicky",
    "nicola nicky nikki",
    "pamela pam",
    "patricia pat patsy tricia trish",
    "patrick pat paddy",
    "peter pete",
    "philip phillip phil",
    "raymond ray",
    "rebecca becky becca",
    "richard rick ricky dick rich",
    "robert rob robbie bob bobby bert",
    "ronald ron ronnie",
    "rose rosa rosie roz",
    "samuel sam sammy",
    "samantha sam sammy",
    "sandra sandy",
    "sarah sara sally sadie",
    "stephen steven steve",
    "stephanie steph",
    "susan sue susie suzie",
    "theresa teresa terry tess",
    "terence terry",
    "thomas tom tommy",
    "timothy tim",
    "victoria vicky tori",
    "vincent vince vinny",
    "walter wally walt",
    "william will bill billy willie liam",
    "winifred win winnie freda",
)
_GROUPS = tuple(frozenset(group.split()) for group in SHORT_FORMS)


class Sureness(StrEnum):
    """How likely it is that two records are of one person."""

    ALMOST_CERTAIN = "Almost certainly the same person"
    PROBABLE = "Probably the same person"
    POSSIBLE = "Perhaps the same person"


LEAST = ((10, Sureness.ALMOST_CERTAIN), (7.5, Sureness.PROBABLE), (5, Sureness.POSSIBLE))


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of a person. Names are folded; a phone is its last ten digits."""

    given_name: str
    family_name: str
    date_of_birth: date
    nhs_number: str | None = None
    postcodes: frozenset[str] = frozenset()
    """The present one and those before it."""
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """How sure it is, and what agrees and what does not, strongest first."""

    sureness: Sureness
    points: float
    agrees: tuple[str, ...]
    differs: tuple[str, ...]


def compare(one: Known, other: Known) -> Likeness | None:
    """How alike two records are; None where too little agrees. The order does not matter."""
    said = [
        *_numbers(one, other),
        *_births(one.date_of_birth, other.date_of_birth),
        *_names(one, other),
        *_places(one, other),
    ]
    points = sum(weight for weight, _ in said)
    sureness = next((level for least, level in LEAST if points >= least), None)
    if sureness is None:
        return None
    ordered = sorted(said, key=lambda pair: -abs(pair[0]))
    return Likeness(
        sureness,
        points,
        tuple(words for weight, words in ordered if weight > 0),
        tuple(words for weight, words in ordered if weight < 0),
    )


def turned(day: date) -> date | None:
    """The date with day and month changed about, where that is another one."""
    if day.day > 12 or day.day == day.month:
        return None
    return day.replace(month=day.day, day=day.month)


def _numbers(one: Known, other: Known) -> list[tuple[float, str]]:
    if one.nhs_number is None or other.nhs_number is None:
        return []
    if one.nhs_number == other.nhs_number:
        return [(7, "the same NHS number")]
    return [(-6, "different NHS numbers")]


def _births(one: date, other: date) -> list[tuple[float, str]]:
    if one == other:
        return [(4, "the same date of birth")]
    if turned(one) == other:
        return [(3, "day and month of birth changed about")]
    differing = sum(a != b for a, b in zip(one.isoformat(), other.isoformat(), strict=True))
    if differing == 1:
        return [(2, "dates of birth that differ by one digit")]
    return [(-4, "different dates of birth")]


def _names(one: Known, other: Known) -> list[tuple[float, str]]:
    straight = _family(one, other) + _given(one.given_name, other.given_name)
    crossed = (one.given_name, one.family_name) == (other.family_name, other.given_name)
    if crossed and one.given_name != one.family_name:
        return [(3.5, "first and last name changed about")]
    return straight


def _family(one: Known, other: Known) -> list[tuple[float, str]]:
    alike = similarity(one.family_name, other.family_name)
    if alike >= SAME_NAME:
        return [(2, "the same last name")]
    if alike >= CLOSE_NAME:
        return [(1.5, "last names that are nearly the same")]
    return [(-1.5, "different last names")]


def _given(one: str, other: str) -> list[tuple[float, str]]:
    alike = similarity(one, other)
    if alike >= SAME_NAME:
        return [(2, "the same first name")]
    if any(one in group and other in group for group in _GROUPS):
        return [(1.75, "first names that are short for each other")]
    if alike >= CLOSE_NAME:
        return [(1.5, "first names that are nearly the same")]
    return [(-2, "different first names")]


def _places(one: Known, other: Known) -> list[tuple[float, str]]:
    said: list[tuple[float, str]] = []
    if one.postcodes & other.postcodes:
        said.append((2, "the same postcode (now or before)"))
    if one.phone and one.phone == other.phone:
        said.append((1.5, "the same phone number"))
    return said
