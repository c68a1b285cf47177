"""Services to rank, and a ranking of them with the shipped lexicon on a day of November 2026."""

from collections.abc import Mapping
from datetime import date

from linkwork.matching import Lexicon, Limits, Offer, Ranking, rank
from linkwork.paths import SEED_DATA

ON = date(2026, 11, 10)
HERE = (53.48, -2.24)
SHIPPED = Lexicon.load(SEED_DATA / "concepts")
FRESH = date(2026, 10, 1)


def service(code: str, *concepts: str, **facts: object) -> Offer:
    plain: dict[str, object] = {
        "id": code,
        "name": f"Service {code}",
        "provider": f"Provider {code}",
        "concepts": dict.fromkeys(concepts, 1.0),
        "verified_on": FRESH,
    }
    return Offer(**(plain | facts))  # type: ignore[arg-type]


def ranking(
    *offers: Offer,
    confirmed: Mapping[str, int] | None = None,
    cues: Mapping[str, float] | None = None,
    limits: Limits | None = None,
    **more: object,
) -> Ranking:
    return rank(
        offers,
        confirmed=confirmed or {},
        cues=cues or {},
        text_scores=more.pop("text_scores", {}),  # type: ignore[arg-type]
        limits=limits or Limits(),
        lexicon=SHIPPED,
        on=ON,
        **more,  # type: ignore[arg-type]
    )


def ids(found: Ranking) -> list[str]:
    return [match.offer.id for match in found.matches]
