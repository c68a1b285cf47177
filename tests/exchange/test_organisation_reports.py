"""The headerless reports of the NHS: known by what is in them, and every date kept."""

from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkwork.casework import organisation_changes
from linkwork.database import db
from linkwork.errors import FileRefused
from linkwork.exchange.organisation_files import LeftOut
from linkwork.exchange.organisation_reports import (
    FileKind,
    Spell,
    kind_of,
    partners_of,
    practices_of,
)
from linkwork.exchange.organisations import Named, Report, import_files
from linkwork.models import OrganisationChange, OrganisationChangeKind, Role
from tests.cast import user
from tests.exchange.ods_files import AT, MAP, ON, Files, brought_in, history, organisation
from tests.paths import SHARED_DATA

JOINED, LEFT = date(2019, 7, 1), date(2022, 3, 31)


def partner(code: str, pcn: str, start: str, end: str = "", name: str = "CANAL STREET") -> str:
    named = f"{pcn} NAME"
    return (
        f'"{code}","{name}","00T","BOLTON","{pcn}","{named}","00T","BOLTON","{start}","{end}","Y"'
    )


def practice(code: str, close: str = "", status: str = "ACTIVE", setting: str = "RO76") -> str:
    cells = [code, f"{code} SURGERY", "Y62", "QOP", *["x"] * 5, "ZZ1 3BD", "19740401", close]
    cells += [status, "B", "00T", "20220701", "", "01632 960001", "", "", "", "0", "", "00T", ""]
    return ",".join(f'"{cell}"' for cell in [*cells, setting, ""])


