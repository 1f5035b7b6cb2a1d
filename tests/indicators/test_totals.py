"""Months that make a quarter: never across a break, with every doubt about them, and with the months that are empty."""

from datetime import date, timedelta
from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import quarters
from indicators.aggregation import Aggregation
from indicators.committee_table import COMMITTEE_TABLE
from indicators.direction_of_travel import ChangeCode, Window
from indicators.measurement import Basis, Measured
from indicators.models import CurrentFigure
from indicators.rag import (
    MissingReason,
    NotJudged,
    Polarity,
    Rating,
    Standard,
    ToleranceKind,
)
from indicators.scorecard import Held, Line, ScorecardRow, build_row, standing_for
from indicators.selectors.scorecards import held_of, scorecard_for
from indicators.units import Unit
from tests import builders as b

Q4, Q3 = b.Q4, b.Q3
MONTHS = Q4.months()
SUM, LATEST, POOLED = Aggregation.SUM, Aggregation.LATEST, Aggregation.POOLED_RATIO


def a_line(**changes) -> Line:
    """A monthly percentage, higher is better, target 80, tolerance 70."""
    values = {
        "code": "in-time", "slice": "", "name": "In time", "theme_code": "time", "theme": "Time", "unit": Unit.PERCENT,
        "polarity": Polarity.HIGHER, "window": Window.PERIOD, "aggregation": POOLED, "places": 0, "frequency": "month",
        "standard": Standard(Polarity.HIGHER, D(80), ToleranceKind.ABSOLUTE, D(70)),
    } | changes  # fmt: skip
    return Line(**values)


def a_count(**changes) -> Line:
    """A monthly number that is added up."""
    return a_line(**{"unit": Unit.COUNT, "aggregation": SUM, "standard": None} | changes)


def held(period: quarters.Period, measured: Measured, **changes) -> Held:
    return Held(period.slug, period.label, period.start_on, period.end_on, measured, **changes)


def derived(period: quarters.Period, numerator: int, denominator: int = 100, **changes) -> Held:
    return held(period, Measured(Basis.DERIVED, D(numerator), D(denominator)), **changes)


def value(period: quarters.Period, number: int, qualifier: str = "", **changes) -> Held:
    return held(period, Measured(Basis.VALUE_ONLY, value=D(number), qualifier=qualifier), **changes)


def empty(period: quarters.Period, **changes) -> Held:
    return held(period, Measured(Basis.MISSING, missing_reason=MissingReason.NO_COHORT), **changes)


def by_slug(*figures: Held) -> dict[str, Held]:
    return {figure.slug: figure for figure in figures}


def three(make, *numbers, period: quarters.Quarter = Q4) -> dict[str, Held]:
    return by_slug(*(make(month, n) for month, n in zip(period.months(), numbers, strict=True)))


# Breaks

SECOND = MONTHS[1].start_on
INSIDE = [
    pytest.param(Q4.start_on, False, id="the first day of the quarter: all of it is new"),
    pytest.param(Q4.start_on + timedelta(days=1), True, id="its second day: a part of the first month is old"),
    pytest.param(SECOND, True, id="between two months"),
    pytest.param(Q4.end_on, True, id="the last day"),
    pytest.param(Q4.end_on + timedelta(days=1), False, id="after it"),
    pytest.param(Q3.start_on, False, id="before it"),
]


@pytest.mark.parametrize(("day", "is_cut"), INSIDE)
@pytest.mark.parametrize("line", [a_line(), a_count()], ids=["pooled", "summed"])
def test_months_when_the_series_breaks_then_totalled_only_on_one_side(line: Line, day: date, is_cut: bool) -> None:
    figures = three(derived, 80, 85, 90) if line.unit is Unit.PERCENT else three(value, 80, 85, 90)
    row = build_row(line, Q4, figures, breaks=[day])
    assert (row.held is None) is is_cut
    if is_cut:
        assert (row.judgement.rating, row.judgement.reason) == (Rating.NOT_JUDGED, NotJudged.BREAK_WITHIN)
        assert COMMITTEE_TABLE.cells(row)["rating"] == ("Not totalled: break in series",)


