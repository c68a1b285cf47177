"""What pip installs works from any folder: a wheel is built, installed elsewhere, and asked."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.house import ROOT

# What the wheel is made from; the rest of a checkout may hold anything.
MADE_FROM = ("linkwork", "templates", "static", "migrations", "seed_data")
FILES = ("setup.cfg", "pyproject.toml", "LICENSE", "README.md")
ASK = """
import re, sys
from pathlib import Path
from linkwork import paths
from linkwork.app import create_app
from linkwork.database import migrate

installed = Path(sys.argv[1])
for folder in (paths.TEMPLATES, paths.STATIC, paths.MIGRATIONS, paths.SEED_DATA):
    assert folder.is_relative_to(installed), folder
app = create_app({
    "SECRET_KEY": "s" * 40, "TESTING": True, "SESSION_COOKIE_SECURE": False,
    "SQLALCHEMY_DATABASE_URI": f"sqlite:///{Path.cwd() / 'installed.sqlite'}",
})
with app.app_context():
    migrate()
browser = app.test_client()
page = browser.get("/sign-in")
assert page.status_code == 200, page.status
linked = re.findall('/static/[^"]+', page.text)
assert linked
for address in linked:
    assert browser.get(address).status_code == 200, address
"""


def run(*command: str, cwd: Path, **environment: str) -> None:
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the checkout, built without asking the network for anything."""
    folder = tmp_path_factory.mktemp("wheel")
    tree = folder / "checkout"
    tree.mkdir()
    for name in (*MADE_FROM, *FILES):
        if (ROOT / name).exists():
            (tree / name).symlink_to(ROOT / name)
    command = ("-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder))
    run(sys.executable, *command, cwd=tree)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_every_file_that_is_shipped(wheel: Path) -> None:
    shipped = {
        (Path() if top == "linkwork" else Path("linkwork")) / file.relative_to(ROOT)
        for top in MADE_FROM
        for file in (ROOT / top).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    with ZipFile(wheel) as opened:
        held = {Path(name) for name in opened.namelist() if ".dist-info/" not in name}
    assert (shipped - held, held - shipped) == (set(), set())


def test_the_wheel_says_how_it_may_be_used(wheel: Path) -> None:
    with ZipFile(wheel) as opened:
        names = opened.namelist()
        about = next(name for name in names if name.endswith("METADATA"))
        said = opened.read(about).decode()
    assert "License-Expression: MIT" in said
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert "Requires-Python: >=3.11" in said


def test_what_is_installed_serves_its_pages_from_any_folder(wheel: Path, tmp_path: Path) -> None:
    installed, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    pip = ("-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile")
    run(sys.executable, *pip, "--target", str(installed), str(wheel), cwd=elsewhere)
    # -P: the checkout must not be found by being the folder we are in.
    ask = (sys.executable, "-P", "-c", ASK, str(installed))
    run(*ask, cwd=elsewhere, PYTHONPATH=str(installed))
