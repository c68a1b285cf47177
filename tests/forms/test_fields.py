"""What a field says of what cannot be used, and that no form says it otherwise."""

import re

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField

from linkwork.forms.fields import ClockField, DayField, WholeNumberField, at_most
from tests.house import CODE, files, name_of, text_of

pytestmark = pytest.mark.one_engine


class TypedForm(Form):
    day = DayField()
    time = ClockField()
    number = WholeNumberField()
    words = StringField(validators=[at_most(1_500, "the words")])


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("day", "2026-02-30", "Enter a real date, for example 18/11/2026."),
        ("time", "25:00", "Enter a real time, for example 14:30."),
        ("number", "many", "Enter a whole number, for example 25."),
        ("words", "x" * 1_501, "Shorten the words to 1,500 characters."),
    ],
)
def test_a_field_says_in_our_words_what_is_wrong(name: str, typed: str, says: str) -> None:
    form = TypedForm(MultiDict({"day": "2026-11-10", "time": "9:30", "number": "1", name: typed}))
    assert not form.validate()
    assert form.errors == {name: [says]}


def test_every_form_is_made_of_what_speaks_in_our_words() -> None:
    library = re.compile(r"= (?:Date|Time|Integer)Field\(|\bLength\((?![^)]*message=)")
    modules = files(CODE / "forms")
    assert [name_of(file) for file in modules if library.search(text_of(file))] == []
