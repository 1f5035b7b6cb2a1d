"""The small trend: what is joined to what, where it stands, and that its text is safe."""

import re
import xml.etree.ElementTree as ElementTree
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.sparkline import (
    BOTTOM,
    EMPTY_WORDS,
    HEIGHT,
    LEFT,
    TOP,
    WIDTH,
    SparkPoint,
    scale_of,
    sparkline,
    sparkline_svg,
)

SCALE = (50, 100)


def spec_of(*points, **more):
    return sparkline(points, **{"scale": SCALE, "label": "A sentence", "end_label": "85", **more})


def kinds(spec):
    return [dot["kind"] for dot in spec["dots"]]


def test_no_figures_gives_words_and_no_drawing():
    spec = spec_of()
    assert sparkline_svg(spec) == f'<span class="nd">{EMPTY_WORDS}</span>'
    assert sparkline_svg(spec_of(SparkPoint(1, None))) == sparkline_svg(spec)


def test_one_figure_gives_one_full_dot_and_its_label():
    spec = spec_of(SparkPoint(4, Decimal("85")))
    assert kinds(spec) == ["now"]
    assert spec["joins"] == []
    assert spec["dots"][0]["x"] == spec["right"]
    assert spec["end"]["text"] == "85"


def test_highest_value_of_the_scale_stands_at_the_top_and_lowest_at_the_bottom():
    spec = spec_of(SparkPoint(0, 50), SparkPoint(1, 100))
    assert (spec["joins"][0]["y1"], spec["joins"][0]["y2"]) == (BOTTOM, TOP)


def test_neighbours_are_joined_by_a_solid_line_and_only_the_last_has_a_dot():
    spec = spec_of(SparkPoint(1, 80), SparkPoint(2, 82), SparkPoint(3, 85))
    assert [join["dotted"] for join in spec["joins"]] == [False, False]
    assert kinds(spec) == ["now"]


@pytest.mark.parametrize(
    "points",
    [
        pytest.param([SparkPoint(0, 80), SparkPoint(4, 85)], id="periods between not held"),
        pytest.param([SparkPoint(0, 80), SparkPoint(1, None), SparkPoint(2, 85)], id="period between has no figure"),
        pytest.param([SparkPoint(0, 80), SparkPoint(1, 85, "<")], id="known only as a limit"),
    ],
)
def test_uncertain_join_is_dotted(points):
    spec = spec_of(*points)
    assert [join["dotted"] for join in spec["joins"]] == [True]
    assert 'stroke-dasharray="1.5 2.5"' in sparkline_svg(spec)


def test_nothing_is_joined_across_a_break():
    spec = spec_of(SparkPoint(0, 80), SparkPoint(1, 82), SparkPoint(2, 85), SparkPoint(3, 86), breaks=[2])
    ends = [(join["y1"], join["y2"]) for join in spec["joins"]]
    whole = spec_of(SparkPoint(0, 80), SparkPoint(1, 82), SparkPoint(2, 85), SparkPoint(3, 86))
    assert len(ends) == 2
    assert len(whole["joins"]) == 3


def test_break_within_a_gap_removes_the_dotted_join():
    assert spec_of(SparkPoint(0, 80), SparkPoint(4, 85), breaks=[3])["joins"] == []


def test_break_at_the_first_period_leaves_the_series_whole():
    assert len(spec_of(SparkPoint(0, 80), SparkPoint(1, 85), breaks=[0])["joins"]) == 1


def test_comparison_point_is_open():
    spec = spec_of(SparkPoint(0, 99, earlier=True), SparkPoint(4, 80))
    assert kinds(spec) == ["earlier", "now"]
    assert 'r="2.4" fill="#fff"' in sparkline_svg(spec)


def test_lone_point_between_gaps_has_a_small_dot():
    assert kinds(spec_of(SparkPoint(0, 80), SparkPoint(3, 82), SparkPoint(6, 85))) == ["single", "single", "now"]


@pytest.mark.parametrize(("qualifier", "kind"), [("<", "below"), (">", "above"), ("~", "now"), ("", "now")])
def test_limit_is_a_triangle_and_an_approximate_figure_a_dot(qualifier, kind):
    assert kinds(spec_of(SparkPoint(0, 80), SparkPoint(1, 85, qualifier)))[-1] == kind


def test_period_without_a_figure_has_neither_full_dot_nor_label():
    spec = spec_of(SparkPoint(0, 80), SparkPoint(1, 82), now=2)
    assert "now" not in kinds(spec)
    assert spec["end"] is None


