"""What holds of every file, whoever adds one: templates, style sheets, sizes, words, packages."""

import ast
import configparser
import gzip
import importlib
import re
from pathlib import Path

from linkwork import paths
from tests.house import (
    CODE,
    MODULES,
    ROOT,
    SOURCES,
    TEMPLATES,
    files,
    functions,
    name_of,
    ring_of,
    text_of,
    tree_of,
)

LINES_OF_A_FILE = 300
LINES_OF_A_FUNCTION = 40
LINES_OF_A_TEMPLATE = 200
LARGEST_CSS = 12 * 1024
EXPLAINED = {"access", "capacity", "casework", "exchange", "matching", "reports"}
VAGUE = set("base common core helper helpers manager managers misc util utils".split())
QUOTED_TEMPLATE = re.compile(r"""["']([\w/.-]+\.(?:html|txt))["']""")
NOT_IN_A_TEMPLATE = {
    "everything is escaped": re.compile(r"\|\s*safe\b|\bautoescape\b|\bMarkup\b"),
    "style is in static/css": re.compile(r"""\sstyle\s*=\s*["']|<style\b"""),
    "behaviour is in static/js": re.compile(r"""\son[a-z]+\s*=\s*["']|javascript:"""),
    "scripts are files": re.compile(r"<script\b(?![^>]*\b(?:src|nonce)=)"),
}
ELSEWHERE = re.compile(r"""(?:src=|@import|url\(|\bfrom)\s*["'(]?\s*(?:https?:)?//""")
THIS_MACHINE = re.compile(r"/(?:root|home|work|Users)/[a-z]|/simple/|--index-url")


def shipped_as(*suffixes: str) -> list[Path]:
    return files(paths.TEMPLATES, paths.STATIC, suffixes=suffixes)


def test_every_template_is_used() -> None:
    quoted = {n for f in [*MODULES, *TEMPLATES] for n in QUOTED_TEMPLATE.findall(text_of(f))}
    names = {f.relative_to(paths.TEMPLATES).as_posix() for f in TEMPLATES}
    assert names - quoted == set()


def test_templates_leave_escaping_style_and_behaviour_alone() -> None:
    found = [
        f"{name_of(file)}: {rule}"
        for file in TEMPLATES
        for rule, pattern in NOT_IN_A_TEMPLATE.items()
        if pattern.search(text_of(file))
    ]
    assert found == []


def test_nothing_is_fetched_from_another_site() -> None:
    pages = shipped_as(".html", ".css", ".js", ".svg")
    assert [name_of(f) for f in pages if ELSEWHERE.search(text_of(f))] == []


def test_all_style_sheets_together_are_small() -> None:
    sheets = b"".join(f.read_bytes() for f in shipped_as(".css"))
    assert len(gzip.compress(sheets, 9)) <= LARGEST_CSS


def test_a_file_can_be_read_in_one_go() -> None:
    written = [f for f in SOURCES if f.parent.name != "versions"]  # lists of columns, generated
    limits = [(f, LINES_OF_A_FILE) for f in [*written, *shipped_as(".js")]]
    limits += [(f, LINES_OF_A_TEMPLATE) for f in TEMPLATES]
    lengths = [(name_of(f), len(text_of(f).splitlines()), limit) for f, limit in limits]
    assert [(name, lines) for name, lines, limit in lengths if lines > limit] == []


def test_a_function_fits_on_a_screen() -> None:
    long = [
        f"{name_of(file)}: {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for file in SOURCES
        if file.parent.name != "versions"
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if node.end_lineno - node.lineno + 1 > LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_every_module_says_what_it_is_for() -> None:
    assert [name_of(f) for f in SOURCES if not ast.get_docstring(tree_of(f))] == []


def test_what_others_build_on_is_explained() -> None:
    unexplained = [
        f"{name_of(file)}: {function.name}"
        for file in MODULES
        if ring_of(file) in EXPLAINED
        for function in functions(tree_of(file))
        if not function.name.startswith("_") and not ast.get_docstring(function)
    ]
    assert unexplained == []


def test_modules_are_named_for_what_they_hold() -> None:
    assert "services" not in {ring_of(f) for f in MODULES}  # the noun of the directory, elsewhere
    assert [name_of(f) for f in MODULES if f.stem in VAGUE or f.parent.name in VAGUE] == []


def test_nothing_names_the_machine_it_was_written_on() -> None:
    ours = [
        *SOURCES,
        *TEMPLATES,
        *files(ROOT / "docs", ROOT / "seed_data", suffixes=(".md", ".csv")),
    ]
    ours += [ROOT / name for name in ("setup.cfg", "pyproject.toml", "tests/run", ".ci/run")]
    found = [name_of(f) for f in ours if THIS_MACHINE.search(text_of(f))]
    assert found == ["tests/test_house_style.py"]  # this pattern, and so the test is awake


def test_every_folder_of_code_is_a_package() -> None:
    assert {name_of(f.parent) for f in MODULES if not (f.parent / "__init__.py").exists()} == set()


def test_setup_cfg_lists_every_package() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    code = {".".join(f.parent.relative_to(ROOT).parts) for f in CODE.rglob("__init__.py")}
    beside = {f"linkwork.{name}" for name in ("migrations", "seed_data", "static", "templates")}
    assert set(setup["options"]["packages"].split()) == code | beside


def test_importing_does_no_work() -> None:
    """Everything can be imported without an app, a database or the network."""
    for file in MODULES:
        if file.stem != "__main__":
            parts = file.relative_to(ROOT).with_suffix("").parts
            importlib.import_module(".".join(parts).removesuffix(".__init__"))
