"""Nights and prices over time: the published-style vectors to the penny, and a second calculation day by day."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.apportion import PENNY, as_decimal
from finance.nights import (
    PriceBelowZero,
    PriceChange,
    PriceError,
    cost_of_stay,
    full_year,
    levels_of,
    nights_of_year,
    price_on,
)
from finance.unit_costs import StayError, cost_of_nights, nights_of_stay, yearly
from indicators.quarters import FinancialYear
from tests.reference.projection_reference import cost_of_stay as by_the_day

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors" / "commitment_forecast.json").read_text())
THIS, NEXT = FinancialYear(2022), FinancialYear(2023)

days = st.dates(date(2021, 1, 1), date(2025, 6, 30))
prices = st.decimals(0, 20_000, places=2)
changes = st.lists(
    st.builds(PriceChange, on=days, percent=st.decimals(-20, 20, places=2), pounds=st.decimals(0, 500, places=2)),
    max_size=3,
)


def pounds(number: float) -> Decimal:
    return Decimal(str(number)).quantize(PENNY)


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@pytest.mark.parametrize("row", VECTORS["placements"], ids=lambda row: row["name"])
def test_full_year_when_a_placement_of_the_vectors_then_nights_costs_and_effect_are_theirs(row):
    found = full_year([(Decimal(row["weekly"]), day(row["start"]), day(row["end"]))], THIS)
    assert (found.nights, found.nights_next) == (row["days_2022_23"], row["days_2023_24"])
    assert (found.cost, found.cost_next) == (pounds(row["cost_2022_23"]), pounds(row["cost_2023_24"]))
    assert found.effect == pounds(row["full_year_effect"])


def test_full_year_when_all_placements_of_the_vectors_then_their_totals():
    rows = [(Decimal(r["weekly"]), day(r["start"]), day(r["end"])) for r in VECTORS["placements"]]
    found = full_year(rows, THIS)
    assert (found.cost, found.cost_next) == (pounds(VECTORS["total_2022_23"]), pounds(VECTORS["total_2023_24"]))


def test_cost_when_the_price_rises_in_october_then_as_in_the_vectors():
    row = VECTORS["uplift"][0]
    rise = PriceChange(date(2022, 10, 1), Decimal("4.9"))
    assert cost_of_stay(Decimal(5000), date(2021, 1, 1), None, THIS, [rise]) == pounds(row["cost"])
    assert (date(2022, 10, 1) - THIS.start_on).days == row["days_before"]
    assert nights_of_stay(date(2022, 10, 1), None, THIS) == row["days_after"]
    assert price_on(date(2022, 9, 30), Decimal(5000), [rise]) == 5000
    assert price_on(date(2022, 10, 1), Decimal(5000), [rise]) == 5245


def test_year_when_of_52_weeks_then_shorter_than_a_year_of_nights():
    row = VECTORS["weeks52"]
    weekly = Decimal(row["weekly"])
    assert cost_of_nights(weekly, 364) == row["x52"]
    assert yearly(weekly, nights_of_year(THIS)) == pounds(row["x365_7"])
    assert yearly(weekly, nights_of_year(NEXT)) == pounds(row["x366_7"])


@pytest.mark.parametrize(("year", "nights"), [(2021, 365), (2022, 365), (2023, 366), (2024, 365), (2027, 366)])
def test_nights_when_29_february_is_in_the_year_then_366(year, nights):
    assert nights_of_year(FinancialYear(year)) == nights


@given(weekly=prices, start=days, length=st.none() | st.integers(0, 900), steps=changes)
def test_cost_when_prices_change_then_as_counted_day_by_day(weekly, start, length, steps):
    end = None if length is None else date.fromordinal(start.toordinal() + length)
    found = cost_of_stay(weekly, start, end, THIS, steps)
    assert found == as_decimal(by_the_day(weekly, start, end, THIS.start_on, THIS.end_on, steps), PENNY)


def test_changes_when_of_one_day_then_in_the_order_given_and_of_their_rungs_alone():
    on = date(2022, 6, 1)
    steps = [PriceChange(on, Decimal(10), rungs=("a",)), PriceChange(on, pounds=Decimal(5))]
    assert price_on(on, Decimal(100), steps, "a") == 115
    assert price_on(on, Decimal(100), steps[::-1], "a") == Decimal("115.5")
    assert price_on(on, Decimal(100), steps, "b") == 105
    assert len(levels_of(steps, "a")) == 2


def test_price_when_it_cannot_be_then_it_is_refused():
    with pytest.raises(PriceError, match="cannot fall by 100%"):
        PriceChange(date(2022, 4, 1), Decimal(-100))
    with pytest.raises(PriceBelowZero, match="1 April 2022"):
        price_on(date(2022, 4, 1), Decimal(50), [PriceChange(date(2022, 4, 1), pounds=Decimal(-51))])
    with pytest.raises(StayError):
        cost_of_stay(Decimal(50), date(2022, 4, 2), date(2022, 4, 1), THIS)


def test_full_year_when_halves_of_a_penny_meet_then_they_are_rounded_once():
    half = Decimal("0.035")  # a night costs half a penny
    found = full_year([(half, date(2023, 3, 31), None)] * 3, THIS)
    assert found.cost == as_decimal(Fraction(half) * 3 / 7, PENNY) == Decimal("0.02")
