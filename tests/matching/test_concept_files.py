"""Concept files of a service laid over those that ship: added to, changed, taken out, refused."""

import json
from pathlib import Path

import pytest

from linkwork.matching import Lexicon, LexiconError, describe, propose
from linkwork.matching.concept_files import read
from linkwork.paths import SEED_DATA
from tests.paths import SHARED_DATA

pytestmark = pytest.mark.one_engine
SHIPPED = SEED_DATA / "concepts"
ACTIVITY_LIST = SHARED_DATA / "taxonomy" / "openactive-activity-list.jsonld"


def laid_over(folder: Path, text: str, name: str = "own.toml") -> Lexicon:
    (folder / name).write_text(text, encoding="utf-8")
    return Lexicon.load(SHIPPED, folder)


def fault(folder: Path, text: str, name: str = "own.toml") -> str:
    with pytest.raises(LexiconError) as refused:
        laid_over(folder, text, name)
    return str(refused.value)


def test_a_new_concept_is_added_and_heard_and_found(tmp_path: Path) -> None:
    own = laid_over(
        tmp_path,
        'kind = "interest"\n[concept.merels]\nlabel = "merels"\npeople_say = ["merel*"]\n'
        'directories_say = "merel*"\ntaxonomy = "Pub games"',
    )
    assert [p.concept for p in propose("Misses his merels.", own)] == ["merels"]
    assert "merels" in describe(name="Monday merels", lexicon=own)
    assert describe(name="Mondays", taxonomy=["pub GAMES"], lexicon=own)["merels"] == 0.9


def test_a_key_replaces_and_one_left_out_stays(tmp_path: Path, lexicon: Lexicon) -> None:
    own = laid_over(tmp_path, 'kind = "interest"\n[concept.golf]\npeople_say = "pitch and putt"')
    before, after = lexicon.concepts["golf"], own.concepts["golf"]
    assert after.people_say == ("pitch and putt",)
    assert after.directories_say == before.directories_say
    assert after.label == before.label
    assert after.file == "interests.toml, own.toml"


def test_more_adds_and_fewer_takes_away(tmp_path: Path, lexicon: Lexicon) -> None:
    own = laid_over(
        tmp_path,
        'kind = "interest"\n[concept.gardening]\nmore_people_say = "leek trench*"\n'
        'fewer_people_say = "?roses"\nmore_examples = """\nHe talks to his leeks.\n"""',
    )
    before, after = lexicon.concepts["gardening"], own.concepts["gardening"]
    assert set(before.people_say) ^ set(after.people_say) == {"leek trench*", "?roses"}
    assert after.examples == (*before.examples, "He talks to his leeks.")


def test_a_concept_is_taken_out_where_nothing_else_leads_to_it(tmp_path: Path) -> None:
    own = laid_over(tmp_path, 'kind = "interest"\n[concept.skating]\nremove = true')
    assert "skating" not in own.concepts
    said = fault(tmp_path, 'kind = "interest"\n[concept.walking]\nremove = true')
    assert "near unknown concept walking. Take it out of near." in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[concept.golf]\ncolour = "red"', "own.toml: golf: unknown key colour. Use one of"),
        ('[concept.merels]\nmore_also = "x"', "changes a concept that ships"),
        ("[concept.golf]\npeople_say = 3", "people_say is not a list of phrases"),
        ('[concept.golf]\nsensitive = "no"', "sensitive is neither true nor false"),
        ('[concept.golf]\nnear = "walking"', "near is not a table"),
        ('[concept.golf]\npeople_say = "the"', "“the” is found in too much"),
        ('[concept.golf]\npeople_say = "go*"', "Write at least 3 letters before the *"),
        ('[concept.golf]\ndirectories_say = "60+"', "“60+” is only a number"),
        ('[concept.golf]\npeople_say = "?!"', "has no word in it"),
        ('[concept.debt]\nlabel = "debt"', "it is of the kind need. Move it"),
        ('[concept]\ngolf = "x"', "a concept is not a table"),
        ("[golf]\nx = 1", "golf is not known here"),
    ],
)
def test_a_fault_names_the_file_the_concept_and_what_to_do(
    text: str, said: str, tmp_path: Path
) -> None:
    assert said in fault(tmp_path, f'kind = "interest"\n{text}')


def test_every_fault_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("kind = 'hobby'", encoding="utf-8")
    (tmp_path / "b.toml").write_text("kind = ", encoding="utf-8")
    said = fault(tmp_path, 'kind = "need"\n[concept.x]\n[concept.y]\nneed = "sweets"').splitlines()
    assert [line.split(":")[0].split(" ")[0] for line in said] == [
        "a.toml", "b.toml", "own.toml", "own.toml", "own.toml",
    ]  # fmt: skip


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="No concept files"):
        read(SHIPPED, tmp_path)


def test_what_is_sensitive_stays_so_and_crisis_is_never_heard(tmp_path: Path) -> None:
    said = fault(tmp_path, 'kind = "need"\n[concept.alcohol]\nsensitive = false')
    assert "it is sensitive, and stays so. Take out sensitive." in said
    for key in ("remove = true", 'directories_say = "x-ray"', 'fewer_directories_say = "refuge"'):
        said = fault(tmp_path, f'kind = "need"\n[concept.domestic_abuse]\n{key}')
        assert f"stays so. Take out {key.split()[0]}." in said
    more = laid_over(tmp_path, 'kind = "need"\n[concept.alcohol]\nmore_directories_say = "dry bar"')
    assert "dry bar" in more.concepts["alcohol"].directories_say
    said = fault(tmp_path, 'kind = "need"\n[concept.crisis]\npeople_say = "had enough"')
    assert "crisis words open the safety step" in said


def test_services_are_described_anew_only_for_words_of_directories(
    tmp_path: Path, lexicon: Lexicon
) -> None:
    heard = laid_over(tmp_path, 'kind = "interest"\n[concept.golf]\nmore_people_say = "birdie"')
    found = laid_over(
        tmp_path, 'kind = "interest"\n[concept.golf]\nmore_directories_say = "birdie"'
    )
    assert heard.mark == lexicon.mark
    assert found.mark != lexicon.mark


@pytest.mark.skipif(not ACTIVITY_LIST.exists(), reason="shared data absent")
def test_the_terms_of_openactive_are_those_of_its_list(lexicon: Lexicon) -> None:
    listed = json.loads(ACTIVITY_LIST.read_text(encoding="utf-8"))["concept"]
    known = {one["prefLabel"]: one["identifier"] for one in listed}
    named = {name: code for c in lexicon.concepts.values() for name, code in c.openactive.items()}
    assert len(named) > 300
    assert {name: known.get(name) for name in named} == named


@pytest.mark.parametrize(
    ("term", "concept"),
    [
        ("Angling", "fishing"), ("Boxercise", "exercise"), ("Ten-Pin Bowling", "bowls"),
        ("Food bank", "food_help"), ("Mental health support", "low_mood"), ("Library", "reading"),
        ("Bereavement", "bereavement"), ("Help Find Work", "employment"),
    ],
)  # fmt: skip
def test_a_term_that_is_mapped_counts_as_its_concept(
    term: str, concept: str, lexicon: Lexicon
) -> None:
    assert describe(name="Tuesdays", taxonomy=[term], lexicon=lexicon)[concept] >= 0.9
