"""Reads the code base the way the house rules talk about it: rings, imports, calls, verbs."""

import ast
from collections.abc import Iterator
from pathlib import Path

from linkwork import paths

ROOT = Path(__file__).resolve().parent.parent
CODE = ROOT / "linkwork"


def files(*folders: Path, suffixes: tuple[str, ...] = (".py",)) -> list[Path]:
    """Return our files in the folders, and never what a tool left there."""
    return sorted(
        file
        for folder in folders
        for file in folder.rglob("*")
        if file.suffix in suffixes and "__pycache__" not in file.parts
    )


MODULES = files(CODE)
SOURCES = [*MODULES, *files(ROOT / "tests", ROOT / "migrations")]
TEMPLATES = files(paths.TEMPLATES, suffixes=(".html", ".txt"))


def name_of(file: Path) -> str:
    """Return the path of a file as it is written in the documentation."""
    return str(file.relative_to(ROOT))


def text_of(file: Path) -> str:
    """Return what is in a file."""
    return file.read_text(encoding="utf-8")


def tree_of(file: Path) -> ast.Module:
    """Return a module as its statements."""
    return ast.parse(text_of(file))


def ring_of(file: Path) -> str:
    """Return the first name under linkwork/: "web" for web/referrals.py, "clock" for clock.py."""
    return file.relative_to(CODE).parts[0].removesuffix(".py")


def imports(node: ast.AST) -> Iterator[str]:
    """Return the dotted names that a statement, and all in it, imports."""
    for part in ast.walk(node):
        if isinstance(part, ast.ImportFrom):
            assert part.level == 0, "imports are absolute"
            yield from (f"{part.module}.{alias.name}" for alias in part.names)
        elif isinstance(part, ast.Import):
            yield from (alias.name for alias in part.names)


def rings_imported(file: Path) -> set[str]:
    """Return the rings that a file imports from."""
    ours = {n.split(".")[1] for n in imports(tree_of(file)) if n.startswith("linkwork.")}
    return ours - {"__version__"}


def calls(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Return each call as it is written, "db.session.commit", with its node."""
    for part in ast.walk(node):
        if isinstance(part, ast.Call):
            yield ast.unparse(part.func), part


def functions(module: ast.Module) -> list[ast.FunctionDef]:
    """Return the functions of a module that are not inside another or a class."""
    return [node for node in module.body if isinstance(node, ast.FunctionDef)]


def arguments(function: ast.FunctionDef) -> set[str]:
    """Return the names of what a function is told."""
    return {a.arg for a in [*function.args.args, *function.args.kwonlyargs]}


def verbs() -> Iterator[tuple[str, ast.FunctionDef, ast.Module]]:
    """Return each public function of casework that is told who acts, with its module."""
    for file in files(CODE / "casework"):
        module = tree_of(file)
        for function in functions(module):
            if not function.name.startswith("_") and "by" in arguments(function):
                yield f"{file.stem}.{function.name}", function, module


def audits(function: ast.FunctionDef, module: ast.Module) -> bool:
    """Say whether a verb leaves an audit entry, itself or through one that is told ``by``."""
    of_this_module = {f.name: f for f in functions(module) if f.name != function.name}
    for name, call in calls(function):
        if name == "audit.record":
            return True
        told = [*call.args, *(keyword.value for keyword in call.keywords)]
        if "by" not in {ast.unparse(value) for value in told}:
            continue
        if name in of_this_module and audits(of_this_module[name], module):
            return True
        if (CODE / "casework" / f"{name.split('.')[0]}.py").exists():
            return True
    return False
