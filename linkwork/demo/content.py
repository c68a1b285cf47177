"""What the demo is made from: the files in ``seed_data/demo/``, read once."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from linkwork.paths import SEED_DATA

FOLDER = SEED_DATA / "demo"
SERVICES: Path = FOLDER / "services.json"


@lru_cache(maxsize=8)
def content(name: str) -> dict[str, Any]:
    """Return a file of the demo by its name without ``.json``."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found
