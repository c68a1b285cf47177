"""Passwords: how they are kept (argon2id), and which are refused.

Argon2id with the parameters argon2-cffi recommends (RFC 9106, low-memory profile). A password is
put into Unicode's form NFKC first: keyboards differ in how they write an accented letter.
"""

import re
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from linkwork import paths
from linkwork.errors import RuleBroken

SHORTEST = 12
FEWEST_DIFFERENT = 5
DECORATION = re.compile(r"[^a-z]+")
AROUND = re.compile(r"^[^a-z]+|[^a-z]+$")
LOOKALIKES = str.maketrans("013457@$!", "oleastasi")
_hasher = PasswordHasher()


def check(password: str) -> None:
    """Raise ``RuleBroken`` where a password is too short or among the well-known ones."""
    if len(password) < SHORTEST:
        raise RuleBroken(f"Choose a password of at least {SHORTEST} characters.")
    if len(set(password)) < FEWEST_DIFFERENT or _is_well_known(password):
        raise RuleBroken("That password is easy to guess. Three random words make a better one.")


def hashed(password: str) -> str:
    """The password as it is kept."""
    return _hasher.hash(_plain(password))


def verify(kept: str | None, password: str) -> bool:
    """Whether ``password`` is the one that was kept. As slow for an account that does not exist."""
    try:
        _hasher.verify(kept or _nobodys(), _plain(password))
    except (Argon2Error, InvalidHashError):
        return False
    return kept is not None


def _plain(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _is_well_known(password: str) -> bool:
    """Whether nothing but digits and signs was added to a well-known word, or to two of them."""
    core = AROUND.sub("", _plain(password).lower())
    stems = {DECORATION.sub("", core), DECORATION.sub("", core.translate(LOOKALIKES))}
    return any(_made_of_known(stem) for stem in stems)


def _made_of_known(stem: str) -> bool:
    known = _well_known()
    halves = ((stem[:cut], stem[cut:]) for cut in range(1, len(stem)))
    return stem in known or any(a in known and b in known for a, b in halves)


@lru_cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")


@lru_cache
def _well_known() -> frozenset[str]:
    text = (paths.SEED_DATA / "well_known_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
