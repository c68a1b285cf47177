"""A lead keeps the posts of their own PCN: added, changed, filled, ended, or from a sheet."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from linkwork.database import db
from linkwork.models import Absence, AbsenceKind, AuditEntry, Post, PostState
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import TODAY
from tests.pages import Reader

NEW = {"state": "started", "wte": "0.6", "additional": "yes", "start_on": "2026-10-01"}
SHEET = "Email,WTE,Additional,Start,End,State\n"
BEN = "ben.harte@moorvale.example"


@pytest.fixture
def lead(client: Reader, cast: Cast) -> Reader:
    return sign_in(client, cast.lead)


def posts() -> list[Post]:
    db.session.expire_all()
    return list(db.session.scalars(select(Post).order_by(Post.id)))


def send(client: Reader, url: str, **data: str) -> Any:
    """Fill in a form as it is shown, and send it."""
    page = client.get(url).text
    seen = re.search(r'name="mark"[^>]*value="([^"]*)"', page)
    once = re.search(r'name="once"[^>]*value="([^"]*)"', page)
    hidden = {"mark": seen[1] if seen else "", "once": once[1] if once else ""}
    return client.post(url, data={**hidden, **data})


def test_a_lead_adds_a_post_and_sees_it(lead: Reader, cast: Cast) -> None:
    url = f"/capacity/{cast.northside.key}/posts"
    assert "No post is recorded, so capacity cannot be given" in lead.get(url).text
    answer = send(lead, f"{url}/new", **NEW, worker=cast.ben.key)
    page = lead.get(answer.location).text
    assert "0.60 WTE at work today, of 0.60 funded" in page
    assert "Amina Okafor is a link worker here without a post" in page


@pytest.mark.one_engine
def test_a_post_that_cannot_be_is_refused_and_stays_typed(lead: Reader, cast: Cast) -> None:
    url = f"/capacity/{cast.northside.key}/posts/new"
    for changes, words in (
        ({"end_on": "2026-09-30"}, "ends before it starts"),
        ({"wte": "full time"}, "Enter the WTE as a number"),
        ({"wte": "NaN"}, "above 0"),
    ):
        told = {**NEW, "worker": cast.ben.key, **changes}
        answer = send(lead, url, **told)
        assert answer.status_code in {409, 422}
        assert words in answer.text
        assert f'value="{told["wte"]}"' in answer.text
    assert posts() == []


def test_hours_change_from_a_day_on_and_both_stretches_are_kept(lead: Reader, cast: Cast) -> None:
    made = make.post(cast.amina, "1.0")
    assert send(lead, f"/posts/{made.key}/hours", wte="0.6", from_on=str(TODAY)).status_code == 303
    first, second = posts()
    assert (first.end_on, second.start_on) == (TODAY - timedelta(days=1), TODAY)
    assert (first.wte, float(second.wte), second.worker_id) == (1, 0.6, cast.amina.id)


def test_a_vacancy_is_filled_begun_and_ended_and_the_post_may_stay(
    lead: Reader, cast: Cast, clock: Any
) -> None:
    made = make.post(cast.ben, state=PostState.APPROVED, start_on=None)
    made.worker = None
    db.session.commit()
    on = TODAY + timedelta(days=10)
    send(lead, f"/posts/{made.key}/fill", worker=cast.ben.key, start_on=str(on))
    assert posts()[0].state is PostState.APPOINTED
    assert send(lead, f"/posts/{made.key}/end", end_on=str(TODAY)).status_code == 409
    clock.advance(days=10)
    sign_in(lead, cast.lead)
    listed = f"/capacity/{cast.northside.key}/posts"
    assert "Ben Harte was to begin on" in lead.get(listed).text
    send(lead, f"/posts/{made.key}/begin")
    assert posts()[0].state is PostState.STARTED
    send(lead, f"/posts/{made.key}/end", end_on=str(on + timedelta(days=5)), vacant="y")
    ending, until, vacancy = posts()
    assert (ending.state, vacancy.worker_id) == (PostState.STARTED, None)
    # The post is paid for once on every day: vacant, held, vacant.
    assert (until.worker_id, until.end_on) == (None, ending.start_on - timedelta(days=1))
    assert vacancy.start_on == ending.end_on + timedelta(days=1)
    assert vacancy.state is PostState.APPROVED


def test_what_does_not_fit_is_said(lead: Reader, cast: Cast) -> None:
    make.post(cast.amina, "1.0")
    make.post(cast.amina, "0.5")
    page = lead.get(f"/capacity/{cast.northside.key}/posts").text
    assert "Amina Okafor holds 1.5 WTE from 6 January 2025" in page
    assert "Amina Okafor holds two posts at once" in page


def test_nobody_overwrites_what_a_colleague_just_changed(lead: Reader, cast: Cast) -> None:
    made = make.post(cast.amina, "1.0")
    url = f"/posts/{made.key}/edit"
    old = re.search(r'name="mark"[^>]*value="([^"]*)"', lead.get(url).text)
    assert old is not None
    told = {**NEW, "worker": cast.amina.key, "wte": "0.8"}
    assert send(lead, url, **told).status_code == 303
    answer = lead.post(url, data={**told, "wte": "0.7", "mark": old[1], "once": "b"})
    assert "Somebody else changed this post" in answer.text
    assert float(posts()[0].wte) == 0.8
    assert send(lead, f"/posts/{made.key}/remove").status_code == 303
    assert posts() == []


def bring(lead: Reader, rows: str, chosen: str = "look", what: str = "posts") -> Any:
    data = {"rows": rows, "chosen": chosen, "once": "1"}
    return lead.post(f"/{what}/import", data=data)


def test_a_sheet_with_one_wrong_row_brings_nothing_and_names_every_wrong_line(
    lead: Reader, cast: Cast
) -> None:
    rows = (
        f"{SHEET}{BEN},0.6,yes,01/04/2026,,\n"
        "x@y.example,1,no,01/04/2026,,\n"
        f"{BEN},1.5.2,maybe,soon,,\n"
        f"{BEN},1,no,02/04/2026,01/04/2026,\n"
    )
    page = bring(lead, rows, "bring")
    assert "3 rows are wrong. Nothing was brought in" in page.text
    for words in ("Line 3", "Line 4", "Line 5", "x@y.example", "is no WTE", "yes or no", "no date"):
        assert words in page.text
    assert "Line 2<" not in page.text
    assert "x@y.example,1,no,01/04/2026" in page.text
    assert posts() == []


def test_a_file_is_looked_at_then_brought_in_once(lead: Reader, cast: Cast) -> None:
    make.post(cast.amina, "1.0")
    content = f"{SHEET}amina.okafor@moorvale.example,1.0,yes,06/01/2025,,\n{BEN},0.6,no,1/4/26,,\n"
    content = content.replace("1/4/26", "01/04/2026") + ",0.5,yes,,,advertised\n"
    upload = (BytesIO(content.encode("utf-8-sig")), "posts.csv")
    page = lead.post("/posts/import", data={"file": upload, "chosen": "look", "once": "1"})
    assert "Bring them in" in page.text
    assert len(posts()) == 1
    answer = bring(lead, content, "bring")
    assert answer.status_code == 303
    assert [float(post.wte) for post in posts()] == [1.0, 0.6, 0.5]
    assert "nothing to bring in" in bring(lead, content).text


@pytest.mark.one_engine
def test_what_is_no_sheet_of_posts_is_said(lead: Reader, cast: Cast) -> None:
    for rows, words in (
        ("", "Choose a file, or write the rows"),
        ("Colour,Size\nred,1\n", "wte"),
        (SHEET, "no rows"),
    ):
        assert words in bring(lead, rows).text


def test_absences_are_recorded_changed_and_never_twice(lead: Reader, cast: Cast) -> None:
    make.post(cast.amina)
    new = f"/capacity/{cast.northside.key}/absences/new"
    told = {"worker": cast.amina.key, "kind": "parental", "start_on": "2026-11-01"}
    assert "ends before it starts" in send(lead, new, **told, end_on="2026-10-01").text
    assert send(lead, new, **told).status_code == 303
    page = lead.get(f"/capacity/{cast.northside.key}/posts").text
    assert "0.00 WTE at work today, of 1.00 funded" in page
    assert "recorded as away from 1 November 2026" in send(lead, new, **told).text
    [made] = db.session.scalars(select(Absence))
    answer = send(lead, f"/absences/{made.key}/edit", **told, end_on="2026-11-10")
    assert answer.status_code == 303
    assert send(lead, f"/absences/{made.key}/remove").status_code == 303
    assert db.session.scalars(select(Absence)).all() == []


def test_absences_come_from_a_sheet_all_or_none(lead: Reader, cast: Cast) -> None:
    make.post(cast.amina)
    head = "Email,Kind,Start,End\n"
    first = "amina.okafor@moorvale.example,long sickness,01/09/2026,\n"
    wrong = f"{first}{BEN},holiday,,\n{first.replace('09', '10')}"
    page = bring(lead, head + wrong, "bring", "absences").text
    for words in ("2 rows are wrong", "is no kind of long absence", "same days in line 2"):
        assert words in page
    assert bring(lead, head + first, "bring", "absences").status_code == 303
    assert len(db.session.scalars(select(Absence)).all()) == 1


def test_an_absence_is_seen_and_kept_only_by_whoever_employs_somebody_then(
    lead: Reader, cast: Cast
) -> None:
    left = make.post(cast.amina)
    left.end_on = TODAY - timedelta(days=100)
    shared = make.post(cast.ben)
    for worker in (cast.amina, cast.ben):
        make.post(worker).organisation = cast.southside
    away = {
        worker: Absence(worker=worker, kind=AbsenceKind.LONG_SICKNESS, start_on=TODAY)
        for worker in (cast.amina, cast.ben)
    }
    db.session.add_all(away.values())
    db.session.commit()
    url = f"/capacity/{cast.northside.key}"
    page = lead.get(f"{url}/posts").text
    # Ben works in both PCNs, so he is missing here too; Amina’s is not this PCN’s to know.
    assert f"0.00 WTE at work today, of {shared.wte:.2f} funded" in page
    assert f"/absences/{away[cast.ben].key}/" in page
    assert f"/absences/{away[cast.amina].key}/" not in page
    assert lead.get(f"/absences/{away[cast.amina].key}/edit").status_code == 404
    saved = lead.get(f"{url}/tables/absences.csv").text
    assert "Ben Harte,Away," in saved
    assert "Amina Okafor" not in saved
    assert "Long sickness" not in saved + lead.get(f"{url}/tables").text + lead.get(url).text
    assert "Long sickness" in page
    told = {"worker": cast.amina.key, "kind": "parental", "start_on": str(TODAY)}
    assert (
        "holds no post of your PCNs on those days" in send(lead, f"{url}/absences/new", **told).text
    )
    told["start_on"] = str(left.end_on)
    assert "Enter only the days of the post here" in send(lead, f"{url}/absences/new", **told).text
    rows = f"Email,Kind,Start\n{cast.amina.email},parental,{TODAY}\n"
    assert "holds no post of your PCNs" in bring(lead, rows, "bring", "absences").text
    assert len(db.session.scalars(select(Absence)).all()) == 2


def test_the_trail_says_what_a_post_and_an_absence_were_and_are(lead: Reader, cast: Cast) -> None:
    made = make.post(cast.amina, "1.0")
    db.session.commit()
    who, pcn = str(cast.amina.id), cast.northside.id
    told = {**NEW, "worker": cast.amina.key, "additional": "no"}
    send(lead, f"/posts/{made.key}/edit", **told)
    away = {"worker": cast.amina.key, "kind": "long_sickness", "start_on": "2026-11-01"}
    send(lead, f"/capacity/{cast.northside.key}/absences/new", **away)
    absence = db.session.scalars(select(Absence)).one()
    send(lead, f"/absences/{absence.key}/edit", **away, end_on="2026-11-10")
    send(lead, f"/absences/{absence.key}/remove")
    send(lead, f"/posts/{made.key}/remove")
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    before = [who, "1.00 WTE", "additional", "2025-01-06", "no last day", "started"]
    after = [who, "0.60 WTE", "existing", "2026-10-01", "no last day", "started"]
    days, ended = [who, "2026-11-01", "open"], [who, "2026-11-01", "2026-11-10"]
    assert [
        entry.details for entry in entries if entry.event.startswith(("post.", "absence."))
    ] == [
        {"how": "corrected", "pcn": pcn, "before": before, "after": after},
        {"pcn": pcn, "after": days},
        {"pcn": pcn, "before": days, "after": ended},
        {"pcn": pcn, "before": ended},
        {"pcn": pcn, "before": after},
    ]
