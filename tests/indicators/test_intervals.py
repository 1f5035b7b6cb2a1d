"""Wilson and Newcombe: every vector, Newcombe's own published examples, and a second implementation."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.intervals import Z95, Z998, is_above, newcombe_difference, wilson
from indicators.units import EmptyCohort
from tests.reference import statistics_reference

D = Decimal
VECTORS = Path(__file__).parents[1] / "data" / "vectors" / "intervals.csv"
ROWS = list(csv.DictReader(VECTORS.read_text(encoding="utf-8").splitlines()))
relaxed = settings(deadline=None)
counts = st.integers(1, 20_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_there_are_vectors():
    assert len(ROWS) == 27


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['x']} of {row['n']}" for row in ROWS])
def test_wilson_vectors(row):
    for z, low, high in ((Z95, "wilson95_lo", "wilson95_hi"), (Z998, "wilson998_lo", "wilson998_hi")):
        got = wilson(int(row["x"]), int(row["n"]), z)
        assert got == pytest.approx((D(row[low]), D(row[high])), abs=D("1e-12"))
    assert D(row["x"]) / D(row["n"]) == pytest.approx(D(row["p"]), abs=D("1e-15"))


@pytest.mark.parametrize(
    ("x1", "n1", "x2", "n2", "low", "high"),
    [
        (56, 70, 48, 80, "0.0524", "0.3339"),
        (9, 10, 3, 10, "0.1705", "0.8090"),
        (6, 7, 2, 7, "0.0582", "0.8062"),
        (5, 56, 0, 29, "-0.0381", "0.1926"),
        (0, 10, 0, 20, "-0.1611", "0.2775"),
        (0, 10, 0, 10, "-0.2775", "0.2775"),
        (10, 10, 0, 20, "0.6791", "1.0000"),
        (10, 10, 0, 10, "0.6075", "1.0000"),
    ],
    ids=lambda value: str(value),
)
def test_newcombes_published_examples(x1, n1, x2, n2, low, high):
    """Statistics in Medicine 17 (1998), table II, method 10."""
    got = newcombe_difference(x1, n1, x2, n2)
    assert [f"{end:.4f}" for end in got] == [low, high]


@pytest.mark.parametrize("call", [lambda: wilson(0, 0), lambda: newcombe_difference(1, 2, 0, 0)])
def test_nobody_has_no_interval(call):
    with pytest.raises(EmptyCohort):
        call()


@pytest.mark.parametrize(("x", "n"), [(5, 4), (-1, 4), (1, -4), (-5, 0), (D("NaN"), 4), (1, D("Infinity"))])
def test_what_is_no_share_is_refused(x, n):
    with pytest.raises(ValueError, match="is not a share"):
        wilson(x, n)


@relaxed
@given(counts, st.sampled_from([Z95, Z998]))
def test_wilson_holds_the_share_and_stays_in_bounds(pair, z):
    x, n = pair
    low, high = wilson(x, n, z)
    assert 0 <= low <= D(x) / n <= high <= 1
    assert low < high
    assert (low == 0) == (x == 0)
    assert (high == 1) == (x == n)


@relaxed
@given(counts)
def test_wilson_is_mirrored_and_widens_with_certainty(pair):
    x, n = pair
    low, high = wilson(x, n)
    mirrored = wilson(n - x, n)
    assert abs(mirrored[0] - (1 - high)) < D("1e-20")
    assert abs(mirrored[1] - (1 - low)) < D("1e-20")
    wide = wilson(x, n, Z998)
    assert wide[0] <= low
    assert high <= wide[1]


@relaxed
@given(counts)
def test_wilson_against_the_second_implementation(pair):
    x, n = pair
    for z in (Z95, Z998):
        assert [float(end) for end in wilson(x, n, z)] == pytest.approx(
            statistics_reference.wilson(x, n, float(z)), abs=1e-9
        )


@relaxed
@given(counts, counts)
def test_newcombe_holds_the_difference_and_turns_with_it(first, second):
    low, high = newcombe_difference(*first, *second)
    difference = D(first[0]) / first[1] - D(second[0]) / second[1]
    tiny = D("1e-25")
    assert -1 - tiny <= low <= difference + tiny
    assert difference - tiny <= high <= 1 + tiny
    turned = newcombe_difference(*second, *first)
    assert abs(turned[0] + high) < tiny
    assert abs(turned[1] + low) < tiny


@relaxed
@given(counts)
def test_the_same_share_twice_is_never_a_difference(pair):
    low, high = newcombe_difference(*pair, *pair)
    assert low < 0 < high


@relaxed
@given(counts, counts)
def test_what_is_above_is_what_newcombe_has_above_nothing(first, second):
    low, high = newcombe_difference(*first, *second)
    assert is_above(*first, *second) == (low > 0)
    assert is_above(*second, *first) == (high < 0)


def test_a_share_beyond_chance_is_above_and_one_within_it_is_not():
    assert is_above(56, 70, 48, 80)
    assert not is_above(48, 80, 56, 70)
    assert not is_above(5, 56, 0, 29)
