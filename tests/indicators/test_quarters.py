"""Months, quarters and financial years: every labelled date of the vectors, every accepted and every refused text."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.quarters import (
    FinancialYear,
    Month,
    PeriodTextError,
    Quarter,
    a_year_earlier,
    financial_year_of,
    from_dates,
    month_of,
    parse,
    quarter_of,
)

VECTORS = Path(__file__).parents[1] / "data" / "vectors" / "financial_year.csv"
ROWS = list(csv.DictReader(VECTORS.read_text(encoding="utf-8").splitlines()))
relaxed = settings(deadline=None)

months = st.builds(Month, st.integers(1901, 2198), st.integers(1, 12))
quarters = st.builds(Quarter, st.integers(1901, 2197), st.integers(1, 4))
years = st.builds(FinancialYear, st.integers(1901, 2197))
periods = st.one_of(months, quarters, years)
days = st.dates(date(1901, 1, 1), date(2198, 12, 31))


def test_there_are_vectors():
    assert len(ROWS) == 12


@pytest.mark.parametrize("row", ROWS, ids=[row["date"] for row in ROWS])
def test_financial_year_vectors(row):
    day = date.fromisoformat(row["date"])
    quarter = quarter_of(day)
    assert financial_year_of(day).label == row["fy"]
    assert quarter.label == f"{row['fy']} {row['quarter']}"
    assert (month_of(day).number - 4) % 12 + 1 == int(row["fy_month"])
    assert month_of(day) in quarter.months()


@pytest.mark.parametrize(
    ("period", "slug", "label", "long_label", "start", "end"),
    [
        (Month(2022, 3), "2022-03", "March 2022", "March 2022", "2022-03-01", "2022-03-31"),
        (Month(2024, 2), "2024-02", "February 2024", "February 2024", "2024-02-01", "2024-02-29"),
        (Month(2100, 2), "2100-02", "February 2100", "February 2100", "2100-02-01", "2100-02-28"),
        (
            Quarter(2021, 4),
            "2021-22-q4",
            "2021/22 Q4",
            "2021/22 Quarter 4, January to March 2022",
            "2022-01-01",
            "2022-03-31",
        ),
        (
            Quarter(2021, 1),
            "2021-22-q1",
            "2021/22 Q1",
            "2021/22 Quarter 1, April to June 2021",
            "2021-04-01",
            "2021-06-30",
        ),
        (
            Quarter(1999, 3),
            "1999-00-q3",
            "1999/00 Q3",
            "1999/00 Quarter 3, October to December 1999",
            "1999-10-01",
            "1999-12-31",
        ),
        (FinancialYear(2021), "2021-22", "2021/22", "April 2021 to March 2022", "2021-04-01", "2022-03-31"),
        (FinancialYear(1999), "1999-00", "1999/00", "April 1999 to March 2000", "1999-04-01", "2000-03-31"),
        (FinancialYear(2011), "2011-12-year", "2011/12", "April 2011 to March 2012", "2011-04-01", "2012-03-31"),
        (Month(2011, 12), "2011-12-month", "December 2011", "December 2011", "2011-12-01", "2011-12-31"),
        (Month(2012, 12), "2012-12", "December 2012", "December 2012", "2012-12-01", "2012-12-31"),
    ],
    ids=lambda value: value if isinstance(value, str) and value[:4].isdigit() and "/" not in value else "",
)
def test_names_and_dates(period, slug, label, long_label, start, end):
    assert (period.slug, period.label, period.long_label) == (slug, label, long_label)
    assert (period.start_on.isoformat(), period.end_on.isoformat()) == (start, end)


def test_kinds():
    assert [p.kind for p in (Month(2022, 3), Quarter(2021, 4), FinancialYear(2021))] == [
        "month",
        "quarter",
        "financial_year",
    ]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Q4 2021/22", Quarter(2021, 4)),
        ("Q4 21/22", Quarter(2021, 4)),
        ("Quarter 4 of 2021-22", Quarter(2021, 4)),
        ("2021-22-q4", Quarter(2021, 4)),
        ("2021/22 Q4", Quarter(2021, 4)),
        ("  q 4   2021 / 22 ", Quarter(2021, 4)),
        ("QUARTER 4, 2021/22", Quarter(2021, 4)),
        ("Q42021/22", Quarter(2021, 4)),
        ("q421/22", Quarter(2021, 4)),
        ("2021/22q4", Quarter(2021, 4)),
        ("Qtr 1 2021–22", Quarter(2021, 1)),
        ("Q1 2021/2022", Quarter(2021, 1)),
        ("Q3 99/00", Quarter(1999, 3)),
        ("Q4 2011-12", Quarter(2011, 4)),
        ("Q4\u00a02021/22", Quarter(2021, 4)),
        ("2021/22", FinancialYear(2021)),
        ("2021-22", FinancialYear(2021)),
        ("2021 / 22", FinancialYear(2021)),
        ("2021/2022", FinancialYear(2021)),
        ("1999/00", FinancialYear(1999)),
        ("1999-00", FinancialYear(1999)),
        ("2011/12", FinancialYear(2011)),
        ("2011-2012", FinancialYear(2011)),
        ("2022-03", Month(2022, 3)),
        ("March 2022", Month(2022, 3)),
        ("mArCh   2022", Month(2022, 3)),
        ("Sept 2021", Month(2021, 9)),
        ("dec 2011", Month(2011, 12)),
    ],
)
def test_accepted_texts(text, period):
    assert parse(text) == period
    assert type(parse(text)) is type(period)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Q4 2022", "could be 2021/22 Quarter 4, January to March 2022, or 2022/23 Quarter 4, January to March 2023"),
        ("2022 q1", "Write both years: Q1 2021/22 or Q1 2022/23."),
        ("Quarter 4 of 22", "Write both years: Q4 2021/22 or Q4 2022/23."),
        ("Q5 2021/22", "quarters 1 to 4"),
        ("Q0 2021/22", "quarters 1 to 4"),
        ("Q10 2021/22", "quarters 1 to 4"),
        ("Q5 2022", "quarters 1 to 4"),
        ("2021/23", "the second year must follow the first, as in 2021/22"),
        ("Q4 2021/21", "the second year must follow the first"),
        ("2021/2023", "the second year must follow the first"),
        ("2022/03", "the second year must follow the first"),
        ("2022-13", "the second year must follow the first"),
        ("2011-12", "could be December 2011 or the financial year 2011/12"),
        ("2000-01", "could be January 2000 or the financial year 2000/01"),
        ("21/22", "Write the year in full"),
        ("2022", "is not a period"),
        ("", "is not a period"),
        ("Marchember 2022", "is not a period"),
        ("March 22", "is not a period"),
        ("March", "is not a period"),
        ("31 March 2022", "is not a period"),
        ("Q４ 2021/22", "is not a period"),
        ("1850/51", "outside 1900 to 2199"),
        ("Q4 9999", "outside 1900 to 2199"),
        ("2021-22-month", "There is no month 22"),
        ("Q" + "9" * 6000 + " 2021/22", "is not a period"),
        ("2021/22 Q4 and more words than any period has, so that it is long", "is not a period"),
    ],
    ids=lambda value: value[:20],
)
def test_refused_texts(text, reason):
    with pytest.raises(PeriodTextError) as caught:
        parse(text)
    assert reason in str(caught.value)
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) < 250


def test_text_error_is_a_value_error():
    assert issubclass(PeriodTextError, ValueError)


@pytest.mark.parametrize(
    ("kind", "start", "end"),
    [
        ("month", "2022-03-01", "2022-03-30"),
        ("month", "2022-03-02", "2022-04-01"),
        ("quarter", "2022-02-01", "2022-04-30"),
        ("quarter", "2022-01-01", "2022-03-30"),
        ("financial_year", "2022-01-01", "2022-12-31"),
        ("week", "2022-03-01", "2022-03-07"),
    ],
)
def test_dates_that_are_no_period(kind, start, end):
    with pytest.raises(ValueError, match="is not"):
        from_dates(kind, date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize("build", [lambda: Month(2022, 13), lambda: Month(2022, 0), lambda: Quarter(2021, 5)])
def test_impossible_periods_are_refused(build):
    with pytest.raises(ValueError, match=r"no (month|quarter)"):
        build()


@pytest.mark.parametrize("build", [lambda: Month(1899, 1), lambda: Quarter(2200, 1), lambda: FinancialYear(21)])
def test_years_out_of_range_are_refused(build):
    with pytest.raises(ValueError, match="outside 1900 to 2199"):
        build()


@pytest.mark.parametrize(
    ("day", "earlier"),
    [
        ("2022-03-31", "2021-03-31"),
        ("2024-02-29", "2023-02-28"),
        ("2025-02-28", "2024-02-29"),
        ("2024-02-28", "2023-02-28"),
        ("2022-06-17", "2021-06-17"),
    ],
)
def test_a_year_earlier_keeps_the_end_of_the_month(day, earlier):
    assert a_year_earlier(date.fromisoformat(day)).isoformat() == earlier


def test_kinds_are_not_ordered_among_each_other():
    with pytest.raises(TypeError):
        assert Month(2022, 3) < Quarter(2021, 4)


@relaxed
@given(periods)
def test_previous_and_next_are_inverse_and_leave_no_gap(period):
    assert period.next().previous() == period
    assert period.previous().next() == period
    assert period.next().start_on == period.end_on + timedelta(days=1)
    assert period.previous() < period < period.next()


@relaxed
@given(periods)
def test_slug_label_and_dates_lead_back(period):
    for text in (period.slug, period.label, period.label.upper(), f"  {period.slug} "):
        assert parse(text) == period
    assert from_dates(period.kind, period.start_on, period.end_on) == period
    assert period.same_period_last_year().end_on == a_year_earlier(period.end_on)


@relaxed
@given(quarters, quarters)
def test_order_is_order_in_time(first, second):
    assert (first < second) == (first.start_on < second.start_on)


@relaxed
@given(years)
def test_a_year_is_its_quarters_and_a_quarter_its_months(year):
    parts = year.quarters()
    assert (parts[0].start_on, parts[3].end_on) == (year.start_on, year.end_on)
    assert [part.next() for part in parts[:3]] == list(parts[1:])
    for part in parts:
        first, middle, last = part.months()
        assert (first.start_on, last.end_on) == (part.start_on, part.end_on)
        assert (first.next(), middle.next()) == (middle, last)


@relaxed
@given(days)
def test_every_day_is_in_one_period_of_each_kind(day):
    for period in (month_of(day), quarter_of(day), financial_year_of(day)):
        assert period.start_on <= day <= period.end_on


def test_no_two_periods_share_a_slug():
    slugs = [Month(year, number).slug for year in range(1990, 2101) for number in range(1, 13)]
    slugs += [FinancialYear(year).slug for year in range(1990, 2101)]
    slugs += [Quarter(year, number).slug for year in range(1990, 2101) for number in range(1, 5)]
    assert len(set(slugs)) == len(slugs)


@relaxed
@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_with_a_sentence(text):
    try:
        sentence = f"{parse(text).long_label}."
    except PeriodTextError as error:
        sentence = str(error)
    assert sentence.endswith(".")
