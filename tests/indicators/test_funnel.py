"""The funnel of a period: the published vectors of overdispersion, and where areas lie."""

import json
from decimal import Decimal as D
from pathlib import Path

import pytest

from indicators.funnel import Place, Spread, funnel_of, quantile, spread_of
from indicators.intervals import Z95, Z998, wilson
from indicators.share_charts import Parts

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors" / "overdispersion.json").read_text())
AREAS = [Parts(D(x), D(n)) for x, n in zip(VECTORS["x"], VECTORS["n"], strict=True)]


def test_spread_when_areas_differ_then_as_published() -> None:
    found = funnel_of(AREAS)
    assert found is not None
    assert (found.spread.phi, found.spread.tau2) == pytest.approx((VECTORS["phi"], VECTORS["tau2"]), rel=1e-12)
    assert float(found.share) == pytest.approx(VECTORS["target"], abs=1e-15)
    for area, limits in zip(AREAS, VECTORS["od95"], strict=True):
        assert found.limits(area.denominator, Z95) == pytest.approx(tuple(limits), abs=1e-12)


def test_limits_when_areas_do_not_differ_then_where_wilson_touches_the_share() -> None:
    alike = [Parts(D(n) // 2, D(n)) for n in (50, 60, 70, 80, 90, 100, 110, 120, 130, 400)]
    found = funnel_of(alike)
    assert found is not None
    assert found.spread.tau2 == 0
    low, high = found.limits(D(100), Z95)
    numerator = D(repr(high)) * 100
    assert float(wilson(numerator, D(100))[0]) == pytest.approx(float(found.share), abs=1e-9)
    assert 0 <= low < high <= 1


def test_area_when_on_or_beyond_a_limit_then_its_place_says_so() -> None:
    found = funnel_of([Parts(D(50), D(100))] * 9, widened=True)
    assert found is not None
    assert found.spread == Spread(1.0, 0.0), "nine are too few to widen"
    places = {n: found.place(Parts(D(n), D(100))) for n in (50, 61, 66, 39, 34)}
    assert list(places.values()) == [
        Place.WITHIN, Place.ABOVE_95, Place.ABOVE_998, Place.BELOW_95, Place.BELOW_998,
    ]  # fmt: skip
    assert found.limits(D(100), Z998)[1] > found.limits(D(100), Z95)[1]


def test_funnel_when_there_is_nothing_to_compare_then_none() -> None:
    assert funnel_of(AREAS[:1]) is None
    assert funnel_of([Parts(D(0), D(10))] * 12) is None
    assert funnel_of([Parts(D(10), D(10))] * 12) is None


def test_quantile_and_spread_when_by_hand_then_as_expected() -> None:
    assert [quantile([1, 2, 3, 4], share) for share in (0, 0.5, 1, 0.1)] == pytest.approx([1, 2.5, 4, 1.3])
    assert spread_of([Parts(D(50), D(100))] * 12) == Spread(0.0, 0.0)
