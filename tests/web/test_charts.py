"""Charts: what is drawn, what is said, and what no label can do."""

from itertools import pairwise
from math import inf, nan
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from linkwork.web.charts import Band, Event, Line, LineChart, bar, line_chart
from linkwork.web.drawing import scale_end

HOSTILE = "\"><script>alert(1)</script>'&"
MONTHS = ["Apr", "May", "Jun"]

words = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\ufffe"))
values = st.none() | st.floats(0, 1e9) | st.integers(0, 10**9) | st.just(nan)


def pace(*lines: Line, band: Band | None = None, events: tuple[Event, ...] = ()) -> LineChart:
    return LineChart("pace", "People started", "47 of 54", MONTHS, lines, band, events)


def drawn(markup: Markup) -> ET.Element:
    return ET.fromstring(f"<figure>{markup}</figure>")


def classes(markup: Markup) -> list[str]:
    return [name for e in drawn(markup).iter() for name in e.get("class", "").split()]


def texts(markup: Markup) -> list[str]:
    return ["".join(e.itertext()) for e in drawn(markup).iter("text")]


def width(markup: Markup, class_: str) -> str | None:
    found = [e for e in drawn(markup).iter("rect") if class_ in e.get("class", "").split()]
    return found[0].get("width") if found else None


def test_a_bar_is_as_long_as_its_share_of_the_maximum() -> None:
    assert width(bar(15, 50, 60), "bar__value") == "25.0%"


def test_a_bar_never_leaves_its_cell() -> None:
    assert width(bar(90, 50, 60), "bar__value") == "100.0%"
    assert width(bar(-3, 50, 60), "bar__value") == "0.0%"


def test_a_bar_is_marked_only_when_it_is_over_its_cap() -> None:
    assert "bar__value--over" not in classes(bar(50, 50, 60))
    assert "bar__value--over" in classes(bar(51, 50, 60))


def test_a_bar_without_a_cap_has_no_mark() -> None:
    assert "bar__cap" in classes(bar(9, 10, 60))
    assert "bar__cap" not in classes(bar(9, None, 60))


def test_a_bar_with_a_maximum_of_zero_is_empty() -> None:
    assert width(bar(0, 0, 0), "bar__value") == "0.0%"


def test_a_bar_is_not_read_out_because_the_next_cell_is() -> None:
    assert 'aria-hidden="true"' in bar(1, 2, 3)


def test_a_chart_is_drawn_wide_and_narrow_and_says_what_it_shows() -> None:
    wide, narrow = drawn(line_chart(pace(Line("Started", [1, 2, 3]))))
    assert (wide.get("class"), narrow.get("class")) == ("chart__wide", "chart__narrow")
    for svg in (wide, narrow):
        pointed = (svg.get("aria-labelledby") or "").split()
        said = [e.text for e in svg for name in pointed if e.get("id") == name]
        assert said == ["People started", "47 of 54"]


def test_a_label_is_written_out_and_never_obeyed() -> None:
    chart = LineChart(
        "x", HOSTILE, HOSTILE, [HOSTILE], [Line(HOSTILE, [1])], None, [Event(0, HOSTILE)]
    )
    markup = line_chart(chart)
    assert "<script" not in markup
    assert texts(markup).count(HOSTILE) == 6
    assert not list(drawn(markup).iter("script"))


def test_nothing_is_drawn_when_nothing_is_known() -> None:
    assert line_chart(LineChart("x", "t", "d", [], [])) == ""
    assert line_chart(pace(Line("Started", [None, nan, None]))) == ""


def test_one_point_is_drawn_as_a_point() -> None:
    markup = line_chart(LineChart("x", "t", "d", ["Apr"], [Line("Started", [3])]))
    assert classes(markup).count("chart__dot") == 2
    assert not list(drawn(markup).iter("polyline"))


def test_a_line_is_broken_where_a_value_is_missing() -> None:
    chart = LineChart("x", "t", "d", list("abcde"), [Line("Started", [1, 2, None, 4, 5])])
    assert len(list(drawn(line_chart(chart)).iter("polyline"))) == 4


