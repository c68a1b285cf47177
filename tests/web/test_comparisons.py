"""Two or three activities side by side for one person."""

import pytest

from linkwork.casework import limits
from linkwork.casework.lexicon import concepts_of
from linkwork.database import db
from linkwork.models import SupportCase, service_text
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import TODAY
from tests.pages import Reader


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    found = make.case(cast.northside, worker=cast.amina)
    make.contact(found, by=cast.amina, notes="He used to love gardening.")
    db.session.commit()
    return found


def garden(name: str, **facts: object) -> str:
    words = "Gardening on a shared allotment"
    service = make.service(
        name=name, description=words, concepts=concepts_of("", words, []), **facts
    )
    db.session.flush()
    service_text.reindex([service.id])
    db.session.commit()
    return service.key


def address(case: SupportCase, *keys: str) -> str:
    return f"/cases/{case.key}/compare?{'&'.join(f'service={key}' for key in keys)}"


def test_what_differs_is_said_in_words_and_each_limit_has_three_answers(
    client: Reader, cast: Cast, case: SupportCase
) -> None:
    keys = (
        garden("Free <i>Garden</i>", fees="Free", minimum_age=18, phone="01632 960001"),
        garden("O'Neill’s Garden", minimum_age=99),
        garden("Third Garden"),
    )
    limits.keep(case, {"max_cost": "2"}, by=cast.amina, on=TODAY)
    db.session.commit()
    sign_in(client, cast.amina)
    page = client.page(address(case, *keys)).text
    for words in ("Why it fits", "Gardening (“gardening”)", "Age Differs", "Does not fit",
                  "Fits Free", "Not stated", "Not on the list", "Free <i>Garden</i>"):  # fmt: skip
        assert words in page, words
    assert "Phone Differs" not in page


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_say_what_to_do(
    client: Reader, cast: Cast, case: SupportCase, count: int
) -> None:
    keys = [garden(f"Garden {n}") for n in range(count)]
    sign_in(client, cast.amina)
    assert "Choose two or three" in client.page(address(case, *keys)).text


def test_a_fourth_is_left_away_with_a_word(client: Reader, cast: Cast, case: SupportCase) -> None:
    keys = [garden(f"Garden {n}") for n in range(4)]
    sign_in(client, cast.amina)
    page = client.page(address(case, *keys)).text
    assert "At most three" in page
    assert "Garden 3" not in page


def test_another_pcns_case_and_an_unlisted_activity_are_not_there(
    client: Reader, cast: Cast, case: SupportCase
) -> None:
    key, hidden = garden("Garden"), garden("Hidden", listed=False)
    theirs = make.case(cast.southside, worker=cast.cath)
    db.session.commit()
    sign_in(client, cast.amina)
    assert client.get(address(theirs, key, key)).status_code == 404
    assert client.get(address(case, hidden)).status_code == 404
    assert "Choose two" in client.page(address(case, key, hidden)).text
