"""What an editor of the directory finds only when something waits for them, made in the demo."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from linkwork import clock
from linkwork.casework import service_merges, service_remarks, services, sources
from linkwork.database import db
from linkwork.exchange import imports
from linkwork.models import DirectoryImport, Service, ServiceChange, User
from tests import cast as make
from tests.exchange import feeds

SHEET = b"Name,Postcode,Opening times\nQuarry choir,ZZ1 1AA,Tuesday 2pm - 4pm\n"


def waiting(editor: User) -> Iterator[str]:
    """Make what waits for ``editor``, and give the addresses where it is looked at."""
    now = clock.now()
    choir = make.service("Quarry choir", phone="01632 960123")
    again, chorus = make.service("Quarry choir"), make.service("Quarry chorus")
    service_remarks.say(choir, "It has moved to the church hall.", by=editor, at=now)
    services.edit(choir, {"phone": "01632 960124"}, version=choir.version, by=editor, at=now)
    merge = service_merges.merge(choir, chorus, {}, by=editor, at=now)
    change = db.session.scalars(
        select(ServiceChange).where(ServiceChange.service_id == choir.id)
    ).first()
    assert change is not None
    feed = received("feed.json", json.dumps({"services": [feeds.service()]}).encode(), "Feed")
    imports.preview(feed, at=now, today=clock.today())
    sheet = received("sheet.csv", SHEET, "Sheet")
    yield from (f"/services/{choir.key}", f"/services/{choir.key}/remark", "/service-remarks")
    yield f"/service-merges/{merge.key}/undo"
    yield f"/services/{choir.key}/same-as/{again.key}"
    yield f"/service-changes/{change.key}/put-back"
    yield from (f"/imports/{feed.key}", f"/imports/{sheet.key}/columns")
    yield f"/imports/sources/{feed.source.key}"
    timed = db.session.scalars(select(Service).where(Service.schedules.any(byday="TH"))).first()
    assert timed is not None
    yield f"/services/{timed.key}"


def received(name: str, content: bytes, source: str) -> DirectoryImport:
    """A file that was brought in and is not decided yet."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(content)
        return imports.receive(file, name, sources.named(source), by=None, at=clock.now())
