"""Which tests of a run were tried once more, and why: told at its end."""

from tests.engines import run_folder

FILE = "second tries"


def note(name: str, why: str) -> None:
    """Write down that a test failed and is tried again, for the end of the run."""
    with (run_folder() / FILE).open("a") as notes:
        notes.write(f"{name}\n{why[-1500:]}\n")


def noted() -> str:
    """What was tried twice in this run, and why."""
    notes = run_folder() / FILE
    return notes.read_text() if notes.exists() else ""
