"""What is confirmed for somebody: what a worker said yes to, and the needs of the case."""

import pytest

from linkwork.casework import enquiries, interests
from linkwork.errors import RuleBroken
from linkwork.matching import Limits
from linkwork.models import CaseInterest, CaseNeed, Need
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY


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


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "words", ["crisis", "Crisis support", "crisis line", "samaritans", "safe space"]
)
def test_help_in_a_crisis_is_answered_with_what_to_do_by_whatever_name(
    words: str, cast: Cast
) -> None:
    case = make.case(cast.northside)
    with pytest.raises(RuleBroken, match="call 999"):
        interests.add(case, words, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="999"):
        enquiries.ask("", [words], Limits(), on=TODAY)
    assert (interests.meant(words), case.interests) == ((), [])


@pytest.mark.one_engine
def test_help_in_a_crisis_is_never_confirmed_and_one_of_before_counts_nowhere(cast: Cast) -> None:
    case = make.case(cast.northside)
    with pytest.raises(RuleBroken, match="call 999"):
        interests.confirm(case, "crisis", by=cast.amina, at=NOW)
    case.interests = [CaseInterest(concept="crisis", confirmed=True)]
    assert interests.confirmed(case, yes=frozenset({"crisis"})) == {}
    interests.refuse(case, "crisis", by=cast.amina)
    assert [one.confirmed for one in case.interests] == [False]
