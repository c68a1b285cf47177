"""What figures mean is worked out where the definitions say that it is."""

import re

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.targets import Scope
from linkwork.reports import behind, definitions
from linkwork.reports.basis import Basis
from tests.conftest import TODAY
from tests.house import ROOT, text_of

GUIDE = text_of(ROOT / "docs" / "capacity.md")

BASIS = Basis(FinancialYear(2026), TODAY, Scope.ALL)


def test_every_figure_that_opens_names_a_heading_of_the_guide() -> None:
    meant = definitions.by_code(BASIS)
    headings = set(re.findall(r"^## (.*)$", GUIDE, re.MULTILINE))
    named = {figure: meant[told.definition].source for figure, told in behind.FIGURES.items()}
    assert {figure: where for figure, where in named.items() if where not in headings} == {}


def test_every_step_of_the_funnel_is_named_in_the_guide_as_on_the_page() -> None:
    section = GUIDE.split("\n## The funnel\n")[1].split("\n## ")[0]
    for word in ("contacted", "started", "plan", "connected", "completed", "People seen",
                 "Possible duplicates"):  # fmt: skip
        assert f"**{word}**" in section


def test_several_pcns_are_shown_with_the_definitions_of_their_own_columns_only() -> None:
    meant = [one.code for one in definitions.of_boards(BASIS)]
    assert set(meant) == definitions.OF_BOARDS
    assert len(meant) == len(definitions.OF_BOARDS)
