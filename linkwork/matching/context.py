"""What surrounds a phrase in a note: is it denied, said of somebody else, or only a name?

A note is a worker's quick prose, so these are rules of thumb over neighbouring words. They err
towards proposing nothing: a worker adds a missed need with one tap, a wrong one costs trust.
"""

from __future__ import annotations

from linkwork.matching.lexicon import Concept, Kind
from linkwork.matching.words import SENTENCE_BREAK, Hit, Text

DENIALS = frozenset(
    "no not never without denies denied neither nor nobody isn't isnt wasn't aren't hasn't haven't "
    "doesn't doesnt didn't don't dont won't hates hated dislikes refuses refused declined".split()
)
UNABLE = frozenset("can't cant cannot couldn't unable".split())
DISLIKES = (
    "not interested in", "isn't interested in", "never been interested in", "never liked",
    "never enjoyed", "never been keen on", "no interest in", "not keen on", "isn't keen on",
    "does not want", "doesn't want", "do not want", "did not want", "didn't want", "don't want",
    "does not like", "doesn't like", "don't like", "do not like", "did not like", "didn't like",
    "does not enjoy", "doesn't enjoy", "hates", "hate", "dislikes", "can't stand", "cannot stand",
    "not into", "not one for", "won't go to", "would not go to", "refuses", "declined", "not for",
    "rather than", "instead of",
)  # fmt: skip
DISLIKE_PARTS: dict[str, list[tuple[str, ...]]] = {}
for _phrase in DISLIKES:
    DISLIKE_PARTS.setdefault(_phrase.split()[0], []).append(tuple(_phrase.split()))
NOT_A_DENIAL = frozenset("only just stop stopped stops help sure doubt longer matter".split())
TURNS = frozenset("but although though however yet because since except".split())
DENIAL_REACH = 5
DISLIKE_REACH = 12

KIN = frozenset(
    "son daughter mum mam mom mother dad father husband wife partner brother sister neighbour "
    "friend grandson granddaughter grandfather grandmother nan nana gran grandad uncle aunt "
    "auntie cousin nephew niece boyfriend girlfriend ex kids children parents family lodger "
    "flatmate housemate boss sons daughters friends".split()
)
BEFORE_AN_OBJECT = frozenset(
    "with for after of from about to near by than like without misses miss lost".split()
)
WHOSE = frozenset("her his my their the a an late elderly old own adult eldest youngest".split())
SUBJECTS = frozenset("she he they i we patient pt client who's she's he's i'm".split())
THIRD_REACH = 6

NAMES = frozenset(
    "joy hope rose grace art bill dawn heather ivy olive daisy iris poppy robin ray will mark "
    "frank carol basil rod pat faith harmony melody violet lily april may june jack drew gene "
    "penny cliff dean jasmine victor sandy cook baker fisher walker carpenter potter singer "
    "taylor farmer bridge reading bath battle wood hunter page bowler drinkwater ruby pearl "
    "amber holly laurel fern hazel bob rob nick sue rich guy gay angel summer christian "
    "constance prudence patience verity felicity charity trinity mercy chase miles".split()
)
TITLES = frozenset("mr mrs ms miss dr doctor sister nurse father rev reverend".split())
AFTER_A_NAME = frozenset(
    "is was has says said lives told came feels wants would needs and who died visits rang "
    "called phoned attended reports".split()
)


def counts(text: Text, hit: Hit, concept: Concept) -> bool:
    """Say whether the phrase speaks for the person: not a name, not denied, not another's."""
    return not (
        is_name(text, hit)
        or is_denied(text, hit, concept)
        or (not concept.of_others and is_anothers(text, hit))
    )


