"""Details to give: a sheet and a text message about activities, and nothing about a person."""

import re
from html import unescape

import pytest

from linkwork.casework.lexicon import concepts_of
from linkwork.database import db
from linkwork.models import Location, Provider, ServiceAtLocation, SupportCase, service_text
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
    case, address = chosen_from_a_list(client, cast)
    answer = client.get(f"{address}&layout=nonsense")
    assert case.person.family_name not in answer.text
    assert f"/cases/{case.key}/matches/" in answer.text
    layouts = re.findall(r'href="(/handouts[^"]*)', answer.text)
    assert f"/cases/{case.key}/matches/" in client.get(unescape(layouts[1])).text
    sign_in(client, cast.dev)
    assert "/matches/" not in client.get(address).text


def test_the_address_at_the_foot_of_the_printed_sheet_tells_nobody_whose_case_it_is(
    client: Reader, cast: Cast
) -> None:
    case, address = chosen_from_a_list(client, cast)
    page = client.get(f"/cases/{case.key}/matches/").text
    assert case.key not in address
    assert not re.search(rf'name="case"[^>]*value="{case.key}"', page)
    two = f"/cases/{case.key}/compare?service={make.service('A').key}&service={make.service().key}"
    db.session.commit()
    compared = re.findall(r'href="(/handouts[^"]*)', client.get(two).text)
    assert compared
    assert case.key not in compared[0]


def chosen_from_a_list(client: Reader, cast: Cast) -> tuple[SupportCase, str]:
    """A case, and the address of the details of what stands in its list."""
    case = make.case(cast.northside, worker=cast.amina)
    make.contact(case, by=cast.amina, notes="Used to love gardening.")
    words = "Gardening on a shared allotment"
    garden = make.service("Plot", description=words, concepts=concepts_of("", words, []))
    service_text.reindex([garden.id])
    db.session.commit()
    sign_in(client, cast.amina)
    page = client.get(f"/cases/{case.key}/matches/").text
    found = re.search(r'href="(/handouts[^"]*)', page)
    assert found
    return case, unescape(found[1])


@pytest.mark.one_engine
def test_before_what_may_put_somebody_at_risk_is_printed_or_sent_one_is_asked(
    client: Reader, cast: Cast
) -> None:
    refuge, choir = make.service("Haven", concepts={"domestic_abuse": 1.0}), make.service("Choir")
    db.session.commit()
    sign_in(client, cast.amina)
    page = client.page(f"/handouts?service={refuge.key}&service={choir.key}").text
    before, after = page.split("For a text message")
    assert "is it safe for them to have this at home or on their phone" in before.split("Haven")[0]
    assert after.count("is it safe") == 1
    assert "is it safe" not in client.page(f"/handouts?service={choir.key}").text


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