def test_figures_stand_left_of_a_later_period_without_one():
    spec = spec_of(SparkPoint(0, 80), SparkPoint(1, 82), now=2)
    assert spec["joins"][0]["x2"] < spec["right"]


def test_band_runs_from_target_to_limit_with_its_edge_at_the_limit():
    spec = spec_of(SparkPoint(0, 85), targets=[90], bands=[(90, 75)])
    (band,) = spec["bands"]
    assert band["y"] == pytest.approx(spec["targets"][0])
    assert band["y"] + band["height"] == pytest.approx(band["edge"])


def test_band_of_no_height_is_left_out():
    assert spec_of(SparkPoint(0, 93), targets=[80], bands=[(80, 80)])["bands"] == []


def test_value_beyond_the_scale_is_marked_at_the_edge():
    spec = spec_of(SparkPoint(0, 80), SparkPoint(1, 120))
    assert spec["dots"][-1] == {"x": spec["right"], "y": TOP, "kind": "now", "beyond": "up"}
    assert sparkline_svg(spec).count("Z") == 1


def test_long_label_gets_its_room():
    assert spec_of(SparkPoint(0, 80), end_label="1,266")["right"] < spec_of(SparkPoint(0, 80))["right"]


def test_text_is_escaped():
    svg = sparkline_svg(spec_of(SparkPoint(0, 80), label='"><script>', end_label="<1"))
    assert "<script>" not in svg
    assert ">&lt;1</text>" in svg
    assert ElementTree.fromstring(svg).attrib["aria-label"] == '"><script>'  # noqa: S314


def test_drawing_says_what_it_shows_and_has_no_inline_style():
    svg = sparkline_svg(spec_of(SparkPoint(0, 80), label="80% now"))
    assert 'role="img" aria-label="80% now"' in svg
    assert "style=" not in svg


@pytest.mark.parametrize(
    ("values", "step", "expected"),
    [
        pytest.param([56, 99, 75], 10, (50, 100), id="steps of ten hold all"),
        pytest.param([80], 10, (70, 80), id="one value on a step"),
        pytest.param([Decimal("463"), Decimal("426")], None, (422.3, 466.7), id="a tenth of the range as air"),
        pytest.param([5], None, (4.5, 5.5), id="one value"),
        pytest.param([0, 0], None, (-1, 1), id="only zero"),
        pytest.param([], None, (0, 1), id="nothing"),
        pytest.param([-12, 4], 10, (-20, 10), id="below zero"),
    ],
)
def test_scale_of(values, step, expected):
    assert scale_of(values, step) == pytest.approx(expected)


values = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
points = st.lists(
    st.builds(
        SparkPoint,
        at=st.integers(0, 400),
        value=st.none() | values,
        qualifier=st.sampled_from(["", "<", ">", "~"]),
        earlier=st.booleans(),
    ),
    max_size=30,
    unique_by=lambda point: point.at,
)


@given(points, st.text(max_size=20), st.text("0123456789.,<>", max_size=8), st.lists(st.integers(0, 400), max_size=3))
def test_every_drawing_is_well_formed_and_inside_its_box(points, label, end_label, breaks):
    held = [point.value for point in points if point.value is not None]
    label = "".join(character for character in label if character.isprintable())
    spec = sparkline(points, scale=scale_of(held), label=label, end_label=end_label, targets=held[:1],
                     bands=[(held[0], held[-1])] if held else [], breaks=breaks)  # fmt: skip
    root = ElementTree.fromstring(sparkline_svg(spec))  # noqa: S314
    if not held:
        assert root.tag == "span"
        return
    for element in root.iter():
        for name in ("x", "cx"):
            if name in element.attrib and element.tag != "text":
                assert LEFT <= float(element.attrib[name]) <= WIDTH
        for name in ("y", "cy"):
            if name in element.attrib:
                assert 0 <= float(element.attrib[name]) <= HEIGHT
    assert not re.search("nan|inf", sparkline_svg({**spec, "label": "", "end": None}))
    assert len(spec["joins"]) <= len(held) - 1
    assert sum(dot["kind"] == "now" for dot in spec["dots"]) <= 1


@given(points, st.integers(0, 400))
def test_no_join_ever_crosses_a_break(points, start):
    held = [point for point in points if point.value is not None]
    spec = sparkline(points, scale=scale_of([p.value for p in held]), label="", breaks=[start], end_label="1")
    before, after = [p for p in held if p.at < start], [p for p in held if p.at >= start]
    expected = max(len(before) - 1, 0) + max(len(after) - 1, 0)
    assert len(spec.get("joins", [])) == expected
