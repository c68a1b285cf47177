"""The least somebody pays for an activity, from its amounts and its words.

It is free only where nobody pays: an activity that is free for some, at first, or but for its
parking is not what somebody without money can be sent to.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

POUNDS = re.compile(r"£ ?([0-9]{1,4}(?:\.[0-9]{1,2})?)(?![0-9]|[.,][0-9])")
FREE = re.compile(
    r"(?:(?:it|this|attendance|entry)(?: is|’s|'s) |all )?(?:a )?free\b", re.IGNORECASE
)
FOR_ALL = re.compile(
    r"\b(?:of charge|(?:for|to) (?:all|every(?:one|body)|anyone|attend|join|use|access|enter))\b",
    re.IGNORECASE,
)
ONLY_SOME = re.compile(
    r"\b(?:for|to|if|with|when|under|over|until|unless|after|then|otherwise|except|some|most|first"
    r"|initial|trials?|tasters?|introductory|members?|membership|concessions?|parking|tea|coffee"
    r"|lunch|refreshments|transport|wi-?fi|delivery)\b|£|%",
    re.IGNORECASE,
)


def least(fees: str | None, costs: Sequence[Any]) -> Decimal | None:
    """What somebody pays at least in pounds; 0 only where it costs nothing for everybody.

    ``costs`` have ``amount`` and ``option``. None where nothing certain is stated.
    """
    amounts = [Decimal(cost.amount) for cost in costs if cost.amount is not None]
    words = [fees or "", *(cost.option or "" for cost in costs)]
    stated = [Decimal(amount) for said in words for amount in POUNDS.findall(said)]
    dear = [amount for amount in amounts if amount > 0] or [one for one in stated if one > 0]
    if dear:
        return min(dear)
    if amounts or stated or any(_is_free(said) for said in words):
        return Decimal(0)
    return None


def _is_free(said: str) -> bool:
    begins = FREE.match(said.strip())
    return begins is not None and not ONLY_SOME.search(FOR_ALL.sub(" ", said))
