"""The year in its course and a rolling year: what they come to, what they need, what cannot be said."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.aggregation import Aggregation
from indicators.direction_of_travel import Window
from indicators.forecast_words import fixed_words, pace_words
from indicators.quarters import Month, Quarter
from indicators.rag import Polarity, Standard
from indicators.rolling_year import fixed_of
from indicators.trend import TrendBreak
from indicators.units import Unit
from indicators.year_pace import Reach, year_pace
from tests.trends import limits, months, trend

COUNTED = {"unit": Unit.COUNT, "aggregation": Aggregation.SUM}


FIRST = Quarter(2021, 1)


def row(text, first=FIRST):
    """Quarters in a row from 2021/22 Q1 on; "-" is one without a figure."""
    found = {}
    for value in text.split():
        if value != "-":
            found[first] = value
        first = first.next()
    return found


def told(made, **more):
    pace = year_pace(made)
    return pace_words(pace, **{"noun": made.noun, "places": made.places} | more) if pace else None


# Counts


def test_count_when_the_year_is_in_its_course_then_what_it_comes_to_at_this_pace():
    assert told(trend(row("300 314"), **COUNTED)) == [
        "2021/22 so far, 2 of 4 quarters: 614. At this pace the year comes to about 1,228."
    ]
    assert told(trend(months("100", first=Month(2021, 4)), **COUNTED)) == [
        "2021/22 so far, 1 of 12 months: 100. At this pace the year comes to about 1,200."
    ]


def test_count_when_two_whole_years_went_before_then_their_course_is_told_as_well():
    text = "10 20 30 40 20 20 20 40 30 30"
    assert told(trend(row(text, Quarter(2019, 1)), **COUNTED)) == [
        "2021/22 so far, 2 of 4 quarters: 60. At this pace the year comes to about 120.",
        "If it runs as 2019/20 and 2020/21 did, it comes to about 171.",  # 70 of 200 had come by then
    ]


def test_count_when_the_series_broke_since_those_years_then_only_the_pace():
    text, when = "10 20 30 40 20 20 20 40 30 30", TrendBreak(date(2020, 7, 1), "July 2020", "System")
    assert len(told(trend(row(text, Quarter(2019, 1)), breaks=[when], **COUNTED))) == 1


@pytest.mark.parametrize(
    ("figures", "more"),
    [
        pytest.param(row("1 2 3 4"), COUNTED, id="the year is over"),
        pytest.param(row("- 2"), COUNTED, id="the first is missing"),
        pytest.param(row("1 - 3"), COUNTED, id="one between is missing"),
        pytest.param(row("1 x"), COUNTED, id="the last has no number"),
        pytest.param(row("1 <4"), COUNTED, id="only a limit is known"),
        pytest.param(row("1 2"), COUNTED | {"aggregation": Aggregation.LATEST}, id="they do not add up"),
        pytest.param(row("1 2"), COUNTED | {"window": Window.SNAPSHOT}, id="a stock"),
        pytest.param(row("1 2"), COUNTED | {"window": Window.ROLLING_12_MONTHS}, id="a rolling year"),
        pytest.param(row("1 2"), {"unit": Unit.DAYS, "aggregation": Aggregation.SUM}, id="days"),
        pytest.param(row("1/9 2/9"), {"unit": Unit.PER_10000}, id="a rate of a population"),
        pytest.param(row("1 2"), COUNTED | {"breaks": [TrendBreak(date(2021, 8, 1), "", "")]}, id="a break within"),
        pytest.param(row("1 2"), COUNTED | {"breaks": [TrendBreak(date(2021, 5, 1), "", "")]}, id="inside the first"),
    ],
)
def test_year_when_its_figures_make_no_sum_then_nothing_is_said(figures, more):
    assert year_pace(trend(figures, **more)) is None


def test_year_to_date_when_read_then_its_latest_figure_is_the_year_so_far():
    ytd = {"window": Window.YEAR_TO_DATE, "aggregation": Aggregation.LATEST, "unit": Unit.COUNT}
    assert told(trend(row("300 614"), **ytd)) == [
        "2021/22 so far, 2 of 4 quarters: 614. At this pace the year comes to about 1,228."
    ]
    text = "10 30 60 100 20 40 60 100 30 60"
    assert told(trend(row(text, Quarter(2019, 1)), **ytd))[1] == (
        "If it runs as 2019/20 and 2020/21 did, it comes to about 171."
    )


# Shares


@pytest.mark.parametrize(
    ("polarity", "target", "text", "reach", "said"),
    [
        pytest.param(
            Polarity.HIGHER, 90, "80/100 86/100", Reach.NEEDS,
            "To reach the target of 90% the rest of the year needs 97.0% (194 of about 200), if as many are counted as "
            "until now.", id="within reach",
        ),
        pytest.param(
            Polarity.HIGHER, 95, "80/100 86/100", Reach.OUT_OF_REACH,
            "The target of 95% is out of reach for the year: even 100% in the rest of it would bring 91.5%, if as many "
            "are counted as until now.", id="out of reach",
        ),
        pytest.param(
            Polarity.HIGHER, 60, "88/100 87/100 90/100", Reach.SAFE,
            "The target of 60% is safe for the year: even 0% in the rest of it would leave 66.3%, if as many are "
            "counted as until now.", id="safe",
        ),
        pytest.param(
            Polarity.LOWER, 10, "9/100 12/100", Reach.NEEDS,
            "To keep to the target of 10% the rest of the year may bring 9.5% at most (19 of about 200), if as many "
            "are counted as until now.", id="less is better",
        ),
        pytest.param(
            Polarity.LOWER, 10, "40/100 42/100", Reach.OUT_OF_REACH,
            "The target of 10% is out of reach for the year: even 0% in the rest of it would bring 20.5%, if as many "
            "are counted as until now.", id="less is better, out of reach",
        ),
        pytest.param(
            Polarity.LOWER, 60, "9/100 12/100 10/100", Reach.SAFE,
            "The target of 60% is safe for the year: even 100% in the rest of it would leave 32.8%, if as many are "
            "counted as until now.", id="less is better, safe",
        ),
    ],
)  # fmt: skip
def test_share_when_it_has_a_target_then_what_the_rest_of_the_year_needs(polarity, target, text, reach, said):
    made = trend(row(text), limits(polarity, target, None))
    assert year_pace(made).goal.reach is reach
    first, second = told(made)
    assert first.endswith("At this pace the year comes to the same.")
    assert second == said


@pytest.mark.parametrize(
    ("polarity", "target", "text", "said"),
    [
        (Polarity.HIGHER, 90, "299/333", "needs 90.1% (900 of about 999)"),  # 899.8
        (Polarity.LOWER, 10, "34/333", "may bring 9.9% at most (99 of about 999)"),  # 99.2
        (Polarity.HIGHER, 95, "1799/2000 2000/2000 1799/2000", "even 100% in the rest of it would bring 94.98%"),
    ],
)
def test_share_when_rounded_then_what_is_printed_would_do_and_stands_on_its_own_side(polarity, target, text, said):
    assert said in told(trend(row(text), limits(polarity, target, None)))[1]


def test_share_when_summed_then_by_numerator_and_denominator_and_never_by_the_mean_of_percentages():
    assert told(trend(row("10/10 0/90"))) == [
        "2021/22 so far, 2 of 4 quarters: 10.0% (10 of 100). At this pace the year comes to the same."
    ]


def test_share_when_counts_are_not_held_for_each_then_it_says_so():
    (said,) = told(trend(row("80/100 85")))
    assert said == (
        "2021/22 so far, 2 of 4 quarters: what the year comes to cannot be said, because numerator and denominator are "
        "not held for each quarter, and percentages are not averaged."
    )


NEAR_A_TARGET = Standard(Polarity.BAND, D(50), band=D(5), unit=Unit.PERCENT)


@pytest.mark.parametrize("standard", [None, NEAR_A_TARGET, replace(limits(Polarity.HIGHER, 80, None), suspended=True)])
def test_share_when_no_target_is_in_force_or_neither_way_is_better_then_no_goal(standard):
    assert year_pace(trend(row("80/100 86/100"), standard)).goal is None


parts = st.integers(1, 200).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d)))


@given(st.lists(parts, min_size=1, max_size=3), st.integers(1, 100), st.booleans())
def test_share_when_the_rest_is_as_it_needs_then_the_year_meets_its_target(rows, target, is_higher):
    polarity = Polarity.HIGHER if is_higher else Polarity.LOWER
    pace = year_pace(trend(row(" ".join(f"{n}/{d}" for n, d in rows)), limits(polarity, target, None)))
    goal, n, d = pace.goal, pace.parts.numerator, pace.parts.denominator
    assert (n, d) == (sum(x for x, _ in rows), sum(x for _, x in rows))
    year = (n + goal.rest.share * goal.rest.of) / (d + goal.rest.of)
    assert abs(year * 100 - target) < D("1e-9")
    best = goal.bound.numerator / goal.bound.denominator * 100
    meets = best >= target if is_higher else best <= target
    assert (goal.reach is Reach.OUT_OF_REACH) is (goal.reach is not Reach.NEEDS and not meets)


# A rolling year


ROLLING = {"window": Window.ROLLING_12_MONTHS, "aggregation": Aggregation.LATEST, "unit": Unit.COUNT}


def fixed(made, *others):
    found = fixed_of(made, [spot for one in (made, *others) for spot in one.spots])
    return found and fixed_words(found, present=made.spots[-1].value, noun=made.noun, places=0)


def test_rolling_count_when_the_quarter_that_leaves_is_held_then_what_is_fixed_is_said():
    made = trend(row("150", Quarter(2022, 1)), **ROLLING)
    by_itself = trend(row("- 34", Quarter(2021, 1)), **COUNTED)
    said = (
        "9 of the 12 months of 2022/23 Q2 are in this figure already. 2021/22 Q2 leaves with 34, so the next figure is "
        "116 and what 2022/23 Q2 brings; it stays at 150 if that is 34."
    )
    assert fixed(made, by_itself) == said
    assert fixed(made, trend(months("10 11 13", first=Month(2021, 7)), **COUNTED)) == said
    assert fixed(made, trend(months("10 11", first=Month(2021, 7)), **COUNTED)) != said


def test_rolling_figure_when_only_rolling_ones_are_held_then_it_says_what_is_not_known():
    said = (
        "11 of the 12 months of April 2022 are in this figure already, but how much of it is fixed cannot be said: "
        "April 2021, which leaves, is held only within rolling figures, not by itself."
    )
    assert fixed(trend(months("12 13 14 15 13 12 14 13 12 14 13 12", first=Month(2021, 4)), **ROLLING)) == said


def test_rolling_share_when_all_its_quarters_are_held_and_make_it_then_what_stays_is_said():
    made = trend(row("120/480", Quarter(2022, 1)), window=Window.ROLLING_12_MONTHS)
    by_itself = "24/120 30/120 32/120 34/120"
    quarters_held = trend(dict(zip(row("- 1 1 1 1"), by_itself.split(), strict=True)))
    # 2022/23 Q1 stands in both: a series holds one of them, so the last of the four is told by its months.
    held = replace(quarters_held, spots=quarters_held.spots[:3])
    spring = trend(months("10/40 12/40 12/40", first=Month(2022, 4)))
    assert fixed(made, held, spring) == (
        "9 of the 12 months of 2022/23 Q2 are in this figure already. 2021/22 Q2 leaves with 24 of 120; what stays is "
        "26.7% (96 of 360), and the new quarter comes to it."
    )
    other = trend(months("10/40 12/40 12/30", first=Month(2022, 4)))
    assert "cannot be said" in fixed(made, held, other), "an average number of staff does not add up"


@pytest.mark.parametrize(
    "made",
    [
        trend(row("150 160"), **COUNTED),
        trend(row("150 x"), **ROLLING),
        trend(row("150 <4"), **ROLLING),
    ],
)
def test_figure_when_it_is_no_rolling_year_or_not_exact_then_nothing_is_fixed(made):
    assert fixed(made) is None
