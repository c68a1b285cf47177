"""What counts with which PCN before, on and after the day of a merger, and once carried out."""

from datetime import date, timedelta

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.targets import Scope
from linkwork.casework import mergers, organisation_changes, successions, target_claims, targets
from linkwork.casework.mergers import Step
from linkwork.database import db
from linkwork.models import ListSize
from linkwork.reports import networks
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

YEAR = FinancialYear.containing(TODAY)
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


def merge(cast: Cast) -> None:
    organisation_changes.close(
        cast.northside, TODAY, successors=[cast.southside], by=cast.admin, at=NOW, on=TODAY
    )


def carried_out() -> mergers.Steps:
    return mergers.carried_out(mergers.steps())


def carry_on(cast: Cast) -> None:
    successions.carry_on(cast.northside, cast.southside, by=cast.admin, at=NOW, on=TODAY)


def test_the_share_of_a_pcn_that_merges_goes_over_together_with_its_starts(cast: Cast) -> None:
    wanted = north, south = cast.northside.id, cast.southside.id
    for pcn, patients in ((cast.northside, 52_000), (cast.southside, 31_000)):
        db.session.add(ListSize(organisation_id=pcn.id, as_of=YEAR.start, patients=patients))
        make.case(pcn, first_conversation_at=NOW - timedelta(days=9))
    targets.freeze_shares(YEAR, by=None, at=NOW)

    def figures(on: date) -> dict[int, tuple[int | None, int, int | None]]:
        """Share, people started and patients of each PCN."""
        held = targets.held(YEAR, wanted)
        shares = {key[0]: one.people for key, one in held.items() if key[1] == "A"}
        assert targets.people_by_pcn(YEAR, "A", carried_out()) == shares
        read = networks.read(YEAR, on, Scope.ADDITIONAL, [])
        return {one.place.id: (shares[one.place.id], one.everybody, one.patients)
                for one in read.pcns if one.place.id in wanted}  # fmt: skip

    apart = {north: (108, 1, 52_000), south: (65, 1, 31_000)}
    merge(cast)
    assert figures(YESTERDAY) == figures(TODAY) == figures(TOMORROW) == apart
    [note] = mergers.notes(cast.southside, on=TODAY)
    assert note == (
        "Northside PCN merged into this PCN on 18 November 2026. Its cases, posts and share of the"
        " target count there, not here, until they are moved on."
    )
    assert mergers.notes(cast.northside, on=TODAY)[0].endswith("here until they are moved on.")
    carry_on(cast)
    together = {south: (173, 2, 83_000)}
    assert figures(YESTERDAY) == figures(TODAY) == together
    assert mergers.notes(cast.southside, on=TODAY) == []
    assert mergers.notes(cast.northside, on=TODAY)[0].endswith("there, for all of the year.")
    db.session.add(ListSize(organisation_id=south, as_of=TODAY, patients=84_000))
    db.session.flush()
    assert figures(TODAY) == {south: (173, 2, 84_000)}


def test_the_next_freeze_counts_patients_whose_pcn_merged_until_its_successor_lists_them(
    cast: Cast,
) -> None:
    for pcn, patients in ((cast.northside, 52_000), (cast.southside, 31_000)):
        db.session.add(ListSize(organisation_id=pcn.id, as_of=YEAR.start, patients=patients))
    merge(cast)

    def planned() -> dict[str, int | None]:
        return {one.network.name: one.people for one in targets.planned(YEAR, at=NOW)[0].given}

    assert planned() == {"Northside PCN": 108, "Southside PCN": 65}
    carry_on(cast)
    assert planned() == {"Northside PCN": 108, "Southside PCN": 65}
    targets.freeze_shares(YEAR, by=None, at=NOW)
    assert targets.people_by_pcn(YEAR, "A", carried_out())[cast.southside.id] == 173
    later = ListSize(organisation_id=cast.southside.id, as_of=TODAY, patients=83_000)
    db.session.add(later)
    db.session.flush()
    assert [one.name for one in target_claims.networks(YEAR, NOW)] == ["Southside PCN"]


def test_patients_of_a_pcn_that_merged_twice_are_counted_once() -> None:
    spring, autumn = date(2026, 4, 1), date(2026, 10, 1)
    merged = {1: Step(2, spring, True), 2: Step(3, autumn, True)}
    before, between = spring - timedelta(days=1), spring + timedelta(days=9)
    assert mergers.heirs(merged) == {1: 3, 2: 3}
    assert mergers.whose_lists(merged, {1: before, 2: before, 3: before}) == {3: [3, 1, 2]}
    assert mergers.whose_lists(merged, {1: before, 2: between, 3: before}) == {3: [3, 2]}
    assert mergers.whose_lists(merged, {1: before, 2: between, 3: autumn}) == {3: [3]}
    circle = {1: Step(2, spring, True), 2: Step(1, autumn, True)}
    assert set(mergers.heirs(circle)) == {1, 2}


def test_fifths_of_pcns_that_merged_are_put_together_by_their_patients() -> None:
    deprived, even = (1.0, 0.0, 0.0, 0.0, 0.0), (0.2, 0.2, 0.2, 0.2, 0.2)
    mixed = networks._mixed([(30_000, deprived), (10_000, even)])
    assert mixed is not None
    assert [round(part, 3) for part in mixed] == [0.8, 0.05, 0.05, 0.05, 0.05]
    assert networks._mixed([(30_000, deprived), (10_000, None)]) is None
