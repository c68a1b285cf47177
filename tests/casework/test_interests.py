"""What is confirmed for somebody: what a worker said yes to, and the needs of the case."""

import pytest

from linkwork.casework import interests
from linkwork.models import CaseInterest, CaseNeed, Need
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("need", "concept"), [(Need.LONELINESS, "loneliness"), (Need.MONEY_DEBT, "debt")]
)
def test_a_need_speaks_for_itself_until_its_concept_is_refused(
    need: Need, concept: str, cast: Cast
) -> None:
    case = make.case(cast.northside)
    case.needs = [CaseNeed(need=need, importance=2, seen_at=NOW)]
    assert interests.confirmed(case) == {concept: 2}
    assert interests.confirmed(case, no=frozenset({concept})) == {}
    case.interests = [CaseInterest(concept=concept, confirmed=False)]
    assert interests.confirmed(case) == {}
    assert interests.confirmed(case, yes=frozenset({concept})) == {concept: interests.MOST}
