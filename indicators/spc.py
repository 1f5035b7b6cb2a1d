"""Whether a change is real: the XmR chart, its limits, and which points chance alone would hardly give.

NHS England's "Making Data Count" as NHSRplotthedots 0.2.2 (NHS-R Community, MIT) implements it, and its rule of
November 2023 for two of three points. Where the package misleads (values that never change, ranges that are all
screened out) `repairs` does as told here and a note says so; without them the package's own answer comes.

A value of None is a period without data: no moving range and no run reaches across it.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from itertools import pairwise

from indicators.units import WIDE

# Of two consecutive points: 3 / d2 as Making Data Count rounds it, and D4 above which a range is left out once.
_THREE_SIGMA = Decimal("2.66")
_SCREENED = Decimal("3.267")
RUN = 7
FEWEST = 13
FEWEST_FIXED = 12


class Rules(StrEnum):
    """Which rule for two of three points, as the chart names it."""

    PLOT_THE_DOTS = "NHSRplotthedots 0.2.2"
    MDC_2023 = "Making Data Count, November 2023"


class Improvement(StrEnum):
    """Which way is better."""

    INCREASE = "increase"
    DECREASE = "decrease"
    NEUTRAL = "neutral"


class Cause(StrEnum):
    """What a point is part of, by the first test that it meets."""

    ABOVE_LIMIT = "Above UCL"
    BELOW_LIMIT = "Below LCL"
    RISING = "7 Point Trend (Increasing)"
    FALLING = "7 Point Trend (Decreasing)"
    TWO_ABOVE = "2 in 3 Above CL"
    TWO_BELOW = "2 in 3 Below CL"
    RUN_ABOVE = "7 Points Above CL"
    RUN_BELOW = "7 Points Below CL"
    COMMON = "Common Cause"


class Variation(StrEnum):
    """What the cause of a point means."""

    COMMON = "common_cause"
    IMPROVEMENT = "special_cause_improvement"
    CONCERN = "special_cause_concern"
    NEUTRAL_HIGH = "special_cause_neutral_high"
    NEUTRAL_LOW = "special_cause_neutral_low"


class Assurance(StrEnum):
    """Whether the process will meet its target if nothing changes."""

    PASS = "consistent_pass"  # noqa: S105
    FAIL = "consistent_fail"
    INCONSISTENT = "inconsistent"


class Note(StrEnum):
    """What was done otherwise than usual for the limits of a group."""

    NO_VARIATION = "no_variation"
    NOT_SCREENED = "not_screened"


@dataclass(frozen=True)
class Limits:
    """Mean, process limits and near limits (two thirds of the way) of a group; all but the mean are None where they
    cannot be had. In the unit of the values; not cut at 0 or at the whole.

    `mark_above`: what a value must pass to lie above, where that is more than the upper limit that is drawn.
    """

    mean: Decimal | None
    lower: Decimal | None = None
    upper: Decimal | None = None
    near_lower: Decimal | None = None
    near_upper: Decimal | None = None
    mark_above: Decimal | None = None


@dataclass(frozen=True)
class Dot:
    """A point of the chart, with the limits of its group (counted from 0)."""

    value: Decimal | None
    group: int
    limits: Limits
    cause: Cause = Cause.COMMON
    variation: Variation = Variation.COMMON

    @property
    def is_outside(self) -> bool | None:
        """Whether it lies beyond a process limit; None where there is no value or no limit."""
        if self.value is None or self.limits.lower is None or self.limits.upper is None:
            return None
        above = self.limits.upper if self.limits.mark_above is None else self.limits.mark_above
        return not self.limits.lower <= self.value <= above

    @property
    def side(self) -> int | None:
        """1 above the mean, -1 below, 0 on it; None without a value."""
        return None if self.value is None or self.limits.mean is None else _sign(self.value - self.limits.mean)


@dataclass(frozen=True)
class Chart:
    """The dots in order, and of each group how many values it holds and what was done otherwise for its limits."""

    dots: tuple[Dot, ...]
    counts: tuple[int, ...]
    notes: tuple[Note | None, ...]
    rules: Rules

    @property
    def latest(self) -> Dot:
        """The last point that has a value. Its variation is that of the chart."""
        return next((dot for dot in reversed(self.dots) if dot.value is not None), self.dots[-1])

    @property
    def is_short(self) -> bool:
        """Whether the last group has fewer than 13 values, so that its limits are no more than a trial."""
        return self.counts[-1] < FEWEST


def xmr(
    values: Sequence[Decimal | None], *, improvement: Improvement, rebase: Collection[int] = (),
    fix_after: int | None = None, screen: bool = True, rules: Rules = Rules.MDC_2023, repairs: bool = True,
    last: int | None = None,
) -> Chart:  # fmt: skip
    """The XmR chart of a series: limits per group, and the cause of each point.

    `rebase`: places of values at which a new group begins; `fix_after`: limits of the first so many values of a group;
    `last`: dots of the last so many values of a group alone.
    Raises what `charted` raises, and ValueError for limits fixed after fewer than 12.
    """
    if fix_after is not None and fix_after < FEWEST_FIXED:
        raise ValueError(f"Limits can be fixed after {FEWEST_FIXED} values or more.")

    def own(start: int, end: int) -> tuple[list[Limits], Note | None]:
        limits, note = limits_of(values[start:end][:fix_after], screen=screen, repairs=repairs)
        return [limits] * min(end - start, last or end - start), note

    return charted(values, own, improvement=improvement, rebase=rebase, rules=rules)


def charted(
    values: Sequence[Decimal | None], limits: Callable[[int, int], tuple[Sequence[Limits], Note | None]], *,
    improvement: Improvement, rebase: Collection[int] = (), rules: Rules = Rules.MDC_2023,
) -> Chart:  # fmt: skip
    """The chart of a series whose limits come from elsewhere: `limits` gives those of the places from one to before
    another, which are a group, or of the last of them alone: then no more dots are made. Raises ValueError for no
    values and for a rebase at no place of the series."""
    if not values:
        raise ValueError("A chart needs at least one period.")
    if any(not 0 < place < len(values) for place in rebase):
        raise ValueError("Limits can begin anew only at a period of the series, and not at its first.")
    dots: list[Dot] = []
    counts, notes = [], []
    for group, (start, end) in enumerate(pairwise([0, *sorted(set(rebase)), len(values)])):
        own, note = limits(start, end)
        counts.append(sum(value is not None for value in values[start:end]))
        notes.append(note)
        found = [Dot(value, group, limit) for value, limit in zip(values[end - len(own) : end], own, strict=True)]
        dots += _with_causes(found, rules, improvement)
    return Chart(tuple(dots), tuple(counts), tuple(notes), rules)


def limits_of(
    values: Sequence[Decimal | None], *, screen: bool = True, repairs: bool = True
) -> tuple[Limits, Note | None]:
    """The limits of one group, and what was done otherwise for them.

    With `repairs` a series that never moves has no limits, and where screening leaves less than half of the ranges, or
    ranges of 0 only, none is left out.
    """
    held = [value for value in values if value is not None]
    if not held:
        return Limits(None), None
    with localcontext(WIDE):
        mean = sum(held, Decimal(0)) / len(held)
        ranges = [abs(b - a) for a, b in pairwise(values) if a is not None and b is not None]
        average, note = _average(ranges, screen=screen, repairs=repairs)
        if average is None:
            return Limits(mean), note
        far, near = _THREE_SIGMA * average, 2 * _THREE_SIGMA / 3 * average
        return Limits(mean, mean - far, mean + far, mean - near, mean + near), note


def _average(ranges: Sequence[Decimal], *, screen: bool, repairs: bool) -> tuple[Decimal | None, Note | None]:
    """The average moving range; None where limits cannot be had."""
    if not ranges:
        return None, None
    average = sum(ranges, Decimal(0)) / len(ranges)
    if repairs and average == 0:
        return None, Note.NO_VARIATION
    if not screen:
        return average, None
    kept = [one for one in ranges if one < _SCREENED * average]
    if repairs and (2 * len(kept) < len(ranges) or not any(kept)):
        return average, Note.NOT_SCREENED
    return (sum(kept, Decimal(0)) / len(kept) if kept else None), None


def assurance(chart: Chart, improvement: Improvement, target: Decimal | None) -> Assurance | None:
    """Whether the latest limits lie wholly on one side of the target; None without target or better way.

    Where a series never moved, whether its latest group met the target throughout or never did.
    """
    if target is None or improvement is Improvement.NEUTRAL:
        return None
    limits = chart.dots[-1].limits
    low, high = limits.lower, limits.upper
    if chart.notes[-1] is Note.NO_VARIATION:
        value = chart.latest.value
        assert value is not None  # noqa: S101
        is_met = value >= target if improvement is Improvement.INCREASE else value <= target
        return Assurance.PASS if is_met else Assurance.FAIL
    if low is None or high is None or low <= target <= high:
        return Assurance.INCONSISTENT
    return Assurance.PASS if (target < low) == (improvement is Improvement.INCREASE) else Assurance.FAIL


# Which points chance alone would hardly give


def _with_causes(dots: list[Dot], rules: Rules, improvement: Improvement) -> list[Dot]:
    """The dots of one group with the cause of each, by the first test that it meets."""
    sides = [dot.side for dot in dots]
    tests = (_outside(dots, sides), _trends(dots), _two_of_three(dots, sides, rules), _runs(sides))
    causes = [next((found[place] for found in tests if place in found), Cause.COMMON) for place in range(len(dots))]
    return [
        Dot(dot.value, dot.group, dot.limits, cause, meaning(cause, improvement))
        for dot, cause in zip(dots, causes, strict=True)
    ]


def _outside(dots: Sequence[Dot], sides: Sequence[int | None]) -> dict[int, Cause]:
    return {
        place: Cause.ABOVE_LIMIT if side == 1 else Cause.BELOW_LIMIT
        for place, (dot, side) in enumerate(zip(dots, sides, strict=True))
        if dot.is_outside
    }


def _stretches(signs: Sequence[int | None], fewest: int) -> Iterator[tuple[int, int, int]]:
    """Every stretch of so many neighbours or more with the same sign, 0 and None left out: its first place, the place
    after its last, and the sign."""
    start = 0
    for place in range(1, len(signs) + 1):
        if place == len(signs) or signs[place] != signs[start]:
            sign = signs[start]
            if sign and place - start >= fewest:
                yield start, place, sign
            start = place


def _trends(dots: Sequence[Dot]) -> dict[int, Cause]:
    """Seven in a row that only rise or only fall; a point of two such runs belongs to the later one."""
    steps = [None if a.value is None or b.value is None else _sign(b.value - a.value) for a, b in pairwise(dots)]
    found: dict[int, Cause] = {}
    for start, end, sign in _stretches(steps, RUN - 1) if steps else ():
        found |= dict.fromkeys(range(start, end + 1), Cause.RISING if sign == 1 else Cause.FALLING)
    return found


def _two_of_three(dots: Sequence[Dot], sides: Sequence[int | None], rules: Rules) -> dict[int, Cause]:
    """Of three neighbours on one side of the mean two beyond a near limit; those two alone are marked."""
    found: dict[int, Cause] = {}
    close = [_is_near(dot, rules) for dot in dots]
    for start in range(len(dots) - 2):
        places = range(start, start + 3)
        near = [place for place in places if close[place]]
        if len(near) > 1 and sides[start] and len({sides[place] for place in places}) == 1:
            found |= dict.fromkeys(near, Cause.TWO_ABOVE if sides[start] == 1 else Cause.TWO_BELOW)
    return found


def _is_near(dot: Dot, rules: Rules) -> bool:
    """Beyond a near limit; by the older rule not beyond the process limit as well."""
    low, high = dot.limits.near_lower, dot.limits.near_upper
    if dot.value is None or low is None or high is None or low <= dot.value <= high:
        return False
    return rules is Rules.MDC_2023 or not dot.is_outside


def _runs(sides: Sequence[int | None]) -> dict[int, Cause]:
    """Seven in a row on one side of the mean."""
    found: dict[int, Cause] = {}
    for start, end, side in _stretches(sides, RUN):
        found |= dict.fromkeys(range(start, end), Cause.RUN_ABOVE if side == 1 else Cause.RUN_BELOW)
    return found


_UP = frozenset({Cause.ABOVE_LIMIT, Cause.RISING, Cause.TWO_ABOVE, Cause.RUN_ABOVE})


def meaning(cause: Cause, improvement: Improvement) -> Variation:
    """What a cause means where that way is better."""
    if cause is Cause.COMMON:
        return Variation.COMMON
    if improvement is Improvement.NEUTRAL:
        return Variation.NEUTRAL_HIGH if cause in _UP else Variation.NEUTRAL_LOW
    is_better = (cause in _UP) == (improvement is Improvement.INCREASE)
    return Variation.IMPROVEMENT if is_better else Variation.CONCERN


def _sign(number: Decimal) -> int:
    return (number > 0) - (number < 0)
