"""What fits a note, asked from a terminal, and the words it is heard by looked after there."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from linkwork.casework import lexicon
from linkwork.casework.lexicon import concepts_of
from linkwork.cli import main
from linkwork.database import db
from linkwork.models import Service
from tests import cast as make
from tests.conftest import SECRET

pytestmark = pytest.mark.one_engine
NOTE = "His wife died in March. He used to have an allotment and misses it."
OWN = """
kind = "interest"
[concept.quoits]
label = "quoits"
people_say = "quoit*"
directories_say = "quoit*"
[concept.gardening]
more_directories_say = "leek show*"
"""


@pytest.fixture(autouse=True)
def settings(app: Flask, monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("LINKWORK_SECRET_KEY", SECRET * 2)
    monkeypatch.delenv("LINKWORK_CONCEPTS", raising=False)
    db.session.rollback()


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    monkeypatch.setenv("LINKWORK_CONCEPTS", str(tmp_path))
    monkeypatch.setattr(lexicon._Chosen, "folder", None)
    return tmp_path


def linkwork(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, list(words), input=stdin)


def match(*words: str, stdin: str | None = None) -> Result:
    return linkwork("match", "--note", *words, stdin=stdin)


def listed(*names: str) -> None:
    for name in names:
        make.service(name, concepts=concepts_of(name, "", []))
    db.session.commit()


def test_a_note_gives_what_was_heard_what_fits_and_why() -> None:
    listed("Mill Lane Allotment", "Talking about grief")
    done = match("-", "--postcode", "ZZ1", "--need", "walking", stdin=NOTE)
    assert done.exit_code == 0, done.output
    assert "gardening: “allotment”" in done.output
    assert "Taken as sure: walking" in done.output
    assert "Mill Lane Allotment" in done.output.split("Good matches")[1]
    assert "Because: " in done.output


def test_for_programs_it_is_json_and_the_same() -> None:
    listed("Mill Lane Allotment")
    found = json.loads(match(NOTE, "--format", "json").output)
    assert found["crisis_words"] == []
    assert [one["name"] for one in found["matches"]] == ["Mill Lane Allotment"]
    assert "gardening" in {one["concept"] for one in found["proposals"]}


def test_what_is_not_shown_is_told_with_the_reason() -> None:
    listed("Women's allotment")
    service = db.session.scalars(select(Service)).one()
    service.gender = "women"
    db.session.commit()
    said = match(NOTE, "--gender", "men").output.split("Not shown")[1]
    assert "1 " in said
    assert "Women's allotment" in said


def test_words_of_crisis_come_first_and_on_the_error_stream_too() -> None:
    listed("Mill Lane Allotment")
    done = match("Misses the allotment. Says he wants to end it all.", "--postcode", "ZZ1")
    assert done.stdout.startswith("Words of crisis: “end it all”")
    assert "Words of crisis" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((" ",), "The note is empty."),
        ((NOTE, "--postcode", "QQ99 9ZZ"), "We do not know where QQ99 9ZZ is."),
        ((NOTE, "--miles", "3"), "give --postcode too"),
        ((NOTE, "--need", "xyzzy"), "“xyzzy” is not among the needs"),
        ((NOTE, "--need", "suicidal"), "Ask about safety first"),
        ((NOTE, "--from", "25:00"), "Write it like 14:30."),
        ((NOTE, "--from", "14:00", "--to", "09:00"), "Nothing can begin at 14:00"),
        ((NOTE, "--housebound", "--way", "in_person"), "They cannot leave home"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_to_do(words: tuple[str, ...], said: str) -> None:
    listed("Mill Lane Allotment")
    done = match(*words)
    assert done.exit_code != 0
    assert said in done.output


def test_midnight_is_the_end_of_the_day() -> None:
    listed("Mill Lane Allotment")
    assert match(NOTE, "--from", "18:00", "--to", "00:00").exit_code == 0


def test_an_empty_directory_says_what_to_do_first() -> None:
    assert "linkwork import directory" in match(NOTE).output


def test_another_language_proposes_nothing_and_named_needs_still_count() -> None:
    listed("Mill Lane Allotment")
    done = match("Moja żona zmarła i jestem sam w domu", "--need", "gardening")
    assert "Nothing. Name what you know" in done.output
    assert "Mill Lane Allotment" in done.output


def test_the_help_says_that_a_note_stays_in_the_history_of_the_shell() -> None:
    assert "history" in linkwork("match", "--help").output


def test_own_concept_files_are_checked_and_say_what_they_change(own: Path) -> None:
    done = linkwork("concepts", "check")
    assert done.exit_code == 0, done.output
    assert "Added: quoits." in done.output
    assert "Changed: gardening." in done.output
    assert "linkwork concepts apply" in done.output
    (own / "bad.toml").write_text("kind = 'need'\n[concept.x]\ncolour = 'red'", encoding="utf-8")
    faulty = linkwork("concepts", "check", str(own))
    assert faulty.exit_code == 1
    assert "bad.toml: x: no label." in faulty.output
    assert "bad.toml: x: unknown key colour." in faulty.output


def test_faulty_concept_files_stop_the_start_with_every_fault(own: Path) -> None:
    (own / "bad.toml").write_text("kind = 'need'\n[concept.x]\nlabel = 2", encoding="utf-8")
    done = match(NOTE)
    assert done.exit_code == 1
    assert "LINKWORK_CONCEPTS" in done.output
    assert "bad.toml: x: the label is not a text." in done.output


def test_concepts_are_found_by_words() -> None:
    assert "[concept.gardening] in interests.toml" in linkwork("concepts", "find", "plot").output
    assert linkwork("concepts", "find", "xyzzy").exit_code == 1


def test_services_are_described_anew_once_and_only_where_it_is_needed(own: Path) -> None:
    listed("Quoits at the Plough")
    for service in db.session.scalars(select(Service)):
        service.concepts, service.described_by = {}, None
    db.session.commit()
    done = linkwork("concepts", "apply")
    assert "1 of 1 activities" in done.output, done.output
    assert "about something else than before: 1." in done.output
    db.session.expire_all()
    assert "quoits" in db.session.scalars(select(Service)).one().concepts
    db.session.rollback()
    assert "Every activity was described" in linkwork("concepts", "apply").output
