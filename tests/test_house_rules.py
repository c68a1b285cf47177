"""What holds of the whole code base, whoever adds to it: rings, verbs, routes. See README.md."""

import re
import sys

import pytest
from flask import Flask
from jinja2 import StrictUndefined

from tests.house import (
    CODE,
    MODULES,
    audits,
    calls,
    files,
    imports,
    name_of,
    ring_of,
    rings_imported,
    tree_of,
    verbs,
)

# A module may import from the lines below its own, and never from above.
RINGS = [
    "cli",
    "commands",
    "demo",
    "app server",
    "web",
    "forms reports exchange",
    "casework",
    "access audit",
    "capacity_access",
    "directory_access",
    "permissions",
    "models",
    "database",
    "config geography meaning passwords",
    "matching capacity clock errors events paths",
    "timetable",
]
RING = {name: depth for depth, names in enumerate(RINGS) for name in names.split()}
SIDE_BY_SIDE = {"access", "audit"}
# What each pure package may use besides the standard library.
PURE = {
    "matching": {"numpy", "rapidfuzz", "linkwork.timetable"},
    "capacity": {"holidays"},
    "timetable": {"holidays"},
}
NOT_PURE = {"asyncio", "random", "socket", "sqlite3", "subprocess", "threading", "urllib"}

ASKING = {"now", "today", "utcnow", "fromtimestamp"}
# The audit trail asks too, so that nobody can tell it another time; and forms, for "not yet".
MAY_ASK_THE_CLOCK = {"app", "audit", "cli", "commands", "demo", "forms", "web"}
MAY_COMMIT = {"cli", "commands", "database", "demo", "exchange"}


def test_every_module_has_a_ring() -> None:
    assert {ring_of(f) for f in MODULES} - {"__init__", "__main__"} <= set(RING)


def test_imports_point_inwards() -> None:
    outward = [
        f"{name_of(file)} imports {there}"
        for file in MODULES
        if (here := ring_of(file)) in RING
        for there in rings_imported(file) - {here}
        if RING[there] <= RING[here] and {here, there} != SIDE_BY_SIDE
    ]
    assert outward == []


def test_matching_capacity_and_timetable_are_pure() -> None:
    def pure(name: str, package: str, extra: set[str]) -> bool:
        top, _, rest = name.partition(".")
        if top == "linkwork":
            inner = rest.split(".")[0]
            return inner == package or f"linkwork.{inner}" in extra
        return top in extra | set(sys.stdlib_module_names) - NOT_PURE

    impure = [
        f"{name_of(file)} imports {name}"
        for package, extra in PURE.items()
        for file in files(CODE / package)
        for name in imports(tree_of(file))
        if not pure(name, package, extra)
    ]
    assert impure == []


def test_pandas_is_imported_in_reports_only_and_only_when_a_report_is_asked_for() -> None:
    def pandas(node) -> bool:
        return any(name.split(".")[0] == "pandas" for name in imports(node))

    elsewhere = [name_of(f) for f in MODULES if ring_of(f) != "reports" and pandas(tree_of(f))]
    at_once = [
        f"{name_of(file)}:{statement.lineno}"
        for file in MODULES
        for statement in tree_of(file).body
        if type(statement).__name__.startswith("Import") and pandas(statement)
    ]
    assert (elsewhere, at_once) == ([], [])


def test_only_the_clock_asks_what_time_it_is() -> None:
    ours = {"clock.now", "clock.today"}
    asking = [
        f"{name_of(file)} calls {name}()"
        for file in MODULES
        if ring_of(file) != "clock"
        for name, _ in calls(tree_of(file))
        if (name.split(".")[-1] in ASKING and name not in ours)
        or name in {"time.time", "time.localtime", "time.gmtime"}
    ]
    assert asking == []


def test_only_the_edges_ask_the_clock_and_everything_else_is_told() -> None:
    asking = [
        f"{name_of(file)} calls {name}()"
        for file in MODULES
        if ring_of(file) not in MAY_ASK_THE_CLOCK
        for name, _ in calls(tree_of(file))
        if name in {"clock.now", "clock.today"}
    ]
    taken_apart = [
        name_of(file)
        for file in MODULES
        if {"linkwork.clock.now", "linkwork.clock.today"} & set(imports(tree_of(file)))
    ]
    assert (asking, taken_apart) == ([], [])


def test_only_the_edges_commit() -> None:
    commits = [
        name_of(file)
        for file in MODULES
        if ring_of(file) not in MAY_COMMIT
        for name, _ in calls(tree_of(file))
        if name.endswith("session.commit")
    ]
    assert commits == []


def test_every_verb_leaves_an_audit_entry() -> None:
    assert [name for name, verb, module in verbs() if not audits(verb, module)] == []


def test_who_acts_is_always_said_by_name() -> None:
    assert [name for name, verb, _ in verbs() if "by" in {a.arg for a in verb.args.args}] == []


@pytest.mark.one_engine
def test_every_route_says_who_may_use_it(app: Flask) -> None:
    silent = [name for name, view in app.view_functions.items() if not hasattr(view, "requires")]
    assert silent == []


@pytest.mark.one_engine
def test_every_address_is_in_kebab_case(app: Flask) -> None:
    addresses = [re.sub("<[^>]*>", "", rule.rule) for rule in app.url_map.iter_rules()]
    # But for those that a standard names.
    ours = [address for address in addresses if not address.startswith("/api/oruk/")]
    assert [address for address in ours if re.search("[A-Z_ ]", address)] == []


@pytest.mark.one_engine
def test_an_undefined_template_variable_fails(app: Flask) -> None:
    assert issubclass(app.jinja_env.undefined, StrictUndefined)