def test_months_when_only_the_last_stands_then_a_break_before_it_cuts_nothing() -> None:
    line = a_count(aggregation=LATEST)
    row = build_row(line, Q4, three(value, 3, 9, 4), breaks=[MONTHS[2].start_on])
    assert row.number == 4


def test_months_when_a_printed_quarterly_figure_is_held_then_it_stands_though_the_series_breaks() -> None:
    figures = three(derived, 80, 85, 90) | by_slug(derived(Q4, 77))
    row = build_row(a_line(), Q4, figures, breaks=[SECOND])
    assert (row.number, row.judgement.rating) == (77, Rating.WITHIN)


@pytest.mark.parametrize("figures", [{}, three(derived, 60, 60, 60, period=Q3)], ids=["none", "earlier ones only"])
def test_months_when_none_is_held_then_it_is_no_figure_and_not_the_break(figures) -> None:
    row = build_row(a_line(), Q4, figures, breaks=[SECOND])
    assert row.judgement.reason is NotJudged.NO_FIGURE


def test_months_when_they_reach_back_a_year_then_a_break_in_that_year_cuts_their_total() -> None:
    line = a_line(window=Window.ROLLING_12_MONTHS)
    a_year_back = quarters.Month(2021, 5).start_on
    assert build_row(line, Q4, three(derived, 80, 85, 90), breaks=[a_year_back]).held is None
    assert build_row(a_line(), Q4, three(derived, 80, 85, 90), breaks=[a_year_back]).number == 85


def test_quarters_when_the_series_breaks_in_the_year_then_the_year_is_not_totalled() -> None:
    year = quarters.FinancialYear(2021)
    figures = by_slug(*(derived(quarter, 80) for quarter in year.quarters()))
    line = a_line(frequency="quarter")
    assert build_row(line, year, figures, breaks=[Q4.start_on]).judgement.reason is NotJudged.BREAK_WITHIN
    assert build_row(line, year, figures, breaks=[year.start_on]).number == 80


def test_months_when_the_quarter_before_is_cut_then_the_break_is_why_nothing_is_compared() -> None:
    figures = three(derived, 80, 85, 90) | three(derived, 60, 60, 60, period=Q3)
    row = build_row(a_line(), Q4, figures, breaks=[Q3.months()[1].start_on])
    assert row.number == 85
    assert (row.since_previous.code, row.since_previous.reason) == (ChangeCode.NOT_COMPARED, "break_in_series")
    assert row.since_previous.then_value is None


# Doubts


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("line", [a_line(), a_count()], ids=["pooled", "summed"])
def test_months_when_one_is_approximate_then_the_total_is(line: Line, place: int) -> None:
    months = list(three(derived, 80, 85, 90).values())
    if line.unit is Unit.COUNT:
        months = list(three(value, 80, 85, 90).values())
    part = months[place].measured
    stated = Measured(Basis.STATED, part.numerator, part.denominator, part.number(line.unit), "~")
    months[place] = held(MONTHS[place], stated)
    row = build_row(line, Q4, by_slug(*months))
    assert row.held.measured.qualifier == "~"
    assert COMMITTEE_TABLE.cells(row)["figure"][0].startswith("approx. ")
    assert row.judgement.approximate or row.line.standard is None


def test_months_when_exact_then_so_is_the_total() -> None:
    row = build_row(a_line(), Q4, three(derived, 80, 85, 90))
    assert row.held.measured.qualifier == ""
    assert COMMITTEE_TABLE.cells(row)["figure"][0] == "85%"


def test_months_when_totalled_then_flags_caution_tasks_and_corrections_come_with_them() -> None:
    figures = by_slug(
        derived(MONTHS[0], 80, flags="e", confidence="caution", confidence_reason="Cleansing",
                validation_task="Compare the systems", known_on=b.TODAY, is_paper=True),
        derived(MONTHS[1], 80, confidence="low", confidence_reason="Late records",
                validation_task="Ask the teams", is_corrected=True, correction="Counted twice"),
        derived(MONTHS[2], 80, flags="e p", confidence_reason="Cleansing", validation_task="Compare the systems",
                known_on=b.LONG_AGO, is_paper=True),
    )  # fmt: skip
    row = build_row(a_line(), Q4, figures)
    assert (row.held.flags, row.held.confidence) == ("e p", "low")
    assert row.held.confidence_reason == "Cleansing; Late records"
    assert row.held.validation_task == "Compare the systems; Ask the teams"
    assert (row.held.is_corrected, row.held.correction, row.held.is_paper) == (True, "Counted twice", False)
    assert row.held.known_on == b.TODAY
    said = COMMITTEE_TABLE.cells(row)["rating"]
    assert "Low confidence: Compare the systems; Ask the teams" in said
    assert "Approximate" in said
    assert row.needs_caution


