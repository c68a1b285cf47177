"""Words that fit a text message: counted as telephones count them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.casework import handouts

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    ("words", "length", "texts"),
    [
        ("x" * 160, 160, 1),
        ("x" * 161, 161, 2),
        ("x" * 306, 306, 2),
        ("x" * 307, 307, 3),
        ("€" * 80, 160, 1),
        ("€" * 81, 162, 2),
        ("£5", 2, 1),
        ("’", 1, 1),
        ("ж" * 70, 70, 1),
        ("ж" * 71, 71, 2),
    ],
)
def test_a_text_is_as_long_as_a_telephone_says(words: str, length: int, texts: int) -> None:
    text = handouts.text_of(words, [])
    assert (text.length, text.texts) == (length, texts)


def test_what_matters_most_goes_in_and_stands_in_the_order_it_is_read() -> None:
    parts = [(2, "a" * 100), (3, "b" * 100), (1, "Phone 01632 960001.")]
    text = handouts.text_of("Choir.", parts)
    assert text.words == f"Choir. {'a' * 100} Phone 01632 960001."


def test_quotes_dashes_and_accents_are_made_plain() -> None:
    assert handouts.text_of("O’Neill’s “Café” – ŵyl", []).words == "O'Neill's \"Café\" - wyl"


@given(
    st.text(max_size=80), st.lists(st.tuples(st.integers(0, 9), st.text(max_size=90)), max_size=6)
)
def test_only_a_long_name_makes_it_more_than_one_text(
    name: str, parts: list[tuple[int, str]]
) -> None:
    text = handouts.text_of(name, parts)
    assert text.texts == 1 or text == handouts.text_of(name, [])
