"""The demo as one starts it: its database made once, its address and sign-ins printed."""

import secrets
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from linkwork import clock, config, database
from linkwork.app import create_app
from linkwork.database import db
from linkwork.demo.build import build
from linkwork.demo.staff import PASSWORD
from linkwork.models import ROLE_LABELS, Role, User
from linkwork.server import run

Say = Callable[[str], None]
MADE = "made"


def prepare(folder: Path, *, fresh: bool, say: Say) -> Flask:
    """Return the demo’s app, its database filled where it is empty, or afresh.

    Half-made data (somebody stopped the first start) is thrown away and made again.
    """
    if fresh or not (folder / MADE).exists():
        _throw_away(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    app = create_app(config.demonstration(f"sqlite:///{folder / 'linkwork.db'}", _secret(folder)))
    with app.app_context():
        database.migrate()
        if not (folder / MADE).exists():
            build(clock.today(), progress=lambda step: say(f"  {step} ..."))
            (folder / MADE).write_text(f"{clock.today().isoformat()}\n", encoding="utf-8")
        else:
            say(f"Keeping the data in {folder}. Add --fresh to begin again.")
    return app


def introduce(app: Flask, port: int, *, say: Say) -> None:
    """Print where the demo is and how to sign in as each role."""
    say(f"\nLinkwork is at http://127.0.0.1:{port}/demo: choose whom to be with one click, or")
    say(f"sign in at http://127.0.0.1:{port}/sign-in with the password “{PASSWORD}” as\n")
    with app.app_context():
        everybody = list(db.session.scalars(select(User).order_by(User.id)).unique())
    for role in Role:
        somebody = next((u for u in everybody if role in u.roles and u.is_active), None)
        if somebody is not None:
            say(f"  {ROLE_LABELS[role]:26} {somebody.email:44} {somebody.organisation.name}")
    say("\nNobody in it exists. Press Ctrl-C to stop.")


def serve(app: Flask, port: int) -> None:
    """Answer on this machine only: the demo’s sign-in asks for no password."""
    run(app, f"127.0.0.1:{port}", workers=2)


def _throw_away(folder: Path) -> None:
    # Only what the demo itself made: a folder given by mistake keeps everything else.
    for name in ("linkwork.db", "linkwork.db-wal", "linkwork.db-shm", MADE, "secret"):
        (folder / name).unlink(missing_ok=True)


def _secret(folder: Path) -> str:
    file = folder / "secret"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    return file.read_text(encoding="utf-8")
