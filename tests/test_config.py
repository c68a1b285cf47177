"""Settings: checked at start, each mistake with a sentence that says what to do."""

from pathlib import Path
from typing import Any

import pytest
from flask import request

from linkwork import config
from linkwork.app import create_app
from linkwork.errors import SettingsWrong

GOOD = {
    "LINKWORK_SECRET_KEY": "a long text that nobody guesses, 48 characters..",
    "DATABASE_URL": "sqlite:////somewhere/linkwork.db",
}


def refusal(**changes: str | None) -> str:
    env = {k: v for k, v in {**GOOD, **changes}.items() if v is not None}
    with pytest.raises(SettingsWrong) as refused:
        config.from_environment(env)
    return str(refused.value)


def test_two_settings_are_enough() -> None:
    found = config.from_environment(GOOD)

    assert (found["SECRET_KEY"], found["IDLE_MINUTES"]) == (GOOD["LINKWORK_SECRET_KEY"], 15)
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["DEMO"] is False


def test_every_mistake_is_told_at_once() -> None:
    said = refusal(LINKWORK_SECRET_KEY=None, DATABASE_URL=None, LINKWORK_IDLE_MINUTES="45")

    assert "LINKWORK_SECRET_KEY is not set" in said
    assert "DATABASE_URL is not set" in said
    assert "LINKWORK_IDLE_MINUTES is '45': use a whole number from 1 to 30" in said


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("LINKWORK_SECRET_KEY", "short", "at least 32 characters"),
        ("DATABASE_URL", "mysql://x", "mysql:, which Linkwork does not speak"),
        ("LINKWORK_UPLOAD_MEGABYTES", "lots", "whole number from 1 to 500"),
        ("LINKWORK_TRUSTED_PROXIES", "-1", "whole number from 0 to 5"),
        ("LINKWORK_SETTINGS", "/no/such/file", "cannot be read"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str, sentence: str) -> None:
    assert sentence in refusal(**{name: value})


def test_a_file_gives_settings_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "settings"
    file.write_text('# ours\nLINKWORK_IDLE_MINUTES=20\n\nLINKWORK_ORGANISATION="The Moor"\n')

    found = config.from_environment(
        {**GOOD, "LINKWORK_SETTINGS": str(file), "LINKWORK_IDLE_MINUTES": "25"}
    )

    assert (found["IDLE_MINUTES"], found["ORGANISATION"]) == (25, "The Moor")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [("just words", "Line 1 of"), ("COLOUR=red", "COLOUR, which is not a setting")],
)
def test_a_line_of_the_file_that_is_no_setting_is_named(
    tmp_path: Path, line: str, sentence: str
) -> None:
    file = tmp_path / "settings"
    file.write_text(line)

    assert sentence in refusal(LINKWORK_SETTINGS=str(file))


def test_the_demo_can_not_be_switched_on_through_the_environment() -> None:
    assert config.from_environment({**GOOD, "LINKWORK_DEMO": "yes", "DEMO": "1"})["DEMO"] is False


def test_a_postgresql_address_is_given_its_driver() -> None:
    found = config.from_environment({**GOOD, "DATABASE_URL": "postgresql://u@h/d"})

    assert found["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://u@h/d"


@pytest.mark.one_engine
@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "198.51.100.7")])
def test_an_address_is_believed_only_from_our_own_proxy(
    database_url: str, proxies: int, seen: str
) -> None:
    settings: dict[str, Any] = {
        "SQLALCHEMY_DATABASE_URI": database_url,
        "SECRET_KEY": GOOD["LINKWORK_SECRET_KEY"],
        "TRUSTED_PROXIES": proxies,
    }
    app = create_app(settings)
    found = []
    app.before_request_funcs.setdefault(None, []).insert(
        0, lambda: found.append(request.remote_addr)
    )

    header = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
    app.test_client().get("/health", headers=header)

    assert found == [seen]


MAIL = {"LINKWORK_SMTP_HOST": "mail.example", "LINKWORK_SMTP_FROM": "linkwork@moorvale.example"}


def test_a_mail_server_needs_a_name_and_an_address_to_write_from() -> None:
    assert config.from_environment(GOOD)["SMTP"] is None
    smtp = config.from_environment({**GOOD, **MAIL})["SMTP"]
    assert (smtp.host, smtp.port, smtp.security) == ("mail.example", 587, "starttls")
    for security, port in config.SMTP_PORTS.items():
        given = {**GOOD, **MAIL, "LINKWORK_SMTP_SECURITY": security}
        assert config.from_environment(given)["SMTP"].port == port


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"LINKWORK_SMTP_HOST": None}, "LINKWORK_SMTP_HOST is not set, though other"),
        ({"LINKWORK_SMTP_FROM": None}, "LINKWORK_SMTP_FROM is not set"),
        ({"LINKWORK_SMTP_FROM": "Linkwork"}, "not one email address"),
        ({"LINKWORK_SMTP_PORT": "99999"}, "LINKWORK_SMTP_PORT is '99999'"),
        ({"LINKWORK_SMTP_SECURITY": "ssl"}, "use starttls, tls or none"),
        ({"LINKWORK_SMTP_USER": "linkwork"}, "LINKWORK_SMTP_PASSWORD is not"),
        ({"LINKWORK_SMTP_PASSWORD": "secret"}, "LINKWORK_SMTP_USER is not"),
        (
            {
                "LINKWORK_SMTP_USER": "u",
                "LINKWORK_SMTP_PASSWORD": "hunter2",
                "LINKWORK_SMTP_SECURITY": "none",
            },
            "for everybody on the way to read",
        ),
    ],
)
def test_what_is_wrong_with_a_mail_server_is_said(
    changes: dict[str, str | None], sentence: str
) -> None:
    said = refusal(**{**MAIL, **changes})
    assert sentence in said
    assert "hunter2" not in said


def test_the_password_of_the_mail_server_is_not_shown_where_settings_are() -> None:
    smtp = config.Smtp("mail.example", 587, "a@b.example", user="u", password="hunter2")
    assert "hunter2" not in repr(smtp)


@pytest.mark.parametrize(("said", "may"), [(None, False), ("no", False), ("yes", True)])
def test_feeds_inside_a_network_are_fetched_only_where_that_is_said(
    said: str | None, may: bool
) -> None:
    env = GOOD if said is None else {**GOOD, "LINKWORK_PRIVATE_FEEDS": said}
    assert config.from_environment(env)["PRIVATE_FEEDS"] is may


@pytest.mark.parametrize(("said", "does"), [(None, False), ("no", False), ("yes", True)])
def test_earlier_cases_are_learnt_from_only_where_that_is_wanted(
    said: str | None, does: bool
) -> None:
    env = GOOD if said is None else {**GOOD, "LINKWORK_CASE_MEMORY": said}
    assert config.from_environment(env)["CASE_MEMORY"] is does
