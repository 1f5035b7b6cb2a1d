"""When a figure that one of two packs rounds was not restated."""

from decimal import Decimal as D
from typing import Any

import pytest

from indicators.restated import is_told_near
from indicators.units import Unit


def row(numerator: Any = None, denominator: Any = None, value: Any = None, unit: Unit = Unit.COUNT, symbol: str = ""):
    return {"numerator": numerator, "denominator": denominator, "value": value, "unit": unit.value, "symbol": symbol}


@pytest.mark.parametrize(
    ("then", "now", "is_near"),
    [
        (row(value=D(8)), row(value=D(10)), True),
        (row(value=D(8)), row(value=D(15)), False),
        (row(value=D(8)), row(value=D(9)), False),
        (row(D(8), D(47), unit=Unit.PERCENT), row(D(10), D(45), unit=Unit.PERCENT), True),
        (row(D(8), D(47), unit=Unit.PERCENT), row(D(10), D(55), unit=Unit.PERCENT), False),
        (row(value=D(90), unit=Unit.PERCENT), row(value=D(88), unit=Unit.PERCENT), False),
        (row(value=D(50), unit=Unit.POUNDS), row(value=D(52), unit=Unit.POUNDS), False),
        (row(D(463), D(11), unit=Unit.DAYS), row(None, D(10), D(42), unit=Unit.DAYS), True),
        (row(value=D(3)), row(symbol="c"), True),
    ],
)
def test_figure_when_one_of_two_packs_rounds_it_then_only_what_is_further_off_was_restated(then, now, is_near):
    assert is_told_near(then, now, 5) is is_near
