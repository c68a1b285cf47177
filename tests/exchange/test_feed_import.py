"""From a real server on this machine to the directory: fetched, read, and brought in."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from linkwork import clock
from linkwork.casework import sources
from linkwork.database import db
from linkwork.exchange import import_fetching
from linkwork.models import Service
from tests.exchange.feed_files import AT, service
from tests.exchange.feed_server import feed_server

pytestmark = pytest.mark.one_engine


def run(address: str) -> list[str]:
    made = sources.named("County")
    made.address, made.every_hours, made.next_due_at = address, 24, AT
    db.session.commit()
    return [str(one) for one in import_fetching.run_due(telling=clock.now)]


@pytest.mark.parametrize("how", [{}, {"first_version": True}])
def test_a_feed_is_followed_and_its_services_come_in(app: Flask, how: dict[str, Any]) -> None:
    app.config["PRIVATE_FEEDS"] = True
    listed = [service(1), service(2), service(3, id="17" if how else service(3)["id"])]
    with feed_server(listed, per_page=2, **how) as feed:
        assert run(feed.address) == ["County: 3 new, 0 changed, 0 not seen."]
    names = db.session.scalars(select(Service.name).order_by(Service.name)).all()
    assert names == ["Allotment 1", "Allotment 2", "Allotment 3"]


def test_a_feed_on_this_machine_is_refused_where_nothing_allows_it(app: Flask) -> None:
    with feed_server([service(1)]) as feed:
        (said,) = run(feed.address)
        assert "LINKWORK_PRIVATE_FEEDS" in said
        assert feed.asked == []
