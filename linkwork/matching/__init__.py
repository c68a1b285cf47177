"""From a conversation to a ranked, explained list of activities. Pure: no database, no clock.

``propose`` hears needs in a note, a worker confirms them, ``rank`` holds them and the person's hard
limits against the services and says why. ``describe`` finds a service's concepts once, on import;
``crisis_words`` opens the safety step and never touches the ranking.
"""

from linkwork.matching.audiences import Audience, audience
from linkwork.matching.crisis import crisis_words
from linkwork.matching.descriptions import describe, find_concept
from linkwork.matching.for_whom import for_whom
from linkwork.matching.lexicon import NEEDS, Concept, Kind, Lexicon, LexiconError
from linkwork.matching.limits import Check, Fit, Limits, check
from linkwork.matching.meant import NO_MEANING, Meaning
from linkwork.matching.offers import Offer, Session
from linkwork.matching.proposals import Proposal, attend, propose
from linkwork.matching.ranking import Match, NotShown, Ranking, rank
from linkwork.matching.times import read_sessions

__all__ = [
    "NEEDS",
    "NO_MEANING",
    "Audience",
    "Check",
    "Concept",
    "Fit",
    "Kind",
    "Lexicon",
    "LexiconError",
    "Limits",
    "Match",
    "Meaning",
    "NotShown",
    "Offer",
    "Proposal",
    "Ranking",
    "Session",
    "attend",
    "audience",
    "check",
    "crisis_words",
    "describe",
    "find_concept",
    "for_whom",
    "propose",
    "rank",
    "read_sessions",
]
