"""What every command needs: the app it works on, and a way to stop with a sentence."""

import sys
from pathlib import Path
from typing import NoReturn

import click
from flask import Flask

from linkwork import config
from linkwork.app import create_app
from linkwork.database import db
from linkwork.errors import SettingsWrong

DEMO_FOLDER = Path.home() / ".linkwork-demo"


def chosen(*, in_demo: bool) -> Flask:
    """The app of the demo, or the real one."""
    if not in_demo:
        return real()
    from linkwork.demo import server

    return server.prepare(DEMO_FOLDER, fresh=False, say=click.echo)


def real() -> Flask:
    """The app with the settings of the environment; stops where they are wrong."""
    try:
        app = create_app(config.from_environment())
    except SettingsWrong as wrong:
        stop(str(wrong))
    click.get_current_context().call_on_close(lambda: _let_go(app))
    return app


def _let_go(app: Flask) -> None:
    """Close what a command opened: whoever runs several in one process keeps none."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def stop(sentence: str) -> NoReturn:
    """Say why on the error stream, and end with a failure."""
    click.echo(sentence, err=True)
    sys.exit(1)
