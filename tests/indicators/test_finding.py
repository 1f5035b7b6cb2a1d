"""What a trend says of itself: only what is true, and nothing across a break in the series."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.direction_of_travel import Window
from indicators.finding import finding
from indicators.quarters import Month
from indicators.rag import Polarity
from indicators.trend import axis_of, axis_sentence, chart_sentence
from indicators.units import Unit
from tests.trends import MOSAIC, TURNOVER, limits, months, quarters, trend


def test_thirteen_months_of_turnover():
    found = finding(trend(months(TURNOVER), limits(), window=Window.ROLLING_12_MONTHS, places=2))
    assert found.heading == "Better than target in all 13 months, but rising since December 2021"
    assert found.sentence == (
        "It went from 12.94% in March 2021 to 13.78% in March 2022, the highest; "
        "the lowest was 10.00% in December 2021."
    )


def test_target_that_came_later_is_not_read_back():
    found = finding(trend(months(TURNOVER), limits(), since=date(2022, 1, 1), places=2))
    assert found.heading == "Better than target in all 3 months that could be judged, but rising since December 2021"
    assert "A target is held from January 2022 on." in found.sentence


@pytest.mark.parametrize(
    ("figures", "held_against", "heading"),
    [
        (months("90 92 95"), limits(Polarity.HIGHER, 80, 70),
         "Better than target in all 3 months, and rising since March 2021"),
        (months("60 64 66"), limits(Polarity.HIGHER, 80, 70),
         "Outside tolerance in all 3 months, but rising since March 2021"),
        (months("66 64 60"), limits(Polarity.HIGHER, 80, 70),
         "Outside tolerance in all 3 months, and falling since March 2021"),
        (months("85 75 76 74"), limits(Polarity.HIGHER, 80, 70),
         "Within tolerance 3 months running, but down from 76% in May 2021"),
        (months("85 75"), limits(Polarity.HIGHER, 80, 70),
         "Within tolerance in April 2021, but down from 85% in March 2021"),
        (months("85 85"), limits(Polarity.HIGHER, 80, 70),
         "Better than target in both months, the same as March 2021"),
        (months("48/75 42/75"), limits(Polarity.HIGHER, 80, 70),
         "Outside tolerance in both months, no clear change from 64% in March 2021"),
        (months("10 20"), None, "Up from 10% in March 2021"),
        (months("10 - - 20"), None, "20% in June 2021, 10% in March 2021"),
        (months("90 - 95 x"), limits(Polarity.HIGHER, 80, 70),
         "Better than target in both months with a figure"),
        (quarters(q2020_4="99", q2021_4="80"), limits(Polarity.HIGHER, 95, 80),
         "Within tolerance in 2021/22 Q4, but down from 99% a year earlier"),
        (months("30 <4"), limits(), "Better than target in April 2021"),
        (quarters(q2021_4="8"), limits(), "Better than target in 2021/22 Q4: 8%"),
        (quarters(q2021_4="8"), None, "8% in 2021/22 Q4"),
        (quarters(q2021_4="x"), limits(), "Not available in 2021/22 Q4"),
        (quarters(q2021_4="no"), limits(tolerance=None), "Outside tolerance in 2021/22 Q4, as stated"),
    ],
)  # fmt: skip
def test_heading(figures, held_against, heading):
    assert finding(trend(figures, held_against)).heading == heading


def test_direction_that_is_neither_better_nor_worse_is_joined_without_a_judgement():
    found = finding(trend(months("10 12 14"), polarity=Polarity.NONE))
    assert found.heading == "Rising since March 2021"


def test_nothing_is_read_across_a_break():
    found = finding(trend(quarters(q2021_1="98", q2021_4="99"), limits(Polarity.HIGHER, 95, 80), breaks=[MOSAIC]))
    assert found.heading == "Better than target in both quarters with a figure"
    assert found.sentence.startswith("The series breaks in August 2021 (change of case system)")
    assert "98%" not in found.sentence


def test_run_that_a_break_interrupts_is_no_run():
    figures = months("10 20 30 40 50 60 70", first=Month(2021, 5))
    found = finding(trend(figures, breaks=[MOSAIC]))
    assert found.heading == "Rising since August 2021"
    assert "It went from 40% in August 2021 to 70% in November 2021" in found.sentence
    assert "10%" not in found.sentence


def test_rolling_figures_that_reach_back_over_a_break_are_not_compared():
    figures = months("10 20 30", first=Month(2022, 1))
    rolling = trend(figures, breaks=[MOSAIC], window=Window.ROLLING_12_MONTHS)
    assert rolling.joins == ()
    assert finding(rolling).heading == "30% in March 2022; not comparable with the figures before"
    assert len(trend(figures, breaks=[MOSAIC]).joins) == 2


def test_year_to_date_starts_anew_each_april():
    figures = months("10 20 30", first=Month(2022, 2))
    joins = trend(figures, window=Window.YEAR_TO_DATE).joins
    assert [(a.label, b.label) for a, b, _ in joins] == [("February 2022", "March 2022")]


def test_gap_is_joined_by_a_dotted_line_and_said():
    found = trend(months("10 20 - 30"))
    assert [is_solid for _, _, is_solid in found.joins] == [True, False]
    assert "No number is held for 1 of the 4 months." in finding(found).sentence


def test_limit_is_joined_by_a_dotted_line_and_is_no_extreme():
    found = trend(months("10 <4 20"))
    assert [is_solid for _, _, is_solid in found.joins] == [False, False]
    assert "lowest" not in finding(found).sentence


def test_extreme_that_occurs_twice_is_counted():
    said = finding(trend(months("10 30 20 30 25"))).sentence
    assert "the highest was 30%, twice" in said
    assert "lowest" not in said


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 100)), min_size=2, max_size=20).filter(
        lambda x: sum(v is not None for v in x) > 1
    )
)
def test_finding_is_true_of_any_series(values):
    while values[0] is None:
        values = values[1:]
    held = " ".join("-" if v is None else str(v) for v in values)
    found = trend(months(held), limits(Polarity.HIGHER, 80, 70))
    heading = finding(found).heading
    numbers = [v for v in values if v is not None]
    classes = {"better" if v >= 80 else "within" if v >= 70 else "outside" for v in numbers}
    if "rising since" in heading or "falling since" in heading:
        signs = {(b > a) - (b < a) for a, b in zip(numbers[-3:], numbers[-2:], strict=False)}
        assert signs == ({1} if "rising" in heading else {-1})
    if " in all " in heading or " in both " in heading:
        assert len(classes) == 1
    if heading.startswith("Better"):
        assert numbers[-1] >= 80 or "in " in heading
    first = heading.split(",")[0]
    last = {"Better": lambda v: v >= 80, "Within": lambda v: 70 <= v < 80, "Outside": lambda v: v < 70}[
        first.split()[0]
    ]
    assert last(numbers[-1])
    assert found.axis.low <= min(numbers)
    assert found.axis.high >= max(numbers)


@pytest.mark.parametrize(
    ("values", "unit", "ends"),
    [
        ([10, Decimal("13.78"), 16, 18], Unit.PERCENT, (8, 20)),
        ([8, 16, 18], Unit.PERCENT, (0, 20)),
        ([95, 100], Unit.PERCENT, (94, 100)),
        ([0, 0], Unit.PERCENT, (0, 1)),
        ([-4638, 5832000], Unit.POUNDS, (-2_000_000, 8_000_000)),
        ([463], Unit.DAYS, (400, 520)),
        ([1], Unit.COUNT, (0, 2)),
    ],
)
def test_axis(values, unit, ends):
    axis = axis_of([Decimal(v) for v in values], unit)
    assert (axis.low, axis.high) == ends


def test_axis_that_does_not_start_at_0_says_so():
    assert axis_sentence(axis_of([Decimal(10), Decimal(18)], Unit.PERCENT), Unit.PERCENT) == (
        "The vertical axis starts at 8%, not at 0."
    )
    assert axis_sentence(axis_of([Decimal(1), Decimal(18)], Unit.PERCENT), Unit.PERCENT) == ""


def test_sentence_for_who_cannot_see_the_drawing():
    said = chart_sentence(trend(months(TURNOVER), limits(), places=2), "Staff turnover")
    assert said == (
        "Staff turnover, March 2021 to March 2022: 13 monthly figures between 10.00% and 13.78%, against a target "
        "of 16% at the end. Every value is in the table below."
    )
    assert "2 quarterly figures, both 98%." in chart_sentence(trend(quarters(q2021_3="98", q2021_4="98")), "X")
    alike = trend(quarters(q2021_2="98", q2021_3="98", q2021_4="98"))
    assert "3 quarterly figures, all 98%." in chart_sentence(alike, "X")
    broken = trend(quarters(q2021_1="98", q2021_4="99"), breaks=[MOSAIC])
    assert "; the series breaks in August 2021." in chart_sentence(broken, "Conferences")
