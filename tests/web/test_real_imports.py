"""The real directory that is at hand comes in through the page, as one file and as tables."""

import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from linkwork.database import db
from linkwork.models import DirectoryImport, ImportState, Service
from tests.cast import sign_in
from tests.pages import Reader, read
from tests.paths import SHARED_DATA

DIRECTORY = SHARED_DATA / "directory"
pytestmark = [
    pytest.mark.one_engine,
    pytest.mark.skipif(not DIRECTORY.exists(), reason="shared data absent"),
]
# Those of councils, whose columns are chosen first, are in test_import_columns.py.
ROWS = {"gm_oruk_3.0_services.json": 1596, "gm_oruk_3.0_tabular": 1596}


def packed(name: str, folder: Path) -> Path:
    """The file itself, or the folder as one zip."""
    given = DIRECTORY / name
    if not given.is_dir():
        return given
    return Path(shutil.make_archive(str(folder / name), "zip", given))


def newest() -> DirectoryImport:
    query = select(DirectoryImport).order_by(DirectoryImport.id.desc()).limit(1)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def sent(editor: Reader, file: Path) -> Any:
    fields = {"source": "A list", "file": (io.BytesIO(file.read_bytes()), file.name)}
    return editor.post("/imports/new", data=fields, follow_redirects=True)


@pytest.mark.parametrize("name", ROWS)
def test_a_real_list_comes_in_and_comes_again(
    client: Reader, cast: Any, tmp_path: Path, name: str
) -> None:
    sign_in(client, cast.editor)
    file = packed(name, tmp_path)
    page = sent(client, file)
    assert page.status_code == 200, read(page.text).text
    import_ = newest()
    assert (import_.state, import_.rows) == (ImportState.PREVIEWED, ROWS[name])
    assert import_.added + import_.quarantined == ROWS[name]
    assert import_.quarantined <= ROWS[name] // 50
    client.post(f"/imports/{import_.key}/apply", data={"shown": import_.shown})
    assert newest().state is ImportState.APPLIED
    assert db.session.scalar(select(func.count()).select_from(Service)) == import_.added
    assert sent(client, file).status_code == 200
    again = newest()
    assert (again.state, again.changed, again.gone) == (ImportState.PREVIEWED, 0, 0)
    assert again.unchanged == import_.added
