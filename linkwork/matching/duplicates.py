"""Near duplicates of one provider: the same activity in two places is shown once."""

from __future__ import annotations

from collections.abc import Sequence

from linkwork.matching.offers import Offer
from linkwork.matching.words import WORD, folded

ALIKE = 0.5


def shown_once(
    offers: Sequence[Offer], *, most: int
) -> tuple[tuple[Offer, tuple[Offer, ...]], ...]:
    """Return the first of each set of near duplicates, in order, with the others beside it.

    Near duplicates have the same provider, the same concepts and names of which at least half the
    words agree.
    """
    kept: list[tuple[Offer, list[Offer]]] = []
    by_provider: dict[str, list[int]] = {}
    for offer in offers:
        provider = offer.provider.casefold()
        same = next((i for i in by_provider.get(provider, ()) if _alike(kept[i][0], offer)), None)
        if same is not None:
            kept[same][1].append(offer)
        elif len(kept) < most:
            by_provider.setdefault(provider, []).append(len(kept))
            kept.append((offer, []))
    return tuple((first, tuple(others)) for first, others in kept)


def near_duplicates(one: Offer, offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """Return the same activity of the same provider wherever else it is, without itself."""
    provider = one.provider.casefold()
    of_theirs = (o for o in offers if o.provider.casefold() == provider and o.id != one.id)
    return tuple(offer for offer in of_theirs if _alike(one, offer))


def _alike(one: Offer, other: Offer) -> bool:
    if not one.provider or one.concepts.keys() != other.concepts.keys():
        return False
    first, second = _name_words(one), _name_words(other)
    return len(first & second) >= ALIKE * max(len(first | second), 1)


def _name_words(offer: Offer) -> set[str]:
    return {folded(word) for word in WORD.findall(offer.name)}
