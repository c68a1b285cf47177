"""Fetching a feed now, because somebody asked for it: it goes on after the page is answered."""

import threading

from flask import Flask, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import me
from linkwork.casework import sources
from linkwork.errors import RuleBroken
from linkwork.exchange import import_fetching
from linkwork.models import Source

BUSY = "This list is being fetched at this moment. Wait until that has ended."


def begin(source: Source, address: str | None) -> ResponseReturnValue:
    """Fetch a source, from this address from now on, once this request has ended well.

    Raises RuleBroken where it is being fetched already.
    """
    by, now = me(), clock.now()
    if address and address != source.address:
        how_often = source.every_hours
        sources.change(
            source, name=source.name, address=address, every_hours=how_often, by=by, at=now
        )
    if not sources.take(source, at=now):
        raise RuleBroken(BUSY)
    source_id, by_id = source.id, by.id
    answer = redirect(url_for("sources.edit", key=source.key), 303)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    # When the answer is sent its transaction has ended, and the source is seen to be taken.
    answer.call_on_close(lambda: start(app, source_id, by_id))
    return answer


def start(app: Flask, source_id: int, by_id: int) -> None:
    """Fetch in the background. Where the process ends meanwhile, somebody may ask again."""
    threading.Thread(target=_fetch, args=(app, source_id, by_id), daemon=True).start()


def _fetch(app: Flask, source_id: int, by_id: int) -> None:
    with app.app_context():
        import_fetching.bring(source_id, by_id=by_id, is_scheduled=False, telling=clock.now)
