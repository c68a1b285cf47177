"""The client that reads every page sees what is wrong with one."""

import pytest

from tests.pages import faults, read, straight_quotes

GOOD = """<!doctype html><html lang="en"><title>Caseload - Linkwork</title><h1>Caseload</h1>
<label for="from">From</label><input id="from" name="from">
<label>To <input name="to"></label><input type="hidden" name="once">
<p>None of these is yours, and 3 people’s calls are due.</p></html>"""


def test_a_page_in_order_has_no_fault() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ("<title>Caseload - Linkwork</title>", "", "0 titles"),
        ("<title>Caseload - Linkwork</title>", "<title> </title>", "0 titles"),
        ("<h1>Caseload</h1>", "<h2>Caseload</h2>", "0 h1 headings"),
        ("<h1>Caseload</h1>", "<h1>A</h1><h1>B</h1>", "2 h1 headings"),
        ("<h1>Caseload</h1>", "<h1></h1>", "1 h1 headings"),
        (' lang="en"', "", "html has no lang"),
        ("<h1>", '<h1 id="from">', "id twice: from"),
        ("<label>To ", "To ", "no label: to"),
        ('for="from"', "", "no label: from"),
        ("Caseload</h1>", "{{ heading }}</h1>", "unfinished"),
        ("3 people", "None people", "unfinished"),
        ("</p>", "</p><td>None</td>", "unfinished"),
        ("</p>", '</p><a href="/cases/None">Rosa</a>', "unfinished"),
        ("</p>", "</p><p>&lt;bound method Case.name of</p>", "unfinished"),
        ("Caseload</h1>", "Undefined</h1>", "unfinished"),
    ],
)
def test_a_fault_is_seen(good: str, bad: str, fault: str) -> None:
    assert good in GOOD
    assert [found for found in faults(GOOD.replace(good, bad)) if found.startswith(fault)]


def test_a_straight_apostrophe_is_seen_in_our_words_and_not_in_theirs() -> None:
    ours = GOOD.replace("people’s", "people's")
    assert straight_quotes(ours) == ["None of these is yours, and 3 people's calls are due."]
    assert straight_quotes(ours.replace("<p>", "<p data-typed>")) == []
    assert straight_quotes(GOOD.replace("</p>", "</p><textarea>I don't know</textarea>")) == []
    assert straight_quotes(GOOD) == []


def test_the_text_of_a_page_is_what_is_read() -> None:
    page = read(GOOD.replace("</p>", "</p><script>let unread</script>"))
    assert page.text.startswith("Caseload From To None of these")
    assert "unread" not in page.text
    assert page.headings == ["Caseload"]
