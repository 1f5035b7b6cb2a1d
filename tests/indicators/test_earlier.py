"""What was held before a figure, and which of it a new one can be held against."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import quarters
from indicators.direction_of_travel import Window
from indicators.earlier import NO_PAST, PERIODS_READ, PERIODS_SHOWN, Earlier, Past, comparable, past_of, slugs_before
from indicators.measurement import Basis, Measured
from indicators.quarters import FinancialYear, Month, Quarter
from indicators.rag import MissingReason
from indicators.units import Unit

Q4 = Quarter(2021, 4)
NUMBER = Measured(Basis.DERIVED, Decimal(85), Decimal(100))


def before(period: quarters.Period, n: int) -> quarters.Period:
    """The n-th period before."""
    for _ in range(n):
        period = period.previous()
    return period


def held(back: int, measured: Measured = NUMBER, of: quarters.Period = Q4) -> Earlier:
    period = before(of, back)
    return Earlier(period.label, period.start_on, period.end_on, measured, back)


def past(*figures: Earlier, breaks: tuple[date, ...] = (), window: Window = Window.PERIOD) -> Past:
    return past_of(figures, breaks, start_on=Q4.start_on, end_on=Q4.end_on, window=window)


def labels(of: Past, *, window: Window = Window.PERIOD, end_on: date = Q4.end_on) -> list[str]:
    return [figure.label for figure in comparable(of, end_on=end_on, unit=Unit.PERCENT, window=window)]


ALL = [held(n) for n in range(1, PERIODS_READ + 1)]


@pytest.mark.parametrize("period", [Q4, Month(2022, 3), FinancialYear(2021)])
def test_periods_when_read_then_eight_of_the_same_kind_the_latest_first(period):
    slugs = slugs_before(period)
    assert slugs == [before(period, n).slug for n in range(1, 9)]
    assert {type(quarters.parse(slug)) for slug in slugs} == {type(period)}


def test_page_when_eight_are_held_then_it_shows_those_of_the_last_four_periods():
    assert [f.back for f in past(*ALL).shown] == [1, 2, 3, 4]
    assert [f.back for f in past(ALL[1], ALL[5]).shown] == [2]
    assert NO_PAST.shown == ()
    assert PERIODS_SHOWN == 4


def test_figures_when_nothing_is_between_then_all_are_compared_the_latest_first():
    found = comparable(past(*ALL), end_on=Q4.end_on, unit=Unit.PERCENT, window=Window.PERIOD)
    assert [f.label for f in found] == [before(Q4, n).label for n in range(1, 9)]
    assert {(f.value, f.numerator, f.denominator) for f in found} == {(Decimal(85), Decimal(85), Decimal(100))}


@pytest.mark.parametrize(
    ("measured", "is_there"),
    [
        (Measured(Basis.STATED, value=Decimal(85)), True),
        (Measured(Basis.STATED, value=Decimal(85), qualifier="~"), True),
        (Measured(Basis.STATED, value=Decimal(85), qualifier="<"), False),
        (Measured(Basis.STATED, value=Decimal(85), qualifier=">"), False),
        (Measured(Basis.STATED_OUTCOME, stated_met=True), False),
        (Measured(Basis.MISSING, missing_reason=MissingReason.NOT_REPORTABLE), False),
    ],
)
def test_figure_when_it_is_a_limit_or_no_number_then_it_is_passed_over(measured, is_there):
    assert labels(past(held(1, measured), held(2))) == ["2021/22 Q3"] * is_there + ["2021/22 Q2"]


@pytest.mark.parametrize(
    ("day", "left"),
    [
        (date(2022, 4, 1), 8),  # after this period
        (date(2022, 3, 31), 0),
        (date(2022, 1, 1), 0),
        (date(2021, 10, 1), 1),  # on the first day of the period before
        (date(2021, 10, 2), 0),
        (date(2021, 7, 1), 2),
        (date(2010, 1, 1), 8),
    ],
)
def test_figures_when_the_series_breaks_then_none_before_it_is_compared(day, left):
    assert len(labels(past(*ALL, breaks=(day,)))) == left
    assert past(*ALL, breaks=(day,)).breaks == (day,)


def test_figures_when_each_covers_a_year_then_a_break_inside_that_year_parts_them():
    """A rolling year to December 2021 reaches back to January 2021."""
    rolling = past(*ALL, breaks=(date(2021, 6, 1),), window=Window.ROLLING_12_MONTHS)
    assert labels(rolling, window=Window.ROLLING_12_MONTHS) == []
    assert len(labels(past(*ALL, breaks=(date(2021, 6, 1),)))) == 2


def test_figures_when_they_are_years_to_date_then_only_the_same_point_of_an_earlier_year_is_compared():
    everything = past(*ALL, window=Window.YEAR_TO_DATE)
    assert labels(everything, window=Window.YEAR_TO_DATE) == ["2020/21 Q4", "2019/20 Q4"]


qualifiers = st.sampled_from(["", "<", ">", "~"])
measures = st.one_of(
    st.just(Measured(Basis.MISSING, missing_reason=MissingReason.NOT_AVAILABLE)),
    st.builds(lambda v, q: Measured(Basis.STATED, value=Decimal(v), qualifier=q), st.integers(0, 100), qualifiers),
)


@given(
    st.dictionaries(st.integers(1, 8), measures),
    st.lists(st.dates(date(2019, 1, 1), date(2023, 1, 1)), max_size=3),
)
def test_figures_when_any_are_held_then_those_compared_are_the_ones_found_by_hand(by_back, breaks):
    """Worked out again: from the latest backwards, up to the first that starts before a break."""
    of = past(*(held(back, m) for back, m in sorted(by_back.items())), breaks=tuple(breaks))
    met = [day for day in breaks if day <= date(2022, 3, 31)]
    wanted = []
    for back in range(1, 9):
        period = before(Q4, back)
        if any(day > period.start_on for day in met):
            break
        m = by_back.get(back)
        if m is not None and m.value is not None and m.qualifier not in {"<", ">"}:
            wanted.append((period.label, m.value))
    found = comparable(of, end_on=Q4.end_on, unit=Unit.PERCENT, window=Window.PERIOD)
    assert [(f.label, f.value) for f in found] == wanted


def test_past_when_worked_out_twice_then_it_is_the_same():
    once = past(*ALL, breaks=(date(2021, 10, 2),))
    again = past(*(replace(f, is_before_break=False) for f in once.figures), breaks=once.breaks)
    assert once == again
