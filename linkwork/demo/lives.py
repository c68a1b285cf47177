"""People, and what becomes of each referral: the rows of a generated life, without its support.

Time is counted in working days from the first of the generated period, so that nothing happens on
a weekend or a bank holiday; ``WorkingDays`` says which day that is.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from linkwork.capacity.calendar import FinancialYear
from linkwork.demo.bulk import Bulk
from linkwork.demo.courses import Course, Courses
from linkwork.demo.names import Name, Names
from linkwork.demo.networks import SPREAD, Network

COLUMNS = {
    "person": (
        "id", "created_at", "key", "version", "twin", "nhs_number", "family_name", "given_name",
        "family_name_folded", "given_name_folded", "date_of_birth", "gender", "ethnic_group",
        "postcode", "deprivation_decile", "deprivation_source", "phone", "interpreter",
        "practice_id", "carer", "died_on",
    ),
    "support_case": (
        "id", "created_at", "key", "version", "person_id", "organisation_id", "worker_id",
        "priority", "complexity", "opened_at", "accepted_at", "declined_at", "decline_reason",
        "first_conversation_at", "plan_agreed_at", "connected_at", "closed_at", "close_reason",
        "last_contact_at", "next_action", "next_action_on", "close_details", "share_with_gp",
        "limits",
    ),
    "referral": (
        "id", "created_at", "key", "person_id", "case_id", "organisation_id", "practice_id",
        "source", "referrer_name", "reasons", "note", "urgency", "consented_at", "share_with_gp",
        "received", "referred_at", "received_at",
    ),
}  # fmt: skip
MADE_UP = "made-up-"
"""What the key of every generated person begins with; no other key is so long."""
INDEX = "IMD 2019"
NUMBERS = 10**6
SOURCES = ("gp", "other_primary_care", "self", "other_agency", "family", "outreach")
BY_SOURCE = (0.68, 0.80, 0.88, 0.96, 0.98, 1.0)
DECLINED, LEFT_WAITING, SOON, AGAIN, ELSEWHERE, TWINS = 0.09, 0.08, 0.1, 0.07, 0.12, 0.003
DECLINES = ("person_declined", "not_eligible", "other_service_fits", "duplicate", "unsafe")
NEVER_BEGUN = ("no_contact", "person_ended", "redirected", "moved")
FROM_CLOSE = (40, 260)
WEEK = 5


class WorkingDays:
    """Days by number: number 0 is the first working day of the period, ``last`` yesterday’s."""

    def __init__(self, first_on: date, today: date) -> None:
        later = today + timedelta(days=400)
        every = (first_on + timedelta(days=n) for n in range((later - first_on).days))
        self.days = [day for day in every if FinancialYear.containing(day).working_days(day, day)]
        self.texts = [day.isoformat() for day in self.days]
        self.last = bisect_left(self.days, today) - 1

    def number(self, day: date) -> int:
        """The number of the first working day that is not before ``day``."""
        return bisect_left(self.days, day)


class Lives:
    """Writes a person and their episodes into a bulk."""

    def __init__(
        self, rng: Random, days: WorkingDays, bulk: Bulk, networks: list[Network],
        courses: Courses, *, numbered: bool,
    ) -> None:  # fmt: skip
        self._rng, self._days, self._bulk, self._courses = rng, days, bulk, courses
        self._names, self._numbered = Names(rng), numbered
        self._practices = {
            network.id: (
                [number for number, _ in network.practices],
                list(accumulate(patients or 1 for _, patients in network.practices)),
            )
            for network in networks
        }
        self._boards: dict[int | None, list[Network]] = defaultdict(list)
        for network in networks:
            self._boards[network.board_id].append(network)
        self._before: dict[int, tuple[Name, str]] = {}
        """Who came last to each PCN: now and then somebody is written down twice."""

    def live(self, arrival: int, network: Network) -> None:
        """Let somebody be referred to a network on a day, and perhaps once more later."""
        rng, bulk = self._rng, self._bulk
        number = bulk.last["person"] + 1
        name, born = self._who(network)
        practice = self._practice(network)
        course = self._episode(number, arrival, network, practice)
        if course.closed is not None and rng.random() < AGAIN and course.reason != "died":
            again = course.closed + rng.randint(*FROM_CLOSE)
            if again <= self._days.last:
                there = network
                if rng.random() < ELSEWHERE:
                    there = rng.choice(self._boards[network.board_id])
                course = self._episode(number, again, there, practice)
        died = course.reason == "died" and course.closed is not None
        decile = min(10, max(1, round(rng.gauss(network.decile, SPREAD))))
        bulk.add(
            "person", f"{self._days.texts[arrival]} 08:30:00.000000", f"{MADE_UP}{self._key()}",
            1, 0, self._nhs_number(number), name.family, name.given, name.family_folded,
            name.given_folded, born, name.gender, name.group, f"ZZ{number % 24 + 1} 1AA",
            decile, INDEX, f"07700 900{number % 1000:03d}", 0, practice,
            int(rng.random() < 0.1), self._days.texts[course.closed or 0] if died else None,
        )  # fmt: skip

    def _who(self, network: Network) -> tuple[Name, str]:
        rng = self._rng
        if network.id in self._before and rng.random() < TWINS:
            return self._before[network.id]
        born = self._days.days[0] - timedelta(days=int(rng.triangular(18, 96, 62) * 365.25))
        who = self._before[network.id] = self._names.draw(), born.isoformat()
        return who

    def _practice(self, network: Network) -> int:
        numbers, upto = self._practices[network.id]
        return numbers[bisect_right(upto, self._rng.random() * upto[-1])]

    def _key(self) -> str:
        return f"{self._rng.getrandbits(72):018x}"

    def _nhs_number(self, number: int) -> str | None:
        """The number of the nth person, of the range 999 that is never issued; None beyond it.

        One in eleven has none: its tenth digit would be a ten.
        """
        if not self._numbered or number > NUMBERS:
            return None
        stem = f"999{number * 387_421 % NUMBERS:06d}"
        check = -sum(int(digit) * (10 - place) for place, digit in enumerate(stem)) % 11
        return None if check == 10 else f"{stem}{check}"

    def _episode(self, person: int, opened: int, network: Network, practice: int) -> Course:
        """A referral and its case. Returns how it went."""
        rng, days, courses = self._rng, self._days, self._courses
        soon = rng.random() < SOON
        course = Course(self._bulk.last["support_case"] + 1, network, courses.needs())
        decided = opened + 1 + int(rng.expovariate(0.6))
        declined = rng.random() < DECLINED
        accepted = decided <= days.last and not declined
        if accepted:
            self._wait(course, decided, soon)
        at = courses.moment(opened)
        self._bulk.add(
            "support_case", at, self._key(), 1, person, network.id, course.worker,
            "soon" if soon else "routine", course.complexity, at,
            courses.moment(decided) if accepted else None,
            courses.moment(decided) if declined and decided <= days.last else None,
            rng.choice(DECLINES) if declined and decided <= days.last else None,
            course.first_at, course.plan_at, course.connected_at, course.closed_at, course.reason,
            course.last_at, course.next_action, course.next_on, "{}", 1, "{}",
        )  # fmt: skip
        self._refer(person, course, practice, at, soon)
        courses.write(course)
        return course

    def _wait(self, course: Course, decided: int, soon: bool) -> None:
        """Wait for a first conversation, unless somebody gives up or the wait goes on."""
        rng, days = self._rng, self._days
        weeks = rng.lognormvariate(0.75, 0.7) / (3 if soon else 1)
        begins = decided + 1 + int(weeks * WEEK)
        if rng.random() < LEFT_WAITING:
            self._courses.attempts(course, decided, min(begins, days.last))
            if begins <= days.last:
                self._courses.close(course, begins, rng.choice(NEVER_BEGUN))
        elif begins <= days.last:
            self._courses.support(course, begins)

    def _refer(self, person: int, course: Course, practice: int, at: str, soon: bool) -> None:
        draw = self._rng.random()
        source = next(one for one, upto in zip(SOURCES, BY_SOURCE, strict=True) if draw < upto)
        self._bulk.add(
            "referral", at, self._key(), person, course.number, course.network.id, practice,
            source, "Dr Made Up" if source == "gp" else "Somebody made up",
            f'["{course.needs[0]}"]', "Made up, for training and for tests of load.",
            "soon" if soon else "routine", at, 1, "{}", at, at,
        )  # fmt: skip
