"""The demo’s database, made once for a whole run and copied for each test that wants it.

Its people sign in with tests/cast.py’s password, which a test can check quickly.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select, update

from linkwork.app import create_app
from linkwork.database import db
from linkwork.demo import build
from linkwork.models import Role, User
from tests import engines
from tests.cast import KEPT
from tests.conftest import SECRET, TODAY, migrate

FILE = "demo.sqlite"


def demo_url(engine: str, url: str, folder: Path) -> str:
    """Return the address of a database that holds the demo: ``url``, or a copy in ``folder``."""
    if engine != "sqlite":
        _fill(url)
        return url
    made = _once_made(folder)
    copy = folder / FILE
    shutil.copyfile(made, copy)
    return f"sqlite:///{copy}"


def somebody(role: Role, fits: Callable[[User], bool] = lambda _: True) -> User:
    """Return a user of the demo who holds this role and as few others as anybody has."""
    everybody = db.session.scalars(select(User).order_by(User.id)).unique()
    holding = [who for who in everybody if who.is_active and role in who.roles and fits(who)]
    return min(holding, key=lambda who: len(who.roles))


def _once_made(folder: Path) -> Path:
    made = engines.run_folder() / FILE
    with engines._once(FILE) as first:
        if first:
            making = folder / "making"
            making.mkdir()
            _fill(engines.sqlite_url(making, migrate))
            # Whole only when it is there under its own name; the last connection is gone, so
            # nothing of it is left in a file beside it.
            shutil.move(making / "linkwork.sqlite", made)
    return made


def _fill(url: str) -> None:
    settings = {"SECRET_KEY": SECRET, "AUDIT_KEY": SECRET, "SQLALCHEMY_DATABASE_URI": url}
    with create_app(settings).app_context():
        build(TODAY, progress=lambda _: None)
        db.session.execute(
            update(User).where(User.password_hash.is_not(None)).values(password_hash=KEPT)
        )
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
