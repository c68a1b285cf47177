"""What README, CHANGELOG and docs say is there, is there."""

import configparser
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from linkwork import __version__, config
from linkwork.cli import main
from tests.house import CODE, ROOT, name_of, text_of

README = text_of(ROOT / "README.md")
CHANGELOG = text_of(ROOT / "CHANGELOG.md")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
CODE_SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
MODULE_TO_RUN = re.compile(r"python3? -m ((?:linkwork|tests)[\w.]*)")
OURS = re.compile(r"(?:docs|seed_data|tests|linkwork|migrations|static|templates)/[\w./-]*")


def commands() -> Iterator[str]:
    """Every call of ``linkwork`` that the pages show, without what leads to it."""
    for page in PAGES:
        blocks = "\n".join(BLOCK.findall(text_of(page)))
        lines = [line.split("#")[0] for line in blocks.splitlines()]
        lines += [span for span in CODE_SPAN.findall(text_of(page)) if span.startswith("linkwork ")]
        for line in lines:
            called = re.search(r"(?:^|[/\s])linkwork (\S.*)", line.rsplit("&&", 1)[-1])
            if called:
                yield called[1].strip()


def rows_below(heading: str) -> list[list[str]]:
    """The cells of the first table after a heading of README, without its own head."""
    lines = README.split(f"\n## {heading}\n")[1].split("\n## ")[0].splitlines()
    table = [line for line in lines if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


@pytest.mark.parametrize("shown", sorted(set(commands())))
def test_a_command_that_is_shown_is_understood(shown: str) -> None:
    """Every option is known and every argument has its place; nothing is run."""
    words = shlex.split(shown)
    command: click.Command = main
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    command.make_context("linkwork", words, resilient_parsing=False)


def test_the_pages_show_every_command() -> None:
    found = {
        f"{name} {inner}" if inner else name
        for name, command in main.commands.items()
        for inner in (command.commands if isinstance(command, click.Group) else [""])
    }
    shown = {
        name for name in found if any(f"{call} ".startswith(f"{name} ") for call in commands())
    }
    assert shown == found


def test_an_option_that_is_named_is_one_of_ours() -> None:
    options = {
        option
        for command in [*main.commands.values()]
        for one in (command.commands.values() if isinstance(command, click.Group) else [command])
        for parameter in one.params
        for option in parameter.opts
    }
    named = {span for span in CODE_SPAN.findall(README) if span.startswith("--")}
    assert named
    assert named - options == set()


def test_the_settings_are_those_of_the_program() -> None:
    listed = [CODE_SPAN.findall(row[0])[0] for row in rows_below("Run it for real")]
    assert sorted(listed) == sorted(config.KNOWN)
    assert "`LINKWORK_SETTINGS`" in README


def test_what_a_setting_may_be_is_what_the_program_takes() -> None:
    said = {CODE_SPAN.findall(row[0])[0]: row[1] for row in rows_below("Run it for real")}
    assert f"at least {config.SECRET_LENGTH} " in said["LINKWORK_SECRET_KEY"]
    for name, setting, size in [
        ("LINKWORK_IDLE_MINUTES", "IDLE_MINUTES", 1),
        ("LINKWORK_UPLOAD_MEGABYTES", "MAX_CONTENT_LENGTH", config.MEGABYTE),
    ]:
        least, most, usual = map(int, re.findall(r"\d+", said[name]))
        real = {"LINKWORK_SECRET_KEY": "x" * config.SECRET_LENGTH, "DATABASE_URL": "sqlite:///x"}
        assert config.from_environment(real)[setting] == usual * size
        for number in (least, most):
            given = config.from_environment({**real, name: str(number)})
            assert given[setting] == number * size
        for number in (least - 1, most + 1):
            with pytest.raises(config.SettingsWrong):
                config.from_environment({**real, name: str(number)})


def test_the_rings_are_the_modules_there_are() -> None:
    listed = {span for row in rows_below("How it is built") for span in CODE_SPAN.findall(row[0])}
    there = {f"{f.name}/" for f in CODE.iterdir() if (f / "__init__.py").exists()}
    assert {name for name in listed if name.endswith("/")} == there
    alone = {name for name in listed if not name.endswith("/")}
    assert {name for name in alone if not (CODE / f"{name}.py").exists()} == set()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_page_leads_only_to_what_is_there(page: Path) -> None:
    links = [link for link in LINK.findall(text_of(page)) if "://" not in link]
    named = [path for span in CODE_SPAN.findall(text_of(page)) for path in OURS.findall(span)]
    targets = [page.parent / link.split("#")[0] for link in links]
    targets += [ROOT / path for path in named]
    assert [str(target) for target in targets if not target.exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_module_that_is_to_be_run_is_there(page: Path) -> None:
    modules = MODULE_TO_RUN.findall(text_of(page))
    assert [m for m in modules if not (ROOT / f"{m.replace('.', '/')}.py").exists()] == []


def test_the_changes_begin_with_the_version_of_the_package() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    newest = re.search(r"^## (\S+?),? ", CHANGELOG, re.MULTILINE)
    assert newest
    assert newest[1] == setup["metadata"]["version"] == __version__
