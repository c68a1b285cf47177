"""What a note says of limits leads to questions, in its own words, and to nothing else."""

import pytest

from linkwork.matching.hints import EVERY, hints


def heard(note: str, **more: object) -> dict[str, str]:
    return {hint.code: hint.words for hint in hints(note, at_most=99, **more)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("note", "code", "words"),
    [
        ("She gave up driving last year.", "bus", "gave up driving"),
        ("Can’t do stairs any more", "step_free", "Can’t do stairs"),
        ("On Tuesdays and Fridays she has dialysis.", "not_day_4", "Fridays"),
        ("Completely skint until payday", "free", "skint"),
        ("HOUSEBOUND since the fall", "housebound", "HOUSEBOUND"),
        ("No wifi at the flat", "not_online", "No wifi"),
        ("Works full time at the depot.", "evenings", "Works full time"),
        ("Would rather it was women only", "single_sex", "women only"),
        ("Her daughter drives her to appointments", "lift", "drives her"),
        ("would need someone to go with", "not_alone", "someone to go with"),
        ("There is a bus only on weekdays", "weekdays", "bus only on weekdays"),
        ("Wears hearing aids", "hearing_loop", "hearing aids"),
    ],
)
def test_words_lead_to_a_question_as_they_were_written(note: str, code: str, words: str) -> None:
    assert heard(note)[code] == words


@pytest.mark.parametrize(
    "note",
    [
        "",
        "Her son is skint and housebound.",
        "She is not housebound and never skint.",
        "Free on Thursdays, can do Mondays.",
        "Il est seul et n'a pas de voiture, no car, mais il parle avec les voisins.",
        "Drove the works bus for forty years",
        "no " * 25_000,
    ],
)
def test_what_is_denied_anothers_or_another_language_is_no_question(note: str) -> None:
    assert heard(note) == {}


def test_what_was_answered_is_not_asked_again_and_few_at_a_time() -> None:
    note = "No car, skint, housebound, wheelchair, deaf, no wifi."

    assert "bus" not in heard(note, without={"bus"})
    assert len(hints(note)) == 4


def test_every_question_can_be_answered_with_yes_or_no() -> None:
    questions = [question for question, _ in EVERY.values()]
    assert all(question.endswith("?") for question in questions)
    assert len(set(questions)) == len(questions)
