"""Working days: the table against its sources, the clocks against published vectors and two other ways of counting."""

import csv
import json
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.bank_holidays import BANK_HOLIDAYS, FIRST_DAY, LAST_DAY
from indicators.working_days import (
    ENGLAND,
    EndBeforeStart,
    OutsideCalendar,
    WorkingCalendar,
    add_working_days,
    day_words,
    is_working_day,
    late_by,
    next_working_day,
    working_days_between,
)
from tests.reference import working_days_reference as reference

DATA = Path(__file__).parents[1] / "data"
VECTORS = list(csv.DictReader((DATA / "vectors" / "working_day_due.csv").read_text(encoding="utf-8").splitlines()))
HELD = {day for day, _ in BANK_HOLIDAYS}
YEARS = range(FIRST_DAY.year, LAST_DAY.year + 1)

days = st.dates(date(2009, 1, 1), date(2027, 12, 31))
short = st.integers(0, 120)


# The table


def test_table_when_held_against_the_fetched_csv_then_the_same_days() -> None:
    rows = csv.DictReader((DATA / "calendar" / "england_bank_holidays.csv").read_text(encoding="utf-8").splitlines())
    assert [day for day, _ in BANK_HOLIDAYS] == [date.fromisoformat(row["date"]) for row in rows]


def test_table_when_held_against_the_list_of_gov_uk_then_the_same_days_and_names_from_2012() -> None:
    listed = json.loads((DATA / "calendar" / "bank-holidays.json").read_text(encoding="utf-8"))
    events = listed["england-and-wales"]["events"]
    assert len(events) == 140
    assert [(day, name) for day, name in BANK_HOLIDAYS if day.year >= 2012] == [
        (date.fromisoformat(event["date"]), event["title"]) for event in events
    ]


@pytest.mark.parametrize("year", YEARS)
def test_table_when_held_against_the_holidays_package_then_the_same_weekdays_off(year: int) -> None:
    known = holidays.country_holidays("GB", subdiv="ENG", years=year)
    assert {day for day in known if day.weekday() < 5} == {day for day in HELD if day.year == year}


@pytest.mark.parametrize("year", YEARS)
def test_table_when_worked_out_from_the_rules_then_the_same_days(year: int) -> None:
    assert reference.bank_holidays(year) == {day for day in HELD if day.year == year}


def test_table_when_read_then_in_order_once_each_on_weekdays_and_within_its_days() -> None:
    listed = [day for day, _ in BANK_HOLIDAYS]
    assert listed == sorted(set(listed))
    assert all(day.weekday() < 5 and FIRST_DAY <= day <= LAST_DAY for day in listed)
    assert all(name for _, name in BANK_HOLIDAYS)
    assert {day.year for day in listed} == set(YEARS)


@pytest.mark.parametrize("text", ["2011-04-29", "2012-06-05", "2020-05-08", "2022-06-03", "2022-09-19", "2023-05-08"])
def test_one_off_day_when_asked_for_then_not_worked(text: str) -> None:
    assert not is_working_day(date.fromisoformat(text))


@pytest.mark.parametrize("text", ["2012-05-28", "2020-05-04", "2022-05-30", "2021-12-29", "2022-01-04"])
def test_day_that_a_holiday_was_moved_from_when_asked_for_then_worked(text: str) -> None:
    assert is_working_day(date.fromisoformat(text))


@pytest.mark.parametrize("text", ["2021-12-27", "2021-12-28", "2022-01-03", "2022-12-27", "2026-12-28", "2028-01-03"])
def test_substitute_day_when_asked_for_then_not_worked(text: str) -> None:
    assert not is_working_day(date.fromisoformat(text))


def test_licence_when_looked_for_beside_the_fetched_files_then_there() -> None:
    assert "Permission is hereby granted" in (DATA / "calendar" / "LICENSE.txt").read_text(encoding="utf-8")


# Vectors


def test_vectors_when_counted_then_all_there() -> None:
    assert len(VECTORS) == 16


@pytest.mark.parametrize("row", VECTORS, ids=[f"{row['start_day0']}+{row['n_working_days']}" for row in VECTORS])
def test_due_date_when_worked_out_then_as_in_the_vectors(row: dict[str, str]) -> None:
    start, due, n = date.fromisoformat(row["start_day0"]), date.fromisoformat(row["due_date"]), row["n_working_days"]
    assert add_working_days(start, int(n)) == due
    assert working_days_between(start, due) == int(row["elapsed_check"])


