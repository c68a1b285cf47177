"""The address of a route is compiled once for a process, not anew for every app a test makes.

Werkzeug writes, parses and compiles a small function for each route of each app, which took a
third of the time of a whole run. What it makes depends on the route alone, and is given the app’s
own rule when it is called.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Build = Callable[..., tuple[str, str]]
_compile = Rule._compile_builder
_made: dict[Any, Build] = {}


def _once(rule: Rule, append_unknown: bool = True) -> Build:
    defaults = tuple(sorted((rule.defaults or {}).items()))
    key = (rule.rule, rule.host, rule.subdomain, rule.merge_slashes, defaults, append_unknown)
    if key not in _made:
        _made[key] = _compile(rule, append_unknown)
    return _made[key]


def compile_once() -> None:
    """Keep what was compiled from now on, in this process."""
    setattr(Rule, "_compile_builder", _once)  # noqa: B010
