"""Settings: read from the environment and an optional file, and checked when the app is made.

The file is named by ``LINKWORK_SETTINGS`` and holds lines of ``NAME=value``; the environment
wins over the file. Everything is checked at once, so that one start shows every mistake.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
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
    "LINKWORK_CASE_MEMORY",
    "LINKWORK_CONCEPTS",
    "LINKWORK_IDLE_MINUTES",
    "LINKWORK_INSECURE_COOKIES",
    "LINKWORK_MEANING",
    "LINKWORK_ORGANISATION",
    "LINKWORK_POSTCODES",
    "LINKWORK_PRIVATE_FEEDS",
    "LINKWORK_PUBLIC_API",
    "LINKWORK_PUBLIC_API_PER_MINUTE",
    "LINKWORK_PUBLIC_REFERRALS",
    "LINKWORK_SECRET_KEY",
    "LINKWORK_SITE",
    "LINKWORK_SMTP_FROM",
    "LINKWORK_SMTP_HOST",
    "LINKWORK_SMTP_PASSWORD",
    "LINKWORK_SMTP_PORT",
    "LINKWORK_SMTP_SECURITY",
    "LINKWORK_SMTP_USER",
    "LINKWORK_TRUSTED_PROXIES",
    "LINKWORK_UPLOAD_MEGABYTES",
)
# How a connection to a mail server is kept from being read, and the port usual for each.
SMTP_PORTS = {"starttls": 587, "tls": 465, "none": 25}
SITE = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[\w./-]*)?")
ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


@dataclass(frozen=True, slots=True)
class Smtp:
    """The mail server that emails are handed to."""

    host: str
    port: int
    sender: str
    security: str = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)


DEFAULTS: dict[str, Any] = {
    "DEMO": False,
    # Whether what became of earlier people moves the order of suggestions.
    "CASE_MEMORY": False,
    "IDLE_MINUTES": 15,
    "ABSOLUTE_HOURS": 12,
    # Whether a model of meaning is used where one is installed.
    "MEANING": False,
    "ORGANISATION": "",
    # A folder of concept files of one’s own; those that ship alone where it is None.
    "CONCEPTS": None,
    # The full index of postcodes; outward codes alone where it is None.
    "POSTCODES": None,
    # Whether directories may be fetched from inside a network, and not from the internet alone.
    "PRIVATE_FEEDS": False,
    # The PCNs that take requests from the public: their codes, or "all". None where it is empty.
    "PUBLIC_REFERRALS": "",
    # Whether anybody may read the listed activities, and how often a minute from one address.
    "PUBLIC_API": True,
    "PUBLIC_API_PER_MINUTE": 600,
    "TRUSTED_PROXIES": 0,
    "MAX_CONTENT_LENGTH": 20 * MEGABYTE,
    "MAX_FORM_MEMORY_SIZE": 1 * MEGABYTE,
    "SESSION_COOKIE_NAME": "linkwork",
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_SECURE": True,
    # Where the site is, for links in emails that nobody’s request brings about; none where empty.
    "SITE": "",
    "SMTP": None,
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
        "MEANING": _auto_or_off(found, "LINKWORK_MEANING", wrong),
        "CONCEPTS": concepts_of(found),
        "ORGANISATION": found.get("LINKWORK_ORGANISATION", ""),
        "POSTCODES": postcodes_of(found),
        "PUBLIC_API": _yes_or_no(found, "LINKWORK_PUBLIC_API", wrong),
        "PUBLIC_API_PER_MINUTE": _whole_number(
            found, "LINKWORK_PUBLIC_API_PER_MINUTE", 600, 1, 100_000, wrong
        ),
        "PRIVATE_FEEDS": found.get("LINKWORK_PRIVATE_FEEDS") == "yes",
        "CASE_MEMORY": found.get("LINKWORK_CASE_MEMORY") == "yes",
        "PUBLIC_REFERRALS": found.get("LINKWORK_PUBLIC_REFERRALS", ""),
        "SITE": _site(found, wrong),
        "SMTP": _smtp(found, wrong),
        # Only for a trial on a machine of one's own, where there is no HTTPS.
        "SESSION_COOKIE_SECURE": found.get("LINKWORK_INSECURE_COOKIES") != "yes",
    }
    if wrong:
        raise SettingsWrong("\n".join(wrong))
    return settings


def concepts_of(env: Mapping[str, str]) -> Path | None:
    """Where the concept files of one’s own are by the settings; needs no other of them."""
    name = {**_from_file(env.get("LINKWORK_SETTINGS")), **env}.get("LINKWORK_CONCEPTS")
    return Path(name) if name else None


def postcodes_of(env: Mapping[str, str]) -> Path | None:
    """Where the index of postcodes is by the settings; needs no other of them."""
    name = {**_from_file(env.get("LINKWORK_SETTINGS")), **env}.get("LINKWORK_POSTCODES")
    return Path(name) if name else None


def demonstration(database_url: str, secret: str) -> dict[str, Any]:
    """Return the settings of ``linkwork demo``: made-up people, one-click sign-in, no HTTPS."""
    return {
        **DEFAULTS,
        "DEMO": True,
        "CASE_MEMORY": True,
        "SECRET_KEY": secret,
        "AUDIT_KEY": secret,
        "SQLALCHEMY_DATABASE_URI": database_url,
        "SESSION_COOKIE_SECURE": False,
        "MEANING": os.environ.get("LINKWORK_MEANING") != "off",
        "ORGANISATION": "Moorvale",
        "PUBLIC_REFERRALS": "all",
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


def _site(found: Mapping[str, str], wrong: list[str]) -> str:
    site = found.get("LINKWORK_SITE", "").rstrip("/")
    if site and not SITE.fullmatch(site):
        wrong.append(
            f"LINKWORK_SITE is {site!r}: use the address of your site, such as "
            "https://linkwork.example.nhs.uk."
        )
    return site


def _smtp(found: Mapping[str, str], wrong: list[str]) -> Smtp | None:
    """The mail server, where one is named; without one nothing is sent by email."""
    given = {name: found[name] for name in KNOWN if "_SMTP_" in name and found.get(name)}
    if not given:
        return None
    before = len(wrong)
    security = given.get("LINKWORK_SMTP_SECURITY", "starttls")
    if security not in SMTP_PORTS:
        wrong.append(f"LINKWORK_SMTP_SECURITY is {security!r}: use starttls, tls or none.")
    usual = SMTP_PORTS.get(security, 587)
    port = _whole_number(given, "LINKWORK_SMTP_PORT", usual, 1, 65_535, wrong)
    wrong += _smtp_faults(given, security)
    if len(wrong) > before:
        return None
    return Smtp(
        host=given["LINKWORK_SMTP_HOST"],
        port=port,
        sender=given["LINKWORK_SMTP_FROM"],
        security=security,
        user=given.get("LINKWORK_SMTP_USER", ""),
        password=given.get("LINKWORK_SMTP_PASSWORD", ""),
    )


def _smtp_faults(given: Mapping[str, str], security: str) -> list[str]:
    sender, named = given.get("LINKWORK_SMTP_FROM"), "LINKWORK_SMTP_HOST" in given
    user, password = "LINKWORK_SMTP_USER" in given, "LINKWORK_SMTP_PASSWORD" in given
    faults = {
        "LINKWORK_SMTP_HOST is not set, though other LINKWORK_SMTP_ settings are. Name your mail "
        "server, or take the others out to send no email.": not named,
        "LINKWORK_SMTP_FROM is not set. Set it to the address that emails come from.": (
            named and not sender
        ),
        f"LINKWORK_SMTP_FROM is {sender!r}, which is not one email address.": (
            sender is not None and not ADDRESS.fullmatch(sender)
        ),
        "LINKWORK_SMTP_USER is set and LINKWORK_SMTP_PASSWORD is not. Set both or neither.": (
            user and not password
        ),
        "LINKWORK_SMTP_PASSWORD is set and LINKWORK_SMTP_USER is not. Set both or neither.": (
            password and not user
        ),
        "LINKWORK_SMTP_SECURITY is none, which would send LINKWORK_SMTP_PASSWORD for everybody "
        "on the way to read. Use starttls or tls.": security == "none" and password,
    }
    return [sentence for sentence, is_wrong in faults.items() if is_wrong]


def _yes_or_no(found: Mapping[str, str], name: str, wrong: list[str]) -> bool:
    text = found.get(name, "yes")
    if text not in {"yes", "no"}:
        wrong.append(f"{name} is {text!r}: use yes or no.")
    return text == "yes"


def _auto_or_off(found: Mapping[str, str], name: str, wrong: list[str]) -> bool:
    text = found.get(name, "auto")
    if text not in {"auto", "off"}:
        wrong.append(f"{name} is {text!r}: use auto or off.")
    return text == "auto"


def _whole_number(
    found: Mapping[str, str], name: str, usual: int, least: int, most: int, wrong: list[str]
) -> int:
    text = found.get(name, str(usual))
    if text.isdecimal() and least <= int(text) <= most:
        return int(text)
    wrong.append(f"{name} is {text!r}: use a whole number from {least} to {most}.")
    return usual
