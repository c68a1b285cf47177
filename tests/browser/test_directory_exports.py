"""The directory taken away, and the page that tells other systems how to follow it."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.windows import inspect, sign_in
from tests.web.feeds import publish

pytestmark = pytest.mark.one_engine


def test_a_worker_saves_the_directory_and_finds_how_others_follow_it(
    page: Page, cast: Any, tmp_path: Path
) -> None:
    publish(tmp_path)
    sign_in(page, cast.amina)
    page.goto("/services")
    page.get_by_role("link", name="Take the directory away as a file").click()
    inspect(page, "directory-exports")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Table (CSV)").click()
    assert saved.value.suggested_filename == "services-2026-11-18.csv"
    page.get_by_role("link", name="the open interface").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The directory for other systems")
    inspect(page, "directory-docs")
    page.get_by_role("link", name="modified_after").first.click()
    expect(page.locator("#parameter-modified_after")).to_be_in_viewport()
