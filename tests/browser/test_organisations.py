"""An administrator brings practices in and merges two of them, in a browser."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from linkwork.database import db
from linkwork.models import OrganisationKind
from tests import cast as make
from tests.browser.windows import inspect, sign_in
from tests.cast import Cast

MAP = (
    "PRACTICE_CODE,PRACTICE_NAME,PCN_CODE,PCN_NAME\n"
    "Y10001,LOCK SURGERY,Y00001,LOCKSIDE PCN\n"
    "Y10002,WEIR SURGERY,Y00001,LOCKSIDE PCN\n"
    "Y10003,BASIN SURGERY,Y00001,LOCKSIDE PCN\n"
)


def test_practices_are_looked_at_brought_in_and_merged(
    browse: Callable[..., Page], cast: Cast, tmp_path: Path
) -> None:
    make.organisation("Elm Lane Surgery", OrganisationKind.PRACTICE, parent=cast.northside)
    make.case(cast.northside, person=make.person(practice=cast.birch))
    db.session.commit()
    file = tmp_path / "map.csv"
    file.write_text(MAP, encoding="utf-8")
    page = browse()
    sign_in(page, cast.admin)
    page.wait_for_load_state()
    page.goto("/organisations/import")
    page.get_by_label("Files").set_input_files(file)
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_text("Added: 1 PCNs, 3 practices.")).to_be_visible()
    inspect(page, "import of organisations")
    page.get_by_role("button", name="Bring in").click()
    expect(page.get_by_role("heading", name="The files are in")).to_be_visible()
    page.goto(f"/organisations/{cast.birch.key}")
    page.get_by_role("link", name="Close or merge").click()
    page.get_by_label("First day it is closed").fill("2026-11-18")
    page.get_by_label("Who carries on for it").fill("Elm Lane Surgery")
    page.get_by_role("button", name="Close it").click()
    inspect(page, "closed practice")
    page.get_by_role("button", name="Move on to Elm Lane Surgery").click()
    expect(page.get_by_text("Moved on to Elm Lane Surgery: 1 person, 1 user.")).to_be_visible()
