"""Which figures a forecast may be made from, and why none is made."""

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.direction_of_travel import Point, Window
from indicators.forecast import FEWEST, WhyNone
from indicators.forecast_basis import fingerprint, stretch_of
from indicators.quarters import FinancialYear, Quarter
from indicators.units import Unit

FIRST = Quarter(2019, 1)


def points(text: str, first: Any = FIRST) -> list[Point]:
    """ "80 x <4 -": a number, no number, a limit, and a period of which nothing is held."""
    found = []
    for word in text.split():
        if word != "-":
            qualifier = word[0] if word[0] in "<>~" else ""
            value = None if word == "x" else D(word.removeprefix(qualifier))
            found.append(Point(first.start_on, first.end_on, value, qualifier=qualifier))
        first = first.next()
    return found


EIGHT = "80 81 79 82 80 83 81 80"


@pytest.mark.parametrize(
    ("text", "more", "why", "number"),
    [
        pytest.param(EIGHT, {}, None, 8, id="eight in a row"),
        pytest.param("80 81 79 82 80 83 81", {}, WhyNone.TOO_FEW, 7, id="seven"),
        pytest.param("", {}, WhyNone.TOO_FEW, 0, id="none"),
        pytest.param(f"70 - {EIGHT}", {}, None, 8, id="a gap before the last eight"),
        pytest.param("70 71 72 - 81 79 82 80", {}, WhyNone.GAP, 4, id="nothing held within"),
        pytest.param("70 71 72 x 81 79 82 80", {}, WhyNone.GAP, 4, id="no number within"),
        pytest.param("70 71 72 <4 81 79 82 80", {}, WhyNone.GAP, 4, id="a limit within"),
        pytest.param(f"{EIGHT} x", {}, WhyNone.NO_NUMBER, 0, id="no number last"),
        pytest.param(f"{EIGHT} >90", {}, WhyNone.NO_NUMBER, 0, id="a limit last"),
        pytest.param("80 81 79 82 80 83 81 ~80", {}, None, 8, id="an approximate one counts"),
        pytest.param(EIGHT, {"breaks": [date(2019, 7, 1)]}, WhyNone.BREAK, 7, id="a break after the first"),
        pytest.param(f"70 {EIGHT}", {"breaks": [date(2019, 7, 1)]}, None, 8, id="a break before the last eight"),
        pytest.param(EIGHT, {"breaks": [date(2018, 1, 1)]}, None, 8, id="a break before all"),
        pytest.param("95 95 95 95 95 95 95 95 95", {}, WhyNone.NO_MOVEMENT, 9, id="it never moves"),
        pytest.param(EIGHT, {"window": Window.ROLLING_12_MONTHS}, WhyNone.OVERLAPPING, 0, id="a rolling year"),
        pytest.param(EIGHT, {"window": Window.YEAR_TO_DATE}, WhyNone.OVERLAPPING, 0, id="a year to date"),
        pytest.param(EIGHT, {"window": Window.SNAPSHOT}, None, 8, id="a stock"),
        pytest.param(EIGHT, {"window": Window.COHORT_LAGGED}, None, 8, id="a cohort of its own"),
    ],
)
def test_stretch_when_taken_then_what_may_be_read_together_or_why_not(text, more, why, number) -> None:
    found = stretch_of(points(text), kind="quarter", **{"window": Window.PERIOD} | more)
    assert (found.why, len(found.points)) == (why, number)


def test_rolling_figure_when_it_is_of_whole_years_then_they_do_not_overlap() -> None:
    years = points(EIGHT, FinancialYear(2012))
    for window in (Window.ROLLING_12_MONTHS, Window.YEAR_TO_DATE):
        assert stretch_of(years, kind="financial_year", window=window).why is None


def test_kind_of_period_when_it_is_not_drawn_then_no_forecast() -> None:
    assert stretch_of(points(EIGHT), kind="span", window=Window.PERIOD).why is WhyNone.OVERLAPPING


def test_fingerprint_when_a_figure_the_unit_or_a_day_differs_then_another_one() -> None:
    first = points(EIGHT)
    same = fingerprint(points(EIGHT.replace("82", "82.000")), Unit.PERCENT)
    assert fingerprint(first, Unit.PERCENT) == same
    others = {
        fingerprint(first, Unit.COUNT),
        fingerprint(first[1:], Unit.PERCENT),
        fingerprint(points(EIGHT.replace("82", "82.01")), Unit.PERCENT),
        fingerprint(points(EIGHT, FIRST.next()), Unit.PERCENT),
    }
    assert len(others | {same}) == 5


words = st.sampled_from(["80", "81", "82.5", "x", "<4", "-"])
days = st.lists(st.dates(date(2018, 1, 1), date(2030, 1, 1)), max_size=3)


@given(st.lists(words, max_size=24), days)
def test_stretch_when_whatever_is_held_then_neighbours_up_to_the_last_and_no_break_inside(row, breaks) -> None:
    held = points(" ".join(row))
    found = stretch_of(held, kind="quarter", window=Window.PERIOD, breaks=breaks)
    assert list(found.points) == held[len(held) - len(found.points) :]
    assert all(p.value is not None and p.qualifier != "<" for p in found.points)
    for earlier, later in zip(found.points, found.points[1:], strict=False):
        assert (later.start_on - earlier.end_on).days == 1
        assert not any(earlier.start_on < day <= later.end_on for day in breaks)
    assert (found.why is None) is (len(found.points) >= FEWEST and len(set(found.values)) > 1)
