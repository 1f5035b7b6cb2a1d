"""Nights, weeks and years at one convention: the vectors, the way back, months, and a price of the wrong time."""

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.unit_costs import (
    Per,
    Price,
    StayError,
    by_month,
    cost_of_nights,
    doubt_about_price,
    months_of,
    nightly,
    nights_of,
    nights_of_stay,
    unit_cost,
    weekly_from_nightly,
    weekly_from_yearly,
    yearly,
)
from indicators.checks_engine.rules import Severity
from indicators.quarters import FinancialYear, Month, Quarter, Span
from indicators.units import EmptyCohort

D = Decimal
VECTORS = json.loads(
    (Path(__file__).parents[1] / "data" / "vectors" / "commitment_forecast.json").read_text(), parse_float=D
)
Y2021, Y2022, Y2023 = FinancialYear(2021), FinancialYear(2022), FinancialYear(2023)
money = st.integers(0, 5_000_000_000).map(lambda pence: D(pence).scaleb(-2))


def test_week_when_made_a_year_then_52_weeks_365_and_366_nights_as_the_vector_says() -> None:
    seed = VECTORS["weeks52"]
    for year, key in ((Y2022, "x365_7"), (Y2023, "x366_7")):
        price = Price(D(seed["weekly"]), year)
        assert (price.yearly, price.weeks_52) == (seed[key], seed["x52"])
    assert Price(D(7661), Y2023).sentence == (
        "£7,661 a week is £400,560.86 over the 366 nights of 2023/24. 52 weeks are 364 nights and make £398,372: "
        "2 nights less."
    )
    assert Price(D(7), Y2022).sentence.endswith("1 night less.")
    assert Price(D(7), Y2022).nightly == 1


@pytest.mark.parametrize("stay", VECTORS["placements"], ids=lambda stay: stay["name"])
def test_stay_when_held_against_the_vector_then_the_same_nights_and_cost(stay) -> None:
    start, end = (date.fromisoformat(day) if day else None for day in (stay["start"], stay["end"]))
    for year, suffix in ((Y2022, "2022_23"), (Y2023, "2023_24")):
        nights = nights_of_stay(start, end, year)
        assert nights == stay[f"days_{suffix}"]
        assert cost_of_nights(D(stay["weekly"]), nights) == stay[f"cost_{suffix}"]


def test_stay_when_it_ends_before_it_starts_then_refused_with_both_days() -> None:
    with pytest.raises(StayError, match="ends on 1 May 2022, before it starts on 2 May 2022"):
        nights_of_stay(date(2022, 5, 2), date(2022, 5, 1), Y2022)
    assert nights_of_stay(date(2022, 5, 2), date(2022, 5, 2), Y2022) == 0


@given(st.dates(date(2021, 1, 1), date(2024, 12, 31)), st.integers(0, 900))
def test_stay_when_counted_night_by_night_then_the_same(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    days = [start + timedelta(days=n) for n in range(length)]
    for year in (Y2021, Y2022, Y2023):
        assert nights_of_stay(start, end, year) == sum(year.start_on <= day <= year.end_on for day in days)


@given(money, st.sampled_from([365, 366]))
def test_weekly_price_when_made_a_year_and_back_then_the_same(weekly: D, nights: int) -> None:
    assert weekly_from_yearly(yearly(weekly, nights), nights) == weekly
    assert abs(Fraction(nightly(weekly)) - Fraction(weekly) / 7) <= Fraction(1, 200)
    assert abs(weekly_from_nightly(nightly(weekly)) - weekly) <= D("0.04")


def test_unit_cost_when_from_spend_and_nights_then_night_week_year_and_places() -> None:
    cost = unit_cost(D(1_000_000), 730, Y2022)
    assert (cost.nightly, cost.weekly, cost.yearly, cost.places) == (D("1369.86"), D("9589.04"), 500_000, 2)
    assert unit_cost(D(1_000_000), 732, Y2023).yearly == 500_000


def test_unit_cost_when_there_was_no_night_then_no_cost_and_not_one_of_0() -> None:
    with pytest.raises(EmptyCohort):
        unit_cost(D(0), 0, Y2022)
    with pytest.raises(ValueError, match="below 0"):
        unit_cost(D(1), -1, Y2022)


@pytest.mark.parametrize(
    ("amount", "per", "usual", "is_odd"),
    [
        (281_721, Per.WEEK, None, True),
        (15_750, Per.WEEK, None, False),
        (20_000, Per.WEEK, None, False),
        (20_001, Per.WEEK, None, True),
        (2_000_000, Per.WEEK, None, False),
        (7_661, Per.YEAR, None, True),
        (15_999, Per.YEAR, None, True),
        (16_000, Per.YEAR, None, False),
        (99, Per.YEAR, None, False),
        (281_721, Per.YEAR, None, False),
        (7_600, Per.YEAR, 146, False),
        (575, Per.YEAR, 575, True),
        (4_151, Per.WEEK, 575, False),
        (4_153, Per.WEEK, 575, True),
        (0, Per.YEAR, 575, False),
        (281_721, Per.WEEK, 0, True),
    ],
)
def test_price_when_its_size_is_that_of_another_time_then_a_soft_warning(amount, per, usual, is_odd: bool) -> None:
    found = doubt_about_price(D(amount), per, None if usual is None else D(usual), "price", "3")
    assert (found is not None) == is_odd
    if found is not None:
        assert (found.severity, found.field, found.row) == (Severity.SOFT, "price", "3")


def test_price_when_doubted_then_the_sentence_shows_both_readings() -> None:
    weekly, annual = doubt_about_price(D(281_721), Per.WEEK), doubt_about_price(D(4_900), Per.YEAR, D(5_403))
    assert weekly is not None
    assert annual is not None
    assert weekly.message == (
        "£281,721 is given as a price for a week, which is £14,689,737.86 a year. It looks like one for a year."
    )
    assert annual.message == (
        "£4,900 is given as a price for a year, which is £93.97 a week. It looks like one for a week. A place on this "
        "rung usually costs £5,403 a week."
    )


def test_months_when_a_year_is_spread_then_by_nights_and_to_the_penny() -> None:
    found = by_month(D("398372.01"), Y2023)
    assert min(found) == Month(2023, 4)
    assert max(found) == Month(2024, 3)
    assert sum(found.values()) == D("398372.01")
    assert found[Month(2024, 2)] == D("31565.00")
    assert months_of(Quarter(2021, 4)) == (Month(2022, 1), Month(2022, 2), Month(2022, 3))
    half = by_month(D(12), Span(date(2022, 4, 30), date(2022, 5, 11)))
    assert half == {Month(2022, 4): 1, Month(2022, 5): 11}


@given(money, st.sampled_from([Y2022, Y2023, Quarter(2023, 4), Span(date(2022, 4, 30), date(2023, 2, 1))]))
def test_months_when_any_amount_then_no_penny_is_lost(amount: D, period) -> None:
    found = by_month(amount, period)
    assert sum(found.values()) == amount
    assert sum(nights_of(month) for month in months_of(Y2023)) == nights_of(Y2023) == 366
