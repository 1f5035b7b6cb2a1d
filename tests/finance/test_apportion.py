"""Splitting an amount: nothing is lost, nobody is a whole unit off, and what cannot be split is refused."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.apportion import ApportionError, apportion, apportion_among, as_decimal, evenly, round_together

D = Decimal
pennies = st.integers(-10_000_000_000, 10_000_000_000).map(lambda pence: D(pence).scaleb(-2))
weights = st.lists(st.integers(0, 5000), min_size=1, max_size=14).filter(any)


def test_split_when_it_does_not_divide_then_the_largest_remainders_get_the_pennies() -> None:
    assert apportion(D("100.00"), [1, 1, 1]) == (D("33.34"), D("33.33"), D("33.33"))
    assert apportion(D("-100.00"), [1, 1, 1]) == (D("-33.34"), D("-33.33"), D("-33.33"))
    assert apportion(D("0.05"), [3, 3, 4]) == (D("0.02"), D("0.01"), D("0.02"))
    assert apportion(D(10), [415, 585], D(1)) == (D(4), D(6))


def test_split_when_by_reason_then_each_keeps_its_name() -> None:
    assert apportion_among(D(100), {"covid": 1, "operating": 2}) == {"covid": D("33.33"), "operating": D("66.67")}


def test_months_when_even_then_they_differ_by_a_penny_at_most() -> None:
    parts = evenly(D("1000.01"), 12)
    assert (sum(parts), max(parts) - min(parts), parts[0]) == (D("1000.01"), D("0.01"), D("83.34"))


@pytest.mark.parametrize(
    ("total", "by", "words"),
    [
        ("1", [], "nothing to split by"),
        ("1", [0, 0], "nothing to split by"),
        ("1", [1, -1], "below 0"),
        ("0.005", [1], "not in whole units"),
    ],
)
def test_split_when_it_cannot_be_then_refused(total: str, by: list[int], words: str) -> None:
    with pytest.raises(ApportionError, match=words):
        apportion(D(total), by)
    with pytest.raises(ApportionError, match="no part"):
        round_together([], D(0))


@given(pennies, weights)
def test_split_when_any_amount_then_no_penny_is_lost_and_no_part_is_a_penny_off(total: D, by: list[int]) -> None:
    parts = apportion(total, by)
    assert sum(parts) == total
    for part, weight in zip(parts, by, strict=True):
        exact = Fraction(total) * weight / sum(by)
        assert abs(Fraction(part) - exact) < Fraction(1, 100)
    assert apportion(-total, by) == tuple(-part for part in parts)


@given(st.lists(st.fractions(-1000, 1000, max_denominator=97), min_size=1, max_size=6))
def test_rounding_together_when_any_numbers_then_they_make_their_rounded_sum(exact: list[Fraction]) -> None:
    total = as_decimal(sum(exact, Fraction(0)), D("0.01"))
    parts = round_together(exact, total)
    assert sum(parts) == total
    assert all(abs(Fraction(p) - e) <= Fraction(1, 100) for p, e in zip(parts, exact, strict=True))


@pytest.mark.parametrize(("value", "expected"), [("1/200", "0.01"), ("-1/200", "-0.01"), ("1/201", "0.00")])
def test_fraction_when_written_at_the_penny_then_half_goes_away_from_0(value: str, expected: str) -> None:
    assert str(as_decimal(Fraction(value), D("0.01"))) == expected
