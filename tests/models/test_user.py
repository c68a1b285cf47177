"""Users as they are compared: each is only themself."""

from tests.cast import Cast


def test_two_users_without_a_session_are_two(cast: Cast) -> None:
    assert cast.amina != cast.ben
    assert len({cast.amina, cast.ben, cast.amina}) == 2