def test_lines_of_only_zeros_have_a_scale_all_the_same() -> None:
    assert "5" in texts(line_chart(pace(Line("Started", [0, 0, 0]))))


def test_lines_differ_by_shape_and_not_by_colour_alone() -> None:
    one = line_chart(pace(Line("Started", [1, 2, 3]), Line("Share", [2, 3, 4], "expected")))
    tags = {e.tag for e in drawn(one).iter() if "chart__dot" in e.get("class", "")}
    assert tags == {"circle", "rect"}
    assert "chart__line--expected" in classes(one)


def test_labels_at_the_ends_of_lines_do_not_cover_each_other() -> None:
    wide, _ = drawn(line_chart(pace(*(Line(f"L{n}", [1, 1, 1]) for n in range(3)))))
    heights = sorted(
        float(e.get("y", "")) for e in wide.iter("text") if "chart__label" in e.get("class", "")
    )
    assert all(below - above >= 16 for above, below in pairwise(heights))


def test_the_band_goes_up_one_side_and_back_down_the_other() -> None:
    markup = line_chart(pace(Line("Started", [1, 2, 3]), band=Band([None, 1, 2], [None, 3, 4])))
    polygon = next(drawn(markup).iter("polygon"))
    assert len((polygon.get("points") or "").split()) == 4


def test_an_event_outside_the_chart_is_left_out() -> None:
    markup = line_chart(pace(Line("a", [1, 2, 3]), events=(Event(1, "Leaver"), Event(9, "Later"))))
    assert "Leaver" in texts(markup)
    assert "Later" not in texts(markup)


@pytest.mark.parametrize(
    ("most", "end"),
    [
        (0, 5),
        (1, 5),
        (5, 5),
        (6, 6),
        (7, 8),
        (108, 150),
        (0.4, 0.4),
        (1000, 1000),
        (inf, 5),
        (5e-324, 5e-324),
    ],
)
def test_a_scale_ends_at_a_round_number_at_or_above_the_most(most: float, end: float) -> None:
    assert scale_end(most) == pytest.approx(end)


@given(st.lists(words, max_size=6), st.lists(values, max_size=8), words)
def test_any_chart_is_well_formed(labels: list[str], numbers: list[float], text: str) -> None:
    chart = LineChart("x", text, text, labels, [Line(text, numbers)], Band(numbers, numbers))
    drawn(line_chart(chart))


def test_events_close_together_stand_in_rows_and_none_leaves_the_chart() -> None:
    events = (Event(1.9, "Amina Okafor leaves"), Event(2, "Ben Harte starts"), Event(0, "18 Apr"))
    wide, narrow = drawn(line_chart(pace(Line("Started", [1, 2, 3]), events=events)))
    for drawing, width in ((wide, 620), (narrow, 340)):
        found = [e for e in drawing.iter("text") if e.get("class") == "chart__event-text"]
        assert len({e.get("y") for e in found}) == 2
        spans = [(float(e.get("x", "")), e.get("text-anchor"), e.text or "") for e in found]
        assert all(x > 100 if anchor == "end" else x < width for x, anchor, _ in spans)


def test_a_label_can_stand_anywhere_along_the_chart() -> None:
    chart = LineChart("x", "t", "d", ["Apr", "", "Mar"], [Line("Started", [1, 2, 3])],
                      places=(0, 0.1, 1))  # fmt: skip
    wide, _ = drawn(line_chart(chart))
    across = [float(e.get("cx", "")) for e in wide.iter("circle")]
    assert (across[1] - across[0]) / (across[2] - across[0]) == pytest.approx(0.1, abs=0.01)


def test_a_limit_has_no_points_and_a_signal_nothing_else() -> None:
    lines = (Line("Limit", [2, 2, 2], "limit"), Line("Unusual", [None, 3, 3], "signal"))
    seen = classes(line_chart(pace(*lines)))
    assert seen.count("chart__dot--signal") == 4
    assert seen.count("chart__line--limit") == 3  # wide, narrow, and the key of the narrow one
    assert "chart__dot--limit" not in seen