PARTNERS = [
    partner("Z10001", "Z00001", "20190701", "20220331"),
    partner("Z10001", "Z00002", "20220401"),
    partner("Z10002", "Z00001", "01JUL2019"),
    partner("Z10003", "Z00003", "2019-07-01", "30Jun2021"),
]
PRACTICES = [practice("Z10001"), practice("Z10002", "20260930", "INACTIVE"), practice("Z10009")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def file_of(folder: Path, rows: list[str], name: str = "report.csv") -> Path:
    file = folder / name
    file.write_text("\r\n".join(rows), encoding="utf-8")
    return file


def bring(folder: Path, *files: list[str]) -> Report:
    named = [Named(file_of(folder, rows, f"{n}.csv")) for n, rows in enumerate(files)]
    report = import_files(named, by=None, at=AT, on=ON)
    db.session.commit()
    return report


def test_each_file_is_known_by_what_is_in_it(folder: Path) -> None:
    assert kind_of(file_of(folder, PARTNERS)) is FileKind.PARTNERS
    assert kind_of(file_of(folder, PRACTICES)) is FileKind.PRACTICES
    head = "Organisation Code,Name,Postcode,Open Date,Close Date,Status Code,Prescribing Setting"
    assert kind_of(file_of(folder, [head, "Z1,A,,,,ACTIVE,4"])) is FileKind.PRACTICES
    assert kind_of(Files(folder).map(MAP)) is FileKind.MAP
    with pytest.raises(FileRefused, match="Its columns are: a, b"):
        kind_of(file_of(folder, ["a,b", "1,2"]))


@pytest.mark.skipif(not SHARED_DATA.exists(), reason="shared data absent")
def test_the_published_files_are_known_too() -> None:
    kinds = {file.name: kind_of(file) for file in (SHARED_DATA / "ods").glob("*.csv")}
    assert kinds == {
        "gp-reg-pat-prac-all_2021.csv": FileKind.LISTS,
        "gp-reg-pat-prac-map_2022-01.csv": FileKind.MAP,
        "pcn_list_sizes_2021-01.csv": FileKind.LISTS,
    }


def test_spells_are_read_however_their_days_are_written(folder: Path) -> None:
    found = partners_of(file_of(folder, PARTNERS), LeftOut())
    assert found.spells["Z10001"] == [
        Spell("Z00001", JOINED, LEFT),
        Spell("Z00002", LEFT + timedelta(days=1), None),
    ]
    assert found.spells["Z10003"] == [Spell("Z00003", JOINED, date(2021, 6, 30))]


def test_of_two_pcns_at_once_the_later_ends_the_earlier(folder: Path) -> None:
    left_out = LeftOut()
    rows = [partner("Z10001", "Z00001", "20190701"), partner("Z10001", "Z00002", "20220401")]
    found = partners_of(file_of(folder, rows), left_out)
    assert found.spells["Z10001"][0] == Spell("Z00001", JOINED, LEFT)
    assert left_out.because


def test_rows_that_cannot_be_used_are_named(folder: Path) -> None:
    left_out = LeftOut()
    rows = [*PARTNERS, partner("Z10005", "U", "20190701"), partner("Z10006", "Z00001", "soon")]
    assert "Z10005" not in partners_of(file_of(folder, rows), left_out).spells
    assert [len(lines) for lines in left_out.because.values()] == [2]


def test_only_gp_practices_are_taken_from_the_list(folder: Path) -> None:
    rows = [*PRACTICES, practice("Z10010", setting="RO80"), practice("Z10011", setting="RO80|RO76")]
    found = practices_of(file_of(folder, rows), LeftOut())
    assert [*found] == ["Z10001", "Z10002", "Z10009", "Z10011"]
    assert found["Z10002"].closed_on == date(2026, 9, 30)


def test_a_practice_that_moved_keeps_its_past_and_stands_where_it_is_now(
    app: Flask, folder: Path
) -> None:
    brought_in(Files(folder).map(MAP))
    report = bring(folder, PARTNERS)
    assert history("Z10001") == [
        ("Z00001", "2019-07-01", "2022-03-31"),
        ("Z00002", "2022-04-01", None),
    ]
    assert organisation("Z10001").parent is organisation("Z00002")
    assert organisation("Z10003").parent is None
    assert report.moved == {"practices": 2}
    assert report.changed["histories"] == 3
    assert organisation("Z00003").closed_on == date(2021, 7, 1)  # all have left it
    assert organisation("Z00001").closed_on is None
    assert bring(folder, PARTNERS).changes_nothing


def test_a_move_still_to_come_is_kept_for_its_day(app: Flask, folder: Path) -> None:
    brought_in(Files(folder).map(MAP))
    rows = [
        partner("Z10001", "Z00001", "20190701", "20261231"),
        partner("Z10001", "Z00002", "20270101"),
        *PARTNERS[2:],
    ]
    bring(folder, rows)
    assert organisation("Z10001").parent is organisation("Z00001")
    assert history("Z10001")[-1] == ("Z00002", "2027-01-01", None)


def test_closures_come_and_go_with_the_list_but_not_what_somebody_wrote_down(
    app: Flask, folder: Path
) -> None:
    brought_in(Files(folder).map(MAP))
    report = bring(folder, [*PRACTICES, practice("Z10003"), practice("Z10004")])
    assert report.closed == {"practices": 1}
    assert organisation("Z10002").closed_on == date(2026, 9, 30)
    assert organisation("Z10009").parent is None
    by_hand = organisation("Z10003")
    by_hand.closed_on = ON
    db.session.add(
        OrganisationChange(
            organisation_id=by_hand.id,
            kind=OrganisationChangeKind.CLOSED,
            takes_effect_on=ON,
            made_at=AT,
        )
    )
    report = bring(folder, [practice(f"Z1000{n}") for n in (1, 2, 3, 4, 9)])
    assert (organisation("Z10002").closed_on, organisation("Z10003").closed_on) == (None, ON)
    assert "Closed by hand on another day; left so" in report.left_out.because


def test_a_closed_practice_without_a_day_is_left_as_it_is(app: Flask, folder: Path) -> None:
    brought_in(Files(folder).map(MAP))
    bring(folder, [*PRACTICES, practice("Z10003"), practice("Z10004")])
    undated = practice("Z10002", status="CLOSED")
    report = bring(folder, [practice(f"Z1000{n}") for n in (1, 3, 4, 9)] + [undated])
    assert organisation("Z10002").closed_on == date(2026, 9, 30)
    assert "Practices said to be closed without a day; left as they are" in report.left_out.because


def moved_by_hand(code: str, to: str, day: date) -> None:
    everywhere = organisation("QZZ")
    admin = user("Adam Stone", everywhere, Role.ADMIN)
    db.session.flush()
    organisation_changes.move(organisation(code), organisation(to), day, by=admin, at=AT, on=ON)
    db.session.commit()


def test_a_move_that_somebody_planned_outlives_the_files_that_do_not_know_of_it(
    app: Flask, folder: Path
) -> None:
    brought_in(Files(folder).map(MAP))
    moved_by_hand("Z10002", "Z00002", ON + timedelta(days=30))
    planned = history("Z10002")
    assert brought_in(Files(folder).map(MAP)).changes_nothing
    assert history("Z10002") == planned
    report = bring(folder, PARTNERS)
    assert history("Z10002") == planned
    assert report.left_out.because["Moved by hand since; left where they are"] == ["Z10002"]


def test_a_report_that_was_cut_short_changes_nothing(app: Flask, folder: Path) -> None:
    brought_in(Files(folder).map([MAP[0].replace("Z10001", f"Z1000{n}") for n in range(8)]))
    for rows, noun in ((PARTNERS, "practices with a PCN"), (PRACTICES, "practices")):
        with pytest.raises(FileRefused, match=f"has 3 {noun}, and 8 are stored"):
            import_files([Named(file_of(folder, rows))], by=None, at=AT, on=ON)


def test_two_files_of_one_kind_are_refused(app: Flask, folder: Path) -> None:
    one, other = file_of(folder, PARTNERS, "a.csv"), file_of(folder, PARTNERS, "b.csv")
    with pytest.raises(FileRefused, match=r"a\.csv and b\.csv are both a PCN core partners"):
        import_files([Named(one), Named(other)], by=None, at=AT, on=ON)


@given(st.lists(st.text(alphabet='ZU01A",;\r\n\x00é20-', max_size=80), max_size=6), st.booleans())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_report_is_read_or_refused(folder: Path, lines: list[str], first: bool) -> None:
    file = file_of(folder, [*(PARTNERS if first else PRACTICES), *lines])
    with suppress(FileRefused):
        reader = partners_of if kind_of(file) is FileKind.PARTNERS else practices_of
        assert reader(file, LeftOut())


def test_where_practices_went_when_their_pcn_was_closed_by_hand_outlives_a_report(
    app: Flask, folder: Path
) -> None:
    brought_in(Files(folder).map(MAP))
    admin = user("Adam Stone", organisation("QZZ"), Role.ADMIN)
    db.session.flush()
    closed, heir = organisation("Z00001"), organisation("Z00002")
    organisation_changes.close(closed, ON, successors=[heir], by=admin, at=AT, on=ON)
    db.session.commit()
    after = history("Z10002")
    assert after[-1][0] == "Z00002"
    bring(folder, PARTNERS)
    assert history("Z10002") == after
    assert organisation("Z10002").parent is heir
