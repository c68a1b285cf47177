"""What notes about access say of a building: never that something is there which is not."""

import pytest

from linkwork.models import access_words

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    ("note", "has"),
    [
        ("Step-free", "step_free"),
        ("Wheelchair access: Yes", "step_free"),
        ("Wheelchair users welcome, accessible toilets", "step_free toilet"),
        ("No steps: level access, quiet room", "step_free quiet"),
        ("Ramped entrance; no accessible toilet", "step_free"),
        ("Level access but no parking", "step_free"),
        ("No parking but a hearing loop", "hearing_loop"),
        ("Step-free entrance, accessible toilet (no hearing loop)", "step_free toilet"),
        ("Wheelchair access. Not far from the bus stop.", "step_free"),
        ("No wheelchair access", ""),
        ("Not wheelchair accessible", ""),
        ("Not step free", ""),
        ("The hall isn’t step-free", ""),
        ("Steps; no ramp", ""),
        ("The room is cramped", ""),
        ("Trampoline club", ""),
        ("Sorry, no accessible toilet", ""),
        ("There is no hearing loop", ""),
        ("There is a hearing loop, but it is not working", ""),
        ("No parking", ""),
        ("Wheelchair access: No", ""),
        ("Wheelchair access: N", ""),
        ("Wheelchair access: Sorry, no", ""),
        ("Step free access - No", ""),
        ("Wheelchair access: unknown", ""),
        ("Limited wheelchair access", ""),
        ("No ramp, accessible toilet or hearing loop", ""),
        ("Level access, but not for wheelchairs", ""),
    ],
)
def test_only_what_is_there_counts(note: str, has: str) -> None:
    assert access_words.told([note]) == set(has.split())


def test_each_note_says_something_of_its_own() -> None:
    assert access_words.told(["No parking", "Step-free", "Toilets"]) == {"step_free"}
    assert access_words.told([]) == frozenset()
