"""Puts the parts together. The only module that knows them all."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from linkwork import config, database, geography, paths, web
from linkwork.casework import counted_starts, lexicon


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """Make the application.

    ``settings`` replace what the environment would say; without them the environment is read and
    checked, and ``SettingsWrong`` is raised where something is missing.
    """
    app = Flask("linkwork", template_folder=str(paths.TEMPLATES), static_folder=str(paths.STATIC))
    app.url_map.strict_slashes = False  # an address is the same with and without its last stroke
    app.jinja_options = {
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    chosen = {**config.DEFAULTS, **settings} if settings else config.from_environment()
    app.config.update(chosen)
    app.config.setdefault("AUDIT_KEY", app.config["SECRET_KEY"])
    if proxies := app.config["TRUSTED_PROXIES"]:
        # Only what our own proxies add is believed: anybody can send the rest of the header.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    geography.use_index(app.config["POSTCODES"])
    lexicon.use(app.config["CONCEPTS"])
    database.init_app(app)
    counted_starts.follow()
    web.init_app(app)
    return app
