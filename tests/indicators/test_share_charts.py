"""p and u charts, Laney's and exact limits: the published vectors, and which of them serves."""

import json
from decimal import Decimal as D
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.share_charts import Method, Parts, exact_limit, mean_of, method_of, parts_chart, sigma_z
from indicators.spc import Cause, Improvement

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors" / "p_u_charts.json").read_text())
SHARES = [Parts(D(x), D(n)) for x, n in zip(VECTORS["x"], VECTORS["n"], strict=True)]
RATES = [Parts(D(c), D(n)) for c, n in zip(VECTORS["u"]["count"], VECTORS["u"]["pop"], strict=True)]
UP = Improvement.INCREASE


@pytest.mark.parametrize(("method", "key"), [(Method.P, "p3"), (Method.LANEY_P, "laney3"), (Method.EXACT, "exact998")])
def test_limits_of_shares_when_made_then_as_published(method: Method, key: str) -> None:
    chart = parts_chart(SHARES, method=method, improvement=UP)
    found = [(float(dot.limits.lower or 0), float(dot.limits.upper or 0)) for dot in chart.dots]
    assert found == [pytest.approx(tuple(limits), abs=1e-10) for limits in VECTORS[key]]
    assert float(mean_of(SHARES) or 0) == pytest.approx(VECTORS["pbar"], abs=1e-15)


def test_laneys_sigma_and_95_per_cent_limits_when_made_then_as_published() -> None:
    assert float(sigma_z(SHARES, is_share=True) or 0) == pytest.approx(VECTORS["laney_sigma_z"], abs=1e-12)
    for n, (low, high) in zip(VECTORS["n"], VECTORS["exact95"], strict=True):
        found = [exact_limit(VECTORS["pbar"], n, chance) for chance in (0.025, 0.975)]
        assert found == pytest.approx([low, high], abs=1e-10)


def test_limits_of_rates_when_made_then_as_published() -> None:
    chart = parts_chart(RATES, method=Method.U, improvement=UP)
    found = [(float(dot.limits.lower or 0) * 1e5, float(dot.limits.upper or 0) * 1e5) for dot in chart.dots]
    assert found == [pytest.approx(tuple(limits), abs=1e-9) for limits in VECTORS["u"]["limits3"]]
    assert float(mean_of(RATES) or 0) * 1e5 == pytest.approx(VECTORS["u"]["ubar_per_100k"], abs=1e-12)


def test_method_when_numbers_are_small_large_or_differ_then_chosen_by_the_rule() -> None:
    assert method_of(SHARES, is_share=True) is Method.EXACT  # 23 × 0.9 × 0.1 is 2
    steady = [Parts(D(50 + place % 3), D(100)) for place in range(14)]
    assert method_of(steady, is_share=True) is Method.P
    wild = [Parts(D(30 if place % 2 else 70), D(100)) for place in range(14)]
    assert method_of(wild, is_share=True) is Method.LANEY_P
    assert method_of([Parts(D(4 + place % 2), D(30_000)) for place in range(14)], is_share=False) is Method.U
    assert method_of(RATES, is_share=False) is Method.LANEY_U
    assert method_of([None], is_share=True) is Method.P


def test_shares_when_all_or_none_count_then_no_limits_and_no_flags() -> None:
    for numerator in (0, 20):
        chart = parts_chart([Parts(D(numerator), D(20))] * 9, method=Method.P, improvement=UP)
        assert {dot.limits.upper for dot in chart.dots} == {None}
        assert {dot.cause for dot in chart.dots} == {Cause.COMMON}


def test_exact_limits_when_two_of_three_are_high_then_only_a_limit_or_a_run_is_a_flag() -> None:
    parts = [Parts(D(n), D(10)) for n in (5, 4, 6, 5, 9, 9, 5, 4, 6, 5, 4, 6, 5)]
    chart = parts_chart(parts, method=Method.EXACT, improvement=UP)
    assert {dot.limits.near_upper for dot in chart.dots} == {None}
    assert {dot.cause for dot in chart.dots} == {Cause.COMMON}


def test_all_of_a_small_cohort_when_nearly_all_usually_count_then_it_is_no_flag() -> None:
    """Of 20 with a share of 95% all count in one period of three: the limit that is drawn lies below them all."""
    usual = [Parts(D(n), D(20)) for n in (20, 19, 18, 20, 19, 19, 18, 20, 19, 18, 20, 19, 18)]
    chart = parts_chart([*usual, Parts(D(20), D(20))], method=Method.EXACT, improvement=UP)
    assert (chart.latest.limits.upper or 2) < 1
    assert {dot.cause for dot in chart.dots} == {Cause.COMMON}
    nine = Parts(D(9), D(20))
    few = [Parts(D(n), D(20)) for n in (0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0)]
    found = [parts_chart([*before, nine], method=Method.EXACT, improvement=UP).latest.cause for before in (few, usual)]
    assert found == [Cause.ABOVE_LIMIT, Cause.BELOW_LIMIT], "what chance hardly gives still is one"


@pytest.mark.parametrize("chance", [0.001, 0.025, 0.975, 0.999])
def test_exact_limit_when_of_a_large_cohort_then_the_same_as_of_its_complement(chance: float) -> None:
    """What counts and what does not are one binomial read from both ends."""
    for share, number in ((0.98, 2_000), (0.5, 300), (0.02, 900)):
        other = (number - 1 - number * exact_limit(1 - share, number, 1 - chance)) / number
        assert exact_limit(share, number, chance) == pytest.approx(min(1.0, max(0.0, other)), abs=1e-9)


def test_xmr_when_asked_of_parts_then_refused() -> None:
    with pytest.raises(ValueError, match="made of values"):
        parts_chart(SHARES, method=Method.XMR, improvement=UP)


PAIRS = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(st.lists(PAIRS, min_size=1, max_size=20))
def test_limits_when_made_of_any_shares_then_about_the_mean_and_within_the_whole(pairs: list[tuple[int, int]]) -> None:
    parts = [Parts(D(x), D(n)) for x, n in pairs]
    for method in (Method.P, Method.LANEY_P, Method.EXACT):
        for dot in parts_chart(parts, method=method, improvement=UP).dots:
            low, mean, high = dot.limits.lower, dot.limits.mean, dot.limits.upper
            assert mean is not None
            if low is not None and high is not None and method is not Method.EXACT:
                assert 0 <= low <= mean <= high <= 1
            elif low is not None and high is not None:
                assert 0 <= low <= high <= 1
