"""Where a figure is heading if nothing changes: a point and a band in which it lies in eight of ten cases.

No forecast is made of fewer than 8 periods or where the series breaks among the last 8. Up to 12 periods the last
figure is taken on, with a band that holds what it promises in short series; from 13 on simple exponential smoothing, if
its own band would have held in the last four periods. Never a straight line. Formulas as in R's package forecast 8.20,
against which they are tested; estimates, so floats within and Decimals to six places out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from math import sqrt

from indicators.units import round_half_up

FEWEST, FEWEST_SMOOTHED = 8, 13
LEVEL = 0.8
_BACK_TESTED, _MUST_HOLD = 4, 3
_PLACES = 6
_GOLDEN, _NEAR = (sqrt(5) - 1) / 2, 1e-9
_LIKELY, _UNLIKELY = 2 / 3, 1 / 3


class Method(StrEnum):
    """How a forecast is made."""

    NO_CHANGE = "no_change"
    SMOOTHED = "smoothed"


class WhyNone(StrEnum):
    """Why there is no forecast."""

    TOO_FEW = "too_few"
    BREAK = "break"
    NO_MOVEMENT = "no_movement"
    GAP = "gap"
    NO_NUMBER = "no_number"
    OVERLAPPING = "overlapping"


class Chance(StrEnum):
    """How likely the target is met, in words that promise no decimals."""

    LIKELY = "likely"
    EVEN = "about even"
    UNLIKELY = "unlikely"


@dataclass(frozen=True)
class Ahead:
    """What is expected so many periods ahead: the point, and where it lies in eight of ten cases."""

    steps: int
    point: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Forecast:
    """A forecast by a method, from so many periods; `spread` and `freedom` are those of the t distribution by step."""

    method: Method
    ahead: tuple[Ahead, ...]
    periods: int
    spreads: tuple[float, ...]
    freedom: int


@dataclass(frozen=True)
class Smoothing:
    """Simple exponential smoothing: the weight of the latest period, the level before the first, the last level, and
    the variance of one step's error."""

    alpha: float
    start: float
    level: float
    variance: float


def forecast(
    values: Sequence[Decimal], *, horizon: int = 4, since_break: int | None = None, whole: Decimal | None = None
) -> Forecast | WhyNone:
    """The forecast of the next periods from comparable figures of the past, or why there is none.

    `since_break`: how many of the values come after the last break of the series (None: it never broke); `whole`: 100
    for a share, which no band leaves, and nothing is below 0 then.
    """
    if len(values) < FEWEST:
        return WhyNone.TOO_FEW
    if since_break is not None and since_break < FEWEST:
        return WhyNone.BREAK
    past = [float(value) for value in values[-since_break if since_break is not None else 0 :]]
    if len(set(past)) == 1:
        return WhyNone.NO_MOVEMENT
    if len(past) >= FEWEST_SMOOTHED and held_before(past):
        made = smoothing(past)
        spreads = [sqrt(made.variance * (1 + made.alpha**2 * step)) for step in range(horizon)]
        return _forecast(Method.SMOOTHED, made.level, spreads, len(past), len(past) - 2, whole)
    moved = step_deviation(past)
    spreads = [moved * sqrt(step) for step in range(1, horizon + 1)]
    return _forecast(Method.NO_CHANGE, past[-1], spreads, len(past), len(past) - 1, whole)


def _forecast(
    method: Method, point: float, spreads: Sequence[float], periods: int, freedom: int, whole: Decimal | None
) -> Forecast:
    reach = t_quantile((1 + LEVEL) / 2, freedom)

    def kept(value: float) -> Decimal:
        found = round_half_up(Decimal(repr(value)), _PLACES)
        return found if whole is None else min(max(found, Decimal(0)), whole)

    ahead = [
        Ahead(step, kept(point), kept(point - reach * spread), kept(point + reach * spread))
        for step, spread in enumerate(spreads, 1)
    ]
    return Forecast(method, tuple(ahead), periods, tuple(spreads), freedom)


def step_deviation(values: Sequence[float]) -> float:
    """The root of the mean squared step from one period to the next."""
    steps = [(b - a) ** 2 for a, b in pairwise(values)]
    return sqrt(sum(steps) / len(steps))


def t_quantile(share: float, freedom: int) -> float:
    """Below which value of the t distribution this share (0 to 1) lies."""
    from scipy import special  # type: ignore[import-untyped]

    return float(special.stdtrit(freedom, share))


# Simple exponential smoothing


def smoothed(values: Sequence[float], alpha: float, start: float) -> Smoothing:
    """The last level with these parameters, and the variance of its errors (two parameters are fitted)."""
    level, squares = start, 0.0
    for value in values:
        error = value - level
        squares += error * error
        level += alpha * error
    return Smoothing(alpha, start, level, squares / max(1, len(values) - 2))


def smoothing(values: Sequence[float]) -> Smoothing:
    """The parameters with the smallest squared errors: for each weight the best start follows by least squares, and the
    weight is searched between 0.0001 and 0.9999, on a grid first and then between its neighbours."""

    def squares(alpha: float) -> float:
        return smoothed(values, alpha, _best_start(values, alpha)).variance

    grid = [0.0001 + 0.9998 * step / 50 for step in range(51)]
    place = min(range(len(grid)), key=lambda step: squares(grid[step]))
    low, high = grid[max(0, place - 1)], grid[min(len(grid) - 1, place + 1)]
    alpha = min((grid[place], low, high, _lowest(squares, low, high)), key=squares)
    return smoothed(values, alpha, _best_start(values, alpha))


def _lowest(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function with one dip between two ends is lowest, by golden section."""
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = function(left), function(right)
    while high - low > _NEAR:
        if at_left < at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = function(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = function(right)
    return (low + high) / 2


def _best_start(values: Sequence[float], alpha: float) -> float:
    """Errors are linear in the start: each is what it is for a start of 0, less (1 − alpha)^t times the start."""
    level, weight, above, below = 0.0, 1.0, 0.0, 0.0
    for value in values:
        error = value - level
        above += error * weight
        below += weight * weight
        level += alpha * error
        weight *= 1 - alpha
    return above / below


def held_before(values: Sequence[float]) -> bool:
    """Whether the band of smoothing would have held the next figure in three of the last four periods or more."""
    held = 0
    for place in range(len(values) - _BACK_TESTED, len(values)):
        made = smoothing(values[:place])
        reach = t_quantile((1 + LEVEL) / 2, place - 2) * sqrt(made.variance)
        held += abs(values[place] - made.level) <= reach
    return held >= _MUST_HOLD


# The target


def chance_of(found: Forecast, target: Decimal, *, is_more_better: bool, steps: int = 1) -> Chance:
    """How likely the figure so many periods ahead meets its target."""
    from scipy import special

    one, spread = found.ahead[steps - 1], found.spreads[steps - 1]
    if not spread:
        is_met = one.point >= target if is_more_better else one.point <= target
        return Chance.LIKELY if is_met else Chance.UNLIKELY
    below = float(special.stdtr(found.freedom, (float(target) - float(one.point)) / spread))
    meets = 1 - below if is_more_better else below
    return Chance.LIKELY if meets > _LIKELY else Chance.UNLIKELY if meets < _UNLIKELY else Chance.EVEN