@pytest.mark.parametrize(
    ("start", "end", "working", "weekdays"),
    [
        ("2022-04-11", "2022-05-05", 15, 18),
        ("2021-12-13", "2022-01-07", 16, 19),
        ("2022-06-01", "2022-06-24", 15, 17),
        ("2022-02-28", "2022-05-06", 46, 49),
        ("2022-09-05", "2022-09-27", 15, 16),
        ("2011-04-18", "2011-05-13", 15, 19),
    ],
)
def test_clock_when_it_runs_over_bank_holidays_then_they_are_left_out(
    start: str, end: str, working: int, weekdays: int
) -> None:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    assert working_days_between(first, last) == working
    bare = WorkingCalendar(FIRST_DAY, LAST_DAY, frozenset())
    assert working_days_between(first, last, bare) == weekdays


@pytest.mark.parametrize(
    ("year", "counts"), [(2021, (61, 65, 64, 63)), (2022, (60, 64, 63, 64)), (2023, (60, 64, 63, 63))]
)
def test_quarters_of_a_year_when_counted_then_as_many_working_days(year: int, counts: tuple[int, ...]) -> None:
    ends = [date(year, 3, 31), date(year, 6, 30), date(year, 9, 30), date(year, 12, 31), date(year + 1, 3, 31)]
    assert tuple(working_days_between(a, b) for a, b in pairwise(ends)) == counts


def test_start_when_a_saturday_then_counting_begins_on_the_next_working_day() -> None:
    saturday, monday = date(2022, 3, 5), date(2022, 3, 7)
    assert add_working_days(saturday, 1) == monday
    assert working_days_between(saturday, monday) == 1
    assert add_working_days(saturday, 0) == saturday


@pytest.mark.parametrize(
    ("day", "following"),
    [("2022-04-14", "2022-04-19"), ("2022-04-15", "2022-04-19"), ("2022-04-19", "2022-04-20"),
     ("2021-12-24", "2021-12-29"), ("2022-06-01", "2022-06-06")],
)  # fmt: skip
def test_next_working_day_when_asked_for_then_after_the_day_itself(day: str, following: str) -> None:
    assert next_working_day(date.fromisoformat(day)) == date.fromisoformat(following)


@pytest.mark.parametrize(
    ("due", "done", "late"),
    [("2022-04-22", "2022-04-22", 0), ("2022-04-22", "2022-04-01", 0), ("2022-04-22", "2022-04-23", 0),
     ("2022-04-22", "2022-04-24", 0), ("2022-04-22", "2022-04-25", 1), ("2022-04-14", "2022-04-19", 1),
     ("2022-04-23", "2022-04-25", 1), ("2022-09-16", "2022-09-20", 1)],
)  # fmt: skip
def test_lateness_when_counted_then_in_working_days_after_the_due_day(due: str, done: str, late: int) -> None:
    assert late_by(date.fromisoformat(due), date.fromisoformat(done)) == late


# What is not known


@pytest.mark.parametrize(
    "ask",
    [
        lambda: is_working_day(date(2029, 1, 1)),
        lambda: is_working_day(date(2008, 12, 31)),
        lambda: add_working_days(date(2028, 12, 28), 2),
        lambda: add_working_days(date(2029, 1, 1), 0),
        lambda: add_working_days(date(2028, 12, 31), 1),
        lambda: next_working_day(date(2028, 12, 29)),
        lambda: working_days_between(date(2028, 12, 1), date(2029, 1, 2)),
        lambda: working_days_between(date(2008, 12, 31), date(2009, 1, 2)),
        lambda: late_by(date(2028, 12, 1), date(2029, 1, 2)),
    ],
)
def test_day_beyond_the_table_when_counted_then_refused_with_a_sentence(ask) -> None:
    with pytest.raises(OutsideCalendar, match=r"bank holidays are known from 1 January 2009 to 31 December 2028\.$"):
        ask()


