"""Words that nobody wrote in the directory, and the ones that they were meant to be.

A word that a service has is never put right, however rare it is. Only words of services that the
user may see and asked for are suggested, and each is looked up in these services first: the
vocabulary also holds words of entries that are not listed.
"""

from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Select

from linkwork import directory_access
from linkwork.casework.service_criteria import Criteria, running
from linkwork.database import db
from linkwork.models import ServiceFacet, User, service_text, service_vocabulary

MOST_WORDS = 4
MOST_TRIED = 6


def corrected(said: str, criteria: Criteria, *, user: User, on: date) -> str:
    """The text with each word that no service has put right, where there is a likely one.

    What is like a word in fewer slips wins, then what more services have. The text comes back
    unchanged where nothing is to be put right.
    """
    words = service_text.words_of(said)
    unknown = _unknown(list(dict.fromkeys(words)), _visible(criteria, user, on))
    meant = {word: _meant(word, _visible(criteria, user, on)) for word in unknown[:MOST_WORDS]}
    if not any(meant.values()):
        return said
    return " ".join(meant.get(word) or word for word in words)


def _visible(criteria: Criteria, user: User, on: date) -> Select[Any]:
    first = ServiceFacet.spot == 0
    return directory_access.facets(user).where(first, *running(criteria, on))


def _unknown(words: list[str], visible: Select[Any]) -> list[str]:
    asked = [word for word in words if service_vocabulary.is_correctable(word)]
    counts = service_text.counts(asked, visible, beginnings=True)
    return [word for word in asked if not counts[word] and word not in service_text.STOP_WORDS]


def _meant(word: str, visible: Select[Any]) -> str | None:
    near = service_vocabulary.near(db.session.connection(), word)[:MOST_TRIED]
    for _, alike in groupby(near, key=lambda pair: pair[1]):
        words = [one for one, _ in alike]
        if len(words) > 1:
            counts = service_text.counts(words, visible)
            words = sorted(words, key=lambda one: (-counts[one], one))
        if found := next((one for one in words if service_text.is_said(one, visible)), None):
            return found
    return None
