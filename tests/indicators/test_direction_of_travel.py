"""Direction of travel: what may be compared, what counts as a change, and in which words."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.direction_of_travel import (
    Change,
    ChangeCode,
    Point,
    Window,
    change_words,
    compare,
    crosses_break,
    shared_months,
    written_change,
)
from indicators.quarters import FinancialYear, Month, Quarter
from indicators.rag import Polarity
from indicators.units import Unit

D = Decimal
Q4, Q3, LAST_YEAR = Quarter(2021, 4), Quarter(2021, 3), Quarter(2020, 4)
AUGUST = date(2021, 8, 1)
BETTER, WORSE, UP, DOWN = ChangeCode.BETTER, ChangeCode.WORSE, ChangeCode.UP, ChangeCode.DOWN
NO_CHANGE, NO_CLEAR_CHANGE, NOT_COMPARED = ChangeCode.NO_CHANGE, ChangeCode.NO_CLEAR_CHANGE, ChangeCode.NOT_COMPARED
relaxed = settings(deadline=None)


def point(period, value, numerator=None, denominator=None, qualifier=""):
    value = None if value is None else D(value)
    return Point(period.start_on, period.end_on, value, numerator, denominator, qualifier)


def change(now, then, polarity=Polarity.HIGHER, places=0, window=Window.PERIOD, unit=Unit.PERCENT, **more):
    """Compares two values of Q4 and Q3, or two whole points."""
    now = now if isinstance(now, Point) else point(Q4, now)
    then = then if isinstance(then, Point) else point(Q3, then)
    return compare(now, then, polarity=polarity, unit=unit, places=places, window=window, **more)


@pytest.mark.parametrize(
    ("polarity", "now", "then", "code", "arrow"),
    [
        (Polarity.HIGHER, "56", "67", WORSE, "down"),
        (Polarity.HIGHER, "67", "56", BETTER, "up"),
        (Polarity.LOWER, "56", "67", BETTER, "down"),
        (Polarity.LOWER, "67", "56", WORSE, "up"),
        (Polarity.NONE, "67", "56", UP, "up"),
        (Polarity.NONE, "56", "67", DOWN, "down"),
        (Polarity.HIGHER, "85", "85", NO_CHANGE, "level"),
        (Polarity.HIGHER, "85.0", "85", NO_CHANGE, "level"),
        (Polarity.HIGHER, "85.99", "85", NO_CLEAR_CHANGE, ""),
        (Polarity.HIGHER, "86", "85", BETTER, "up"),
        (Polarity.LOWER, "85.01", "86", NO_CLEAR_CHANGE, ""),
        (Polarity.HIGHER, "0", "1", WORSE, "down"),
    ],
)
@pytest.mark.parametrize("window", [Window.PERIOD, Window.SNAPSHOT, Window.COHORT_LAGGED])
def test_code_and_arrow(polarity, now, then, code, arrow, window):
    got = change(now, then, polarity, window=window)
    assert (got.code, got.arrow, got.reason) == (code, arrow, "")
    assert got.difference == D(now) - D(then)
    assert got.then_value == D(then)


def test_the_unit_of_print_follows_the_places():
    assert change("85.1", "85", places=0).code is NO_CLEAR_CHANGE
    assert change("85.1", "85", places=1).code is BETTER
    assert change("85.01", "85", places=1).code is NO_CLEAR_CHANGE


def test_values_are_compared_unrounded():
    """84.4 and 85.4 print as 84 and 85; 84.6 and 85.4 print as 85 and 85: only the first pair is a unit apart."""
    assert change("85.4", "84.4").code is BETTER
    assert change("85.4", "84.6").code is NO_CLEAR_CHANGE
    assert change("84.5", "84.4").code is NO_CLEAR_CHANGE


def test_a_change_of_exactly_one_unit_is_seen_through_recurring_decimals():
    third = D(1) / D(3)
    got = change(10 + third, 9 + third, places=0)
    assert got.code is BETTER


def test_counts_decide_whether_a_change_of_shares_is_clear():
    few = change(point(Q4, "50", 2, 4), point(Q3, "25", 1, 4))
    assert (few.code, few.arrow, few.difference) == (NO_CLEAR_CHANGE, "", D(25))
    many = change(point(Q4, "50", 200, 400), point(Q3, "25", 100, 400))
    assert (many.code, many.arrow) == (BETTER, "up")
    without = change(point(Q4, "50"), point(Q3, "25", 1, 4))
    assert without.code is BETTER


@pytest.mark.parametrize(
    ("x1", "n1", "x2", "n2", "code"),
    [(9, 10, 3, 10, BETTER), (3, 10, 9, 10, WORSE), (5, 56, 0, 29, NO_CLEAR_CHANGE), (0, 29, 5, 56, NO_CLEAR_CHANGE)],
)
def test_newcombes_own_examples(x1, n1, x2, n2, code):
    now, then = point(Q4, D(100 * x1) / n1, x1, n1), point(Q3, D(100 * x2) / n2, x2, n2)
    assert change(now, then).code is code


@pytest.mark.parametrize("window", [Window.SNAPSHOT, Window.ROLLING_12_MONTHS, Window.COHORT_LAGGED])
def test_only_a_figure_of_its_own_period_is_tested(window):
    assert change(point(Q4, "50", 2, 4), point(Q3, "25", 1, 4), window=window).code is BETTER


def test_days_are_not_tested_as_shares():
    assert change(point(Q4, "2", 2, 4), point(Q3, "1", 1, 4), unit=Unit.DAYS).code is BETTER


@pytest.mark.parametrize("counts", [(5, 4), (-1, 4), (0, 0), (D("NaN"), 4), (1, D("Infinity"))])
def test_impossible_counts_never_break_the_page(counts):
    assert change(point(Q4, "50", *counts), point(Q3, "25", 1, 4)).code is BETTER


def test_a_stated_value_that_its_counts_contradict_is_no_clear_change():
    now, then = point(Q4, "50", 100, 400), point(Q3, "25", 200, 400)
    assert change(now, then).code is NO_CLEAR_CHANGE


@pytest.mark.parametrize(
    ("now", "then", "reason"),
    [
        (None, point(Q3, "1"), "no_figure_now"),
        (point(Q4, None), point(Q3, "1"), "no_figure_now"),
        (point(Q4, "NaN"), point(Q3, "1"), "no_figure_now"),
        (point(Q4, "1"), None, "no_earlier_figure"),
        (point(Q4, "1"), point(Q3, None), "no_earlier_figure"),
        (point(Q4, "1"), point(Q3, "sNaN"), "no_earlier_figure"),
        (point(Q4, "1"), point(Q4, "1"), "no_earlier_figure"),
        (point(Q3, "1"), point(Q4, "1"), "no_earlier_figure"),
        (None, None, "no_figure_now"),
        (point(Q4, "1", qualifier="<"), point(Q3, "5"), "qualified"),
        (point(Q4, "5"), point(Q3, "1", qualifier=">"), "qualified"),
    ],
)
def test_what_is_not_compared(now, then, reason):
    got = compare(now, then, polarity=Polarity.HIGHER, unit=Unit.COUNT, places=0, window=Window.PERIOD)
    assert got == Change(NOT_COMPARED, reason=reason, unit=Unit.COUNT)
    assert (got.arrow, got.difference, got.then_value) == ("", None, None)


def test_an_approximate_figure_is_compared():
    assert change(point(Q4, "8", qualifier="~"), point(Q3, "19")).code is WORSE


@pytest.mark.parametrize(
    ("earlier", "later", "day", "crosses"),
    [
        (LAST_YEAR, Q4, "2021-08-01", True),
        (Quarter(2021, 2), Quarter(2021, 3), "2021-08-01", True),
        (Quarter(2021, 1), Quarter(2021, 2), "2021-08-01", True),
        (Q3, Q4, "2021-08-01", False),
        (Q3, Q4, "2021-10-01", False),
        (Q3, Q4, "2021-10-02", True),
        (Q3, Q4, "2022-01-01", True),
        (Q3, Q4, "2022-03-31", True),
        (Q3, Q4, "2022-04-01", False),
        (Month(2021, 7), Month(2021, 8), "2021-08-01", True),
        (Month(2021, 8), Month(2021, 9), "2021-08-01", False),
        (Month(2021, 6), Month(2021, 7), "2021-08-01", False),
    ],
)
def test_crosses_break(earlier, later, day, crosses):
    day = date.fromisoformat(day)
    assert crosses_break(point(earlier, "1"), point(later, "1"), [day]) is crosses
    assert crosses_break(point(earlier, "1"), point(later, "1"), [date(1999, 1, 1), day]) is crosses
    got = change(point(later, "80"), point(earlier, "60"), breaks=[day])
    assert got.code is (NOT_COMPARED if crosses else BETTER)
    assert got.reason == ("break_in_series" if crosses else "")
    assert (got.then_value is None) is crosses


def test_no_breaks_no_crossing():
    assert not crosses_break(point(LAST_YEAR, "1"), point(Q4, "1"), [])


def test_a_rolling_year_reaches_back_over_a_break_that_its_quarter_does_not():
    now, then = point(Q4, "80"), point(Q3, "60")
    assert change(now, then, breaks=[AUGUST]).code is BETTER
    assert change(now, then, breaks=[AUGUST], window=Window.ROLLING_12_MONTHS).reason == "break_in_series"
    later, clear = point(Quarter(2022, 4), "80"), point(Quarter(2022, 3), "60")
    assert change(later, clear, breaks=[AUGUST], window=Window.ROLLING_12_MONTHS).code is BETTER
    day = date(2021, 1, 1)
    assert change(now, then, breaks=[day], window=Window.ROLLING_12_MONTHS).code is BETTER


def test_a_year_to_date_reaches_back_to_april():
    now, then = point(Quarter(2022, 3), "80"), point(Quarter(2021, 3), "60")
    more = {"window": Window.YEAR_TO_DATE, "same_point_last_year": True}
    assert change(now, then, breaks=[date(2021, 9, 1)], **more).reason == "break_in_series"
    assert change(now, then, breaks=[date(2021, 4, 1)], **more).code is BETTER


@pytest.mark.parametrize(
    ("then", "same_point", "reason"),
    [
        (LAST_YEAR, True, ""),
        (LAST_YEAR, False, "year_to_date_other_point"),
        (Q3, False, "year_to_date_other_point"),
        (Q3, True, "year_to_date_other_point"),
    ],
)
def test_year_to_date_only_against_the_same_point_of_last_year(then, same_point, reason):
    got = change(point(Q4, "2"), point(then, "1"), window=Window.YEAR_TO_DATE, same_point_last_year=same_point)
    assert got.reason == reason
    assert (got.code is NOT_COMPARED) == bool(reason)


def test_year_to_date_at_the_end_of_february_of_a_leap_year():
    now, then = point(Month(2024, 2), "2"), point(Month(2023, 2), "1")
    assert change(now, then, window=Window.YEAR_TO_DATE, same_point_last_year=True).code is BETTER


@pytest.mark.parametrize(
    ("earlier", "later", "shared"),
    [
        (Month(2022, 2), Month(2022, 3), 11),
        (Q3, Q4, 9),
        (LAST_YEAR, Q4, 0),
        (Month(2021, 4), Month(2022, 3), 1),
        (FinancialYear(2018), FinancialYear(2021), 0),
    ],
)
def test_shared_months_of_rolling_years(earlier, later, shared):
    assert shared_months(earlier.end_on, later.end_on) == shared
    got = change(point(later, "80"), point(earlier, "60"), window=Window.ROLLING_12_MONTHS)
    assert got.shared_months == shared
    assert change(point(later, "80"), point(earlier, "60")).shared_months == 0


@pytest.mark.parametrize(
    ("now", "then", "target", "code"),
    [
        ("11", "15", "10", BETTER),
        ("15", "11", "10", WORSE),
        ("9", "15", "10", BETTER),
        ("5", "11", "10", WORSE),
        ("12", "8", "10", UP),
        ("8", "12", "10", DOWN),
        ("8", "12.5", "10", DOWN),
        ("15", "11", None, UP),
        ("11", "15", None, DOWN),
    ],
)
def test_a_band_is_better_nearer_to_its_target(now, then, target, code):
    got = change(now, then, Polarity.BAND, target=None if target is None else D(target))
    assert got.code is code
    assert got.arrow == ("up" if D(now) > D(then) else "down")


@pytest.mark.parametrize(
    ("got", "places", "unit", "short", "rest"),
    [
        (change("56", "67"), 0, Unit.PERCENT, "↓ 11 points", "worse, from 67%"),
        (change("64.2", "73", places=1), 1, Unit.PERCENT, "↓ 8.8 points", "worse, from 73%"),
        (change("56", "67", Polarity.LOWER), 0, Unit.PERCENT, "↓ 11 points", "better, from 67%"),
        (change("86", "85"), 0, Unit.PERCENT, "↑ 1 point", "better, from 85%"),
        (change("463", "460", Polarity.LOWER, unit=Unit.DAYS), 0, Unit.DAYS, "↑ 3 days", "worse, from 460 days"),
        (change("12", "9", Polarity.NONE, unit=Unit.COUNT), 0, Unit.COUNT, "↑ 3", "higher, from 9"),
        (change("9", "12", Polarity.NONE, unit=Unit.COUNT), 0, Unit.COUNT, "↓ 3", "lower, from 12"),
        (change("85", "85"), 0, Unit.PERCENT, "No change", "from 85%"),
        (change("85.4", "85"), 0, Unit.PERCENT, "No clear change", "from 85%"),
        (change("85", None), 0, Unit.PERCENT, "No earlier figure to compare", ""),
        (change(None, "85"), 0, Unit.PERCENT, "Not compared", "no figure for this period"),
        (change("80", "60", breaks=[Q4.start_on]), 0, Unit.PERCENT, "Not compared", "the series breaks in between"),
        (
            change(point(Q4, "1", qualifier="<"), "60"),
            0,
            Unit.PERCENT,
            "Not compared",
            "a limit is given, not a number",
        ),
        (
            change("80", "60", window=Window.YEAR_TO_DATE),
            0,
            Unit.PERCENT,
            "Not compared",
            "a year to date compares only with the same point of last year",
        ),
        (
            change("13.78", "12.26", Polarity.LOWER, places=2, window=Window.ROLLING_12_MONTHS),
            2,
            Unit.PERCENT,
            "↑ 1.52 points",
            "worse, from 12.26%; 9 of 12 months are shared",
        ),
    ],
)
def test_words(got, places, unit, short, rest):
    assert written_change(got, unit, places) == short
    assert change_words(got) == rest


values = st.decimals(-1000, 1000, places=3)
polarities = st.sampled_from([Polarity.HIGHER, Polarity.LOWER])


@relaxed
@given(values, values, polarities, st.integers(0, 2), st.sampled_from(list(Window)))
def test_turned_round_a_change_is_its_opposite(now, then, polarity, places, window):
    same = window is Window.YEAR_TO_DATE
    earlier = LAST_YEAR if same else Q3
    more = {"polarity": polarity, "places": places, "window": window, "same_point_last_year": same}
    there = change(point(Q4, now), point(earlier, then), **more)
    back = change(point(Q4, then), point(earlier, now), **more)
    opposite = {BETTER: WORSE, WORSE: BETTER, NO_CHANGE: NO_CHANGE, NO_CLEAR_CHANGE: NO_CLEAR_CHANGE}
    assert back.code is opposite[there.code]
    assert back.difference == -there.difference
    flipped = change(point(Q4, now), point(earlier, then), **more | {"polarity": Polarity(polarity_other(polarity))})
    assert flipped.code is opposite[there.code]
    assert flipped.arrow == there.arrow


def polarity_other(polarity):
    return Polarity.LOWER if polarity is Polarity.HIGHER else Polarity.HIGHER


@relaxed
@given(values, values, st.integers(0, 2))
def test_an_arrow_only_for_at_least_one_unit_of_print(now, then, places):
    got = change(point(Q4, now), point(Q3, then), places=places)
    is_unit_apart = abs(now - then) >= D(1).scaleb(-places)
    assert (got.arrow in ("up", "down")) is is_unit_apart
    assert (got.code is NO_CHANGE) is (now == then)


counts = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@relaxed
@given(counts, counts)
def test_counts_can_only_take_an_arrow_away(first, second):
    now, then = (point(q, D(100 * x) / n, x, n) for q, (x, n) in ((Q4, first), (Q3, second)))
    tested = change(now, then)
    untested = change(now, then, window=Window.SNAPSHOT)
    assert tested.arrow in (untested.arrow, "")
