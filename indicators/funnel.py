"""How a share compares with those of all areas in one period: limits about their common share that grow with smallness.

Limits are those at which Wilson's interval would touch the common share (the Fingertips method), or the exact binomial
ones where numbers are small. Where areas differ by more than chance explains they are widened by the variance between
areas (Spiegelhalter, Statistics in Medicine 24, 2005; FunnelPlotR's od_adjustment), which needs ten areas.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import asin, sin, sqrt

from indicators.intervals import Z95, Z998
from indicators.share_charts import Parts, mean_of

FEWEST_AREAS = 10
_WINSORISED = 0.1


class Place(StrEnum):
    """Where an area lies on the funnel."""

    WITHIN = "within"
    ABOVE_95 = "above 95%"
    BELOW_95 = "below 95%"
    ABOVE_998 = "above 99.8%"
    BELOW_998 = "below 99.8%"


@dataclass(frozen=True)
class Spread:
    """How much areas differ: φ (1: as chance would) and τ², the variance between areas on the scale of arcsin √p."""

    phi: float
    tau2: float


@dataclass(frozen=True)
class Funnel:
    """The common share (0 to 1), and the variance between areas that limits are widened by (0: none)."""

    share: Decimal
    spread: Spread
    areas: int

    def limits(self, denominator: Decimal, z: Decimal) -> tuple[float, float]:
        """Lower and upper limit for an area of that size, within 0 to 1."""
        share, n = float(self.share), float(denominator)
        if self.spread.tau2 == 0:
            reach = float(z) * sqrt(share * (1 - share) / n)
            return max(0.0, share - reach), min(1.0, share + reach)
        middle, reach = asin(sqrt(share)), float(z) * sqrt(1 / (4 * n) + self.spread.tau2)
        return sin(max(0.0, middle - reach)) ** 2, sin(min(asin(1), middle + reach)) ** 2

    def place(self, parts: Parts) -> Place:
        """Where an area lies; on a limit it is within."""
        value = float(parts.value)
        for z, above, below in ((Z998, Place.ABOVE_998, Place.BELOW_998), (Z95, Place.ABOVE_95, Place.BELOW_95)):
            low, high = self.limits(parts.denominator, z)
            if not low <= value <= high:
                return above if value > high else below
        return Place.WITHIN


def funnel_of(areas: Sequence[Parts], *, widened: bool = True) -> Funnel | None:
    """The funnel of one period; None of fewer than two areas, or where all or none of everybody count. `widened` takes
    the variance between areas in, where there are ten or more."""
    share = mean_of(areas)
    if len(areas) < 2 or share is None or not 0 < share < 1:
        return None
    spread = spread_of(areas) if widened and len(areas) >= FEWEST_AREAS else Spread(1.0, 0.0)
    return Funnel(share, spread, len(areas))


def spread_of(areas: Sequence[Parts]) -> Spread:
    """φ and τ² of areas, their scores held within the tenth and the ninetieth percentile."""
    share = mean_of(areas)
    assert share is not None  # noqa: S101
    target = asin(sqrt(float(share)))
    errors = [1 / (2 * sqrt(float(one.denominator))) for one in areas]
    scores = sorted((asin(sqrt(float(a.value))) - target) / s for a, s in zip(areas, errors, strict=True))
    low, high = quantile(scores, _WINSORISED), quantile(scores, 1 - _WINSORISED)
    number = len(areas)
    phi = sum(min(max(score, low), high) ** 2 for score in scores) / number
    if number * phi < number - 1:
        return Spread(phi, 0.0)
    weights = [1 / s**2 for s in errors]
    scale = sum(weights) - sum(w**2 for w in weights) / sum(weights)
    return Spread(phi, (number * phi - (number - 1)) / scale)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The quantile of ordered values, straight between the two that it lies between (R's type 7)."""
    at = (len(ordered) - 1) * share
    place = int(at)
    after = ordered[min(place + 1, len(ordered) - 1)]
    return ordered[place] + (at - place) * (after - ordered[place])
