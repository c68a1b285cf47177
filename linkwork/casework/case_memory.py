"""Case memory: what became of earlier people of the same PCN, where an installation wants it.

Off unless ``LINKWORK_CASE_MEMORY`` says yes. Only cases that have ended are learnt from, and only
those of the PCN whose case it is: whoever reads the words may open every one of them. What is
learnt is in ``matching.learning``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from threading import Lock
from time import monotonic
from weakref import WeakKeyDictionary

from flask import current_app
from sqlalchemy import Engine, func, select

from linkwork import clock
from linkwork.casework.lexicon import lexicon
from linkwork.database import db
from linkwork.matching import Match, Ranking, learning
from linkwork.matching.concepts import Concept, Kind
from linkwork.matching.learning import Lift, Memory, Told
from linkwork.models import (
    MatchAnswer,
    MatchAnswerKind,
    OnwardReferral,
    RejectReason,
    Service,
    SupportCase,
)

LEARNT_FROM = timedelta(days=3 * 365)
MOST_READ = 20_000
KEPT_SECONDS = 300

_lock = Lock()
_kept: WeakKeyDictionary[Engine, dict[int, tuple[float, Memory]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is remembered for one case, by the keys of services."""

    lifts: Mapping[str, Lift] = field(default_factory=dict)

    @property
    def factors(self) -> dict[str, float]:
        """The factor of each service, for ``rank``."""
        return {key: lift.factor for key, lift in self.lifts.items()}

    def told(self, ranking: Ranking) -> Ranking:
        """The same ranking, with the reason in words on each match that memory moved."""
        return replace(ranking, matches=tuple(self._told(match) for match in ranking.matches))

    def _told(self, match: Match) -> Match:
        lift = self.lifts.get(match.offer.id)
        if lift is None or lift.acts == 0:
            return match
        words = lift.words(lexicon().concepts[lift.concept].label)
        if lift.acts > 0:
            return match.saying(facts=(words,))
        said = f"only {words}" if lift.record.went else words
        return match.saying(cautions=(said,))


def of_case(case: SupportCase, concepts: Iterable[str], *, on: date) -> Remembered:
    """What is remembered for ``concepts`` at the PCN of a case; nothing where it is switched off.

    Nothing of sensitive concepts and conditions: what others did is no word to say of those.

    Read in one query, at most ``MOST_READ`` answers of three years, and kept for five minutes.
    """
    if not current_app.config["CASE_MEMORY"]:
        return Remembered()
    found = (lexicon().concepts.get(concept) for concept in concepts)
    wanted = [concept.id for concept in found if concept is not None and _may_be_told(concept)]
    return Remembered(learning.lifts(_memory(case.organisation_id, on), wanted))


def _may_be_told(concept: Concept) -> bool:
    """Whether a page that is turned to one person may speak of others with the same."""
    return not concept.sensitive and concept.kind is not Kind.CONDITION


def forget() -> None:
    """Let the next page read everything again."""
    with _lock:
        _kept.clear()


def _memory(pcn_id: int, on: date) -> Memory:
    now, engine = monotonic(), db.engine
    with _lock:
        kept = _kept.setdefault(engine, {})
        if pcn_id not in kept or now - kept[pcn_id][0] > KEPT_SECONDS:
            kept[pcn_id] = (now, learning.remember(_answers(pcn_id, on)))
        return kept[pcn_id][1]


def _answers(pcn_id: int, on: date) -> list[Told]:
    """What was answered in the cases of a PCN that have ended.

    What was turned down for the person’s own sake (too far, too dear, not their day) or because it
    was full is no word on the activity. What was offered of an entry that was merged into another
    counts there.
    """
    since = clock.utc(datetime.combine(on - LEARNT_FROM, time()))
    where = func.coalesce(Service.merged_into_id, Service.id)
    kept = select(Service.id.label("id"), Service.key.label("key")).subquery()
    of_itself = MatchAnswer.reason == RejectReason.DOES_NOT_WANT
    query = (
        select(
            SupportCase.person_id,
            kept.c.key,
            MatchAnswer.concepts,
            OnwardReferral.first_attended_at.is_not(None),
        )
        .join(SupportCase, SupportCase.id == MatchAnswer.case_id)
        .join(Service, Service.id == MatchAnswer.service_id)
        .join(kept, kept.c.id == where)
        .outerjoin(OnwardReferral, OnwardReferral.id == MatchAnswer.onward_referral_id)
        .where(
            SupportCase.organisation_id == pcn_id,
            SupportCase.closed_at >= since,
            MatchAnswer.kind != MatchAnswerKind.TO_DISCUSS,
            MatchAnswer.taken_back_at.is_(None),
            MatchAnswer.reason.is_(None) | of_itself,
        )
        .order_by(MatchAnswer.at.desc(), MatchAnswer.id.desc())
        .limit(MOST_READ)
    )
    rows = db.session.execute(query)
    return [Told(person, key, tuple(about), bool(went)) for person, key, about, went in rows]