def test_last_day_of_the_table_when_asked_for_then_still_known() -> None:
    assert add_working_days(date(2028, 12, 28), 1) == date(2028, 12, 29)
    assert working_days_between(date(2028, 12, 24), date(2028, 12, 31)) == 3


def test_lateness_when_done_in_time_then_needs_no_calendar() -> None:
    assert late_by(date(2031, 5, 1), date(2022, 5, 1)) == 0
    assert late_by(date(2031, 5, 1), date(2031, 5, 1)) == 0


def test_end_before_start_when_counted_then_an_error_and_not_negative() -> None:
    with pytest.raises(EndBeforeStart, match="10 May 2022 is before 11 May 2022"):
        working_days_between(date(2022, 5, 11), date(2022, 5, 10))


def test_negative_number_when_added_then_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        add_working_days(date(2022, 5, 11), -1)


def test_moment_when_given_for_a_day_then_refused() -> None:
    with pytest.raises(TypeError):
        is_working_day(datetime(2022, 5, 11, 9, 0))  # noqa: DTZ001


def test_calendar_when_it_contradicts_itself_then_refused() -> None:
    with pytest.raises(ValueError, match="ends on or after"):
        WorkingCalendar(date(2022, 1, 2), date(2022, 1, 1), frozenset())
    with pytest.raises(ValueError, match="1 January 2021 is a holiday outside"):
        WorkingCalendar(date(2022, 1, 1), date(2022, 1, 31), frozenset({date(2021, 1, 1)}))


def test_newly_proclaimed_day_when_added_then_not_worked_and_the_shipped_table_unchanged() -> None:
    day = date(2027, 6, 7)
    assert not is_working_day(day, ENGLAND.with_holidays([day]))
    assert add_working_days(date(2027, 6, 4), 1, ENGLAND.with_holidays([day])) == date(2027, 6, 8)
    assert is_working_day(day)


def test_day_when_written_then_without_a_leading_zero() -> None:
    assert day_words(date(2022, 6, 3)) == "3 June 2022"


# Properties


@given(start=days, first=short, second=short)
def test_adding_when_done_in_two_steps_then_as_in_one(start: date, first: int, second: int) -> None:
    assert add_working_days(add_working_days(start, first), second) == add_working_days(start, first + second)


@given(start=days, n=short)
def test_adding_and_counting_when_one_follows_the_other_then_nothing_is_lost(start: date, n: int) -> None:
    due = add_working_days(start, n)
    assert working_days_between(start, due) == n
    assert n == 0 or is_working_day(due)


@given(start=days, a=st.integers(0, 200), b=st.integers(0, 200))
def test_counting_when_split_at_any_day_then_adds_up(start: date, a: int, b: int) -> None:
    middle = start + timedelta(days=a)
    end = middle + timedelta(days=b)
    assert working_days_between(start, middle) + working_days_between(middle, end) == working_days_between(start, end)


@given(start=days, later=st.integers(0, 30), n=short)
def test_due_date_when_the_start_is_later_then_never_earlier(start: date, later: int, n: int) -> None:
    assert add_working_days(start, n) <= add_working_days(start + timedelta(days=later), n)
    assert add_working_days(start, n) < add_working_days(start, n + 1)


@given(due=days, a=st.integers(-30, 60), more=st.integers(0, 30))
def test_lateness_when_done_later_then_never_less(due: date, a: int, more: int) -> None:
    done = max(due + timedelta(days=a), FIRST_DAY)
    late = late_by(due, done)
    assert 0 <= late <= max(0, (done - due).days)
    assert late <= late_by(due, done + timedelta(days=more))


@given(start=days, length=st.integers(0, 300))
def test_counting_when_done_by_walking_and_by_numpy_then_the_same(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    count = working_days_between(start, end)
    assert count == reference.between(start, end, HELD)
    assert count == reference.between_by_numpy(start, end, HELD)


@given(start=days, n=st.integers(1, 200))
def test_adding_when_done_by_numpy_then_the_same(start: date, n: int) -> None:
    assert add_working_days(start, n) == reference.add_by_numpy(start, n, HELD)


@given(day=st.dates(FIRST_DAY, LAST_DAY))
def test_day_when_worked_then_neither_at_the_weekend_nor_in_the_table(day: date) -> None:
    assert is_working_day(day) == (day.isoweekday() <= 5 and day not in HELD)
