"""Generated data at any size: PCNs, people, referrals, conversations and what became of them.

For demonstrations, training and tests of load. The same seed, sizes and last day give the same
data on either engine. Nobody in it exists: NHS numbers are of the range 999, which is never issued,
as far as they go, and the key of every generated person says that they are made up. People are
made in the order in which they were referred and written a few thousand at a time, so that memory
does not grow with their number; everything is one transaction.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from sqlalchemy import delete, func, insert, select, text

from linkwork import audit, clock
from linkwork.audit import Event
from linkwork.capacity.calendar import FinancialYear
from linkwork.casework.counted_starts import COLUMNS as COUNTED
from linkwork.casework.counted_starts import recounted
from linkwork.casework.targets import freeze_shares
from linkwork.database import db
from linkwork.demo import bulk, courses, lives
from linkwork.demo.bulk import Bulk
from linkwork.demo.courses import Courses
from linkwork.demo.lives import Lives, WorkingDays
from linkwork.demo.networks import Network, Networks
from linkwork.demo.rows import Rows
from linkwork.demo.workforce import AT_NOBODYS, Workforce
from linkwork.errors import RuleBroken
from linkwork.models import (
    CountDue,
    CountedStart,
    PeopleImport,
    Person,
    PublicReferral,
    Service,
    SupportCase,
    User,
    service_text,
)

Progress = Callable[[str], None]
MOST_PEOPLE, MOST_PCNS, MOST_YEARS = 5_000_000, 3_000, 10
TABLES = {**lives.COLUMNS, **courses.COLUMNS}
REAL = [one.__tablename__ for one in (User, PublicReferral, PeopleImport)]
"""What tells a real database from an empty one, and is not filled in bulk."""
SHUT_AMONG_OTHERS = (
    "--password cannot go with --among-others: it would open the cases of real people to whoever"
    " knows it. Invite those who are to sign in."
)
DAYS_A_YEAR = 365.25
GROWTH = 0.2
"""How many more are referred at the end of the time than at its beginning."""
SERVICES = 60
MOST_SERVICES = 5000
ACTIVITIES = ("Walking group", "Coffee morning", "Money advice", "Art class", "Carers’ group")


@dataclass(frozen=True, slots=True)
class Size:
    """How much to make: people who are referred, at so many PCNs, over so many years.

    Raises RuleBroken for a size nobody can mean.
    """

    pcns: int
    people: int
    years: int

    def __post_init__(self) -> None:
        """Refuse what is too little or too much."""
        for what, number, most in (
            ("PCNs", self.pcns, MOST_PCNS),
            ("people", self.people, MOST_PEOPLE),
            ("years", self.years, MOST_YEARS),
        ):
            if not 1 <= number <= most:
                raise RuleBroken(f"The number of {what} must be from 1 to {most:,}.")


def refuse_what_is_real() -> None:
    """Raise RuleBroken where people, accounts or referrals are that were not generated."""
    real = {
        "people": select(Person.id).where(Person.key.not_like(f"{lives.MADE_UP}%")),
        "accounts": select(User.id).where(User.email.not_like(f"%{AT_NOBODYS}")),
        "referrals from the public": select(PublicReferral.id),
        "lists of people that wait": select(PeopleImport.id),
    }
    for what, query in real.items():
        if db.session.scalar(query.limit(1)) is not None:
            raise RuleBroken(
                f"This database holds {what} that were not generated. Generated people would be"
                " mixed with what is real and counted with it, and cannot be taken out again. Use"
                " an empty database. If this one is for training, say --among-others."
            )


def generate(
    size: Size,
    *,
    seed: int,
    today: date,
    progress: Progress,
    password_hash: str | None = None,
    among_others: bool = False,
) -> dict[str, int]:
    """Generate, as if it had all happened before ``today``. Returns rows written, by table.

    ``password_hash`` opens the accounts of generated workers and leads; None leaves them shut.
    Raises RuleBroken where something real is there, unless ``among_others``: generated people then
    have no NHS number, which somebody else might have, nor workers a password. Commits at the end.
    """
    _allow(password_hash, among_others=among_others)
    rows = Bulk(TABLES)
    before, noted = rows.last["person"], db.session.scalar(select(func.max(CountDue.id))) or 0
    rng = Random(f"{seed}/{before}")  # noqa: S311 - the same data each time is the point
    first_on = today - timedelta(days=round(size.years * DAYS_A_YEAR))
    progress("PCNs, workers and posts")
    small = Rows(rng)
    staff = Workforce(rng, small, first_on, today, password_hash)
    networks = Networks(rng, small, staff, first_on, today).all(size.pcns, size.people / size.years)
    _freeze(first_on, today)
    days = WorkingDays(first_on, today)
    course = Courses(rng, days, rows, _services(small, first_on))
    with bulk.set_aside(list(TABLES), held=REAL):
        _allow(password_hash, among_others=among_others)  # again: from here on nobody can come
        world = Lives(rng, days, rows, networks, course, numbered=not among_others)
        for done in _lived(world, rows, size.people, days, networks, rng):
            progress(f"{done:,} of {size.people:,} people")
        progress("Indexes and checks")
    rows.count_on()
    progress("Counts of people started")
    _count(before, noted)
    audit.record(Event.PEOPLE_GENERATED, None, by=None, people=size.people, pcns=size.pcns)
    db.session.commit()
    _gather_statistics()
    return rows.written


def _allow(password_hash: str | None, *, among_others: bool) -> None:
    if among_others and password_hash:
        raise RuleBroken(SHUT_AMONG_OTHERS)
    if not among_others:
        refuse_what_is_real()


def _lived(
    world: Lives, rows: Bulk, people: int, days: WorkingDays, networks: list[Network], rng: Random
) -> Iterator[int]:
    """Let everybody live in the order they are referred, and say now and then how far it is."""
    upto = list(accumulate(network.weight for network in networks))
    done = 0
    for day, number in enumerate(_a_day(people, days.last + 1)):
        for network in rng.choices(networks, cum_weights=upto, k=number):
            world.live(day, network)
            done += 1
            rows.write(at_least=bulk.AT_ONCE)
            if done % 50_000 == 0:
                yield done
    rows.write()


def _a_day(people: int, days: int) -> list[int]:
    """How many are referred on each of some days: a little more each day, and all in all so many.

    Raises RuleBroken where there is no day to be referred on.
    """
    if days < 1:
        raise RuleBroken("There is no working day in that time.")
    weights = [1 + GROWTH * day / days for day in range(days)]
    total, so_far, found = sum(weights), 0, []
    for upto in accumulate(weights):
        now = round(people * upto / total)
        found.append(now - so_far)
        so_far = now
    return found


def _freeze(first_on: date, today: date) -> None:
    year = FinancialYear.containing(first_on)
    while year.start <= today:
        at = clock.utc(datetime.combine(max(year.start, first_on), time(12)))
        freeze_shares(year, by=None, at=at)
        year = year.next


def _services(rows: Rows, first_on: date) -> list[int]:
    """Activities that people are sent to: those there are, or some made up."""
    listed = select(Service.id).where(Service.listed, Service.merged_into_id.is_(None))
    known = list(db.session.scalars(listed.order_by(Service.id).limit(MOST_SERVICES)))
    if known:
        return known
    at = clock.utc(datetime.combine(first_on, time()))
    made = [
        rows.add(
            Service,
            at,
            name=f"{ACTIVITIES[number % len(ACTIVITIES)]} {number + 1} (made up)",
            changed_at=at,
        )
        for number in range(SERVICES)
    ]
    rows.write()
    service_text.reindex(made)
    return made


def _count(before: int, noted: int) -> None:
    """Fill the kept counts for everybody who came, in one statement.

    What was noted meanwhile is of their own posts, which touch nobody else: it is done by this.
    """
    chosen = recounted(SupportCase.person_id > before)
    db.session.execute(insert(CountedStart).from_select(COUNTED, chosen))
    db.session.execute(delete(CountDue).where(CountDue.id > noted))


def _gather_statistics() -> None:
    """Let PostgreSQL know the tables at once, as it would within minutes."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in (*TABLES, CountedStart.__tablename__):
                connection.execute(text(f'VACUUM ANALYZE "{table}"'))
