"""The trend figure: valid to plotly, the colours readable, nothing drawn that is not held or not in force."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template

from indicators import charts, marks
from indicators import drawing_style as style
from indicators.charts import NARROW, WIDE, trend_figure
from indicators.control import Control, control_of
from indicators.direction_of_travel import Window
from indicators.drawing_style import LIMIT, RING, SMALL_RING
from indicators.models import Indicator
from indicators.quarters import FinancialYear, Month
from indicators.rag import Polarity, Rating
from indicators.selectors.indicators import indicator_for
from tests import builders as b
from tests.figures import validated
from tests.trends import MOSAIC, TURNOVER, a_forecast, limits, months, quarters, trend

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "staff-turnover-trend.json"


def lines(figure):
    """Every stretch that a line joins, as lists of (x, y)."""
    found = []
    for trace in figure["data"]:
        if trace["mode"] == "lines":
            stretch = []
            for x, y in [*zip(trace["x"], trace["y"], strict=True), (None, None)]:
                if x is None:
                    found.append((trace["line"]["dash"], stretch))
                    stretch = []
                else:
                    stretch.append((x, y))
    return found


def texts(layout):
    return [note["text"] for note in layout["annotations"]]


def test_staff_turnover_when_drawn_then_it_is_the_figure_that_was_looked_at():
    """UPDATE_GOLDEN=1 writes the file anew; look at the page before it is kept."""
    figure = trend_figure(
        trend(months(TURNOVER), limits(), since=date(2022, 1, 1), window=Window.ROLLING_12_MONTHS, places=2)
    )
    text = json.dumps(figure, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.django_db
def test_every_real_trend_when_drawn_then_plotly_knows_every_property(real):
    drawn = 0
    for code in Indicator.objects.values_list("code", flat=True):
        for found in indicator_for(real, code, today=b.TODAY).trends:
            if len(found.numbers) < 2:
                continue
            figure = validated(trend_figure(found))
            json.dumps(figure, allow_nan=False)
            marked = sum(len(trace["x"]) for trace in figure["data"] if trace["mode"] == "markers")
            assert marked == len(found.numbers)
            drawn += 1
    assert drawn >= 15


def test_module_when_imported_then_plotly_is_not():
    code = "import sys, indicators.charts; sys.exit('plotly' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_one_figure_when_drawn_then_it_is_refused():
    with pytest.raises(ValueError, match="no trend"):
        trend_figure(trend(months("85")))


@pytest.mark.parametrize(
    "line", [{"type": "scatter", "colour": "red"}, {"type": "scatter", "x": [1], "line": {"width": -1}}]
)
def test_what_plotly_does_not_know_when_a_page_sends_it_then_the_test_of_that_page_fails(line, monkeypatch):
    monkeypatch.setattr(charts, "_lines", lambda found: [line])
    drawn = trend_figure(trend(months("10 20")))
    with pytest.raises(ValueError, match=r"colour|width"):
        Template("{% load components %}{{ drawn|figure_script:'month' }}").render(Context({"drawn": drawn}))


def test_what_plotly_would_write_in_another_way_when_validated_then_it_is_refused():
    figure = trend_figure(trend(months("10 20")))
    figure["layout"]["images"] = []
    with pytest.raises(AssertionError):
        validated(figure)


def test_figure_when_it_stands_on_a_page_then_the_script_reads_what_was_drawn_and_no_word_of_it_ends_the_element():
    figure = validated(trend_figure(trend(months("10 <4 30"), limits(Polarity.HIGHER, 80, 70))))
    figure["data"][-1]["text"] = ["</script><!--<script>", "a & b", "↑ “£1”"]
    (element,) = BeautifulSoup(charts.figure_script(figure, "month"), "html.parser").find_all()
    assert (element["id"], element["type"]) == ("month", "application/json")
    assert json.loads(element.string) == figure
    assert not set("<>") & set(element.string)


def test_series_that_breaks_when_drawn_then_no_line_crosses_it_and_it_is_labelled():
    figure = trend_figure(trend(months("10 20 30 40 50", first=Month(2021, 6)), breaks=[MOSAIC]))
    for _, stretch in lines(figure):
        sides = {x >= "2021-08-01" for x, _ in stretch}
        assert len(sides) == 1
    assert sum(len(stretch) for _, stretch in lines(figure)) == 2 + 4
    for layout in (figure["layout"], figure["narrow"]):
        assert any("August 2021" in text for text in texts(layout))
        upright = [s for s in layout["shapes"] if s.get("yref") == "paper"]
        assert [(s["x0"], s["x1"]) for s in upright] == [("2021-08-01", "2021-08-01")]


def test_gap_when_drawn_then_only_a_dotted_line_passes_over_it():
    figure = trend_figure(trend(months("10 20 - 30 40")))
    assert [(dash, len(stretch)) for dash, stretch in lines(figure)] == [("solid", 2), ("solid", 2), ("dot", 2)]


def test_target_that_came_later_when_drawn_then_line_and_band_lie_only_over_its_periods():
    figure = trend_figure(trend(months(TURNOVER), limits(), since=date(2022, 1, 1)))
    shapes = figure["layout"]["shapes"]
    assert {(s["x0"], s["x1"]) for s in shapes} == {("2022-01-01", "2022-04-01")}
    band = next(s for s in shapes if s["type"] == "rect")
    assert sorted((band["y0"], band["y1"])) == [16, 18]


@pytest.mark.parametrize(
    ("held_against", "bands"),
    [
        (limits(Polarity.HIGHER, 80, 70), 1),
        (limits(Polarity.HIGHER, 80, 80), 0),
        (limits(Polarity.HIGHER, 80, None), 0),
        (None, 0),
    ],
)
def test_band_when_there_is_room_within_tolerance_then_it_is_drawn(held_against, bands):
    shapes = trend_figure(trend(months("75 85"), held_against))["layout"].get("shapes", [])
    assert sum(s["type"] == "rect" for s in shapes) == bands


def test_rating_when_drawn_then_shape_and_colour_are_those_of_its_tag():
    figure = trend_figure(trend(months("60 75 85"), limits(Polarity.HIGHER, 80, 70)))
    drawn = {t["marker"]["symbol"]: t["marker"]["color"] for t in figure["data"] if t["mode"] == "markers"}
    assert {symbol: colours[0] for symbol, colours in drawn.items()} == {
        "square": marks._FILL["outside"],
        "diamond": marks._FILL["within"],
        "circle": marks._FILL["better"],
    }


def test_limit_and_approximate_value_when_drawn_then_they_are_written_beside_their_point():
    figure = trend_figure(trend(months("10 <4 ~8 12")))
    for layout in (figure["layout"], figure["narrow"]):
        written = " ".join(texts(layout))
        assert "&lt;4%" in written
        assert "approx. 8%" in written


def test_last_value_and_target_when_they_are_close_then_their_labels_do_not_cover_each_other():
    figure = trend_figure(trend(months("80 79.9"), limits(Polarity.HIGHER, 80, 78), places=1))
    for layout, paper in ((figure["layout"], WIDE), (figure["narrow"], NARROW)):
        side = sorted(n["y"] * paper.plot_height for n in layout["annotations"] if n.get("xref") == "paper")
        assert len(side) == 3
        assert min(b - a for a, b in pairwise(side)) >= 18.9


@pytest.mark.parametrize("number", [2, 13, 14, 40, 80])
def test_ticks_when_there_are_many_periods_then_they_are_few_and_the_last_has_one(number):
    figure = trend_figure(trend(months(" ".join(["10", "20"] * (number // 2) + ["30"] * (number % 2)))))
    for layout, most in ((figure["layout"], 14), (figure["narrow"], 5)):
        assert 2 <= len(layout["xaxis"]["tickvals"]) <= most
        assert len(set(layout["xaxis"]["tickvals"])) == len(layout["xaxis"]["ticktext"])
        assert layout["xaxis"]["tickvals"][-1] == figure["data"][-1]["x"][-1] or number > 2


def test_years_when_there_are_many_then_fewer_have_a_tick_so_that_their_names_have_room():
    figure = trend_figure(trend({FinancialYear(year): f"{year - 2000}" for year in range(2012, 2025)}))
    assert figure["layout"]["xaxis"]["ticktext"] == [f"{y}/{y % 100 + 1}" for y in range(2012, 2025, 2)]
    assert len(figure["narrow"]["xaxis"]["ticktext"]) == 4


def test_quarters_when_drawn_then_the_year_stands_under_the_first_of_each():
    figure = trend_figure(trend(quarters(q2020_4="99", q2021_4="80")))
    assert figure["layout"]["xaxis"]["ticktext"] == ["Q4<br>2020/21", "Q1<br>2021/22", "Q2", "Q3", "Q4"]


# Colours


def brightness(colour):
    """Relative luminance of WCAG 2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((brightness(one), brightness(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ground", [style.PAPER, style.BAND])
@pytest.mark.parametrize("colour", [style.INK, style.BRAND, style.INK_2, style.OUTSIDE_INK])
def test_text_and_lines_when_drawn_on_paper_or_band_then_they_can_be_read(colour, ground):
    assert contrast(colour, ground) >= 4.5


@pytest.mark.parametrize("rating", list(Rating))
def test_markers_when_drawn_then_they_can_be_seen(rating):
    colour = style.MARKERS[rating][1]
    assert contrast(colour, style.PAPER) >= 3
    assert contrast(colour, style.BAND) >= 2.8


def test_band_edge_when_drawn_then_it_can_be_seen():
    assert contrast(style.BAND_EDGE, style.PAPER) >= 3


def test_colours_when_drawn_then_they_are_those_of_the_style_sheet():
    sheet = (ROOT / "static" / "css" / "app.css").read_text(encoding="utf-8").lower()
    used = {style.INK, style.INK_2, style.BRAND, style.GRID, style.BAND_EDGE, style.OUTSIDE_INK}
    assert {c for c in used if c not in sheet} == set()


def test_drawing_when_there_are_limits_then_they_are_drawn_over_their_periods_and_the_axis_holds_them():
    steady = "50 52 49 51 50 48 52 50 51 49 50 52 49 80"
    found = trend(months(f"{steady} - {steady}"))
    control = control_of(found)
    assert isinstance(control, Control)
    figure = validated(trend_figure(replace(found, also_drawn=control.values), control))
    limits = [t for t in figure["data"] if t.get("line", {}).get("color") == LIMIT]
    assert [t["line"]["dash"] for t in limits] == ["solid", "6px,3px", "6px,3px"]
    assert all(t["x"].count(None) == 1 for t in limits), "one gap, where a month has no figure"
    upper = max(v for v in limits[2]["y"] if v is not None)
    assert figure["layout"]["yaxis"]["range"][1] > upper > 55
    (ring,) = [t for t in figure["data"] if t.get("marker", {}).get("symbol") == "circle-open"]
    assert (ring["y"], ring["marker"]["size"]) == ([80.0, 80.0], RING)
    many = trend(months(" ".join([steady] * 4)))
    rings = [
        t for t in trend_figure(many, control_of(many))["data"] if "-open" in str(t.get("marker", {}).get("symbol"))
    ]
    assert {t["marker"]["size"] for t in rings} == {SMALL_RING}
    assert len(trend_figure(found)["data"]) < len(figure["data"])


def test_forecast_when_drawn_then_a_dashed_band_from_the_last_figure_on_that_is_no_figure():
    found, ahead = a_forecast(trend(months("60 75 65"), limits(Polarity.HIGHER, 80, 70)), (50, 65, 82), (44, 65, 88))
    figure = trend_figure(found, None, ahead=ahead)
    validated(figure)
    band, high, low, points = figure["data"][:4]
    last = found.numbers[-1].middle.isoformat()
    assert band["x"][0] == band["x"][-1] == high["x"][0] == low["x"][0] == last
    assert (high["y"], low["y"]) == ([65.0, 82.0, 88.0], [65.0, 50.0, 44.0])
    assert band["y"] == [65.0, 82.0, 88.0, 44.0, 50.0, 65.0]
    assert band["fillpattern"]["shape"] == "/"
    assert {high["line"]["dash"], low["line"]["dash"]} == {"3px,3px"}
    symbols = [t["marker"]["symbol"] for t in figure["data"][4:] if t["mode"] == "markers"]
    assert points["marker"]["symbol"] == "circle-open-dot"
    assert points["marker"]["symbol"] not in symbols
    assert points["text"][0] == "June 2021: forecast, no figure; about 65%, likely between 50% and 82%"
    assert sum(len(t["x"]) for t in figure["data"][4:] if t["mode"] == "markers") == len(found.numbers)
    assert not any(x and x > last for _, stretch in lines({"data": figure["data"][4:]}) for x, _ in stretch)


def test_forecast_when_drawn_then_axes_and_target_go_on_over_it_and_the_last_figure_keeps_its_label():
    plain = trend(months("60 75 65"), limits(Polarity.HIGHER, 80, 70))
    found, ahead = a_forecast(plain, (50, 65, 82), (44, 65, 88))
    figure = trend_figure(found, None, ahead=ahead)
    for layout in (figure["layout"], figure["narrow"]):
        assert layout["xaxis"]["range"] == ["2021-03-01", "2021-08-01"]
        assert layout["yaxis"]["range"][0] <= 44
        assert layout["yaxis"]["range"][1] >= 88
        assert {s["x1"] for s in layout["shapes"]} == {"2021-08-01"}
        beside = [note["text"] for note in layout["annotations"] if note.get("xref") == "paper"]
        assert {"Last 65%", "44 to 88%"} <= set(beside)
    without = trend_figure(plain)
    assert "65%" in [note["text"] for note in without["layout"]["annotations"] if note.get("xref") == "paper"]
