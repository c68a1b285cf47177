"""The signpost counter: one press, and it says so."""

from linkwork.casework import signposts
from linkwork.database import db
from linkwork.models import service_text
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import TODAY, Clock
from tests.pages import Reader


def times(cast: Cast) -> int:
    return sum(count.times for count in signposts.this_month(cast.dev, on=TODAY))


def test_one_press_counts_and_another_takes_it_back(
    client: Reader, cast: Cast, clock: Clock
) -> None:
    choir = make.service("Riverside choir")
    sign_in(client, cast.dev)
    assert client.post("/signposts", data={"service": choir.key}).location == "/signposts"
    page = client.page("/signposts")
    assert "Counted: Riverside choir at 10:30" in page.text
    assert "1 time in your practice" in page.text
    [made] = signposts.undoable(cast.dev, at=clock.now)
    client.post(f"/signposts/{made.key}/undo")
    assert "Taken back." in client.page("/signposts").text
    assert times(cast) == 0


def test_a_double_press_counts_once_and_says_so_unless_it_was_meant(
    client: Reader, cast: Cast, clock: Clock
) -> None:
    sign_in(client, cast.dev)
    for again in ({}, {}, {"again": "1"}):
        client.post("/signposts", data={"need": "food", **again})
        clock.advance(seconds=2)
    assert times(cast) == 2
    assert "it counts once" in client.page("/signposts").text


def test_what_is_looked_for_is_found_and_what_was_told_before_is_at_hand(
    client: Reader, cast: Cast
) -> None:
    choir = make.service("Riverside choir")
    service_text.reindex([make.service("Allotment").id])
    sign_in(client, cast.dev)
    client.post("/signposts", data={"service": choir.key})
    assert "Told somebody about Riverside choir" in client.page("/signposts").text
    found = client.page("/signposts?words=allotment").text
    assert "Told somebody about Allotment" in found
    assert "Told somebody about Riverside choir" not in found
    assert "No activity has these words" in client.page("/signposts?words=zzzz").text


def test_what_is_no_activity_or_need_is_refused(client: Reader, cast: Cast) -> None:
    unlisted = make.service("Gone", listed=False)
    db.session.commit()
    sign_in(client, cast.dev)
    assert client.post("/signposts", data={"need": "everything"}).status_code == 409
    assert client.post("/signposts", data={}).status_code == 409
    assert client.post("/signposts", data={"service": unlisted.key}).status_code == 404
    assert times(cast) == 0