def test_months_when_only_the_last_stands_then_its_own_doubts_alone_and_its_counts() -> None:
    line = a_line(aggregation=LATEST)
    figures = by_slug(
        derived(MONTHS[0], 10, flags="e", confidence="low", confidence_reason="Cleansing"),
        derived(MONTHS[1], 20),
        derived(MONTHS[2], 84, validation_task="Ask the teams", confidence="caution", headline="The last"),
    )
    found, _ = standing_for(line, Q4, figures)
    assert found.measured == figures[MONTHS[2].slug].measured
    assert (found.flags, found.confidence, found.validation_task) == ("", "caution", "Ask the teams")
    assert (found.slug, found.start_on, found.end_on) == (Q4.slug, Q4.start_on, Q4.end_on)


# Empty months


@pytest.mark.parametrize("place", range(3))
def test_ratio_when_a_month_has_no_cohort_then_pooled_from_the_others(place: int) -> None:
    months = [derived(MONTHS[0], 1, 2), derived(MONTHS[1], 90), derived(MONTHS[2], 0, 10)]
    whole = [m.measured for i, m in enumerate(months) if i != place]
    months[place] = empty(MONTHS[place])
    found, _ = standing_for(a_line(), Q4, by_slug(*months))
    assert found.measured.numerator == sum(m.numerator for m in whole)
    assert found.measured.denominator == sum(m.denominator for m in whole)


@pytest.mark.parametrize("place", range(3))
def test_sum_when_a_month_has_no_cohort_then_it_counts_as_nothing(place: int) -> None:
    months = list(three(value, 3, 5, 4).values())
    months[place] = empty(MONTHS[place])
    found, _ = standing_for(a_count(), Q4, by_slug(*months))
    assert found.measured == Measured(Basis.VALUE_ONLY, value=D(12 - (3, 5, 4)[place]))


@pytest.mark.parametrize("line", [a_line(), a_count(), a_count(aggregation=LATEST)], ids=["pooled", "sum", "latest"])
def test_months_when_all_have_no_cohort_then_neither_has_the_quarter(line: Line) -> None:
    row = build_row(line, Q4, by_slug(*(empty(month, commentary=f"In {month.label}") for month in MONTHS)))
    assert row.held.measured == Measured(Basis.MISSING, missing_reason=MissingReason.NO_COHORT)
    assert (row.number, row.judgement.reason) == (None, NotJudged.NO_COHORT)
    assert row.held.commentary == f"In {MONTHS[2].label}"


def test_months_when_the_last_of_a_snapshot_has_no_cohort_then_it_says_so_and_no_older_one_stands() -> None:
    figures = by_slug(value(MONTHS[0], 3), value(MONTHS[1], 9), empty(MONTHS[2]))
    row = build_row(a_count(aggregation=LATEST), Q4, figures)
    assert row.judgement.reason is NotJudged.NO_COHORT
    figures = by_slug(empty(MONTHS[0]), empty(MONTHS[1]), value(MONTHS[2], 4))
    assert build_row(a_count(aggregation=LATEST), Q4, figures).number == 4


@pytest.mark.parametrize("reason", [r for r in MissingReason if r is not MissingReason.NO_COHORT])
@pytest.mark.parametrize("line", [a_line(), a_count()], ids=["pooled", "summed"])
def test_months_when_one_is_missing_for_another_reason_then_there_is_no_total(line: Line, reason) -> None:
    figures = three(derived, 80, 85, 90) if line.unit is Unit.PERCENT else three(value, 80, 85, 90)
    figures[MONTHS[1].slug] = held(MONTHS[1], Measured(Basis.MISSING, missing_reason=reason))
    assert standing_for(line, Q4, figures) == (None, None)


# Against a second calculation


