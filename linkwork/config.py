"""Settings: read from the environment and an optional file, and checked when the app is made.

The file is named by ``LINKWORK_SETTINGS`` and holds lines of ``NAME=value``; the environment
wins over the file. Everything is checked at once, so that one start shows every mistake.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from linkwork.errors import SettingsWrong

MEGABYTE = 1024 * 1024
SECRET_LENGTH = 32
LONGEST_IDLE_MINUTES = 30
ENGINES = ("sqlite:///", "postgresql+psycopg://", "postgresql://")
KNOWN = (
    "DATABASE_URL",
    "LINKWORK_AUDIT_KEY",
    "LINKWORK_IDLE_MINUTES",
    "LINKWORK_INSECURE_COOKIES",
    "LINKWORK_ORGANISATION",
    "LINKWORK_SECRET_KEY",
    "LINKWORK_TRUSTED_PROXIES",
    "LINKWORK_UPLOAD_MEGABYTES",
)

DEFAULTS: dict[str, Any] = {
    "DEMO": False,
    "IDLE_MINUTES": 15,
    "ABSOLUTE_HOURS": 12,
    "ORGANISATION": "",
    "TRUSTED_PROXIES": 0,
    "MAX_CONTENT_LENGTH": 20 * MEGABYTE,
    "MAX_FORM_MEMORY_SIZE": 1 * MEGABYTE,
    "SESSION_COOKIE_NAME": "linkwork",
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_SECURE": True,
    "SQLALCHEMY_TRACK_MODIFICATIONS": False,
    "WTF_CSRF_TIME_LIMIT": None,
}


def from_environment(env: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return the settings for a real installation.

    Raises ``SettingsWrong`` with one sentence for each setting that is missing or unusable.
    """
    found = {**_from_file(env.get("LINKWORK_SETTINGS")), **env}
    wrong: list[str] = []
    settings = {
        **DEFAULTS,
        "SECRET_KEY": _secret(found, wrong),
        "AUDIT_KEY": found.get("LINKWORK_AUDIT_KEY") or found.get("LINKWORK_SECRET_KEY"),
        "SQLALCHEMY_DATABASE_URI": _database(found, wrong),
        "IDLE_MINUTES": _whole_number(found, "LINKWORK_IDLE_MINUTES", 15, 1, 30, wrong),
        "MAX_CONTENT_LENGTH": MEGABYTE
        * _whole_number(found, "LINKWORK_UPLOAD_MEGABYTES", 20, 1, 500, wrong),
        "TRUSTED_PROXIES": _whole_number(found, "LINKWORK_TRUSTED_PROXIES", 0, 0, 5, wrong),
        "ORGANISATION": found.get("LINKWORK_ORGANISATION", ""),
        # Only for a trial on a machine of one's own, where there is no HTTPS.
        "SESSION_COOKIE_SECURE": found.get("LINKWORK_INSECURE_COOKIES") != "yes",
    }
    if wrong:
        raise SettingsWrong("\n".join(wrong))
    return settings


def demonstration(database_url: str, secret: str) -> dict[str, Any]:
    """Return the settings of ``linkwork demo``: made-up people, one-click sign-in, no HTTPS."""
    return {
        **DEFAULTS,
        "DEMO": True,
        "SECRET_KEY": secret,
        "AUDIT_KEY": secret,
        "SQLALCHEMY_DATABASE_URI": database_url,
        "SESSION_COOKIE_SECURE": False,
        "ORGANISATION": "Moorvale",
        "IDLE_MINUTES": LONGEST_IDLE_MINUTES,
    }


def _from_file(name: str | None) -> dict[str, str]:
    if not name:
        return {}
    try:
        lines = Path(name).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise SettingsWrong(
            f"LINKWORK_SETTINGS names {name}, which cannot be read: {error.strerror}."
        ) from error
    return dict(_setting(name, number, line) for number, line in _meaningful(lines))


def _meaningful(lines: list[str]) -> list[tuple[int, str]]:
    numbered = enumerate((line.strip() for line in lines), start=1)
    return [(n, line) for n, line in numbered if line and not line.startswith("#")]


def _setting(name: str, number: int, line: str) -> tuple[str, str]:
    key, equals, value = line.partition("=")
    if not equals:
        raise SettingsWrong(f"Line {number} of {name} is not NAME=value.")
    if key.strip() not in KNOWN:
        raise SettingsWrong(
            f"Line {number} of {name} sets {key.strip()}, which is not a setting. "
            f"The settings are {', '.join(KNOWN)}."
        )
    return key.strip(), value.strip().strip('"')


def _secret(found: Mapping[str, str], wrong: list[str]) -> str:
    secret = found.get("LINKWORK_SECRET_KEY", "")
    if not secret:
        wrong.append(
            "LINKWORK_SECRET_KEY is not set. Set it to a long random text, for example from "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`, and keep it secret."
        )
    elif len(secret) < SECRET_LENGTH:
        wrong.append(f"LINKWORK_SECRET_KEY is too short: use at least {SECRET_LENGTH} characters.")
    return secret


def _database(found: Mapping[str, str], wrong: list[str]) -> str:
    url = found.get("DATABASE_URL", "")
    if not url:
        wrong.append(
            "DATABASE_URL is not set. Use sqlite:////path/to/linkwork.db or "
            "postgresql+psycopg://user:password@host/name."
        )
    elif not url.startswith(ENGINES):
        wrong.append(
            f"DATABASE_URL starts with {url.split(':')[0]}:, which Linkwork does not speak. "
            "Use sqlite:/// or postgresql+psycopg://."
        )
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _whole_number(
    found: Mapping[str, str], name: str, usual: int, least: int, most: int, wrong: list[str]
) -> int:
    text = found.get(name, str(usual))
    if text.isdecimal() and least <= int(text) <= most:
        return int(text)
    wrong.append(f"{name} is {text!r}: use a whole number from {least} to {most}.")
    return usual
