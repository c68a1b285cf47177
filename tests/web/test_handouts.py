"""Details to give: a sheet and a text message about activities, and nothing about a person."""

import pytest

from linkwork.database import db
from linkwork.models import Location, Provider, ServiceAtLocation
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.pages import Reader
from tests.statements import watching


def test_the_sheet_says_what_one_needs_to_go_there_and_the_text_fits(
    client: Reader, cast: Cast
) -> None:
    choir = make.service(
        "O'Neill’s <b>Choir</b>", phone="01632 960001", fees="Free", referral_route="self"
    )
    choir.provider = Provider(name="Riverside Arts")
    place = Location(name="Mill Hall", postcode="ZZ1 1AA")
    choir.places_at = [ServiceAtLocation(location=place)]
    db.session.commit()
    sign_in(client, cast.amina)
    page = client.page(f"/handouts?service={choir.key}").text
    for words in ("Mill Hall, ZZ1 1AA", "You can just go", "01632 960001", "Run by Riverside Arts"):
        assert words in page
    assert "O'Neill's <b>Choir</b>. Mill Hall, ZZ1 1AA. Free. Phone 01632 960001." in page
    assert "fits one text message" in page


def test_nothing_of_the_case_stands_on_it_and_only_who_works_cases_is_led_back(
    client: Reader, cast: Cast
) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    choir = make.service("Choir")
    db.session.commit()
    sign_in(client, cast.amina)
    answer = client.get(f"/handouts?service={choir.key}&case={case.key}&layout=nonsense")
    assert case.person.family_name not in answer.text
    assert f"/cases/{case.key}/matches/" in answer.text
    sign_in(client, cast.dev)
    assert "/matches/" not in client.get(f"/handouts?service={choir.key}&case={case.key}").text


@pytest.mark.parametrize("query", ["service=nothing", "service=%00"])
def test_an_activity_that_is_not_there_is_not_found(client: Reader, cast: Cast, query: str) -> None:
    sign_in(client, cast.amina)
    assert client.get(f"/handouts?{query}").status_code == 404


def test_nothing_chosen_says_what_to_do_and_six_are_asked_for_like_two(
    client: Reader, cast: Cast
) -> None:
    keys = [make.service(f"Choir {n}").key for n in range(7)]
    db.session.commit()
    sign_in(client, cast.amina)
    assert "No activity is chosen" in client.page("/handouts").text
    asked = []
    for chosen in (keys[:2], keys):
        db.session.expire_all()
        with watching() as seen:
            client.get(f"/handouts?service={'&service='.join(chosen)}")
        asked.append(len(seen))
    assert asked[0] == asked[1] <= 8
