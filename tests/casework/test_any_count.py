"""Whatever is done, and wherever it breaks off, what is kept is what a recount finds."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from linkwork.capacity.calendar import FinancialYear
from linkwork.casework import contacts, corrections, episodes, person_merges
from linkwork.casework.contacts import Conversation
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    CloseReason,
    Contact,
    ContactMode,
    PersonMerge,
    Post,
    SupportCase,
    User,
)
from tests import cast as make
from tests.casework.kept_counts import YEAR, assert_kept_is_right
from tests.cast import Cast
from tests.conftest import NOW

LONG_AGO = datetime(2025, 3, 31, 23, 30, tzinfo=UTC)


class World:
    """Three people with cases at two PCNs, and what may become of them."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.now = cast, NOW
        people = [make.person(nhs_number=None) for _ in range(3)]
        pairs = [(cast.northside, cast.amina), (cast.southside, cast.cath)]
        self.cases = [
            make.case(pcn, worker=worker, person=one, opened_at=LONG_AGO).id
            for one in people
            for pcn, worker in pairs
        ]
        self.posts = [make.post(worker).id for _, worker in pairs]
        self.people = [one.id for one in people]
        db.session.commit()

    def act(self, verb: str, which: int, days: int) -> None:
        case = db.session.get_one(SupportCase, self.cases[which % 6])
        by = db.session.get_one(User, case.worker_id)
        at = self.now - timedelta(days=days)
        getattr(self, f"_{verb}")(case, by, at, which)

    def _talk(self, case: SupportCase, by: User, at: datetime, which: int) -> None:
        said = Conversation(mode=ContactMode.PHONE, minutes=20, notes="Talked.")
        contacts.record(case, said, by=by, at=at, now=self.now)

    def _close(self, case: SupportCase, by: User, at: datetime, which: int) -> None:
        reason = (CloseReason.OPENED_IN_ERROR, CloseReason.PERSON_ENDED)[which // 6 % 2]
        episodes.close(case, reason, summary=None, by=by, at=self.now)

    def _reopen(self, case: SupportCase, by: User, at: datetime, which: int) -> None:
        episodes.reopen(case, by=by, at=self.now)

    def _strike(self, case: SupportCase, by: User, at: datetime, which: int) -> None:
        corrections.strike(_last(case), reason="Somebody else.", by=_last(case).worker, at=self.now)

    def _correct(self, case: SupportCase, by: User, at: datetime, which: int) -> None:
        contact = _last(case)
        wording = corrections.Wording(at, ContactMode.PHONE, 20, None, "Talked.", None, False)
        seen = contact.version
        corrections.correct(
            contact, wording, reason="A slip", seen=seen, by=contact.worker, at=self.now
        )

    def _merge(self, case: SupportCase, by: User, at: datetime, which: int) -> None:
        other = db.session.get_one(type(case.person), self.people[which % 3])
        person_merges.merge(case.person, other, {}, by=self.cast.supervisor, at=self.now)

    def _part(self, case: SupportCase, by: User, at: datetime, which: int) -> None:
        made = db.session.scalars(
            select(PersonMerge).where(PersonMerge.undone_at.is_(None))
        ).first()
        if made:
            person_merges.undo(made, by=self.cast.supervisor, at=self.now)

    def _post(self, case: SupportCase, by: User, at: datetime, which: int) -> None:
        """Somebody notes only now that a post ended, began, or was no additional one."""
        post = db.session.get_one(Post, self.posts[which % 2])
        post.end_on = at.date() if which % 3 else None
        post.additional = which % 5 > 0

    def _hand_over(self, case: SupportCase, by: User, at: datetime, which: int) -> None:
        """Past every verb, and past the ORM: in bulk."""
        whose = SupportCase.person_id == case.person_id
        to = (self.cast.ben, self.cast.cath)[which % 2].id
        db.session.execute(update(SupportCase).where(whose).values(worker_id=to))

    def _delete(self, case: SupportCase, by: User, at: datetime, which: int) -> None:
        lately = delete(Contact).where(Contact.worker_id == by.id, Contact.at > at)
        db.session.execute(lately.where(~Contact.corrections.any()))


VERBS = "talk talk close reopen strike correct merge part post hand_over delete".split()
THEN = st.sampled_from("commit commit crash go".split())
AGO = st.sampled_from([0, 1, 40, 40, 200, 231, 232, 233, 300])
STEP = st.tuples(st.sampled_from(VERBS), st.integers(0, 11), AGO, THEN)


def _last(case: SupportCase) -> Contact:
    found = contacts.of_case(case)
    if not found:
        raise RuleBroken("Nobody talked.")
    return found[0]


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEP, min_size=10, max_size=14))
def test_what_is_kept_is_a_recount_after_anything_and_after_a_crash(
    cast: Cast, steps: list[tuple[str, int, int, str]]
) -> None:
    world = World(cast)
    try:
        for verb, which, days, then in steps:
            try:
                with db.session.begin_nested():
                    world.act(verb, which, days)
            except RuleBroken:
                pass
            if then == "crash":
                db.session.rollback()
            elif then == "commit":
                db.session.commit()
            if then != "go":
                assert_kept_is_right(YEAR, FinancialYear(2025))
    finally:
        db.session.rollback()
