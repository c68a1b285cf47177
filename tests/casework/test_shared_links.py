"""Links for people without an account: good for one thing, for a time, until taken back."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from linkwork.casework import shared_links
from linkwork.casework.shared_links import GOOD_FOR, LinkOver
from linkwork.database import db
from linkwork.errors import NotYours
from linkwork.models import AuditEntry, LinkPurpose, SharedLink, SupportCase
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW

PLAN, ANSWER = LinkPurpose.PLAN, LinkPurpose.ANSWER


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina)


@pytest.fixture
def link(case: SupportCase, cast: Cast) -> SharedLink:
    return shared_links.make(case, PLAN, by=cast.amina, at=NOW)


def test_a_link_leads_to_its_case_until_its_time_has_passed(
    link: SharedLink, case: SupportCase
) -> None:
    given = shared_links.token(link)
    last = NOW + GOOD_FOR[PLAN] - timedelta(microseconds=1)
    assert shared_links.follow(given, PLAN, at=last).case == case
    with pytest.raises(LinkOver, match="Ask whoever sent it"):
        shared_links.follow(given, PLAN, at=NOW + GOOD_FOR[PLAN])


def test_a_link_that_was_taken_back_opens_nothing(link: SharedLink, cast: Cast) -> None:
    for _ in range(2):
        shared_links.revoke(link, by=cast.amina, at=NOW)
    with pytest.raises(LinkOver):
        shared_links.follow(shared_links.token(link), PLAN, at=NOW)
    db.session.commit()
    query = select(AuditEntry.event).where(AuditEntry.record_type == "shared_link")
    assert list(db.session.scalars(query)) == ["shared_link.made", "shared_link.revoked"]


def test_an_altered_link_is_unknown(link: SharedLink) -> None:
    given = shared_links.token(link)
    other = next(letter for letter in "ABC" if letter not in (given[-2], given[0]))
    altered = [
        given[:-2] + other + given[-1],
        other + given[1:],
        given[:-1],
        link.key,
        "",
        ".",
        "é",
    ]
    for wrong in altered:
        with pytest.raises(NotYours):
            shared_links.follow(wrong, PLAN, at=NOW)


def test_a_link_opens_only_what_it_was_made_for(link: SharedLink) -> None:
    with pytest.raises(NotYours):
        shared_links.follow(shared_links.token(link), ANSWER, at=NOW)


def test_a_link_signed_by_another_site_is_unknown(app: Flask, link: SharedLink) -> None:
    given = shared_links.token(link)
    app.config["SECRET_KEY"] = "the secret of somebody else, long enough"
    with pytest.raises(NotYours):
        shared_links.follow(given, PLAN, at=NOW)


def test_every_link_of_a_case_is_taken_back_at_once(case: SupportCase, cast: Cast) -> None:
    for purpose in LinkPurpose:
        shared_links.make(case, purpose, by=cast.amina, at=NOW)
    shared_links.stop(case, by=cast.amina, at=NOW)
    assert not any(shared_links.of_case(case, purpose, at=NOW) for purpose in LinkPurpose)
