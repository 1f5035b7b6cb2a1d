"""Totals: sums, the latest figure and pooled ratios; never a mean of percentages."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.aggregation import Aggregation, Total, total
from indicators.direction_of_travel import Point
from indicators.quarters import FinancialYear, Month
from indicators.units import Unit, ratio
from tests.reference import statistics_reference

D = Decimal
SUM, LATEST, POOLED, NONE = Aggregation
QUARTERS = FinancialYear(2021).quarters()
relaxed = settings(deadline=None)


def points(*values, counts=(), qualifiers=()):
    """One point a quarter: its value as text or None, and its numerator and denominator."""
    made = []
    for at, value in enumerate(values):
        numerator, denominator = counts[at] if counts else (None, None)
        qualifier = qualifiers[at] if qualifiers else ""
        value = None if value is None else D(value)
        quarter = QUARTERS[at]
        made.append(Point(quarter.start_on, quarter.end_on, value, numerator, denominator, qualifier))
    return made


def shares(*counts):
    return points(*(ratio(n, d, Unit.PERCENT) if d else None for n, d in counts), counts=counts)


def test_a_total_of_shares_is_pooled_not_averaged():
    """90 of 100 and 1 of 2: pooled 91 of 102 = 89.2%; the mean of 90% and 50% would be 70%."""
    got = total(shares((90, 100), (1, 2)), POOLED, Unit.PERCENT, 2)
    assert got == Total(ratio(91, 102, Unit.PERCENT), D(91), D(102), complete=True, missing=0)
    assert got.value > 89


@pytest.mark.parametrize(
    ("counts", "expected", "total_counts", "complete", "missing"),
    [
        ([(1, 4), (3, 4)], "50", (4, 8), True, 0),
        ([(1, 4)], "25", (1, 4), False, 1),
        ([(0, 0), (3, 4)], "75", (3, 4), True, 0),
        ([(0, 0), (0, 0)], None, (0, 0), True, 0),
        ([(0, 4), (0, 4)], "0", (0, 8), True, 0),
    ],
)
def test_pooled_ratio(counts, expected, total_counts, complete, missing):
    got = total(shares(*counts), POOLED, Unit.PERCENT, 2)
    assert got.value == (None if expected is None else D(expected))
    assert (got.numerator, got.denominator) == total_counts
    assert (got.complete, got.missing) == (complete, missing)


def test_a_value_without_its_counts_cannot_be_pooled():
    got = total([*shares((1, 4)), *points(None, "90")[1:]], POOLED, Unit.PERCENT, 2)
    assert (got.value, got.complete, got.missing) == (D(25), False, 1)
    alone = total(points("90", "50"), POOLED, Unit.PERCENT, 2)
    assert alone == Total(None, None, None, complete=False, missing=2)


def test_counts_that_are_no_numbers_are_missing():
    got = total(points("25", "25", counts=[(1, 4), (D("NaN"), 4)]), POOLED, Unit.PERCENT, 2)
    assert (got.value, got.missing) == (D(25), 1)


def test_average_days_are_pooled_by_cases():
    """Two children waited 300 days each and one 600: 400 days on average, not 450."""
    got = total(points("300", "600", counts=[(600, 2), (600, 1)]), POOLED, Unit.DAYS, 2)
    assert got.value == 400


@pytest.mark.parametrize(
    ("values", "expected", "complete", "missing"),
    [
        (("1", "2", "3", "4"), "10", True, 0),
        (("1", "2", None, "4"), "7", False, 1),
        (("1", "2"), "3", False, 2),
        (("0", "0", "0", "0"), "0", True, 0),
        (("1.5", "2.25", "0", "0"), "3.75", True, 0),
        ((None, None, None, None), None, False, 4),
        ((), None, False, 4),
        (("NaN", "2", "3", "4"), "9", False, 1),
        (("Infinity", "2", "3", "4"), "9", False, 1),
    ],
)
@pytest.mark.parametrize("unit", [Unit.COUNT, Unit.DAYS, Unit.POUNDS])
def test_sum(values, expected, complete, missing, unit):
    got = total(points(*values), SUM, unit, 4)
    assert got.value == (None if expected is None else D(expected))
    assert (got.complete, got.missing) == (complete, missing)


def test_a_limit_cannot_be_added():
    got = total(points("1", "5", qualifiers=["", "<"]), SUM, Unit.COUNT, 2)
    assert (got.value, got.complete, got.missing) == (D(1), False, 1)
    assert total(points("1", "5", qualifiers=["", "~"]), SUM, Unit.COUNT, 2).value == 6


@pytest.mark.parametrize(
    ("values", "expected", "complete", "missing"),
    [
        (("3", None, "4", "0"), "7", True, 0),
        ((None, None, None, None), "0", True, 0),
        ((None, "2"), "2", False, 2),
    ],
)
def test_a_sum_counts_an_empty_cohort_as_nothing(values, expected, complete, missing):
    made = points(*values, counts=[(0, 0) if value is None else (None, None) for value in values])
    got = total(made, SUM, Unit.COUNT, 4)
    assert (got.value, got.complete, got.missing) == (D(expected), complete, missing)


def test_an_empty_cohort_as_the_latest_is_a_total_without_a_value():
    got = total(points("3", None, counts=[(3, 10), (0, 0)]), LATEST, Unit.PERCENT, 2)
    assert got == Total(None, D(0), D(0), complete=True, missing=0)
    got = total(points(None, "3", counts=[(0, 0), (3, 10)]), LATEST, Unit.PERCENT, 2)
    assert got == Total(D(3), D(3), D(10), complete=True, missing=0)


@pytest.mark.parametrize("counts", [(0, None), (None, 0), (0, 5), (5, 0)])
def test_what_only_looks_empty_is_missing(counts):
    got = total(points("3", None, counts=[(None, None), counts]), SUM, Unit.COUNT, 2)
    assert (got.value, got.complete, got.missing) == (D(3), False, 1)


@pytest.mark.parametrize("unit", [Unit.PERCENT, Unit.PER_10000, Unit.PER_100000])
def test_shares_and_rates_have_no_sum(unit):
    got = total(points("50", "60"), SUM, unit, 2)
    assert got == Total(None, None, None, complete=False, missing=0)


def test_sums_carry_the_counts_only_when_all_have_them():
    both = total(points("3", "4", counts=[(3, 1), (4, 1)]), SUM, Unit.COUNT, 2)
    assert (both.numerator, both.denominator) == (7, 2)
    one = total(points("3", "4", counts=[(3, 1), (4, None)]), SUM, Unit.COUNT, 2)
    assert (one.numerator, one.denominator) == (7, None)


@pytest.mark.parametrize(
    ("values", "expected", "complete", "missing"),
    [
        (("1", "2", "3", "4"), "4", True, 0),
        (("1", "2", "3", None), "3", False, 1),
        ((None, None, None, "4"), "4", True, 3),
        (("1", "2"), "2", False, 2),
        ((None, None, None, None), None, False, 4),
        ((), None, False, 4),
    ],
)
def test_latest(values, expected, complete, missing):
    got = total(points(*values), LATEST, Unit.PERCENT, 4)
    assert got.value == (None if expected is None else D(expected))
    assert (got.complete, got.missing) == (complete, missing)


def test_latest_goes_by_date_and_keeps_its_counts():
    made = points("1", "2", "3", "4", counts=[(1, 10), (2, 20), (3, 30), (4, 40)])
    got = total([made[3], *made[:3]], LATEST, Unit.COUNT, 4)
    assert (got.value, got.numerator, got.denominator) == (4, 4, 40)


def test_a_limit_as_the_latest_figure_is_no_number_and_no_older_one():
    got = total(points("1", "2", qualifiers=["", "<"]), LATEST, Unit.COUNT, 2)
    assert (got.value, got.complete) == (None, False)


def test_none_has_no_total():
    got = total(points("1", "2"), NONE, Unit.COUNT, 2)
    assert got == Total(None, None, None, complete=False, missing=0)


def test_more_than_expected_is_not_less_than_none_missing():
    assert total(points("1", "2"), SUM, Unit.COUNT, 1).missing == 0


pairs = st.lists(
    st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=24
)


@relaxed
@given(pairs)
def test_pooled_ratio_against_the_second_implementation(rows):
    month, made = Month(2020, 4), []
    for numerator, denominator in rows:
        made.append(
            Point(month.start_on, month.end_on, ratio(numerator, denominator, Unit.PERCENT), numerator, denominator)
        )
        month = month.next()
    got = total(made, POOLED, Unit.PERCENT, len(rows))
    assert float(got.value) == pytest.approx(100 * statistics_reference.pooled(rows), abs=1e-9)
    assert got.complete
    assert min(p.value for p in made) - got.value < D("1e-20")
    assert got.value - max(p.value for p in made) < D("1e-20")


@relaxed
@given(st.lists(st.one_of(st.none(), st.decimals(-10_000, 10_000, places=4)), max_size=4), st.randoms())
def test_sums_do_not_depend_on_order_and_say_what_is_missing(values, random):
    made = points(*values)
    shuffled = random.sample(made, len(made))
    got = total(made, SUM, Unit.POUNDS, 4)
    assert got == total(shuffled, SUM, Unit.POUNDS, 4)
    present = [value for value in values if value is not None]
    assert got.missing == 4 - len(present)
    assert got.complete == (got.missing == 0)
    assert got.value == (sum(present) if present else None)