def is_name(text: Text, hit: Hit) -> bool:
    """Say whether a single capitalised word stands where a person's name would."""
    if hit.after - hit.first != 1:
        return False
    written = text.written(hit.first, hit.after)
    if not written[0].isupper():
        return False
    if hit.first and text.words[hit.first - 1] in TITLES:
        return True
    if text.words[hit.first] not in NAMES or (written.isupper() and len(written) > 1):
        return False
    if text.breaks[hit.first] != SENTENCE_BREAK:
        return True
    return hit.after < len(text.words) and text.words[hit.after] in AFTER_A_NAME


def is_denied(text: Text, hit: Hit, concept: Concept) -> bool:
    """Say whether the phrase is negated in its clause, or in a list of things not wanted.

    Not being able to do something any more does not end the interest in it, so for interests
    only dislike and plain denial count, not "can't" or "no longer".
    """
    return _is_disliked(text, hit.first) or _is_negated(text, hit.first, concept.kind)


def says_no(text: Text) -> bool:
    """Say whether somebody says somewhere in the text what they do not want or like."""
    return any(
        text.words[index : index + len(phrase)] == phrase
        for index, word in enumerate(text.words)
        for phrase in DISLIKE_PARTS.get(word, ())
    )


def is_disliked_or_denied(text: Text, first: int) -> bool:
    """Say whether a service says that it is *not* this ("not a counselling group")."""
    before = text.words[max(0, first - 3) : first]
    if "not" not in before and "isn't" not in before and "never" not in before:
        return False
    start = text.back(first, 3)
    return any(text.words[index] in ("not", "isn't", "never") for index in range(start, first))


def _is_negated(text: Text, first: int, kind: Kind) -> bool:
    start = text.back(first, DENIAL_REACH)
    for index in range(first - 1, start - 1, -1):
        word = text.words[index]
        if word in TURNS or word == "and":
            return False
        following = text.words[index + 1]
        if word == "no" and following == "longer":
            return kind is not Kind.INTEREST
        if word in DENIALS and following not in NOT_A_DENIAL:
            return True
        if word in UNABLE and kind is not Kind.INTEREST and following not in NOT_A_DENIAL:
            return False
    return False


def _is_disliked(text: Text, first: int) -> bool:
    start = text.back(first, DISLIKE_REACH, over_commas=True)
    for index in range(first - 1, start - 1, -1):
        if text.words[index] in TURNS:
            return False
        phrases = DISLIKE_PARTS.get(text.words[index], ())
        if any(text.words[index : index + len(p)] == p for p in phrases):
            return _reaches(text, index, first)
    return False


def _reaches(text: Text, dislike: int, first: int) -> bool:
    """A dislike reaches over commas only in a list that goes on to an "or" or a "nor"."""
    if all(text.breaks[index] == 0 for index in range(dislike + 1, first + 1)):
        return True
    later = dislike
    while later < len(text.words) and later < first + DISLIKE_REACH:
        if later > dislike and text.breaks[later] == SENTENCE_BREAK:
            return False
        if text.words[later] in ("or", "nor"):
            return True
        later += 1
    return False


def is_anothers(text: Text, hit: Hit) -> bool:
    """Say whether the clause is about a relative or friend rather than the person."""
    start = text.back(hit.first, THIRD_REACH)
    for index in range(hit.first - 1, start - 1, -1):
        word = text.words[index]
        if word in SUBJECTS and not _is_relative_clause(text, index):
            return False
        if word.removesuffix("'s") in KIN:
            return word.endswith("'s") or _is_subject(text, index, start)
    return False


def _is_relative_clause(text: Text, index: int) -> bool:
    return text.words[index].startswith("who")


def _is_subject(text: Text, kin: int, start: int) -> bool:
    following = text.words[kin + 1] if kin + 1 < len(text.words) else ""
    if following.startswith("who") or following in ("with", "drinking", "having"):
        return True
    before = kin - 1
    while before >= start and text.words[before] in WHOSE:
        before -= 1
    if before < start:
        return True
    return text.words[before] not in BEFORE_AN_OBJECT and text.words[before] in ("and", "that")
