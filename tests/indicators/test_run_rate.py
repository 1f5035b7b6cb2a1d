"""What a year comes to at its pace, and what the rest of it needs."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.run_rate import already_fixed, flat, needed, profiled, projected
from indicators.share_charts import Parts


def test_count_when_at_a_flat_pace_then_so_many_in_a_year() -> None:
    assert flat(D(30), 3, 12) == 120
    for periods in (0, 13):
        with pytest.raises(ValueError, match="at least one period"):
            flat(D(30), periods, 12)


def test_count_when_earlier_years_fell_late_then_by_their_profile() -> None:
    late = [D(10), D(20), D(30), D(40)]
    assert profiled(D(15), 1, [late, late]) == 150
    assert profiled(D(15), 1, [late]) is None
    assert profiled(D(15), 1, [[D(0), D(1)], [D(0), D(1)]]) is None


def test_share_when_projected_then_by_its_parts() -> None:
    assert projected(Parts(D(60), D(80)), 2, 4) == Parts(D(120), D(160))


def test_rest_of_the_year_when_it_must_make_good_then_what_it_needs_and_whether_it_can() -> None:
    behind = needed(Parts(D(60), D(80)), 2, 4, D("0.9"))
    assert behind is not None
    assert (behind.share, behind.of, behind.is_out_of_reach) == (D("1.05"), D(80), True)
    ahead = needed(Parts(D(80), D(80)), 3, 4, D("0.7"))
    assert ahead is not None
    assert ahead.is_safe
    assert needed(Parts(D(60), D(80)), 4, 4, D("0.9")) is None


@given(st.integers(1, 200), st.integers(0, 200), st.integers(1, 3), st.integers(1, 99))
def test_rest_when_it_brings_just_what_is_needed_then_the_year_meets_its_target(
    of: int, met: int, periods: int, percent: int
) -> None:
    so_far, target = Parts(D(min(met, of)), D(of)), D(percent) / 100
    found = needed(so_far, periods, 4, target)
    assert found is not None
    year = (so_far.numerator + found.share * found.of) / (so_far.denominator + found.of)
    assert abs(year - target) < D("1e-20")


def test_rolling_year_when_a_quarter_leaves_then_that_much_is_known() -> None:
    assert already_fixed([D(7), D(1), D(2), D(3)], 1) == -7
