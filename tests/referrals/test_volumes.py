"""Volumes per working day and what has changed: real quarters, breaks, small numbers, and a second count."""

import math
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.bank_holidays import BANK_HOLIDAYS
from indicators.quarters import FinancialYear, Quarter
from referrals.volumes import Volume, daily, per_working_day, what_changed, working_days_in
from tests.reference import timescales_reference as reference

HELD = {day for day, _ in BANK_HOLIDAYS}
LAST_YEAR = "the same quarter last year"


def volume(number: int | str | None, quarter: Quarter = Quarter(2021, 4), qualifier: str = "") -> Volume:  # noqa: B008
    value = None if number is None else Decimal(number)
    return Volume(quarter.start_on, quarter.end_on, value, qualifier)


def changed(now, then, breaks=(), what="referrals"):
    before = volume(then, Quarter(2020, 4)) if not isinstance(then, Volume) else then
    return what_changed(volume(now) if not isinstance(now, Volume) else now, before, what, LAST_YEAR, breaks)


# Working days


@pytest.mark.parametrize(
    ("year", "counts"), [(2021, (61, 65, 64, 63)), (2022, (60, 64, 63, 64)), (2023, (60, 64, 63, 63))]
)
def test_quarters_when_counted_then_as_many_working_days(year: int, counts: tuple[int, ...]) -> None:
    assert tuple(working_days_in(q.start_on, q.end_on) for q in FinancialYear(year).quarters()) == counts


def test_period_when_it_begins_on_the_first_day_of_the_table_then_still_counted() -> None:
    assert working_days_in(date(2009, 1, 1), date(2009, 1, 2)) == 1
    assert working_days_in(date(2022, 3, 5), date(2022, 3, 6)) == 0
    assert working_days_in(date(2022, 3, 7), date(2022, 3, 7)) == 1


def test_volume_when_it_cannot_be_spread_over_days_then_none() -> None:
    assert per_working_day(volume(None)) is None
    assert per_working_day(volume(5, qualifier="<")) is None
    assert per_working_day(volume(5, Quarter(2031, 1))) is None
    assert per_working_day(Volume(date(2022, 3, 5), date(2022, 3, 6), Decimal(3))) is None
    assert per_working_day(volume(63)) == 1


# What has changed


def test_referrals_when_compared_then_as_in_report_003_17_with_the_working_days_of_both_quarters() -> None:
    found = changed(1257, 1068)
    assert found.sentence == (
        "1,257 referrals, 189 more than in the same quarter last year (+17.7%); per working day 20.0 against 17.0."
    )
    assert found.difference == 189
    assert found.per_day_now is not None
    assert Fraction(1257, 63) - Fraction(found.per_day_now) < Fraction(1, 10**40)


def test_referrals_when_the_case_system_changed_in_between_then_both_numbers_and_no_difference() -> None:
    """Decision 6: the break of August 2021."""
    found = changed(1257, 1068, [date(2021, 8, 1)])
    assert found.difference is None
    assert found.sentence == (
        "1,257 referrals; 20.0 per working day; 1,068 in the same quarter last year. Not compared: since August 2021 "
        "they are counted in another way."
    )


@pytest.mark.parametrize(
    ("day", "is_compared"),
    [(date(2021, 1, 1), True), (date(2021, 1, 2), False), (date(2022, 3, 31), False), (date(2022, 4, 1), True)],
)
def test_break_when_on_the_edge_then_compared_only_when_both_periods_are_on_one_side(day: date, is_compared) -> None:
    assert (changed(1257, 1068, [day]).difference is not None) is is_compared


