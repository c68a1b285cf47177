"""A council’s spreadsheet in a browser: brought in, a column put right, and looked at."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from linkwork.database import db
from tests.browser.windows import inspect, sign_in
from tests.exchange.sheet_files import sheet_xml, xlsx

HOSTILE = "<img src=x onerror=alert(1)> مرحبا " + "W" * 60


def test_an_editor_puts_a_column_right_and_sees_what_would_change(
    page: Page, cast: Any, tmp_path: Path
) -> None:
    db.session.commit()
    rows = [
        ["Groups of the borough 2026"],
        ["Group", "Where", "Ring", HOSTILE],
        ["Choir", "M1 6AB", "0161 496 0123", "Singing for everybody"],
        [HOSTILE, "M2 3DD", "0161 496 0124", HOSTILE],
    ]
    file = xlsx(tmp_path / "groups.xlsx", {"Groups": sheet_xml(rows)})
    sign_in(page, cast.editor)
    page.goto("/imports/new")
    page.get_by_label("Name of the list").fill("Council")
    page.get_by_label("File").set_input_files(file)
    page.keyboard.press("Tab")
    page.locator("main .button--primary").click()
    expect(page.get_by_role("heading", name="Which column is what?")).to_be_visible()
    inspect(page, "import-columns")

    first = page.get_by_label("What “Group” is")
    first.select_option("Not used")
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "Choose the column for “Name of the activity”"
    )
    inspect(page, "import-columns-error")
    expect(page.get_by_label("What “Where” is")).to_have_value("postcode")
    first.select_option("Name of the activity")
    page.get_by_label(f"What “{HOSTILE}” is").select_option("What happens there")
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_text("Choir", exact=True)).to_be_visible()
