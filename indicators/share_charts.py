"""Limits for shares and rates: p and u charts, Laney's p′ and u′, and exact limits for small numbers.

A share is numerator of denominator, 0 to 1; a rate is events by units of exposure. How far chance moves a point depends
on its own denominator, so each has limits of its own. Laney widens them by how much the points differ beyond that
(Quality Engineering 14, 2002); the exact ones are Spiegelhalter's interpolation of the binomial (Statistics in Medicine
24, 2005), and have no near limits.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from itertools import pairwise
from math import exp, lgamma, log, log1p, sqrt

from indicators.spc import Chart, Improvement, Limits, Note, Rules, charted
from indicators.units import WIDE

# The mean moving range of two points, in their standard deviations.
_D2 = Decimal("1.128")
# What stays below the upper of two limits that hold 99.8 in 100.
_CHANCE = 0.999
# Above this the points differ by more than chance and denominators explain.
_OVERDISPERSED = Decimal("1.2")
# n p (1 − p) from which the normal approximation serves.
_LARGE_ENOUGH = 5


class Method(StrEnum):
    """How the limits of a chart were made."""

    XMR = "xmr"
    P = "p"
    LANEY_P = "laney_p"
    U = "u"
    LANEY_U = "laney_u"
    EXACT = "exact"


METHOD_WORDS = {
    Method.XMR: "XmR chart: limits from how much the figure moves from one period to the next",
    Method.P: "p chart: limits from the number of children or events in each period",
    Method.LANEY_P: "p′ chart (Laney): as a p chart, widened because the figures differ by more than numbers explain",
    Method.U: "u chart: limits from the population of each period",
    Method.LANEY_U: "u′ chart (Laney): as a u chart, widened because the figures differ by more than numbers explain",
    Method.EXACT: "exact binomial limits, because the numbers are small; without the test of two in three points",
}


@dataclass(frozen=True)
class Parts:
    """Numerator and denominator of one period."""

    numerator: Decimal
    denominator: Decimal

    @property
    def value(self) -> Decimal:
        """The share or rate."""
        return WIDE.divide(self.numerator, self.denominator)


Series = Sequence[Parts | None]


def mean_of(parts: Series) -> Decimal | None:
    """All numerators over all denominators; None where no period has both."""
    held = [one for one in parts if one is not None]
    with localcontext(WIDE):
        below = sum((one.denominator for one in held), Decimal(0))
        return sum((one.numerator for one in held), Decimal(0)) / below if below else None


def sigma_z(parts: Series, *, is_share: bool) -> Decimal | None:
    """How much more the points move than chance alone would (1: not at all); None where that cannot be told."""
    mean = mean_of(parts)
    if mean is None:
        return None
    with localcontext(WIDE):
        scores = [
            None if one is None or not (sd := _sd(mean, one.denominator, is_share)) else (one.value - mean) / sd
            for one in parts
        ]
        ranges = [abs(b - a) for a, b in pairwise(scores) if a is not None and b is not None]
        if not ranges:
            return None
        return sum(ranges, Decimal(0)) / len(ranges) / _D2


def _sd(mean: Decimal, denominator: Decimal, is_share: bool) -> Decimal:
    spread = mean * (1 - mean) if is_share else mean
    return (max(spread, Decimal(0)) / denominator).sqrt(WIDE)


def method_of(parts: Series, *, is_share: bool) -> Method:
    """Which limits serve: exact ones where n p (1 − p) is below 5 in most periods, Laney's where the points move by
    more than 1.2 times what chance would, else those of the p or u chart."""
    held = [one for one in parts if one is not None]
    mean = mean_of(parts)
    if mean is None:
        return Method.P if is_share else Method.U
    small = sum(WIDE.multiply(one.denominator, mean * (1 - mean)) < _LARGE_ENOUGH for one in held)
    if is_share and 2 * small >= len(held):
        return Method.EXACT
    sigma = sigma_z(parts, is_share=is_share)
    if sigma is not None and sigma > _OVERDISPERSED:
        return Method.LANEY_P if is_share else Method.LANEY_U
    return Method.P if is_share else Method.U


def parts_chart(
    parts: Series, *, method: Method, improvement: Improvement, rebase: Collection[int] = (),
    rules: Rules = Rules.MDC_2023, last: int | None = None,
) -> Chart:  # fmt: skip
    """The chart of shares or rates with the limits of a method; `last`: dots of the last so many periods of a group
    alone. Raises ValueError as `charted`, and for XmR."""
    if method is Method.XMR:
        raise ValueError("An XmR chart is made of values, not of parts.")

    def limits(start: int, end: int) -> tuple[list[Limits], Note | None]:
        return _limits(parts[start:end], method, last), None

    values = [None if one is None else one.value for one in parts]
    return charted(values, limits, improvement=improvement, rebase=rebase, rules=rules)


def _limits(parts: Series, method: Method, last: int | None) -> list[Limits]:
    """The limits of the last so many periods of a group (None: of all), which rest on the whole of it."""
    mean, is_share = mean_of(parts), method in {Method.P, Method.LANEY_P, Method.EXACT}
    wanted = parts[-last:] if last else parts
    if mean is None or mean <= 0 or (is_share and mean >= 1):
        return [Limits(mean)] * len(wanted)
    widened = sigma_z(parts, is_share=is_share) if method in {Method.LANEY_P, Method.LANEY_U} else Decimal(1)
    if method is Method.EXACT:
        return [Limits(mean) if one is None else _exact(mean, one.denominator) for one in wanted]
    return [
        Limits(mean) if one is None or widened is None else _normal(mean, one.denominator, widened, is_share)
        for one in wanted
    ]


def _normal(mean: Decimal, denominator: Decimal, widened: Decimal, is_share: bool) -> Limits:
    """Three and two standard deviations about the mean, not below 0 and for shares not above 1."""
    with localcontext(WIDE):
        sd = _sd(mean, denominator, is_share) * widened

        def kept(value: Decimal) -> Decimal:
            low = max(Decimal(0), value)
            return min(Decimal(1), low) if is_share else low

        return Limits(mean, kept(mean - 3 * sd), kept(mean + 3 * sd), kept(mean - 2 * sd), kept(mean + 2 * sd))


def _exact(mean: Decimal, denominator: Decimal) -> Limits:
    """The interpolated limits, as they are published; what is marked above must pass the next whole number, or where
    nearly all count every period in which all do would be marked."""
    share, number = float(mean), int(denominator)
    lower, upper = (exact_limit(share, number, chance) for chance in (1 - _CHANCE, _CHANCE))
    whole, _, _ = _reaching(share, number, _CHANCE)
    mark = max(WIDE.divide(Decimal(whole), Decimal(number)), Decimal(repr(upper)))
    return Limits(mean, Decimal(repr(lower)), Decimal(repr(upper)), mark_above=mark)


def exact_limit(share: float, denominator: int, chance: float) -> float:
    """The share of `denominator` that stays below with this chance (0 to 1), interpolated between whole numbers; within
    0 to 1. `share` lies between 0 and 1, and on neither."""
    place, reached, step = _reaching(share, denominator, chance)
    return min(1.0, max(0.0, (place - (reached - chance) / step) / denominator))


def _reaching(share: float, denominator: int, chance: float) -> tuple[int, float, float]:
    """The smallest whole number that a count does not exceed with this chance or more, that chance, and its own."""
    middle = share * denominator
    # What lies farther below than this has no chance that a float can hold.
    place = max(-1, int(middle - 12 * sqrt(middle * (1 - share)) - 30) - 1)
    reached, step = 0.0, 0.0
    while reached < chance and place < denominator:
        place += 1
        ways = lgamma(denominator + 1) - lgamma(place + 1) - lgamma(denominator - place + 1)
        step = exp(ways + place * log(share) + (denominator - place) * log1p(-share))
        reached += step
    return place, reached, step
