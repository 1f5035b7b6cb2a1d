"""Numeric cells of published files: numbers, symbols, sums and shares of them."""

from decimal import Decimal as D

import pytest

from indicators.benchmark_cells import Cell, NoNumber, may_be, read_cell, share_of, sum_of
from indicators.units import Unit


@pytest.mark.parametrize(
    ("text", "value", "symbol"),
    [
        ("12", D(12), ""), (" 12.50 ", D("12.5"), ""), ("0", D(0), ""), ("c", None, "c"), ("Z", None, "z"),
        ("low", None, "low"), ("k", None, "k"), ("u", None, "u"), (":", None, "x"), ("~", None, "low"),
        ("12.3u", D("12.3"), "u"), ("12.3 u", D("12.3"), "u"), ("0.30000000000", D("0.3"), ""),
        ("0.00005", D("0.0001"), ""), ("100", D(100), ""),
    ],
)  # fmt: skip
def test_cell_when_it_has_a_number_or_a_symbol_then_both_are_told_apart(text, value, symbol):
    assert read_cell(text) == Cell(value, symbol)


@pytest.mark.parametrize(
    "text", ["", " ", "abc", "1,234", "12c", "-3", "1234567890", "1e3", "NaN", "٣", "12 %", "=1+1", "uu", "12:"]
)
def test_cell_when_it_has_neither_then_refused(text):
    with pytest.raises(NoNumber):
        read_cell(text)


def test_sum_when_a_part_has_no_number_then_none_and_the_gravest_symbol():
    assert sum_of([Cell(D(1)), Cell(D(2))]) == Cell(D(3))
    assert sum_of([Cell(D(1)), Cell(None, "z"), Cell(None, "c"), Cell(None, "u")]) == Cell(None, "c")
    assert sum_of([Cell(D(1), "u"), Cell(D(2))]) == Cell(D(3), "u")


def test_share_when_worked_out_then_exact_to_four_places_and_never_of_nobody():
    assert share_of(Cell(D(2)), Cell(D(3)), Unit.PERCENT) == Cell(D("66.6667"))
    assert share_of(Cell(D(0)), Cell(D(0)), Unit.PERCENT) == Cell(None, "z")
    assert share_of(Cell(None, "c"), Cell(D(3)), Unit.PERCENT) == Cell(None, "c")
    assert share_of(Cell(D(1), "u"), Cell(D(4)), Unit.PERCENT) == Cell(D(25), "u")


@pytest.mark.parametrize(
    ("printed", "numerator", "denominator", "rounded", "fits"),
    [
        ("33.3", 1, 3, 0, True),
        ("33.4", 1, 3, 0, False),
        ("12.5", 1, 8, 0, True),
        ("12.4", 1, 8, 0, False),
        ("23.1", 1240, 5350, 10, True),
        ("24.0", 1240, 5350, 10, False),
        ("7.5", 18.9, 250, "0.1", True),
        ("7.4", 18.9, 250, "0.1", False),
        ("100.0", 10, 0, 10, True),
    ],
)
def test_printed_value_when_held_against_its_parts_then_as_they_are_rounded(
    printed, numerator, denominator, rounded, fits
):
    found = may_be(D(printed), 1, D(str(numerator)), D(denominator), Unit.PERCENT, D(str(rounded)))
    assert found is fits
