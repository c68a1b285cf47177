"""Who refers people in the demo, and how the request arrives."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from linkwork.demo.notes import Notebook
from linkwork.demo.rows import Rows
from linkwork.demo.staff import Staff
from linkwork.models import Referral, ReferralSource

Source = ReferralSource
SOURCES = {
    Source.GP: 60,
    Source.OTHER_PRIMARY_CARE: 15,
    Source.SELF: 9,
    Source.OTHER_AGENCY: 9,
    Source.FAMILY: 4,
    Source.OUTREACH: 3,
}
FROM_PRACTICE = frozenset({Source.GP, Source.OTHER_PRIMARY_CARE})
SURNAMES = (
    "Ahmed Bannister Chowdhury Crossland Eze Farnworth Gill Hallam Iqbal Jolly Kaye Lumb "
    "Mistry Nwachukwu O’Rourke Pickles Quarmby Rao Stott Tempest Underhill Varley Whelan Yates"
).split()
TITLES = {
    Source.OTHER_PRIMARY_CARE: ("Practice nurse", "Pharmacist", "Care co-ordinator", "Physio"),
    Source.OTHER_AGENCY: (
        "Housing officer",
        "Job centre work coach",
        "Fire safety officer",
        "Midwife",
    ),
    Source.OUTREACH: ("Community outreach worker", "Health check nurse"),
}
ALONE = {Source.SELF: ("Self",), Source.FAMILY: ("Sister", "Brother", "Cousin", "Relative")}
OWN_WORDS = {
    Source.SELF: "Asked for a link worker: “{matters}”",
    Source.FAMILY: "A relative rang, with agreement. In their own words: “{matters}”",
    Source.OTHER_AGENCY: "Came up in our work and agreed to a referral. Told us: “{matters}”",
    Source.OUTREACH: "Met at a health check in the market. Said: “{matters}”",
}


class Referring:
    """Writes referrals, with the consent that each needs."""

    def __init__(self, staff: Staff, rows: Rows, rng: Random) -> None:
        self._staff, self._rows, self._rng = staff, rows, rng

    def refer(
        self, case: dict[str, Any], practice: dict[str, Any], needs: list[str], book: Notebook
    ) -> datetime:
        """Write the referral that opens a case, and return when it was received."""
        rng = self._rng
        at: datetime = case["opened_at"]
        source = rng.choices(list(SOURCES), list(SOURCES.values()))[0]
        referrer_id, name = self._referrer(source, practice)
        received_at = at + timedelta(minutes=rng.randint(0, 25) if referrer_id is None else 0)
        self._rows.add(
            Referral,
            received_at,
            person_id=case["person_id"],
            case_id=case["id"],
            organisation_id=case["organisation_id"],
            practice_id=practice["id"] if source in FROM_PRACTICE else None,
            source=source,
            referrer_id=referrer_id,
            referrer_name=name,
            reasons=needs[: rng.randint(1, 2)],
            note=_note(source, book),
            urgency=case["priority"],
            consented_at=at - timedelta(minutes=rng.randint(2, 40)),
            share_with_gp=case["share_with_gp"],
            referred_at=at,
            received_at=received_at,
        )
        return received_at

    def _referrer(self, source: ReferralSource, practice: dict[str, Any]) -> tuple[int | None, str]:
        if source in FROM_PRACTICE and practice["id"] in self._staff.practice_users:
            return self._staff.practice_users[practice["id"]]
        name = self._rng.choice(SURNAMES)
        if source == Source.GP:
            return None, f"Dr {name}"
        if source in ALONE:
            return None, self._rng.choice(ALONE[source])
        return None, f"{self._rng.choice(TITLES[source])} {name}"


def _note(source: ReferralSource, book: Notebook) -> str:
    if source in OWN_WORDS:
        return OWN_WORDS[source].format(matters=book.phrase("matters").strip("“”"))
    return book.referral()
