"""Section 1: two targets, never added."""

from linkwork.capacity.targets import TARGET_A, TARGET_B, Scope, default_scope, target_for


def test_section_1_each_target_has_its_people_and_its_scope() -> None:
    assert (TARGET_A.people, TARGET_A.scope) == (125_000, Scope.ADDITIONAL)
    assert (TARGET_B.people, TARGET_B.scope) == (400_000, Scope.ALL)
    assert target_for(Scope.ADDITIONAL) is TARGET_A
    assert target_for(Scope.ALL) is TARGET_B


def test_section_1_the_additional_scope_counts_only_additional_posts() -> None:
    assert Scope.ADDITIONAL.includes(additional=True)
    assert not Scope.ADDITIONAL.includes(additional=False)
    assert Scope.ALL.includes(additional=True)
    assert Scope.ALL.includes(additional=False)


def test_section_1_the_default_is_additional_only_where_there_is_such_a_post() -> None:
    assert default_scope([False, True]) is Scope.ADDITIONAL
    assert default_scope([False]) is Scope.ALL
    assert default_scope([]) is Scope.ALL


def test_a_scope_says_what_it_counts() -> None:
    assert Scope.ADDITIONAL.words == "additional link workers only"
    assert Scope.ALL.words == "all link workers"
