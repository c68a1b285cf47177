"""The pages from which the directory is taken away."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from linkwork.database import db
from linkwork.models import AuditEntry
from tests.cast import Cast, sign_in
from tests.exchange.feeds import key
from tests.pages import Reader
from tests.web.feeds import publish

FILES = ("services.xlsx", "services.csv", "services.json", "tabular.zip")


def test_whoever_may_see_the_directory_may_take_it_away(
    client: Reader, cast: Cast, tmp_path: Path
) -> None:
    publish(tmp_path)
    sign_in(client, cast.dev)
    page = client.get("/directory/exports")
    for name in FILES:
        assert f"/directory/exports/{name}" in page.text
        stem, ending = name.split(".")
        with client.get(f"/directory/exports/{name}") as answer:
            assert answer.status_code == 200
            disposition = answer.headers["Content-Disposition"]
            assert disposition == f"attachment; filename={stem}-2026-11-18.{ending}"
            assert answer.headers["Cache-Control"] == "no-store"
    events = db.session.scalars(select(AuditEntry.event)).all()
    assert events.count("directory.exported") == len(FILES)


def test_the_files_hold_the_directory(client: Reader, cast: Cast, tmp_path: Path) -> None:
    publish(tmp_path)
    sign_in(client, cast.amina)
    with client.get("/directory/exports/services.json") as answer:
        told = json.loads(answer.data)
    assert [one["id"] for one in told["services"]] == [key(1), key(2)]
    with client.get("/directory/exports/tabular.zip") as answer:
        package = zipfile.ZipFile(io.BytesIO(answer.data))
    assert package.testzip() is None


@pytest.mark.one_engine
def test_nobody_else_takes_it_away(client: Reader, cast: Cast) -> None:
    assert client.get("/directory/exports/services.csv").status_code == 302
    sign_in(client, cast.amina)
    for name in ("services.exe", "services", "..", "directory.zip"):
        assert client.get(f"/directory/exports/{name}").status_code == 404