months_held = st.lists(
    st.one_of(
        st.none(),
        st.just("empty"),
        st.tuples(st.integers(0, 50), st.integers(50, 90), st.sampled_from(["", "~"])),
    ),
    min_size=3,
    max_size=3,
)


@given(
    figures=months_held,
    breaks=st.lists(st.dates(Q4.start_on - timedelta(days=3), Q4.end_on + timedelta(days=3)), max_size=2),
    is_sum=st.booleans(),
)
def test_total_when_of_any_months_then_as_fractions_give_it(figures, breaks, is_sum) -> None:
    held_months = {}
    for month, found in zip(MONTHS, figures, strict=True):
        if found == "empty":
            held_months[month.slug] = empty(month)
        elif found is not None and is_sum:
            held_months[month.slug] = value(month, found[0], found[2])
        elif found is not None:
            number = D(found[0] * 100) / D(found[1])
            stated = Measured(Basis.STATED, D(found[0]), D(found[1]), number, found[2])
            held_months[month.slug] = held(month, stated if found[2] else derived(month, found[0], found[1]).measured)
    row: ScorecardRow = build_row(a_count() if is_sum else a_line(), Q4, held_months, breaks=breaks)
    counted = [f for f in figures if f not in (None, "empty")]
    if any(Q4.start_on < day <= Q4.end_on for day in breaks):
        assert row.held is None
        assert row.judgement.reason is (NotJudged.BREAK_WITHIN if any(figures) else NotJudged.NO_FIGURE)
    elif None in figures:
        assert row.held is None
    elif not counted:
        assert row.judgement.reason is NotJudged.NO_COHORT
    else:
        expected = Fraction(sum(f[0] for f in counted))
        if not is_sum:
            expected = expected * 100 / sum(f[1] for f in counted)
        assert abs(Fraction(row.number) - expected) < Fraction(1, 10**20)
        assert row.held.measured.qualifier == ("~" if any(f[2] for f in counted) else "")


# Through the database


@pytest.mark.django_db
def test_scorecard_when_a_month_is_entered_as_0_of_0_then_the_quarter_stands() -> None:
    monthly = b.an_indicator("monthly", frequency="month")
    b.a_figure(monthly, MONTHS[0], 85, 100, confidence="caution", confidence_reason="Cleansing", flags="e")
    b.a_figure(monthly, MONTHS[1], missing="no_cohort", commentary="Nobody was due.")
    b.a_figure(monthly, MONTHS[2], 5, 10, validation_task="Compare the systems")
    (row,) = scorecard_for(monthly.line.scorecard, b.a_period(Q4), today=b.TODAY).rows
    assert (row.held.measured.numerator, row.held.measured.denominator) == (90, 110)
    assert (row.held.flags, row.held.confidence, row.held.validation_task) == ("e", "caution", "Compare the systems")


@pytest.mark.django_db
def test_scorecard_when_the_series_breaks_in_the_quarter_then_the_page_says_so(signed_in) -> None:
    monthly = b.an_indicator("monthly", frequency="month")
    scorecard = monthly.line.scorecard
    for month in MONTHS:
        b.a_figure(monthly, month, 85, 100)
    b.a_break(monthly.series, MONTHS[1].start_on)
    b.a_figure(b.an_indicator("quarterly"), Q4)
    b.a_round(scorecard, Q4).returns.update(state="approved")
    view = scorecard_for(scorecard, b.a_period(Q4), today=b.TODAY)
    assert view.headline.by_reason == {NotJudged.BREAK_WITHIN: 1}
    client = signed_in(b.a_user("board_member"))
    assert "Not totalled: break in series" in client.get("/northshire/scorecards/contract/").content.decode()
    assert "Not totalled: break in series" in client.get("/northshire/").content.decode()


@pytest.mark.django_db
def test_figure_when_read_whole_or_as_plain_values_then_the_same(real) -> None:
    card = real.scorecards.get(code="contract")
    rows = scorecard_for(card, b.a_period(Q4), today=b.TODAY).rows
    pointers = CurrentFigure.objects.filter(series__lines__scorecard=card, period__slug=Q4.slug)
    whole = {p.series.indicator.code: held_of(p.approved) for p in pointers}
    assert len(whole) == 11
    assert {row.line.code: row.held for row in rows if row.held} == whole
