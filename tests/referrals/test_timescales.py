"""Timescales: every clock against published vectors, the months, a second way of counting, and durations."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.bank_holidays import BANK_HOLIDAYS
from indicators.working_days import EndBeforeStart, OutsideCalendar, add_months, add_working_days
from referrals.timescales import (
    ASSESSMENT_BANDS,
    CLOCKS,
    CONFERENCE_BANDS,
    OPEN_BANDS,
    Band,
    Clock,
    ClockUnit,
    NoLimit,
    Quartiles,
    UnknownClock,
    bands_of,
    clock,
    distribution,
    due_on,
    elapsed,
    is_in_time,
    quartiles,
)
from tests.reference import timescales_reference as reference

DATA = Path(__file__).parents[1] / "data" / "vectors"
VECTORS = list(csv.DictReader((DATA / "working_day_due.csv").read_text(encoding="utf-8").splitlines()))
HELD = {day for day, _ in BANK_HOLIDAYS}
WITH_LIMIT = [row for row in CLOCKS if row.limit is not None and not row.is_average]

days = st.dates(date(2010, 1, 1), date(2026, 6, 30))
lengths = st.integers(0, 400)


def a_clock(limit: int | None = 15, unit: ClockUnit = ClockUnit.WORKING_DAYS, **changes) -> Clock:
    values = {"code": "x", "name": "A clock", "from_event": "a", "to_event": "b", "authority": "a council",
              "source": "a text", "applies_to": "all", "is_statutory": False}  # fmt: skip
    return Clock(limit=limit, unit=unit, **(values | changes))


# The clocks as data


def test_clocks_when_read_then_each_says_from_what_to_what_by_whom_and_where_it_is_written() -> None:
    for row in CLOCKS:
        for text in (row.code, row.name, row.from_event, row.to_event, row.authority, row.source, row.applies_to):
            assert text, row.code


def test_clocks_when_several_share_a_code_then_no_day_has_two_of_them() -> None:
    for code in {row.code for row in CLOCKS}:
        rows = [row for row in CLOCKS if row.code == code]
        edges = {edge for row in rows for edge in (row.valid_from, row.valid_until) if edge}
        for day in edges | {edge + timedelta(days=n) for edge in edges for n in (-1, 1)} | {date(2022, 3, 31)}:
            assert sum(row.is_in_force(day) for row in rows) <= 1, (code, day)


@pytest.mark.parametrize(
    ("code", "words", "is_statutory"),
    [
        ("referral-decision", "1 working day", True),
        ("single-assessment", "45 working days", True),
        ("single-assessment-from-start", "45 working days", False),
        ("single-assessment-20-days", "20 working days", False),
        ("icpc", "15 working days", True),
        ("cp-review-first", "3 months", True),
        ("cp-review-later", "6 months", True),
        ("cic-review-first", "20 working days", True),
        ("cic-review-second", "3 months", True),
        ("cic-review-later", "6 months", True),
        ("cic-visit-first", "1 week", True),
        ("cic-visit", "6 weeks", True),
        ("cic-visit-long-term", "3 months", True),
        ("pathway-plan-review", "6 months", True),
        ("care-proceedings", "26 weeks", True),
        ("care-proceedings-52-weeks", "52 weeks", False),
        ("family-support-length", "on average 140 days", False),
        ("local-solutions", "3 days", False),
        ("adoption-14-months", "14 months", False),
        ("adoption-a1", "on average 426 days", False),
        ("adoption-a2", "on average 121 days", False),
        ("re-audit", "3 months", False),
        ("s47-enquiry", "no limit", False),
        ("cp-visit", "no limit", False),
    ],
)
def test_clock_when_asked_for_by_its_code_then_the_limit_of_the_latest_row(
    code: str, words: str, is_statutory: bool
) -> None:
    assert (clock(code).limit_words(), clock(code).is_statutory) == (words, is_statutory)


def test_clocks_when_counted_then_the_table_above_names_every_code() -> None:
    assert len({row.code for row in CLOCKS}) == 24


def test_clock_of_the_assessment_when_read_then_from_the_referral_and_says_what_annex_a_carries() -> None:
    assert clock("single-assessment").from_event == "Referral received"
    assert "Annex A" in clock("single-assessment").note
    assert clock("single-assessment-from-start").from_event == "Assessment started"


@pytest.mark.parametrize(
    ("code", "day", "limit"),
    [
        ("care-proceedings", date(2014, 4, 22), 26),
        ("cp-visit", date(2015, 5, 31), 2),
        ("cp-visit", date(2021, 6, 30), 4),
        ("cp-visit", date(2022, 3, 31), None),
        ("adoption-a1", date(2012, 3, 31), 639),
        ("adoption-a1", date(2014, 3, 31), 547),
        ("adoption-a1", date(2015, 3, 31), 487),
        ("adoption-a1", date(2016, 3, 31), 426),
        ("adoption-a1", date(2022, 3, 31), 426),
        ("adoption-a2", date(2012, 3, 31), 213),
        ("adoption-a2", date(2014, 3, 31), 182),
        ("adoption-a2", date(2015, 3, 31), 152),
        ("adoption-a2", date(2022, 3, 31), 121),
    ],
)
def test_clock_when_its_limit_changed_then_the_one_of_the_day(code: str, day: date, limit: int | None) -> None:
    assert clock(code, day).limit == limit


@pytest.mark.parametrize(
    ("code", "day"),
    [("cp-visit", date(2018, 1, 1)), ("adoption-a1", date(2013, 3, 31)), ("care-proceedings", date(2014, 4, 21))],
)
def test_clock_when_no_limit_is_held_for_the_day_then_it_says_so_and_guesses_none(code: str, day: date) -> None:
    with pytest.raises(UnknownClock, match="No limit is held for"):
        clock(code, day)


def test_clock_when_the_code_is_unknown_then_refused() -> None:
    with pytest.raises(UnknownClock, match="no clock of the pathway"):
        clock("tea-break")


def test_clock_when_it_contradicts_itself_then_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        a_clock(0)
    with pytest.raises(ValueError, match="ends before it begins"):
        a_clock(valid_from=date(2022, 1, 2), valid_until=date(2022, 1, 1))


# One case


@pytest.mark.parametrize("row", VECTORS, ids=[f"{row['start_day0']}+{row['n_working_days']}" for row in VECTORS])
def test_due_day_when_worked_out_then_as_in_the_vectors(row: dict[str, str]) -> None:
    start, due = date.fromisoformat(row["start_day0"]), date.fromisoformat(row["due_date"])
    own = a_clock(int(row["n_working_days"]))
    assert due_on(own, start) == due
    assert elapsed(own, start, due) == int(row["elapsed_check"])
    assert is_in_time(own, start, due)
    assert not is_in_time(own, start, add_working_days(due, 1))


@pytest.mark.parametrize(
    ("start", "end", "took"),
    [
        ("2022-04-11", "2022-05-05", 15),
        ("2021-12-13", "2022-01-07", 16),
        ("2022-06-01", "2022-06-24", 15),
        ("2022-02-28", "2022-05-06", 46),
        ("2022-09-05", "2022-09-27", 15),
    ],
)
def test_duration_when_it_runs_over_bank_holidays_then_as_in_the_field_notes(start: str, end: str, took: int) -> None:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    assert elapsed(clock("icpc"), first, last) == took
    assert is_in_time(clock("icpc"), first, last) is (took <= 15)
    assert is_in_time(clock("single-assessment"), first, last) is (took <= 45)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2022-01-31", 1, "2022-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2021-11-30", 3, "2022-02-28"),
        ("2022-02-28", 6, "2022-08-28"),
        ("2022-08-31", 6, "2023-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2021-12-15", 14, "2023-02-15"),
        ("2022-10-31", 2, "2022-12-31"),
        ("2022-12-31", 0, "2022-12-31"),
    ],
)
def test_months_when_added_then_the_same_day_or_the_last_of_the_month(start: str, months: int, end: str) -> None:
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


@pytest.mark.parametrize(
    ("code", "start", "last"),
    [
        ("cp-review-first", "2021-11-30", "2022-02-28"),
        ("cic-review-first", "2021-12-20", "2022-01-20"),
        ("cic-visit-first", "2022-03-07", "2022-03-14"),
        ("cic-visit", "2022-01-01", "2022-02-12"),
        ("care-proceedings", "2022-01-03", "2022-07-03"),
        ("local-solutions", "2021-06-04", "2021-06-07"),
        ("referral-decision", "2022-04-14", "2022-04-19"),
    ],
)
def test_last_day_when_reached_then_in_time_and_the_day_after_late(code: str, start: str, last: str) -> None:
    own, first, due = clock(code), date.fromisoformat(start), date.fromisoformat(last)
    assert due_on(own, first) == due
    assert is_in_time(own, first, due)
    assert not is_in_time(own, first, due + timedelta(days=1))


def test_proceedings_when_counted_then_the_day_of_issue_is_the_first_of_26_weeks() -> None:
    issued = date(2022, 1, 3)
    assert (due_on(clock("care-proceedings"), issued) - issued).days + 1 == 26 * 7


def test_proceedings_when_extended_then_8_weeks_more_each_time() -> None:
    own, issued = clock("care-proceedings"), date(2022, 1, 3)
    assert due_on(own, issued, extensions=1) == date(2022, 8, 28)
    assert due_on(own, issued, extensions=2) == date(2022, 10, 23)
    assert not is_in_time(own, issued, date(2022, 8, 28))
    assert is_in_time(own, issued, date(2022, 8, 28), extensions=1)


def test_due_on_a_friday_when_done_on_the_saturday_then_no_working_day_late() -> None:
    start = date(2022, 3, 4)
    assert due_on(clock("icpc"), start) == date(2022, 3, 25)
    assert is_in_time(clock("icpc"), start, date(2022, 3, 27))
    assert not is_in_time(clock("icpc"), start, date(2022, 3, 28))


@pytest.mark.parametrize("code", ["icpc", "cp-review-first", "care-proceedings"])
def test_end_before_start_when_measured_then_an_error_and_not_negative(code: str) -> None:
    for ask in (elapsed, is_in_time):
        with pytest.raises(EndBeforeStart, match="10 May 2022 is before 11 May 2022"):
            ask(clock(code), date(2022, 5, 11), date(2022, 5, 10))


def test_clock_without_a_limit_when_lateness_is_asked_then_the_reason_and_only_the_duration() -> None:
    own = clock("s47-enquiry")
    assert elapsed(own, date(2022, 3, 1), date(2022, 3, 4)) == 3
    for ask in (lambda: due_on(own, date(2022, 3, 1)), lambda: is_in_time(own, date(2022, 3, 1), date(2022, 3, 4))):
        with pytest.raises(NoLimit, match="no text sets a limit"):
            ask()


def test_clock_of_an_average_when_one_case_is_asked_then_refused() -> None:
    with pytest.raises(NoLimit, match="holds for the average"):
        is_in_time(clock("adoption-a1"), date(2021, 1, 1), date(2021, 2, 1))


def test_duration_when_on_a_clock_of_months_then_in_days() -> None:
    assert elapsed(clock("cp-review-first"), date(2021, 11, 30), date(2022, 2, 28)) == 90


# Distributions


def test_bands_when_named_then_those_of_the_department() -> None:
    assert [band.label for band in ASSESSMENT_BANDS] == [
        "0", "1 to 10", "11 to 20", "21 to 30", "31 to 40", "41 to 45", "46 to 50", "51 to 60", "61 and more"
    ]  # fmt: skip
    assert [band.label for band in CONFERENCE_BANDS] == [
        "0", "1 to 5", "6 to 10", "11 to 13", "14 to 15", "16 to 17", "18 to 20", "21 and more"
    ]  # fmt: skip
    assert [band.first for band in OPEN_BANDS] == [0, 91, 182, 365, 730]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([7], (7, 7, 7)),
        ([1, 2], (1, 1, 2)),
        ([1, 2, 3], (1, 2, 3)),
        ([4, 1, 3, 2], (1, 2, 3)),
        ([1, 2, 3, 4, 5], (2, 3, 4)),
        ([5, 5, 5, 90], (5, 5, 5)),
    ],
)
def test_quartiles_when_worked_out_then_by_nearest_rank(values: list[int], expected: tuple[int, int, int]) -> None:
    assert quartiles(values) == Quartiles(*expected)


def test_quartiles_when_of_nobody_then_none() -> None:
    assert quartiles([]) is None


@pytest.mark.parametrize(
    "bands",
    [(), (Band(1, None),), (Band(0, 5),), (Band(0, 5), Band(5, None)), (Band(0, 5), Band(7, None)),
     (Band(0, None), Band(1, None))],
)  # fmt: skip
def test_bands_when_they_overlap_or_leave_a_gap_then_refused(bands: tuple[Band, ...]) -> None:
    with pytest.raises(ValueError, match=r"[Bb]and"):
        distribution([1], bands)


def test_bands_when_not_in_order_then_refused() -> None:
    with pytest.raises(ValueError, match="rising order"):
        bands_of(10, 5)


# Properties


@given(start=days, a=lengths, b=lengths)
def test_working_days_when_split_at_any_day_then_add_up(start: date, a: int, b: int) -> None:
    own = clock("single-assessment")
    middle, end = start + timedelta(days=a), start + timedelta(days=a + b)
    assert elapsed(own, start, middle) + elapsed(own, middle, end) == elapsed(own, start, end)


@given(row=st.sampled_from(WITH_LIMIT), start=days, length=lengths)
def test_lateness_when_worked_out_by_walking_then_the_same(row: Clock, start: date, length: int) -> None:
    end = start + timedelta(days=length)
    assert is_in_time(row, start, end) == reference.in_time_by_walking(
        row.limit, row.unit.value, start, end, HELD, row.first_day
    )


@given(row=st.sampled_from(WITH_LIMIT), start=days)
def test_due_day_when_worked_out_by_pandas_and_numpy_then_the_same(row: Clock, start: date) -> None:
    assert due_on(row, start) == reference.due_on(row.limit, row.unit.value, start, HELD, row.first_day)


@given(row=st.sampled_from(WITH_LIMIT), start=days, length=lengths, more=st.integers(0, 60))
def test_case_when_late_then_never_in_time_later(row: Clock, start: date, length: int, more: int) -> None:
    end = start + timedelta(days=length)
    assert is_in_time(row, start, end) or not is_in_time(row, start, end + timedelta(days=more))


@given(values=st.lists(st.integers(0, 120), min_size=1, max_size=60))
def test_quartiles_when_worked_out_by_numpy_then_the_same(values: list[int]) -> None:
    found = quartiles(values)
    assert found is not None
    assert (found.lower, found.median, found.upper) == reference.quartiles(values)
    assert {found.lower, found.median, found.upper} <= set(values)


@given(values=st.lists(st.integers(0, 120), max_size=60))
def test_distribution_when_counted_by_pandas_then_the_same_and_nobody_is_lost(values: list[int]) -> None:
    counts = [number for _, number in distribution(values, ASSESSMENT_BANDS)]
    assert counts == reference.histogram(values, [0, 10, 20, 30, 40, 45, 50, 60])
    assert sum(counts) == len(values)


def test_calendar_when_it_ends_then_the_due_day_is_refused_and_not_guessed() -> None:
    with pytest.raises(OutsideCalendar, match="known from"):
        due_on(clock("icpc"), date(2028, 12, 28))
    assert due_on(clock("cp-review-first"), date(2028, 12, 28)) == date(2029, 3, 28)