@pytest.mark.parametrize(
    ("now", "then", "sentence"),
    [
        (900, 1068, "900 referrals, 168 fewer than in the same quarter last year (−15.7%); per working day 14.3 "
                    "against 17.0."),
        (1068, 1068, "1,068 referrals, as many as in the same quarter last year; per working day 17.0 against 17.0."),
        (None, 1068, "The number of referrals is not reported."),
        (1257, None, "1,257 referrals; 20.0 per working day. No number is held for the same quarter last year."),
        (4, 9, "4 referrals, 5 fewer than in the same quarter last year (9); per working day 0.1 against 0.1. A "
               "difference of this size often comes about by chance."),
        (46, 35, "46 referrals, 11 more than in the same quarter last year (+31.4%); per working day 0.7 against 0.6. "
                 "A difference of this size often comes about by chance."),
        (5, 0, "5 referrals, 5 more than in the same quarter last year (0); per working day 0.1 against 0.0."),
        (0, 0, "0 referrals, as many as in the same quarter last year; per working day 0.0 against 0.0."),
    ],
)  # fmt: skip
def test_change_when_written_then_in_plain_words(now, then, sentence: str) -> None:
    assert changed(now, then).sentence == sentence


def test_percentage_when_the_earlier_number_is_below_10_then_left_out() -> None:
    assert "than in the same quarter last year (9);" in changed(30, 9).sentence
    assert "than in the same quarter last year (+200.0%);" in changed(30, 10).sentence


@pytest.mark.parametrize(("now", "then", "is_within"), [(112, 87, True), (113, 86, True), (114, 86, False)])
def test_change_when_near_what_chance_brings_then_1_96_standard_deviations_decide(now, then, is_within) -> None:
    assert ("by chance" in changed(now, then).sentence) is is_within


def test_change_when_a_limit_is_given_then_not_compared() -> None:
    assert "Not compared: a limit is given" in changed(volume(5, qualifier="<"), 9).sentence
    assert changed(volume(50, qualifier="~"), 40).sentence.startswith("approx. 50 referrals, 10 more than")


def test_change_when_a_year_stands_beside_a_quarter_then_not_compared() -> None:
    year = FinancialYear(2020)
    found = changed(1257, Volume(year.start_on, year.end_on, Decimal(4870)))
    assert found.sentence.endswith("Not compared: the two periods are not equally long.")


def test_change_when_a_calendar_ends_then_said_without_the_working_days() -> None:
    now, then = volume(10, Quarter(2029, 1)), volume(30, Quarter(2028, 1))
    found = what_changed(now, then, "referrals", LAST_YEAR)
    assert found.sentence == "10 referrals, 20 fewer than in the same quarter last year (−66.7%)."
    assert (found.per_day_now, found.per_day_then) == (None, None)


# Properties

quarters = st.builds(Quarter, st.integers(2010, 2026), st.integers(1, 4))


@given(number=st.integers(0, 9000), quarter=quarters)
def test_volume_when_every_day_is_looked_at_then_the_same(number: int, quarter: Quarter) -> None:
    own = per_working_day(volume(number, quarter))
    assert own is not None
    second = reference.per_working_day(number, quarter.start_on, quarter.end_on, HELD)
    assert abs(Fraction(own) - second) < Fraction(1, 10**40)


@given(now=st.integers(0, 9000), then=st.integers(0, 9000))
def test_change_when_worked_out_by_fractions_then_the_same(now: int, then: int) -> None:
    found = changed(now, then)
    assert found.difference == now - then
    assert ("%" in found.sentence) is (then >= 10 and now != then)
    if "%" in found.sentence:
        tenths = math.floor(abs(Fraction(now, then) - 1) * 1000 + Fraction(1, 2))
        sign = "+" if now > then else "−" if tenths else ""
        assert f"({sign}{tenths // 10:,}.{tenths % 10}%)" in found.sentence
    z = Fraction("1.959963984540054")
    is_within = now != then and (now - then) ** 2 <= z * z * (now + then)
    assert ("by chance" in found.sentence) is is_within
    opposite = changed(then, now)
    assert opposite.difference == then - now


@pytest.mark.parametrize(
    ("number", "said"),
    [("0", "0.0"), ("0.01", "fewer than 0.1"), ("0.05", "0.1"), ("19.95", "20.0"), ("1234.5", "1,234.5")],
)
def test_daily_when_less_than_it_can_write_then_in_words(number: str, said: str) -> None:
    assert daily(Decimal(number)) == said
