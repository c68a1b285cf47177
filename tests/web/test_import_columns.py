"""The columns of a list of activities are said once, on a page with examples, and remembered."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from linkwork.database import db
from linkwork.models import AuditEntry, DirectoryImport, ImportChange, Service, Source
from tests import cast as make
from tests.cast import Cast
from tests.exchange.sheet_files import sheet_xml, xlsx
from tests.pages import Reader, read
from tests.paths import SHARED_DATA

COUNCIL = SHARED_DATA / "directory"
# What is stored is tested on both engines by the pipeline (tests/exchange/test_imports.py).
pytestmark = pytest.mark.one_engine

LIST = "Name,Where,Ring\nChoir,M1 6AB,0161 496 0123\nWalk,M2 3DD,0161 496 0124\n"
CHOSEN = {"column-0": "name", "column-1": "postcode", "column-2": "phone"}


@pytest.fixture
def editor(client: Reader, cast: Cast) -> Reader:
    make.sign_in(client, cast.editor)
    return client


def upload(client: Reader, content: str | bytes, name: str = "groups.csv") -> str:
    """Bring in a file of the council’s list; where that leads."""
    body = content.encode() if isinstance(content, str) else content
    data = {"source": "Council", "file": (io.BytesIO(body), name)}
    answer = client.post("/imports/new", data=data)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def chosen_in(page: str) -> dict[str, str]:
    """What is chosen for each column of a page."""
    selects = re.findall(r'<select[^>]*name="(column-\d+)".*?</select>', page, re.DOTALL)
    bodies = re.findall(r'<select[^>]*name="column-\d+"(.*?)</select>', page, re.DOTALL)
    selected = [re.search(r'selected value="(\w*)"', body) for body in bodies]
    return {name: found[1] for name, found in zip(selects, selected, strict=True) if found}


def entries() -> int:
    return db.session.scalar(select(func.count()).select_from(Service)) or 0


def apply(client: Reader, address: str) -> Any:
    import_ = db.session.scalars(
        select(DirectoryImport).where(DirectoryImport.key == address.split("/")[2])
    ).one()
    db.session.refresh(import_)
    return client.post(f"{address}/apply", data={"shown": import_.shown, "once": address})


def test_each_column_is_shown_with_examples_a_guess_and_why(editor: Reader) -> None:
    page = read(editor.get(upload(editor, LIST)).text)
    assert "M1 6AB" in page.text
    assert "100% of what is in it looks like postcodes" in page.text
    assert "phone numbers" in page.text


def test_what_is_chosen_leads_to_the_preview_and_is_remembered(editor: Reader) -> None:
    address = upload(editor, LIST)
    answer = editor.post(address, data=CHOSEN)
    assert answer.location == address.removesuffix("/columns")
    assert "Choir" in editor.get(answer.location).text
    source = db.session.scalars(select(Source)).one()
    assert source.columns == {"name": "Name", "postcode": "Where", "phone": "Ring"}
    changed = select(AuditEntry.event).where(AuditEntry.event == "source.changed")
    assert len(db.session.scalars(changed).all()) == 1
    assert entries() == 0
    apply(editor, answer.location)
    assert entries() == 2
    again = upload(editor, LIST.replace("0123", "0999"))
    assert not again.endswith("/columns"), "as remembered: straight to the preview"
    assert "0161 496 0999" in editor.get(again).text


def test_a_second_activity_of_a_name_is_new_and_the_first_stays(editor: Reader) -> None:
    apply(editor, editor.post(upload(editor, LIST), data=CHOSEN).location)
    editor.get(upload(editor, f"{LIST}Choir,M4 4DD,0161 496 0125\n"))
    newest = select(DirectoryImport).order_by(DirectoryImport.id.desc())
    import_ = db.session.scalars(newest).first()
    assert import_ is not None
    assert (import_.added, import_.unchanged, import_.changed, import_.gone) == (1, 2, 0, 0)


def test_a_file_that_lost_a_column_says_which_and_asks_again(editor: Reader) -> None:
    editor.post(upload(editor, LIST), data=CHOSEN)
    address = upload(editor, LIST.replace("Where", "Postal town"))
    assert address.endswith("/columns")
    page = read(editor.get(address).text)
    assert "Not in this file any more: Where" in page.text
    answer = editor.post(address, data=CHOSEN)
    assert not answer.location.endswith("/columns")


def test_a_list_without_a_name_is_explained_and_keeps_what_was_chosen(editor: Reader) -> None:
    address = upload(editor, LIST)
    answer = editor.post(address, data={**CHOSEN, "column-0": "", "column-2": "postcode"})
    page = read(answer.text)
    assert answer.status_code == 409
    assert "Choose the column for “Name of the activity”." in page.text
    assert "Only one column can be “Postcode”: “Where” and “Ring” both are." in page.text
    assert chosen_in(answer.text) == {**CHOSEN, "column-0": "", "column-2": "postcode"}
    assert db.session.scalars(select(Source)).one().columns == {}


def test_a_meaning_that_is_none_is_refused(editor: Reader) -> None:
    address = upload(editor, LIST)
    assert editor.post(address, data={**CHOSEN, "column-1": "password"}).status_code == 422


def test_another_sheet_of_a_workbook_can_be_chosen(editor: Reader, tmp_path: Path) -> None:
    one = sheet_xml([["Name", "Phone"], ["Tea", "0161 496 0123"], ["Talk", "0161 496 0124"]])
    other = sheet_xml([["Club", "Postcode"], ["Judo", "M1 6AB"]])
    file = xlsx(tmp_path / "a.xlsx", {"Groups": one, "Clubs": other})
    address = upload(editor, file.read_bytes(), "groups.xlsx")
    assert "Clubs" in editor.get(address).text
    page = editor.get(f"{address}?sheet=2").text
    assert "Judo" in page
    answer = editor.post(f"{address}?sheet=2", data={"column-0": "name", "column-1": "postcode"})
    assert "Judo" in editor.get(answer.location).text
    assert db.session.scalars(select(Source)).one().columns["sheet"] == "Clubs"
    assert not upload(editor, file.read_bytes() + b"", "again.xlsx").endswith("/columns")


def test_hostile_words_of_a_file_are_shown_as_words(editor: Reader) -> None:
    hostile = '"<img src=x onerror=alert(1)>",Name\n"<b>1</b>",Choir\n'
    page = editor.get(upload(editor, hostile)).text
    assert "<img src=x" not in page
    assert "&lt;b&gt;1" in page


def test_a_decided_import_has_no_columns_to_choose(editor: Reader) -> None:
    address = upload(editor, LIST)
    shown = editor.post(address, data=CHOSEN).location
    apply(editor, shown)
    assert editor.get(address).location == shown
    assert editor.post(address, data=CHOSEN).location == shown


def test_what_is_no_spreadsheet_leads_back_with_the_reason(editor: Reader) -> None:
    data = {"source": "Council", "file": (io.BytesIO(b'Name,When\nChoir,"Mon\nTea,Tue\n'), "a.csv")}
    assert "never closed" in editor.post("/imports/new", data=data).text
    assert entries() == 0


@pytest.mark.skipif(not COUNCIL.exists(), reason="shared data absent")
@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("gm_food_banks", 171),
        ("gm_libraries", 141),
        ("trafford_mental_health_services", 60),
        ("sports_clubs", 140),
    ],
)
def test_the_lists_of_real_councils_come_in_with_the_guesses_confirmed(
    editor: Reader, name: str, rows: int
) -> None:
    content = (COUNCIL / f"{name}.csv").read_bytes()
    address = upload(editor, content, f"{name}.csv")
    shown = editor.post(address, data=chosen_in(editor.get(address).text)).location
    import_ = db.session.scalars(select(DirectoryImport)).one()
    assert (import_.rows, import_.added, import_.quarantined) == (rows, rows, 0)
    apply(editor, shown)
    assert entries() == rows
    again = upload(editor, content, f"{name}.csv")
    second = db.session.scalars(
        select(DirectoryImport).where(DirectoryImport.key == again.split("/")[2])
    ).one()
    assert (second.unchanged, second.added, second.changed, second.gone) == (rows, 0, 0, 0)
    kinds = db.session.scalars(select(ImportChange.kind).where(ImportChange.import_id == second.id))
    assert set(kinds) <= {"warning"}
