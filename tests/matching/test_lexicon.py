"""The concept files: complete, sound, and refused with a clear word where they are not."""

from pathlib import Path

import pytest

from linkwork.matching import NEEDS, Kind, Lexicon, LexiconError

ACTIVITIES = (
    "gardening dancing cooking sports_team football social_club life_skills debt befriending "
    "bereavement peer_support recovery_college staff_wellbeing helpline digital_wellbeing "
    "lunch_club singing walking volunteering carers talking_therapy"
).split()


def test_the_shipped_files_hold_nearly_200_concepts_of_every_kind(lexicon: Lexicon) -> None:
    assert len(lexicon.concepts) >= 195
    assert {concept.kind for concept in lexicon.concepts.values()} == set(Kind)


@pytest.mark.parametrize("concept", ACTIVITIES)
def test_every_activity_of_the_field_has_a_concept_that_directories_name(
    concept: str, lexicon: Lexicon
) -> None:
    assert lexicon.concepts[concept].directories_say


def test_every_need_has_a_concept(lexicon: Lexicon) -> None:
    assert {concept.need for concept in lexicon.concepts.values()} - {None} == NEEDS


def test_labels_are_different_and_plain(lexicon: Lexicon) -> None:
    labels = [concept.label for concept in lexicon.concepts.values()]
    assert len(set(labels)) == len(labels)
    assert not [label for label in labels if "_" in label or not label.strip()]
    assert not [label for label in labels if "'" in label], "labels stand on pages: ’"


def test_sensitive_concepts_are_abuse_crisis_addiction_and_the_hardest_losses(
    lexicon: Lexicon,
) -> None:
    sensitive = {c.id for c in lexicon.concepts.values() if c.sensitive}
    assert sensitive == {
        "alcohol", "baby_loss", "crisis", "domestic_abuse", "drugs", "gambling",
        "sexual_violence", "suicide_bereavement",
    }  # fmt: skip


def test_no_note_can_propose_the_crisis_concept(lexicon: Lexicon) -> None:
    assert lexicon.concepts["crisis"].people_say == ()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("kind = 'hobby'", "hobby"),
        ("kind = 'need'\n[concept.x]\npeople_say = 'x'", "no label"),
        ("kind = 'need'\n[concept.x]\nlabel = 'x'\ncolour = 'red'", "unknown key colour"),
        ("kind = 'need'\n[concept.x]\nlabel = 'x'\nneed = 'sweets'", "no need is called sweets"),
        ("kind = 'need'\n[concept.x]\nlabel = 'x'\nnear = {y = 0.5}", "unknown concept y"),
        ("kind = 'need'\n[concept.x]\nlabel = 'x'\nnear = {x = 4}", "not between 0 and 1"),
        ("kind = ", "x.toml"),
    ],
)
def test_a_faulty_file_says_what_is_wrong(text: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")
    with pytest.raises(LexiconError, match=fault):
        Lexicon.load(tmp_path)


def test_a_concept_defined_in_two_files_is_refused(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text("kind = 'need'\n[concept.x]\nlabel = 'x'", encoding="utf-8")
    with pytest.raises(LexiconError, match="x is defined twice"):
        Lexicon.load(tmp_path)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="No concept files"):
        Lexicon.load(tmp_path)
