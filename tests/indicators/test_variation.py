"""Variation and assurance of a scorecard's rows: what a chart says of the period, and what chance alone would mark."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from random import Random

import pytest

from indicators.control import Control, NoChart, control_of
from indicators.direction_of_travel import Window
from indicators.quarters import Month, Quarter
from indicators.rag import Polarity, Rating
from indicators.scorecard import Held, build_row
from indicators.share_charts import Parts, method_of, parts_chart
from indicators.spc import Assurance, Cause, Improvement, Rules, Variation, xmr
from indicators.trend import chart_sentence
from indicators.units import Unit
from indicators.variation import Seen, chosen_by_chart, counted, counted_rows, seen, trend_of, worded
from indicators.variation_table import REPORTED_ACTIVITY_TABLE, REPORTED_TABLE, variation_text
from indicators.verdict import BY_CHANCE, Verdict, Why
from tests.indicators.test_scorecard import a_line
from tests.trends import limits, measured

STEADY = "50 52 49 51 50 48 52 50 51 49 50 52 49 51"
FIRST = Month(2021, 2)


def held_in(values: str, first=FIRST) -> list[Held]:
    """Figures of months in a row; "-" is a month without one."""
    found = []
    for number, value in enumerate(values.split(), 1):
        if value != "-":
            found.append(Held(first.slug, first.label, first.start_on, first.end_on, measured(value), figure_id=number))
        first = first.next()
    return found


def seen_in(values: str, *, period=None, breaks=(), since=None, **more) -> Seen:
    """What the chart of such months says in the last of them."""
    figures = held_in(values)
    last = figures[-1]
    period = period or Month(last.end_on.year, last.end_on.month)
    standard = limits(Polarity.HIGHER, 40, None)
    line = a_line(**({"frequency": "month", "unit": Unit.PERCENT, "standard": standard} | more))
    row = build_row(line, period, {h.slug: h for h in figures}, breaks=breaks)
    return seen(row, period, reversed(figures), since=since)


def told(verdict: Verdict) -> str:
    row = replace(build_row(a_line(), Quarter(2021, 4), {}), verdict=verdict)
    return " / ".join(REPORTED_TABLE.cells(row)["variation"])


def test_row_when_its_last_figure_is_beyond_a_limit_then_verdict_says_which_way_and_what_of_the_target() -> None:
    found = seen_in(f"{STEADY} 80").verdict
    assert (found.variation, found.cause) == (Variation.IMPROVEMENT, Cause.ABOVE_LIMIT)
    assert (found.assurance, found.why, found.figures, found.first) == (Assurance.PASS, None, 15, FIRST.slug)
    assert found.rules is Rules.MDC_2023
    assert told(found) == "Special cause, improving / Reliably meets the target"
    worse = seen_in(f"{STEADY} 80", polarity=Polarity.LOWER, standard=limits(Polarity.LOWER, 50, None)).verdict
    assert told(worse) == "Special cause, of concern / Meets the target in some periods only"
    neither = seen_in(f"{STEADY} 80", polarity=Polarity.NONE, standard=None).verdict
    assert told(neither) == "Special cause, higher"
    usual = seen_in(STEADY, standard=limits(Polarity.HIGHER, 90, None)).verdict
    assert told(usual) == "No special cause / Reliably misses the target"


@pytest.mark.parametrize(
    ("values", "more", "why", "words"),
    [
        ("50 51 52", {}, Why.TOO_FEW, "No limits: 3 of 13 figures"),
        (STEADY, {"window": Window.ROLLING_12_MONTHS}, Why.OVERLAPPING, "each figure holds part of the one before"),
        (STEADY, {"window": Window.SNAPSHOT}, Why.READ_ONCE, "read on one day or of one group"),
        (STEADY, {"period": Month(2022, 4)}, Why.NO_FIGURE, "no exact figure of this period"),
        (f"{STEADY} <4", {}, Why.NO_FIGURE, "no exact figure of this period"),
    ],
)
def test_row_when_it_has_no_chart_then_it_says_why(values, more, why, words) -> None:
    found = seen_in(values, **more).verdict
    assert (found.why, found.variation, found.assurance, found.chance) == (why, None, None, None)
    assert words in told(found)


def test_row_when_nothing_was_worked_out_then_its_cell_is_empty_and_so_are_its_fields() -> None:
    row = build_row(a_line(), Quarter(2021, 4), {})
    assert REPORTED_TABLE.cells(row)["variation"] == ("",)
    fields = {f.name for c in REPORTED_TABLE.columns if c.key == "variation" for f in c.fields}
    assert {name: value for name, value in REPORTED_TABLE.values(row).items() if name in fields and value} == {}


def test_months_of_a_quarter_when_charted_then_the_last_of_them_is_of_the_period_and_a_longer_one_is_left_out() -> None:
    quarter = Quarter(2021, 4)
    longer = Held(quarter.slug, quarter.label, quarter.start_on, quarter.end_on, measured("99"))
    figures = [*held_in(STEADY), longer]
    row = build_row(a_line(frequency="month", unit=Unit.PERCENT), quarter, {h.slug: h for h in figures})
    assert figures[13].end_on == quarter.end_on
    assert seen(row, quarter, figures).verdict.variation is Variation.COMMON


def test_stretch_when_a_gap_a_break_or_another_unit_comes_before_then_only_what_follows_is_charted() -> None:
    for found in (
        seen_in(f"10 11 12 - {STEADY}"),
        seen_in(f"10 11 12 {STEADY}", breaks=[date(2021, 5, 1)]),
        seen_in(f"10 11 12 {STEADY}", since=date(2021, 5, 1)),
    ):
        assert (found.verdict.figures, len(found.charted)) == (14, 14)
        assert found.verdict.first == found.charted[0].slug
    short = seen_in(f"{STEADY} - 50 51")
    assert [held.figure_id for held in short.charted] == [16, 17]
    assert short.verdict.figures == 2


def test_verdict_when_held_against_the_page_of_the_indicator_then_the_same_chart() -> None:
    found = seen_in(f"{STEADY} 80")
    assert isinstance(found.found, Control)
    again = control_of(found.trend)
    assert isinstance(again, Control)
    assert (again.variation, again.assurance) == (found.verdict.variation, found.verdict.assurance)


def test_trend_when_worded_then_the_figures_that_are_named_have_words_and_a_rating_and_no_others() -> None:
    line = a_line(frequency="month", unit=Unit.PERCENT, standard=limits(Polarity.HIGHER, 50, 40))
    trend = worded(trend_of(line, held_in("45 50 30 44 44 60 44 ~52 44 55"), breaks=()))
    assert [s.text for s in trend.spots] == ["45%", "", "30%", "", "", "60%", "", "approx. 52%", "", "55%"]
    assert (trend.spots[0].rating, trend.spots[2].rating, trend.spots[-1].rating) == (
        Rating.WITHIN, Rating.OUTSIDE, Rating.BETTER,
    )  # fmt: skip
    assert "10 monthly figures between 30% and 60%, against a target of 50%" in chart_sentence(trend, "X")
    assert worded(trend_of(line, [], breaks=())).spots == ()


def test_rows_when_filtered_by_what_their_chart_says_then_those_alone() -> None:
    plain = build_row(a_line(), Quarter(2021, 4), {})
    verdicts = [
        Verdict(variation=Variation.IMPROVEMENT, assurance=Assurance.PASS),
        Verdict(variation=Variation.CONCERN, assurance=Assurance.FAIL),
        Verdict(variation=Variation.NEUTRAL_HIGH),
        Verdict(variation=Variation.NEUTRAL_LOW),
        Verdict(variation=Variation.COMMON, assurance=Assurance.INCONSISTENT),
        Verdict(why=Why.TOO_FEW),
    ]
    rows = [replace(plain, verdict=verdict) for verdict in verdicts]
    for code, places in {"improving": [0], "concern": [1], "neither": [2, 3], "common": [4], "none": [5]}.items():
        assert chosen_by_chart(rows, code) == [rows[place] for place in places], code
    for code, place in {"met": 0, "missed": 1, "sometimes": 4}.items():
        assert chosen_by_chart(rows, "", code) == [rows[place]], code
    assert chosen_by_chart(rows, "improving", "missed") == []
    assert chosen_by_chart([plain], "none") == []
    assert chosen_by_chart(rows) == rows


# What chance alone would mark


def of_charts(number: int, marked: int = 0, without: int = 0) -> str:
    codes = [Variation.CONCERN] * marked + [Variation.COMMON] * (number - marked) + [""] * without
    return counted((str(code), D("0.015") if code else None, "Rules" if code else "") for code in codes).sentence


@pytest.mark.parametrize(
    ("charts", "marked", "begins", "by_chance"),
    [
        (25, 3, "Of 25 charts, 3 mark the latest figure", "fewer than one (about 0.4)"),
        (35, 1, "Of 35 charts, 1 marks the latest figure", "fewer than one (about 0.5)"),
        (1, 0, "Of 1 chart, none marks the latest figure", "fewer than one:"),
        (200, 20, "Of 200 charts, 20 mark", "about 3.0"),
    ],
)
def test_charts_when_counted_then_the_sentence_says_how_many_chance_alone_would_mark(
    charts, marked, begins, by_chance
) -> None:
    said = of_charts(charts, marked, without=7)
    assert said.startswith(begins)
    assert f"chance alone would still mark {by_chance}" in said
    assert "about 1 to 2 in 100" in said
    assert said.endswith("Rules: Rules.")


def test_charts_when_there_are_none_then_nothing_is_said() -> None:
    assert of_charts(0, without=3) == ""
    row = build_row(a_line(), Quarter(2021, 4), {})
    assert counted_rows([row, replace(row, verdict=Verdict(why=Why.READ_ONCE))]).sentence == ""


@pytest.mark.parametrize("rules", list(Rules))
def test_share_by_chance_when_nothing_changes_then_it_is_what_a_simulation_gives(rules) -> None:
    """900 series of three lengths in which nothing changes, always the same ones."""
    random, marked, runs = Random(7), 0, 900  # noqa: S311
    for run in range(runs):
        values = [D(repr(round(random.gauss(50, 5), 3))) for _ in range((13, 20, 40)[run % 3])]
        chart = xmr(values, improvement=Improvement.INCREASE, rules=rules)
        marked += chart.latest.variation is not Variation.COMMON
    assert D("0.008") <= D(marked) / runs <= D("0.025")
    assert BY_CHANCE[rules] == D("0.015")


@pytest.mark.parametrize(("cohort", "share"), [(150, 0.95), (20, 0.95), (20, 0.5)])
def test_share_by_chance_when_cohorts_are_small_or_large_then_no_more_than_is_said(cohort, share) -> None:
    random, marked, runs = Random(11), 0, 300  # noqa: S311
    for _ in range(runs):
        parts = [Parts(D(sum(random.random() < share for _ in range(cohort))), D(cohort)) for _ in range(16)]
        method = method_of(parts, is_share=True)
        chart = parts_chart(parts, method=method, improvement=Improvement.INCREASE)
        marked += chart.latest.variation is not Variation.COMMON
    assert D(marked) / runs <= D("0.03")


# The table


def test_text_when_read_from_values_alone_then_it_needs_no_row() -> None:
    values = {"variation": "common_cause", "assurance": "", "no_limits": "", "charted": 14}
    assert variation_text(values) == ("No special cause",)
    assert variation_text({"variation": "", "no_limits": "too_few", "charted": None}) == ("No limits: 0 of 13 figures",)


def test_tables_when_compared_then_activity_has_the_same_file() -> None:
    assert REPORTED_ACTIVITY_TABLE.header == REPORTED_TABLE.header
    assert isinstance(seen_in("50").found, NoChart)
