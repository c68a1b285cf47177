"""Assumptions and shares on their pages: set, taken back, looked at before they are frozen."""

from datetime import date

import pytest
from sqlalchemy import select

from linkwork.database import db
from linkwork.models import Assumption, ListSize, Role, TargetShare
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.pages import Reader
from tests.web.test_posts import send


def test_a_lead_sets_an_assumption_and_takes_it_back(client: Reader, cast: Cast) -> None:
    lead = sign_in(client, cast.lead)
    page = f"/capacity/{cast.northside.key}/assumptions"
    url = f"{page}/set/people_per_wte"
    assert "Source: NHS announcement" in lead.get(page).text
    wrong = send(lead, url, value="0", from_on="2026-11-01")
    assert "enter a value from 1 to 1,000 people" in wrong.text
    assert send(lead, url, value="220", from_on="2026-11-01").status_code == 303
    shown = lead.get(page).text
    for words in ("220 people", "Set for this PCN", "Leo Marsh", "1 Nov 2026"):
        assert words in shown
    [made] = db.session.scalars(select(Assumption))
    assert send(lead, f"/assumptions/{made.key}/take-back").status_code == 303
    assert "Taken back" in lead.get(page).text
    assert "250 people" in lead.get(page).text


def test_a_board_and_the_installation_set_theirs_and_a_pcn_sees_whose_it_is(
    client: Reader, cast: Cast
) -> None:
    board_lead = make.user("Bo Lane", cast.board, Role.PCN_LEAD)
    db.session.commit()
    sign_in(client, cast.admin)
    send(client, "/assumptions/set/open_cases", value="30", from_on="2026-04-01")
    sign_in(client, board_lead)
    assert "Northside PCN" in client.get("/assumptions").text
    send(client, "/assumptions/set/open_cases", value="35", from_on="2026-04-01")
    refused = send(client, "/assumptions/set/tilt", value="0.5", from_on="2026-04-01")
    assert "the same for all PCNs" in refused.text
    sign_in(client, cast.lead)
    shown = client.get(f"/capacity/{cast.northside.key}/assumptions").text
    assert "35 standard cases" in shown
    assert "Set for the board" in shown


@pytest.mark.one_engine
def test_shares_are_looked_at_named_and_then_frozen(client: Reader, cast: Cast) -> None:
    db.session.add(
        ListSize(organisation_id=cast.northside.id, as_of=date(2026, 1, 1), patients=52_000)
    )
    db.session.commit()
    admin = sign_in(client, cast.admin)
    page = admin.get("/shares?year=2027&method=list").text
    assert "Southside PCN" in page
    assert "no list size" in page
    assert db.session.scalars(select(TargetShare)).all() == []
    assert "Bring in the profiles first" in admin.get("/shares?method=deprivation").text
    sheet = f"PCN code,Q1,Q2,Q3,Q4,Q5\n{cast.northside.ods_code},50,30,10,10,0\nZ9,1,2,3,x,5\n"
    told = {"rows": sheet, "chosen": "bring", "once": "1"}
    answer = admin.post("/shares/profiles", data=told).text
    assert "Line 3" in answer
    assert "is no number" in answer
    fine = {**told, "rows": sheet[: sheet.index("Z9")]}
    assert admin.post("/shares/profiles", data=fine).status_code == 303
    done = admin.post("/shares", data={"year": "2026", "method": "deprivation", "once": "2"})
    assert done.status_code == 303
    assert "frozen for 2026/27, by list size and deprivation" in admin.get(done.location).text
    sign_in(client, cast.lead)
    shown = client.get(f"/capacity/{cast.northside.key}/share").text
    for words in (
        "134 people",
        "50%, 30%, 10%, 10%, 0%, the most deprived first",
        "weighed by how deprived",
    ):
        assert words in shown
