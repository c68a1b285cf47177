"""What watches the browser sees what should not happen in it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from linkwork.access import open_to_all
from tests.browser.windows import Live, Watch, axe, inspect, window

FAULTY = """<!doctype html><html lang="en"><title>Faulty</title><h1>It isn't right</h1>
<body style="color: red"><img src="http://elsewhere.example/pixel.png">
<script>document.title = "changed"</script><script src="/static/js/nowhere.js"></script>
<details><summary>More</summary><input></details><p>{}</p></body></html>"""


def test_a_fault_in_a_window_is_noticed(live: Live, chromium: Browser) -> None:
    live.app.add_url_rule("/faulty", view_func=open_to_all(lambda: FAULTY), endpoint="faulty")
    live.app.add_url_rule("/broken", view_func=open_to_all(lambda: 1 / 0), endpoint="broken")
    watch = Watch(live)
    page = window(chromium, watch)
    page.goto("/faulty")
    page.goto("/broken")
    page.context.close()
    seen = "\n".join(watch.faults)
    assert "left the site: http://elsewhere.example/pixel.png" in seen
    assert "policy violated: style-src-attr inline" in seen
    assert "policy violated: script-src-elem inline" in seen
    assert "404: " in seen
    assert "500: " in seen


def test_a_fault_of_a_page_is_noticed_at_every_width(live: Live, chromium: Browser) -> None:
    page_of = FAULTY.format("x" * 300)
    live.app.add_url_rule("/faulty", view_func=open_to_all(lambda: page_of), endpoint="faulty")
    page = window(chromium, Watch(live))
    page.goto("/faulty")
    assert any(fault.startswith("label: ") for fault in axe(page)), "also inside what is folded"
    with pytest.raises(AssertionError) as held:
        inspect(page)
    page.context.close()
    assert "straight apostrophe: It isn't right" in str(held.value)
    assert "at 320: image-alt" in str(held.value)
    assert "at 375: scrolls sideways" in str(held.value)


@pytest.mark.both_engines
def test_the_sign_in_page_is_right_at_every_width(page: Page) -> None:
    page.goto("/sign-in")
    inspect(page, "sign-in")


def test_the_sign_in_page_works_without_scripts(browse: Callable[..., Page]) -> None:
    page = browse(scripts=False)
    page.goto("/sign-in")
    page.get_by_label("Email").fill("nobody@moorvale.example")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    assert page.title().startswith("Error: ")
