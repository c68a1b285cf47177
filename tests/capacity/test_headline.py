"""Section 11: the sentence of the lead's page."""

from datetime import date

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.headline import headline, without_share
from linkwork.capacity.pace import pace
from linkwork.capacity.projection import TOO_EARLY, estimate, project, unknown
from linkwork.capacity.shares import Claim, by_list
from linkwork.capacity.targets import Scope

YEAR = FinancialYear(2025)
HALFWAY = date(2025, 9, 30)


def test_section_11_the_sentence_says_where_we_are_and_where_we_will_be() -> None:
    projected = estimate(47, 28, 65, 114)
    assert headline(pace(108, 47, YEAR, HALFWAY), projected) == (
        "By 30 September this PCN has started 47 people; its share to date is 54. "
        "On present staffing we expect 96 (81 to 111) by 31 March against 108: "
        "it could go either way."
    )


def test_the_sentence_says_when_it_is_too_early() -> None:
    early = pace(108, 1, YEAR, date(2025, 4, 9))
    assert headline(early, unknown(1, TOO_EARLY)) == (
        "By 9 April this PCN has started 1 person; its share to date is 3. " + TOO_EARLY
    )


def test_the_sentence_of_a_year_that_is_over_says_how_it_ended() -> None:
    after = date(2026, 4, 2)
    final = project([HALFWAY], [], [], YEAR, after, Scope.ALL)
    assert headline(pace(108, 1, YEAR, after), final) == (
        "For this PCN: 1 person is recorded as started by 31 March against 108."
    )


def test_a_pcn_without_a_share_hears_why() -> None:
    reason = by_list(125_000, [Claim("U5")]).of("U5").reason
    assert without_share(47, YEAR, reason) == (
        "In 2025/26 this PCN has started 47 people. There is no share for U5: no list size."
    )
