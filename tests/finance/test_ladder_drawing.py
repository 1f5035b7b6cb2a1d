"""The drawings of the care ladder: lengths are shares of the cell, and each shows plan, excess and gap as they are."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from finance.ladder_drawing import area_svg, bar_svg, has_area, rung_svg

D = Decimal


def rects(svg: str) -> list[tuple[str, str, str]]:
    """Where each bar begins, how long it is, and its fill."""
    soup = BeautifulSoup(svg, "lxml")
    bars = [r for r in soup.select("rect") if r["height"] != "4"]
    return [(r["x"], r["width"], r["fill"]) for r in bars]


def words(svg: str) -> str:
    return " ".join(BeautifulSoup(svg, "lxml").get_text(" ").split())


@pytest.mark.parametrize(
    ("number", "planned", "bars", "said"),
    [
        (57, 43, [("0", "43.00%", "#b9c8d6"), ("43.00%", "14.00%", "#1f3f5f")], "14 over plan of 43"),
        (43, 57, [("0", "43.00%", "#b9c8d6"), ("43.00%", "14.00%", "#fff")], "14 under plan of 57"),
        (50, 50, [("0", "50.00%", "#b9c8d6")], "as planned : 50"),
        (50, None, [("0", "50.00%", "#b9c8d6")], ""),
        (None, None, [], "number not stated"),
        (None, 43, [], "number not stated, plan of 43"),
    ],
)
def test_rung_when_held_against_a_plan_then_bars_and_words_say_the_same(number, planned, bars, said) -> None:
    svg = rung_svg(None if number is None else D(number), None if planned is None else D(planned), D(100))
    assert rects(svg) == bars
    assert words(svg) == said
    assert 'aria-hidden="true"' in svg


@pytest.mark.parametrize(("number", "planned"), [(100, 10), (10, 100), (100, 90), (2, 1), (80, 10), (10, 80), (80, 70)])
def test_rung_when_a_bar_is_long_then_its_words_stay_inside_the_rung(number, planned) -> None:
    text = BeautifulSoup(rung_svg(D(number), D(planned), D(100)), "lxml").select_one("text")
    at, is_to_the_left = D(text["x"].rstrip("%")), text.get("text-anchor") == "end"
    assert at >= 46 if is_to_the_left else at <= 54


def test_bar_when_nothing_is_there_then_there_is_no_bar_and_never_a_division_by_zero() -> None:
    assert rects(bar_svg(D(0), D(0))) == rects(bar_svg(None, D(10))) == rects(bar_svg(D(-3), D(10))) == []
    assert rects(rung_svg(D(-3), None, D(10), is_gap=True)) == [("0", "0.00%", "#fff")]


def test_area_when_number_and_price_grow_then_the_three_parts_cover_the_cost_and_their_names_are_read() -> None:
    before, after = (D(43), D(255548)), (D(57), D(281721))
    assert has_area(before, after)
    svg = area_svg(before, after, 560, 'Price & "volume"')
    soup = BeautifulSoup(svg, "lxml")
    assert soup.svg["aria-label"] == 'Price & "volume"'
    plan, volume, price = ({k: int(r[k]) for k in ("x", "y", "width", "height")} for r in soup.select("rect"))
    assert plan["x"] + plan["width"] == volume["x"]
    assert plan["y"] == volume["y"] == price["y"] + price["height"]
    assert price["width"] == plan["width"] + volume["width"]
    assert abs(D(volume["width"]) / price["width"] - D(14) / 57) < D("0.01")
    assert "£10.99m" in words(svg)
    assert "£3.58m" in words(svg)


@pytest.mark.parametrize(
    ("before", "after"), [((0, 5), (5, 5)), ((5, 5), (4, 6)), ((5, 5), (6, 4)), ((5, 5), (5, 5)), ((5, 0), (6, 1))]
)
def test_area_when_a_side_shrinks_or_begins_with_nothing_then_it_is_not_drawn(before, after) -> None:
    assert not has_area((D(before[0]), D(before[1])), (D(after[0]), D(after[1])))
