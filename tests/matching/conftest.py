"""The shipped lexicon, loaded once."""

import pytest

from linkwork.matching import Lexicon
from linkwork.paths import SEED_DATA


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return Lexicon.load(SEED_DATA / "concepts")
