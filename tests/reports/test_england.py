"""All PCNs of England by board and region: summed, compared, and withheld alike everywhere."""

from datetime import date
from typing import Any

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.targets import Scope
from linkwork.reports import boards, england
from linkwork.reports.basis import Basis
from linkwork.reports.boards import Order
from linkwork.reports.comparisons import Method
from linkwork.reports.england import Report
from linkwork.reports.networks import Network, Networks, Place

BASIS = Basis(FinancialYear(2025), date(2025, 9, 30), Scope.ALL)
EVEN = (0.2, 0.2, 0.2, 0.2, 0.2)


def place(number: int, name: str, parent: int | None = None, region: str | None = None) -> Place:
    return Place(number, f"key{number}", name, f"C{number}", parent, region, None)


def pcn(number: int, people: int, board: int | None = 901, **facts: Any) -> Network:
    usual: dict[str, Any] = {
        "additional": 0, "everybody": people, "waiting": 0, "share": 100, "has_share": True,
        "patients": 50_000, "quintiles": EVEN, "in_post_wte": 1.0, "funded_wte": 1.5,
        "has_posts": True,
    }  # fmt: skip
    return Network(place(number, f"PCN {number:02}", board), **{**usual, **facts})


def report(*pcns: Network, method: Method = Method.LIST) -> Report:
    made = {901: place(901, "North board", None, "North"), 902: place(902, "South board", None)}
    return england.built(Networks(pcns, made), BASIS, method)


def test_pcns_add_up_to_boards_regions_and_england() -> None:
    found = report(pcn(1, 30), pcn(2, 40), pcn(3, 50, 902), pcn(4, 60, None))
    assert [line.name for line in found.england.below] == ["North", "No region recorded"]
    assert [(b.line.name, b.line.started) for b in found.boards] == [
        ("North board", 70), ("South board", 50), ("No board recorded", 60)
    ]  # fmt: skip
    whole = found.england.line
    assert (whole.started, whole.pcns, whole.in_post_wte, whole.share.value) == (180, 4, 4.0, 400)
    # 126 of 253 working days are gone.
    assert whole.expected.text(1) == "199.2"


def test_a_withheld_count_gives_no_rate_no_bar_and_no_place_in_an_order() -> None:
    found = report(pcn(1, 90), pcn(2, 3), pcn(3, 40), pcn(4, 20), pcn(5, 80))
    lines = found.boards[0].below
    assert [line.started_text for line in lines] == ["90", "Withheld", "Withheld", "Withheld", "80"]
    assert lines[1].compared.rate.reason == "Withheld"
    for descending in (False, True):
        ordered = boards.in_order(lines, Order.STARTED, descending=descending)
        assert [line.name for line in ordered[2:]] == ["PCN 02", "PCN 03", "PCN 04"]


def test_the_rate_of_a_sum_tells_no_more_than_its_lines_where_a_list_is_not_known() -> None:
    shown = report(pcn(1, 50), pcn(2, 40, patients=None))
    assert shown.boards[0].line.compared.rate.text(1) == "10.0"  # 50 of 50,000
    assert shown.boards[0].line.compared.left_out == 1
    small = [pcn(1, 3, patients=None), *(pcn(n, 40) for n in (2, 3, 4, 5))]
    withheld = report(*small).boards[0].line
    assert withheld.started == 163
    assert withheld.compared.rate.reason == "No list size for 1 of 5 PCNs"


def test_the_same_work_for_needier_patients_compares_as_less_in_a_deprived_pcn() -> None:
    deprived = (1.0, 0.0, 0.0, 0.0, 0.0)
    found = report(
        pcn(1, 70, quintiles=deprived), pcn(2, 70), pcn(3, 70, quintiles=None),
        method=Method.DEPRIVATION,
    )  # fmt: skip
    rates = [line.compared.rate for line in found.boards[0].below]
    assert [rate.text(1) for rate in rates[:2]] == ["10.0", "14.0"]
    assert rates[2].reason == "No deprivation profile"


def test_a_page_without_a_printed_sum_says_so() -> None:
    found = report(pcn(1, 3), pcn(2, 30))
    sentence = boards.opening(found.england.line, BASIS, "our 2 PCNs")
    assert (
        sentence == "By 30 September 2025 our 2 PCNs started a number of people that is withheld."
    )
    assert boards.takeaway(found.boards[0].below, "PCN") == "No PCN can be compared."


def test_nothing_recorded_is_no_error() -> None:
    assert report().england.line.pcns == 0
