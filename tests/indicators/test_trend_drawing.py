"""A trend as SVG: the drawing that was looked at, well formed, inside its paper, in shapes as well as colours."""

import os
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import drawing_style as style
from indicators.control import Control, control_of
from indicators.rag import Polarity
from indicators.trend import Trend, chart_sentence
from indicators.trend_drawing import LARGE, SMALL, Words, trend_svg
from tests.trends import MOSAIC, a_forecast, limits, months, quarters, trend

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
STEADY = "50 52 49 51 50 48 52 50 51 49 50 52 49"
WORDS = Words("Assessments in time: monthly figures", ("Source: report 003 (7 July 2022).", "Drawn on 7 July 2022."))


def charted(found: Trend) -> tuple[Trend, Control | None]:
    control = control_of(found)
    return (replace(found, also_drawn=control.values), control) if isinstance(control, Control) else (found, None)


def drawn(found: Trend, **more) -> str:
    own, control = charted(found)
    return trend_svg(own, control, label=more.pop("label", "X"), **more)


def restated(found: Trend, place: int, text: str, value: D | None) -> Trend:
    spots = list(found.spots)
    spots[place] = replace(spots[place], former_text=text, former_value=value)
    return replace(found, spots=tuple(spots))


def everything() -> Trend:
    """A trend with all that can be drawn: limits, rings, a break, a gap, a limit value, a restated figure."""
    held = months(f"60 62 - <64 61 {STEADY} 80")
    found = trend(held, limits(Polarity.HIGHER, 60, 45), since=date(2021, 6, 1), breaks=[MOSAIC])
    return restated(found, -3, "70% (7 of 10)", D(70))


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314


@pytest.mark.parametrize(("name", "sheet", "words"), [("small", SMALL, None), ("large", LARGE, WORDS)])
def test_trend_with_everything_when_drawn_then_it_is_the_drawing_that_was_looked_at(name, sheet, words) -> None:
    """UPDATE_GOLDEN=1 writes the file anew; look at it before it is kept."""
    svg = drawn(everything(), sheet=sheet, words=words, label="Everything")
    file = GOLDEN / f"trend-{name}.svg"
    text = svg.replace("><", ">\n<") + "\n"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_drawing_when_looked_into_then_it_holds_target_band_limits_marks_break_and_what_was_restated() -> None:
    svg = drawn(everything())
    assert svg.count(f'fill="{style.BAND}"') == 1
    assert f'stroke="{style.INK}" stroke-width="1.5" fill="none" stroke-dasharray="6 4"' in svg
    assert svg.count(f'stroke="{style.LIMIT}" fill="none"') == 3
    assert svg.count('stroke-dasharray="6 3"') == 2
    assert "Series breaks, August 2021" in svg
    # A ring about the figure far above; the limit value points down; the restated one is open with a cross.
    assert re.search(rf'<circle [^>]*r="8.5" fill="none" stroke="{style.RINGS[0][2]}"', svg)
    assert f'fill="{style.PAPER}" stroke="{style.BRAND}" stroke-width="1.6"' in svg
    assert f'stroke="{style.INK_2}" stroke-width="1.6" fill="none"' in svg
    assert svg.count(f'fill="{style.PAPER}" stroke="#b96b00" stroke-width="2"') == 1
    without = drawn(restated(everything(), -3, "", None))
    assert f'fill="{style.PAPER}" stroke="#b96b00" stroke-width="2"' not in without


def test_restated_figure_when_it_had_no_number_then_it_is_open_without_a_cross_and_the_axis_holds_what_was() -> None:
    found = trend(months("50 52 55"))
    assert 'stroke-dasharray="1 2"' not in drawn(restated(found, 1, "Not reportable", None))
    far = restated(found, 1, "95%", D(95))
    assert far.axis.high >= 95 > found.axis.high


def test_forecast_when_drawn_then_a_pale_hatched_band_from_the_last_figure_on_over_periods_of_its_own() -> None:
    found, ahead = a_forecast(trend(months("60 75 65"), limits(Polarity.HIGHER, 80, 70)), (50, 65, 82), (44, 65, 88))
    svg = trend_svg(found, ahead=ahead, label="X")
    root = parsed(svg)
    (band,) = [node.get("d") for node in root.iter() if node.get("fill-opacity") == f"{style.AHEAD:g}"]
    edges = [node.get("d") for node in root.iter() if node.get("stroke-dasharray") == "3 3"]
    corners = band.removeprefix("M").removesuffix("Z").split("L")
    assert (len(corners), corners[0]) == (6, corners[-1]), "from the last figure out and back to it"
    assert {edge.removeprefix("M").split("L")[0] for edge in edges} == {corners[0]}
    assert len(edges) == 2
    assert sum(f'r="4.5" fill="none" stroke="{style.INK_2}"' in part for part in svg.split("<")) == 2
    texts = {"".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"Last 65%", "44 to 88%", "Jul"} <= texts
    plain = trend_svg(trend(months("60 75 65")), label="X")
    assert "fill-opacity" not in plain
    assert "Last" not in plain


def test_file_when_it_stands_for_itself_then_title_source_and_day_are_in_it_and_the_page_has_none() -> None:
    root = parsed(drawn(everything(), words=WORDS))
    assert root.find("{http://www.w3.org/2000/svg}title").text == WORDS.title
    texts = ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {WORDS.title, *WORDS.foot} <= set(texts)
    assert float(root.get("height")) > LARGE.height
    assert "<title>" not in drawn(everything())


def test_texts_when_they_hold_markup_then_it_is_escaped_and_no_style_stands_inline() -> None:
    evil = '"><script>x</script>'
    svg = drawn(trend(quarters(q2021_1="50", q2021_2="<4")), label=evil, words=Words(evil, (evil,)))
    assert "<script" not in svg
    assert parsed(svg).get("aria-label") == evil
    assert "style" not in svg.replace("font-style", "")


def test_drawing_when_no_number_is_held_then_it_is_refused_and_one_is_enough() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        drawn(trend(quarters(q2021_1="x")))
    assert parsed(drawn(trend(quarters(q2021_1="50")), sheet=SMALL)).get("role") == "img"


VALUES = st.lists(
    st.one_of(st.integers(0, 100).map(str), st.sampled_from(["-", "<4", "~7", "x", "148/150"])), min_size=1, max_size=60
)


@given(VALUES, st.booleans(), st.integers(0, 100), st.sampled_from([(), ((40, 60, 70),), ((0, 60, 70), (0, 60, 100))]))
def test_drawing_when_of_any_figures_then_well_formed_and_inside_its_paper(values, is_small, former, bands) -> None:
    found = (
        trend(months(" ".join(values)), limits(Polarity.HIGHER, 60, 45), breaks=[MOSAIC])
        if set(values) - {"-"}
        else None
    )
    if found is None or not found.numbers:
        return
    spot = found.spots.index(found.numbers[0])
    found = restated(found, spot, str(former), D(former))
    sheet = SMALL if is_small else LARGE
    found, ahead = a_forecast(found, *bands) if not is_small else (found, [])
    root = parsed(trend_svg(found, ahead=ahead, sheet=sheet, label=chart_sentence(found, "X")))
    width, height = sheet.width, sheet.height
    for node in root.iter():
        place = {"x": width, "cx": width, "y": height, "cy": height}
        for name, most in place.items():
            if node.get(name) is not None:
                assert -4 <= float(node.get(name)) <= most, (node.tag, node.attrib)
