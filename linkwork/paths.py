"""Where the folders that ship beside the code live.

In a checkout they are siblings of the package; an installed wheel carries them inside it.
Found by path rather than through importlib, which does not see them in an editable install.
"""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def shipped(folder: str) -> Path:
    """Return the installed copy of ``folder``, or the checkout's where there is none."""
    installed = PACKAGE / folder
    return installed if installed.is_dir() else PACKAGE.parent / folder


TEMPLATES = shipped("templates")
STATIC = shipped("static")
MIGRATIONS = shipped("migrations")
SEED_DATA = shipped("seed_data")


def in_memory() -> str | None:
    """A folder whose files are in memory and on no disk, where the system has one."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
