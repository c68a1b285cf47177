"""Who a service is for, as its name and description plainly say where its fields are blank.

"A lunch for South Asian elders", "Stroke survivors' club": such words are the only place where
many entries state their audience. Both speak of much else, so only what follows a "for" counts,
or a group that is in the name and that the rest of the entry speaks of too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from linkwork.matching.audiences import AT_LEAST, AT_MOST, OLDEST, Audience, audience
from linkwork.matching.concepts import Kind
from linkwork.matching.lexicon import Lexicon
from linkwork.matching.words import Text

LONGEST = 2000
CLAUSE = re.compile(r"(?<!good )(?<!great )(?<!ideal )\bfor\s+([^.;:!?()]{3,120})", re.I)
ENDS = re.compile(
    r"\b(?:who|whose|that|which|where|to(?= [a-z])|so|at|from|recovering|with us)\b", re.I
)
"""What follows says more of the same people, or something else: it makes no group of its own."""
OPEN = re.compile(r"\b(?:all|everyone|everybody|others|else|public|mixed)\b", re.I)
WOMEN = re.compile(r"\b(?:women|ladies|girls|mums|mothers|sisters)\b", re.I)
MEN = re.compile(r"\b(?:men|lads|fellas|blokes|dads|fathers|boys)\b", re.I)
AGED = re.compile(r"\b(?:aged?|ages|between)\s+(\d{1,3})\s*(?:to|-|–|and)\s*(\d{1,3})\b", re.I)
ADULTS = re.compile(r"^(?:\w+ ){0,2}adults\b", re.I)
GROWN_UP = 18


def for_whom(
    *,
    name: str,
    description: str,
    eligibility: str,
    lexicon: Lexicon,
    taxonomy: Iterable[str] = (),
) -> Audience:
    """Return who a service is for by its whole entry, what is for eligibility before the rest.

    Ages in years; None or empty is what the entry nowhere states plainly.
    """
    stated = audience(eligibility, lexicon)
    clauses = [_cut(found[1]) for found in CLAUSE.finditer(description[:LONGEST])]
    if stated.minimum_age is None and stated.maximum_age is None:
        youngest, oldest = _ages(clauses)
        stated = replace(stated, minimum_age=youngest, maximum_age=oldest)
    if stated.gender is None:
        stated = replace(stated, gender=_gender(name, clauses))
    if not stated.groups:
        about = " . ".join((description[:LONGEST], *taxonomy))
        groups = _of_name(name, about, lexicon).union(*(_of(one, lexicon) for one in clauses))
        is_open = any(OPEN.search(clause) for clause in clauses)
        stated = replace(stated, groups=frozenset() if is_open else _wider(groups, lexicon))
    return stated


def _cut(clause: str) -> str:
    """The people themselves: "adults with asthma" of "adults with asthma who want to sing"."""
    return ENDS.split(clause, maxsplit=1)[0].strip()


def _ages(clauses: list[str]) -> tuple[int | None, int | None]:
    for clause in clauses:
        if (found := AGED.search(clause)) and int(found[1]) < int(found[2]) <= OLDEST:
            return int(found[1]), int(found[2])
        least, most = AT_LEAST.search(clause), AT_MOST.search(clause)
        if least or most:
            return _age(least[1] or least[2]) if least else None, _age(most[1]) if most else None
        if ADULTS.search(clause):
            return GROWN_UP, None
    return None, None


def _age(written: str) -> int | None:
    return int(written) if int(written) <= OLDEST else None


def _gender(name: str, clauses: list[str]) -> str | None:
    """Only one of the two, in the name or in every clause that speaks of either."""
    found = {one for one in (_one_gender(said) for said in clauses) if one}
    named = _one_gender(name)
    if named and found <= {named}:
        return named if found or "'s" in name.replace("’", "'") else None
    return found.pop() if len(found) == 1 and not named else None


def _one_gender(said: str) -> str | None:
    women, men = WOMEN.search(said), MEN.search(said)
    if bool(women) == bool(men) or OPEN.search(said):
        return None
    return "women" if women else "men"


def _of_name(name: str, about: str, lexicon: Lexicon) -> frozenset[str]:
    return frozenset(_audiences(name, lexicon)) & frozenset(_audiences(about, lexicon))


def _of(clause: str, lexicon: Lexicon) -> frozenset[str]:
    """The groups of a clause that names nobody else: no need and no group that all may join."""
    heard = {hit.concept for hit in lexicon.directories.find(Text.of(clause)) if not hit.weak}
    known = [lexicon.concepts[concept] for concept in heard]
    others = [one for one in known if one.kind is Kind.NEED or one.open_to_all]
    if any(one.id not in ("women", "men", "older_people") for one in others):
        return frozenset()
    if "older_people" in heard and " and " in clause:
        return frozenset()
    return frozenset(one.id for one in known if one.is_audience)


def _audiences(said: str, lexicon: Lexicon) -> Iterator[str]:
    for hit in lexicon.directories.find(Text.of(said)):
        if not hit.weak and lexicon.concepts[hit.concept].is_audience:
            yield hit.concept


def _wider(groups: frozenset[str], lexicon: Lexicon) -> frozenset[str]:
    """Young fathers are parents of small children: whoever belongs to the wider group fits too."""
    near = {other for group in groups for other in lexicon.concepts[group].near}
    return groups | {other for other in near if lexicon.concepts[other].is_audience}
