"""An application of nothing but the templates, so that a macro is tested alone."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined

from linkwork.paths import TEMPLATES


@pytest.fixture
def pages() -> Iterator[Flask]:
    """A request to it, so that templates render."""
    app = Flask(__name__, template_folder=str(TEMPLATES), static_folder=None)
    app.secret_key = "tests"
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.filters["day_short"] = lambda day: f"{day.day} {day:%b %Y}"
    CSRFProtect(app)
    for endpoint in ("account.sign_out", "account.keep"):
        app.add_url_rule(f"/{endpoint}", endpoint, lambda: "", methods=["POST"])
    for endpoint in ("pages.accessibility", "pages.privacy", "pages.help"):
        app.add_url_rule(f"/{endpoint}", endpoint, lambda: "")
    with app.test_request_context():
        yield app
