"""Amounts in words at their own precision, pence and pounds, and a total held against its parts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.money import (
    MoneyError,
    finest,
    hold_against,
    in_words,
    money_words,
    negative,
    pence_amount,
    pence_of,
    pounds_of,
    sum_of,
)
from indicators.balance import Amount

D = Decimal


@pytest.mark.parametrize(
    ("value", "quantum", "words"),
    [
        (4_640_000, 10_000, "£4.64m"),
        (21_400_000, 100_000, "£21.4m"),
        (3_000_000, 1_000_000, "£3m"),
        (551_000, 1_000, "£551k"),
        (4_945_000, 1_000, "£4.945m"),
        (-3_280_000, 10_000, "−£3.28m"),
        (3_000, 10_000, "£3,000"),
        (0, 10_000, "£0"),
        (281_721, None, "£281,721"),
        ("0.5", None, "£0.50"),
        (5_069_533, 1, "£5,069,533"),
        (583_000, 3_000, "£583,000"),
    ],
)
def test_amount_when_written_then_at_its_own_precision(value, quantum, words: str) -> None:
    assert money_words(D(value), None if quantum is None else D(quantum)) == words


def test_amount_when_approximate_or_a_limit_then_it_says_so() -> None:
    assert in_words(Amount(D(2_000_000), D(100_000), "~")) == "approx. £2.0m"
    assert in_words(Amount(D(10_000), None, ">")) == ">£10,000"


@given(st.integers(-(10**15), 10**15))
def test_pence_when_made_pounds_and_back_then_the_same(pence: int) -> None:
    assert pence_of(pounds_of(pence)) == pence
    assert pence_amount(pence, 1000) == Amount(pounds_of(pence), D(10))


def test_pounds_when_they_have_a_fraction_of_a_penny_then_refused() -> None:
    with pytest.raises(MoneyError, match="fraction of a penny"):
        pence_of(D("1.255"))


def test_sum_when_rounded_parts_then_its_rounding_is_theirs_together() -> None:
    parts = [Amount(D(530_000), D(10_000)), Amount(D(249_500), D(1_000)), negative(Amount(D(3)))]
    assert sum_of(parts) == Amount(D(779_497), D(11_000))
    assert (finest(parts), finest(parts[:2]), finest([])) == (None, 1000, None)
    with pytest.raises(MoneyError, match="makes no sum"):
        sum_of([Amount(D(1), None, "~")])
    with pytest.raises(MoneyError, match="nothing to hold"):
        hold_against(Amount(D(1)), [])


@given(st.lists(st.tuples(st.integers(-(10**6), 10**6), st.sampled_from([1, 10, 1000])), min_size=1, max_size=5))
def test_total_when_the_true_values_add_up_then_rounding_is_never_called_a_contradiction(parts) -> None:
    """Each printed part is the true one rounded; the stated total is the true total rounded."""
    printed = [Amount(D(round(value / unit) * unit), D(unit)) for value, unit in parts]
    total = sum(value for value, _ in parts)
    stated = Amount(D(round(total / 1000) * 1000), D(1000))
    found = hold_against(stated, printed)
    assert found.agrees
    assert not hold_against(Amount(stated.value + found.room * 2 + 1, D(1000)), printed).agrees
