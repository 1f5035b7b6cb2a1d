"""Rows and headline: what stands for a line, how it adds up, and that nothing is compared across a break."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal as D
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators import quarters
from indicators.aggregation import Aggregation
from indicators.cells import counted_words
from indicators.committee_table import COMMITTEE_TABLE
from indicators.direction_of_travel import ChangeCode, Window
from indicators.measurement import Basis, Measured
from indicators.models import Partnership, Scorecard, SeriesBreak
from indicators.rag import (
    MissingReason,
    NotJudged,
    Polarity,
    Rating,
    Standard,
    ToleranceKind,
)
from indicators.scorecard import (
    Headline,
    Held,
    Line,
    ScorecardRow,
    build_row,
    chosen,
    headline,
    standing_for,
    worst_first,
)
from indicators.selectors.scorecards import scorecard_for
from indicators.units import Unit
from indicators.views.entry_rows import value_words
from tests import builders as b
from tests.reference import counts_reference as reference

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "doncaster"
Q4, Q3 = b.Q4, b.Q3
LAST_YEAR = Q4.same_period_last_year()
YEAR = quarters.FinancialYear(2021)


def a_line(**changes) -> Line:
    """A quarterly percentage, higher is better, target 80, tolerance 70."""
    values = {
        "code": "in-time", "slice": "", "name": "In time", "theme_code": "time", "theme": "Time", "unit": Unit.PERCENT,
        "polarity": Polarity.HIGHER, "window": Window.PERIOD, "aggregation": Aggregation.POOLED_RATIO, "places": 0,
        "frequency": "quarter", "standard": Standard(Polarity.HIGHER, D(80), ToleranceKind.ABSOLUTE, D(70)),
    } | changes  # fmt: skip
    return Line(**values)


def held(period: quarters.Period, measured: Measured, **changes) -> Held:
    return Held(period.slug, period.label, period.start_on, period.end_on, measured, **changes)


def derived(period: quarters.Period, numerator: int, denominator: int = 100, **changes) -> Held:
    return held(period, Measured(Basis.DERIVED, D(numerator), D(denominator)), **changes)


def value(period: quarters.Period, number: int | str, **changes) -> Held:
    return held(period, Measured(Basis.VALUE_ONLY, value=D(number)), **changes)


def missing(period: quarters.Period, reason: MissingReason = MissingReason.NOT_AVAILABLE) -> Held:
    return held(period, Measured(Basis.MISSING, missing_reason=reason))


def by_slug(*figures: Held) -> dict[str, Held]:
    return {figure.slug: figure for figure in figures}


# The headline

measures = st.one_of(
    st.none(),
    st.builds(lambda n: Measured(Basis.DERIVED, D(n), D(100)), st.integers(0, 100)),
    st.builds(lambda n, q: Measured(Basis.STATED, value=D(n), qualifier=q, quantum=D(1)), st.integers(0, 100),
              st.sampled_from(["", "<", ">", "~"])),
    st.builds(lambda met: Measured(Basis.STATED_OUTCOME, stated_met=met), st.booleans()),
    st.builds(lambda r: Measured(Basis.MISSING, missing_reason=r), st.sampled_from(list(MissingReason))),
)  # fmt: skip
standards = st.sampled_from(
    [
        None,
        Standard(Polarity.HIGHER, D(80), ToleranceKind.ABSOLUTE, D(70)),
        Standard(Polarity.LOWER, D(20), ToleranceKind.ABSOLUTE, D(30)),
        Standard(Polarity.LOWER, D(20)),
        Standard(Polarity.NONE, None),
        Standard(Polarity.HIGHER, D(80), suspended=True),
    ]
)
any_row = st.builds(
    lambda measured, standard, confidence, theme: build_row(
        a_line(standard=standard, theme_code=theme, theme=theme),
        Q4,
        by_slug(held(Q4, measured, confidence=confidence)) if measured else {},
    ),
    measures,
    standards,
    st.sampled_from(["", "high", "caution", "low"]),
    st.sampled_from(["time", "safety"]),
)


@given(st.lists(any_row, max_size=40))
def test_headline_when_of_any_rows_then_it_adds_up(rows: list[ScorecardRow]) -> None:
    found = headline(rows)
    ratings = Counter(row.judgement.rating for row in rows)
    assert found.total == len(rows) == sum(found.by_rating.values())
    assert {r: n for r, n in found.by_rating.items() if n} == dict(ratings)
    assert found.judged == len(rows) - ratings[Rating.NOT_JUDGED]
    assert sum(found.by_reason.values()) == found.by_rating[Rating.NOT_JUDGED]
    assert all(found.with_caution[r] <= found.by_rating[r] for r in Rating)
    cautious = [row for row in rows if row.held and row.held.confidence in ("caution", "low")]
    assert sum(found.with_caution.values()) == len(cautious)
    assert found.judged_with_caution == sum(row.judgement.rating is not Rating.NOT_JUDGED for row in cautious)


@given(st.lists(any_row, max_size=20), st.integers(0, 20))
def test_headlines_when_put_together_then_as_if_counted_at_once(rows: list[ScorecardRow], cut: int) -> None:
    assert headline(rows[:cut]).plus(headline(rows[cut:])) == headline(rows)


@given(st.lists(any_row, max_size=20))
def test_rows_when_put_worst_first_then_none_is_lost_and_equals_keep_their_order(rows: list[ScorecardRow]) -> None:
    found = worst_first(rows)
    assert Counter(map(id, found)) == Counter(map(id, rows))
    order = [Rating.OUTSIDE, Rating.WITHIN, Rating.BETTER, Rating.NOT_JUDGED]
    places = [order.index(row.judgement.rating) for row in found]
    assert places == sorted(places)
    for rating in order:
        assert [r for r in found if r.judgement.rating is rating] == [r for r in rows if r.judgement.rating is rating]


@given(st.lists(any_row, max_size=20))
def test_rows_when_filtered_by_rating_or_theme_then_the_parts_make_the_whole(rows: list[ScorecardRow]) -> None:
    assert sum(len(chosen(rows, rating=rating.value)) for rating in Rating) == len(rows)
    assert sum(len(chosen(rows, theme=theme)) for theme in ("time", "safety")) == len(rows)
    assert chosen(rows) == rows


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"text": "VISITS time"}, ["Visits in time"]),
        ({"text": "time visits"}, ["Visits in time"]),
        ({"text": "in time"}, ["In time", "Visits in time"]),
        ({"text": "nothing"}, []),
        ({"partner": "police"}, ["In time"]),
        ({"partner": "trust", "rating": "better"}, ["Visits in time"]),
        ({"partner": "trust", "rating": "outside"}, []),
    ],
)
def test_rows_when_filtered_then_every_filter_holds(filters: dict[str, str], names: list[str]) -> None:
    rows = [
        build_row(a_line(name="In time", partner_code="police"), Q4, by_slug(derived(Q4, 10))),
        build_row(a_line(name="Visits in time", partner_code="trust"), Q4, by_slug(derived(Q4, 90))),
    ]
    assert [row.line.name for row in chosen(rows, **filters)] == names


# One row


def test_row_when_there_is_no_figure_then_not_judged_and_says_so() -> None:
    row = build_row(a_line(), Q4, {})
    assert (row.judgement.rating, row.judgement.reason) == (Rating.NOT_JUDGED, NotJudged.NO_FIGURE)
    assert (row.held, row.number, row.contradiction, row.needs_caution) == (None, None, None, False)
    assert row.since_previous.reason == row.since_last_year.reason == "no_figure_now"


@pytest.mark.parametrize(
    ("frequency", "period", "words"),
    [
        ("quarter", Q4, "No figure entered"),
        ("month", Q4, "Returned monthly: no total for this quarter"),
        ("month", YEAR, "Returned monthly: no total for this year"),
        ("quarter", YEAR, "Returned quarterly: no total for this year"),
    ],
)
def test_row_when_returned_more_often_than_the_period_and_without_a_total_then_it_says_so(
    frequency: str, period: quarters.Period, words: str
) -> None:
    row = build_row(a_line(frequency=frequency), period, {})
    assert COMMITTEE_TABLE.cells(row)["rating"] == (words,)


@pytest.mark.parametrize(
    ("frequency", "period", "parts", "words"),
    [
        ("month", Q4, Q4.months()[:2], "monthly figures, no total for the quarter"),
        ("month", YEAR, Q4.months()[:1], "monthly figures, no total for the year"),
        ("quarter", YEAR, (Q3, Q4), "quarterly figures, no total for the year"),
        ("month", Q4, (), ""),
        ("month", Q4, Q3.months(), ""),
    ],
)
def test_row_when_parts_of_the_period_have_figures_and_no_total_then_it_says_what_is_held(
    frequency: str, period: quarters.Period, parts: tuple[quarters.Period, ...], words: str
) -> None:
    row = build_row(a_line(frequency=frequency), period, by_slug(*(derived(part, 85) for part in parts)))
    assert (row.held, row.parts) == (None, words)
    assert headline([row, row]).by_parts == ({words: 2} if words else {})


def test_row_when_it_has_a_total_or_its_parts_have_no_number_then_nothing_is_said_of_parts() -> None:
    monthly = a_line(frequency="month")
    assert build_row(monthly, Q4, by_slug(*(derived(month, 85) for month in Q4.months()))).parts == ""
    assert build_row(monthly, Q4, by_slug(missing(Q4.months()[0], MissingReason.NOT_REPORTABLE))).parts == ""
    assert build_row(a_line(), Q4, {}).parts == ""


def test_row_when_its_months_lie_on_both_sides_of_a_break_then_it_has_monthly_figures_too() -> None:
    months = by_slug(*(derived(month, 85) for month in Q4.months()))
    row = build_row(a_line(frequency="month"), Q4, months, breaks=[Q4.months()[1].start_on])
    assert (row.judgement.reason, row.parts) == (
        NotJudged.BREAK_WITHIN,
        "monthly figures, no total for the quarter",
    )


def test_counts_when_some_have_figures_of_months_alone_then_the_line_of_counts_says_so() -> None:
    monthly = build_row(a_line(frequency="month"), Q4, by_slug(derived(Q4.months()[0], 85)))
    counts = headline([monthly, build_row(a_line(), Q4, {})])
    assert counted_words(Rating.NOT_JUDGED, counts) == "no figure (1: monthly figures, no total for the quarter)"
    assert counted_words(Rating.OUTSIDE, counts) == "outside"
    assert counted_words(Rating.NOT_JUDGED, headline([build_row(a_line(), Q4, {})])) == "no figure"
    assert counts.plus(counts).by_parts == {"monthly figures, no total for the quarter": 2}


def test_row_when_zero_then_a_number_like_any_other() -> None:
    row = build_row(a_line(), Q4, by_slug(derived(Q4, 0)))
    assert (row.number, row.judgement.rating) == (0, Rating.OUTSIDE)


def test_row_when_compared_then_with_the_quarter_before_and_the_same_a_year_ago() -> None:
    row = build_row(a_line(), Q4, by_slug(derived(LAST_YEAR, 30), derived(Q3, 60), derived(Q4, 90)))
    assert (row.since_previous.then_value, row.since_previous.arrow) == (60, "up")
    assert (row.since_last_year.then_value, row.since_last_year.code) == (30, ChangeCode.BETTER)


def test_row_when_a_quarter_was_left_out_then_the_one_before_it_is_not_taken_instead() -> None:
    row = build_row(a_line(), Q4, by_slug(derived(Q3.previous(), 60), derived(Q4, 90)))
    assert row.since_previous.reason == "no_earlier_figure"


def test_row_when_the_figure_contradicts_itself_then_both_are_there() -> None:
    measured = Measured(Basis.STATED, D(1266), D(1514), D(85), quantum=D(1))
    row = build_row(a_line(), Q4, by_slug(held(Q4, measured)), queries=["85% or 83.6%?"])
    assert row.number == 85
    assert round(row.contradiction, 1) == D("83.6")
    assert row.queries == ("85% or 83.6%?",)


# Lines that are returned more or less often than the period


MONTHS = Q4.months()


def test_month_when_asked_for_a_quarter_then_shares_are_pooled_and_never_averaged() -> None:
    figures = by_slug(derived(MONTHS[0], 1, 2), derived(MONTHS[1], 90, 100), derived(MONTHS[2], 0, 10))
    found, due = standing_for(a_line(frequency="month"), Q4, figures)
    assert due is None
    assert (found.measured.numerator, found.measured.denominator) == (91, 112)
    assert found.measured.basis is Basis.DERIVED
    assert (found.slug, found.start_on, found.end_on) == (Q4.slug, Q4.start_on, Q4.end_on)
    row = build_row(a_line(frequency="month"), Q4, figures)
    assert round(row.number, 2) == D("81.25")
    assert row.judgement.rating is Rating.BETTER, "the mean of 50%, 90% and 0% would be 46.7%: outside"


def test_month_when_counts_then_summed() -> None:
    line = a_line(frequency="month", unit=Unit.COUNT, aggregation=Aggregation.SUM)
    found, _ = standing_for(line, Q4, by_slug(*(value(month, n) for month, n in zip(MONTHS, (3, 0, 4), strict=True))))
    assert found.measured == Measured(Basis.VALUE_ONLY, value=D(7))


def test_month_when_a_snapshot_then_the_last() -> None:
    line = a_line(frequency="month", unit=Unit.COUNT, aggregation=Aggregation.LATEST)
    found, _ = standing_for(line, Q4, by_slug(*(value(month, n) for month, n in zip(MONTHS, (3, 9, 4), strict=True))))
    assert found.measured == Measured(Basis.VALUE_ONLY, value=D(4))


@pytest.mark.parametrize("aggregation", list(Aggregation))
@pytest.mark.parametrize("left_out", range(3))
def test_month_when_one_is_missing_then_there_is_no_total(aggregation: Aggregation, left_out: int) -> None:
    line = a_line(frequency="month", unit=Unit.COUNT, aggregation=aggregation)
    kept = [value(month, 5) for i, month in enumerate(MONTHS) if i != left_out]
    assert standing_for(line, Q4, by_slug(*kept)) == (None, None)
    row = build_row(line, Q4, by_slug(*kept, missing(MONTHS[left_out])))
    assert row.number is None or (aggregation is Aggregation.LATEST and left_out != 2)


def test_month_when_the_definition_has_no_total_then_none() -> None:
    line = a_line(frequency="month", aggregation=Aggregation.NONE)
    assert standing_for(line, Q4, by_slug(*(derived(month, 50) for month in MONTHS))) == (None, None)


def test_months_when_totalled_then_doubts_flags_and_words_come_with_them() -> None:
    figures = by_slug(
        derived(MONTHS[0], 80, confidence="caution", confidence_reason="Being cleansed", flags="p"),
        derived(MONTHS[1], 80, confidence="high", flags="u p"),
        derived(MONTHS[2], 80, headline="The last", commentary="Of the three."),
    )
    row = build_row(a_line(frequency="month"), Q4, figures)
    assert (row.held.confidence, row.held.confidence_reason, row.held.flags) == ("caution", "Being cleansed", "p u")
    assert (row.held.headline, row.held.commentary) == ("The last", "Of the three.")
    assert row.needs_caution


def test_month_when_compared_by_quarter_then_total_with_total() -> None:
    figures = by_slug(
        *(derived(month, 90) for month in MONTHS),
        *(derived(month, 60) for month in Q3.months()),
        *(derived(month, 30) for month in LAST_YEAR.months()[:2]),
    )
    row = build_row(a_line(frequency="month"), Q4, figures)
    assert row.since_previous.then_value == 60
    assert row.since_last_year.reason == "no_earlier_figure", "of that quarter a month is missing"


@pytest.mark.parametrize("frequency", ["month", "quarter"])
def test_year_when_asked_of_parts_then_all_of_them_or_nothing(frequency: str) -> None:
    parts = YEAR.quarters() if frequency == "quarter" else [m for q in YEAR.quarters() for m in q.months()]
    figures = [derived(part, i + 1, 20) for i, part in enumerate(parts)]
    found, _ = standing_for(a_line(frequency=frequency), YEAR, by_slug(*figures))
    assert found.measured.denominator == 20 * len(parts)
    assert found.measured.numerator == sum(range(1, len(parts) + 1))
    assert standing_for(a_line(frequency=frequency), YEAR, by_slug(*figures[1:])) == (None, None)


@pytest.mark.parametrize("quarter", YEAR.quarters(), ids=lambda q: q.slug)
def test_annual_line_when_asked_by_quarter_then_in_its_last_and_otherwise_next_due(quarter: quarters.Quarter) -> None:
    line = a_line(frequency="financial_year")
    row = build_row(line, quarter, by_slug(derived(YEAR, 85)))
    if quarter.number == 4:
        assert (row.number, row.judgement.rating, row.next_due_on) == (85, Rating.BETTER, None)
    else:
        assert (row.held, row.next_due_on) == (None, date(2022, 3, 31))
        assert (row.judgement.rating, row.judgement.reason) == (Rating.NOT_JUDGED, NotJudged.NOT_YET_DUE)


def test_annual_line_when_due_and_not_there_then_no_figure() -> None:
    row = build_row(a_line(frequency="financial_year"), Q4, {})
    assert (row.judgement.reason, row.next_due_on) == (NotJudged.NO_FIGURE, None)


def test_annual_line_when_compared_then_year_with_year_and_never_with_a_quarter() -> None:
    """One series may stand quarterly on one scorecard and annually on another."""
    line = a_line(frequency="financial_year")
    row = build_row(line, Q4, by_slug(derived(YEAR, 90), derived(YEAR.previous(), 60), derived(Q3, 10)))
    assert row.since_last_year.then_value == 60
    assert row.since_previous.reason == "no_earlier_figure"


def test_quarterly_line_when_asked_by_month_then_in_the_last_and_otherwise_next_due() -> None:
    figures = by_slug(derived(Q4, 85))
    assert standing_for(a_line(), MONTHS[2], figures)[0] == figures[Q4.slug]
    assert standing_for(a_line(), MONTHS[1], figures) == (None, date(2022, 3, 31))


# Breaks


months = st.builds(quarters.Month, st.integers(2018, 2022), st.integers(1, 12))
some_quarters = st.builds(quarters.Quarter, st.integers(2018, 2022), st.integers(1, 4))


@given(
    period=some_quarters,
    numbers=st.dictionaries(some_quarters, st.integers(0, 100), max_size=12),
    breaks=st.lists(st.dates(date(2018, 1, 1), date(2023, 12, 31)), max_size=3),
    window=st.sampled_from(list(Window)),
    frequency=st.sampled_from(["month", "quarter"]),
)
def test_row_when_a_break_lies_between_then_no_comparison_crosses_it(
    period, numbers, breaks, window, frequency
) -> None:
    if frequency == "month":
        figures = by_slug(*(derived(month, n) for quarter, n in numbers.items() for month in quarter.months()))
    else:
        figures = by_slug(*(derived(quarter, n) for quarter, n in numbers.items()))
    row = build_row(a_line(window=window, frequency=frequency), period, figures, breaks=breaks)
    for change, then in (
        (row.since_previous, period.previous()),
        (row.since_last_year, period.same_period_last_year()),
    ):
        crossed = any(then.start_on < day <= period.end_on for day in breaks)
        if crossed:
            assert change.code is ChangeCode.NOT_COMPARED
            assert (change.arrow, change.difference, change.then_value) == ("", None, None)
        elif window is Window.PERIOD and period in numbers and then in numbers:
            assert change.code is not ChangeCode.NOT_COMPARED


@pytest.mark.parametrize(
    ("day", "is_compared"),
    [
        pytest.param(Q3.start_on, True, id="the first day of the earlier quarter: all of it is new"),
        pytest.param(Q3.start_on + timedelta(days=1), False, id="its second day: a part of it is old"),
        pytest.param(Q4.start_on, False, id="between the two"),
        pytest.param(Q4.end_on, False, id="the last day of the later quarter"),
        pytest.param(Q4.end_on + timedelta(days=1), True, id="after both"),
    ],
)
def test_row_when_the_break_is_on_a_boundary_then_compared_or_not(day: date, is_compared: bool) -> None:
    row = build_row(a_line(), Q4, by_slug(derived(Q3, 60), derived(Q4, 90)), breaks=[day])
    assert (row.since_previous.code is not ChangeCode.NOT_COMPARED) is is_compared
    assert row.since_previous.reason == ("" if is_compared else "break_in_series")


# The real figures, through the database

CONTRACT = {"better": 4, "within": 3, "outside": 2, "not_judged": 2}
PARTNERSHIP = {"better": 11, "within": 1, "outside": 7, "not_judged": 6}


def shown(found: Headline) -> dict[str, int]:
    return {rating.value: number for rating, number in found.by_rating.items()}


@pytest.mark.django_db
def test_real_scorecards_when_counted_then_as_report_003_and_as_pandas_count_them(real: Partnership) -> None:
    for code, expected in (("contract", CONTRACT), ("partnership", PARTNERSHIP)):
        view = scorecard_for(Scorecard.objects.get(code=code), b.a_period(Q4), today=b.TODAY)
        again = reference.scorecard(FOLDER, code, Q4.slug)
        assert shown(view.headline) == expected
        assert reference.counts(again) == expected
        assert {r.line.code: r.judgement.rating.value for r in view.rows} == dict(
            zip(again["indicator"], again["rating"], strict=True)
        )
        assert sum(view.headline.with_caution.values()) == again["confidence"].isin(["caution", "low"]).sum()
        assert [r.line.code for r in view.rows] == list(
            again.sort_values("order", key=lambda c: c.astype(int))["indicator"]
        )


@pytest.mark.django_db
def test_real_figures_when_compared_then_nothing_crosses_a_break_and_nothing_else_is_left_out(
    real: Partnership,
) -> None:
    breaks: dict[int, list[date]] = {}
    for one in SeriesBreak.objects.all():
        breaks.setdefault(one.series_id, []).append(one.on)
    compared = 0
    for card in Scorecard.objects.all():
        for period in (Q4, Q3, quarters.Quarter(2021, 1), quarters.Quarter(2021, 2)):
            for row in scorecard_for(card, b.a_period(period), today=b.TODAY).rows:
                for change, then in (
                    (row.since_previous, period.previous()),
                    (row.since_last_year, period.same_period_last_year()),
                ):
                    is_compared = change.code is not ChangeCode.NOT_COMPARED
                    compared += is_compared
                    assert is_compared == bool(change.arrow or change.then_value is not None)
                    if is_compared:
                        assert reference.comparable(FOLDER, row.line.code, period.slug, then.slug)
                    elif change.reason == "break_in_series":
                        assert not reference.comparable(FOLDER, row.line.code, period.slug, then.slug)
    assert compared, "no figure at all was compared, so nothing was tested"
    assert breaks


@pytest.mark.django_db
@pytest.mark.parametrize("size", [(1, 1), (30, 1), (30, 12)], ids=str)
def test_queries_when_a_scorecard_is_read_then_their_number_is_fixed(size, django_assert_num_queries) -> None:
    scorecard = b.a_scorecard(size[0])
    b.a_history(scorecard, size[1])
    period = b.a_period(Q4)
    with django_assert_num_queries(9):
        assert len(scorecard_for(scorecard, period, today=b.TODAY).rows) == size[0]


@pytest.mark.django_db
def test_scorecard_when_a_figure_is_not_approved_then_it_is_not_there() -> None:
    measure = b.an_indicator()
    row = b.a_return(state="submitted")
    card, period = measure.line.scorecard, b.a_period(Q4)
    assert scorecard_for(card, period, today=b.TODAY).rows[0].held is None
    b.accept(b.sign_off(row))
    assert scorecard_for(card, period, today=b.TODAY).rows[0].number == 85
    correction = b.a_restatement(row, [measure.series])
    b.fill(correction, {measure.series.pk: b.a_cell(10, 100, commentary="Anew.")})
    b.submit(correction)
    assert scorecard_for(card, period, today=b.TODAY).rows[0].number == 85
    b.accept(b.sign_off(correction))
    found = scorecard_for(card, period, today=b.TODAY).rows[0]
    assert (found.number, found.judgement.rating, found.held.revision) == (10, Rating.OUTSIDE, 2)


@pytest.mark.django_db
def test_scorecard_when_target_and_definition_changed_then_old_quarters_are_judged_by_the_old_ones() -> None:
    measure = b.an_indicator()
    card = measure.line.scorecard
    for period in (Q3, Q4):
        b.a_figure(measure, period, 85, 100)
    before = scorecard_for(card, b.a_period(Q3), today=b.TODAY)
    b.a_target(measure.line, target=D(95), tolerance=D(90), valid_from=Q4)
    b.a_version(measure, Q4, short_name="Counted anew")
    old, new = (scorecard_for(card, b.a_period(period), today=b.TODAY).rows[0] for period in (Q3, Q4))
    assert (old.judgement.rating, new.judgement.rating) == (Rating.BETTER, Rating.OUTSIDE)
    assert (old.line.name, new.line.name) == (before.rows[0].line.name, "Counted anew")


@pytest.mark.django_db
def test_scorecard_when_lines_have_three_frequencies_then_each_is_shown_as_it_is_returned() -> None:
    monthly = b.an_indicator("monthly", frequency="month")
    yearly = b.an_indicator("yearly", frequency="financial_year")
    b.an_indicator("quarterly")
    for month in MONTHS:
        b.a_paper_figure(monthly, month, 90, numerator=9, denominator=10)
    b.a_paper_figure(yearly, YEAR, 75)
    found = {r.line.code: r for r in scorecard_for(yearly.line.scorecard, b.a_period(Q4), today=b.TODAY).rows}
    assert (found["monthly"].number, found["monthly"].held.measured.denominator) == (90, 30)
    assert (found["yearly"].number, found["yearly"].next_due_on) == (75, None)
    assert found["quarterly"].held is None
    found = {r.line.code: r for r in scorecard_for(yearly.line.scorecard, b.a_period(Q3), today=b.TODAY).rows}
    assert (found["yearly"].number, found["yearly"].next_due_on) == (None, date(2022, 3, 31))


# How it is written


@pytest.mark.parametrize("places", [0, 1, 2])
@pytest.mark.parametrize(
    ("top", "of"),
    [
        pytest.param(36, 40, id="whole"),
        pytest.param(1266, 1514, id="more decimals than are shown"),
        pytest.param(7996, 10000, id="just below the target"),
        pytest.param(201, 202, id="nearly all"),
        pytest.param(1, 900, id="hardly any"),
    ],
)
def test_share_when_no_more_decimals_are_named_then_the_entry_grid_writes_it_as_the_scorecard_does(
    top: int, of: int, places: int
) -> None:
    row = build_row(a_line(places=places), Q4, {Q4.slug: derived(Q4, top, of)})
    typed = value_words(row.held.measured, row.line.unit, places, row.line.standard)
    assert typed == COMMITTEE_TABLE.cells(row)["figure"][0]
