"""How suggestions fare, in a few sentences that stand above the tables."""

from collections.abc import Sequence

from linkwork.models import REJECT_LABELS
from linkwork.reports.quality import Quality
from linkwork.reports.shares import Share

MOST_NAMED = 3


def sentences(quality: Quality) -> list[str]:
    """What there is to know, the most important first; empty where nothing has been answered."""
    if quality.is_empty:
        return []
    found = [_whole(quality), _why(quality), _nothing_good(quality)]
    return [sentence for sentence in found if sentence]


def _whole(quality: Quality) -> str:
    total = quality.total
    if not total.answered[0].isdigit() or total.answered == "0":
        return "Too few suggestions were answered in twelve months to say how they fare."
    many = "suggestion was" if total.answered == "1" else "suggestions were"
    parts = [
        (total.accepted, "were taken up"),
        (total.arrived, "of those people went at least once"),
        (total.stayed, "of those who went stayed"),
    ]
    said = [f"{share.text} {words} ({share.basis})" for share, words in parts if share.is_shown]
    start = f"In twelve months {total.answered} {many} answered"
    return f"{start}: {_listed(said)}." if said else f"{start}."


def _why(quality: Quality) -> str:
    told = quality.reasons[:MOST_NAMED]
    named = [f"{REJECT_LABELS[line.reason].lower()} ({line.count})" for line in told]
    return f"What was turned down was most often: {_listed(named)}." if named else ""


def _nothing_good(quality: Quality) -> str:
    poor = [line.name for line in quality.concepts if line.has_nothing_good][:MOST_NAMED]
    if not poor:
        return ""
    return f"There is little that people take up for {_listed(poor)}: look for more, or note a gap."


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def share_cells(share: Share) -> tuple[object, ...]:
    """A share for a file: how many, the share and its interval in whole per cents."""
    if not share.is_shown:
        return (share.stead or 0, share.stead or None, None, None)
    return (share.part, round(share.percent), *share.bounds)
