"""Companions: somebody is named, for a day to come, and then did go along."""

from datetime import timedelta

import pytest

from linkwork.casework import companions, sent_details
from linkwork.errors import RuleBroken
from linkwork.models import OnwardReferral
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

DAY = timedelta(days=1)


@pytest.fixture
def onward(cast: Cast) -> OnwardReferral:
    case = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - 5 * DAY)
    return make.onward_referral(case, by=cast.amina, agreed_at=NOW - 4 * DAY, sent_at=NOW - 3 * DAY)


def test_a_colleague_goes_along_and_is_reminded(onward: OnwardReferral, cast: Cast) -> None:
    companions.arrange(onward, on=TODAY + DAY, user=cast.ben, by=cast.amina, at=NOW)
    assert (onward.companion_shown, onward.needs_accompanying) == ("Ben Harte", True)
    for user in (cast.ben, cast.amina):
        assert companions.going_along(user, on=TODAY) == []
        assert companions.going_along(user, on=TODAY + DAY) == [onward]
    assert companions.going_along(cast.cath, on=TODAY + DAY) == []
    companions.went_along(onward, by=cast.ben, at=NOW + DAY)
    assert companions.going_along(cast.ben, on=TODAY + DAY) == []
    with pytest.raises(RuleBroken, match="been there already"):
        companions.arrange(onward, on=TODAY + DAY, user=cast.ben, by=cast.amina, at=NOW)


def test_a_volunteer_goes_along_by_name(onward: OnwardReferral, cast: Cast) -> None:
    companions.arrange(onward, on=TODAY, name="Jo from church", by=cast.amina, at=NOW)
    assert onward.companion_shown == "Jo from church"
    companions.arrange(onward, on=TODAY, user=cast.ben, name="Jo", by=cast.amina, at=NOW)
    assert (onward.companion_shown, onward.companion_name) == ("Ben Harte", None)


def test_somebody_must_be_named_for_a_day_that_has_not_passed(
    onward: OnwardReferral, cast: Cast
) -> None:
    with pytest.raises(RuleBroken, match="Say who goes along"):
        companions.arrange(onward, on=TODAY, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="today or later"):
        companions.arrange(onward, on=TODAY - DAY, name="Jo", by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="more than a year"):
        companions.arrange(onward, on=TODAY + 366 * DAY, name="Jo", by=cast.amina, at=NOW)
    onward.cancelled_at = NOW
    with pytest.raises(RuleBroken, match="already been answered"):
        companions.arrange(onward, on=TODAY, name="Jo", by=cast.amina, at=NOW)


def test_nobody_went_along_before_the_day_or_without_a_plan(
    onward: OnwardReferral, cast: Cast
) -> None:
    for act in (
        lambda: companions.went_along(onward, by=cast.amina, at=NOW),
        lambda: companions.call_off(onward, by=cast.amina),
    ):
        with pytest.raises(RuleBroken, match="Nobody is to go along"):
            act()
    companions.arrange(onward, on=TODAY + DAY, name="Jo", by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="has not come yet"):
        companions.went_along(onward, by=cast.amina, at=NOW)
    companions.call_off(onward, by=cast.amina)
    assert onward.accompanied_on is onward.companion_shown is None


def test_that_somebody_comes_along_is_a_detail_the_provider_may_lack(
    onward: OnwardReferral, cast: Cast
) -> None:
    sent_details.freeze(onward)
    companions.arrange(onward, on=TODAY, name="Jo", by=cast.amina, at=NOW)
    assert sent_details.changed(onward) == ["First visit"]
