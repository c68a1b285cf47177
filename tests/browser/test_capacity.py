"""The page of a PCN on paper: one sheet of A4, however much there is to say."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page

from linkwork.casework import gaps, targets
from linkwork.database import db
from linkwork.models import CloseReason, GapReason, Need, OrganisationKind, Role
from tests import cast as make
from tests.browser.windows import inspect, sign_in
from tests.cast import Cast
from tests.conftest import NOW
from tests.web.test_capacity import YEAR, listed, post, started

CLOSED = (CloseReason.PLAN_COMPLETED, CloseReason.NO_CONTACT, CloseReason.MOVED, None, None)


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """A PCN with eight link workers, nine practices and people at every step."""
    listed(cast.northside, 52_000)
    targets.freeze_shares(YEAR, by=None, at=NOW)
    practices = [cast.birch]
    for n in range(8):
        kind = OrganisationKind.PRACTICE
        practices.append(make.organisation(f"Surgery {n}", kind, parent=cast.northside))
    db.session.flush()
    for n, practice in enumerate(practices):
        listed(practice, 5_000 + 900 * n)
    for n in range(8):
        worker = make.user(f"Worker Number {n}", cast.northside, Role.LINK_WORKER)
        db.session.flush()
        post(worker, cast.northside, wte=Decimal("0.60"))
        for place, why in enumerate(CLOSED):
            once(cast, worker, practices[(n + place) % 9], 20 * place + n, why)
    for need in list(Need)[:8]:
        gaps.note(need, GapReason.NONE, by=cast.amina, at=NOW)
    db.session.commit()
    return cast


def once(cast: Cast, worker: Any, practice: Any, days: int, why: CloseReason | None) -> None:
    over = {"closed_at": NOW, "close_reason": why} if why else {}
    of = started(worker, cast.northside, days, **over)
    of.opened_at = NOW - timedelta(days=days + 9)
    make.referral(practice, case=of)


def assert_one_sheet_of_a4(page: Page) -> None:
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    assert re.search(rb"/MediaBox\s*\[\s*0 0 59[45][\d.]* 84[12]", printed), "it is not A4"


def test_a_busy_pcn_prints_on_one_sheet(browse: Callable[..., Page], busy: Cast) -> None:
    page = browse()
    sign_in(page, busy.lead)
    page.goto("/capacity")
    assert_one_sheet_of_a4(page)
    page.get_by_role("link", name="See the closed cases").click()
    inspect(page, "capacity-behind")


def test_the_page_of_a_board_prints_on_one_sheet(browse: Callable[..., Page], busy: Cast) -> None:
    assert busy.northside.parent is not None
    board = make.user("Bea Moss", busy.northside.parent, Role.PCN_LEAD)
    db.session.commit()
    page = browse()
    sign_in(page, board)
    page.goto("/capacity")
    assert_one_sheet_of_a4(page)
