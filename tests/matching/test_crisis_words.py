"""Crisis words open the safety step: better one question too many than one too few."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.matching import Lexicon, crisis_words, propose


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("Says she can't see a way through tonight.", ("can't see a way through",)),
        ("Low mood, some suicidal thoughts, no plan.", ("suicidal",)),
        ("He took an overdose in May.", ("took an overdose",)),
        ("She’d sooner not wake up.", ("not wake up",)),
        ("“I don’t want to be here”, he said", ("don’t want to be here",)),
        ("Wants to end her life.", ("end her life",)),
        ("She is not sure she won't kill herself.", ("kill herself",)),
        ("No one knows that he is suicidal.", ("suicidal",)),
        ("Her daughter is suicidal.", ("suicidal",)),
        ("He tried to hang himself.", ("hang himself",)),
        ("I could hang myself", ("hang myself",)),
        ("Thinking of taking her life.", ("taking her life",)),
        ("Life is not worth living since her husband died.", ("not worth living",)),
        ("life isnt worth living", ("isnt worth living",)),
        ("He doesn't want to live since retirement.", ("doesn't want to live",)),
        ("Does not want to live any more.", ("not want to live",)),
        ("He wishes he were dead.", ("wishes he were dead",)),
        ("No one would miss me.", ("No one would miss me",)),
        ("I dont want to be here anymore, so lonely", ("dont want to be here",)),
        ("she doesnt want to be here", ("doesnt want to be here",)),
        ("I cant go on", ("cant go on",)),
        ("She couldn’t see a way out.", ("couldn’t see a way out",)),
        ("Talks of topping himself.", ("topping himself",)),
        ("Thought of doing herself in.", ("doing herself in",)),
        ("Has been saving up her tablets.", ("saving up her tablets",)),
        ("She wants it all to stop.", ("wants it all to stop",)),
        ("What’s the point of living?", ("point of living",)),
        ("No. Suicidal since Monday", ("Suicidal",)),
        ("Is he coping? No. Suicidal thoughts daily", ("Suicidal",)),
        ("Alcohol: no. Suicidal: yes", ("Suicidal",)),
        ("Medication: no\nSuicidal thoughts: yes", ("Suicidal",)),
        ("Alcohol no, suicidal yes", ("suicidal",)),
        ("Eating? He is not. Suicidal today.", ("Suicidal",)),
        (" suicidal, or not", ("suicidal",)),
    ],
)
def test_crisis_words_are_found_as_written(note: str, words: tuple[str, ...]) -> None:
    assert crisis_words(note) == words


@pytest.mark.parametrize(
    "note",
    [
        "",
        "No suicidal thoughts.",
        "Denies any current thoughts of suicide.",
        "Denies suicidal ideation.",
        "She is not suicidal.",
        "No plans/thoughts of suicide.",
        "She isnt suicidal.",
        "Likes gardening.",
        "Doesn't want to live with her son.",
        "Does not want to live alone.",
        "Would like her own life back.",
        "Hangs her washing by herself.",
        "Doesn't want to go on the trip.",
    ],
)
def test_a_plain_denial_does_not_open_the_safety_step(note: str) -> None:
    assert crisis_words(note) == ()


def test_crisis_words_never_become_a_proposal(lexicon: Lexicon) -> None:
    assert propose("Can't see a way through. Suicidal. Wants to end it all.", lexicon) == ()


@given(st.text(max_size=300))
def test_any_text_is_searched_without_error(note: str) -> None:
    assert isinstance(crisis_words(note), tuple)


@given(st.text(alphabet="abc ,.", max_size=40))
def test_words_around_it_do_not_hide_a_crisis(note: str) -> None:
    assert crisis_words(f"{note}. He is going to kill himself. {note}")
