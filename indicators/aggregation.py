"""Totals over periods or parts, as the definition lays down.

Shares and rates are never added and never averaged: their numerators and denominators are summed, and the value is
worked out from the sums. A total of which something is missing says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from indicators.direction_of_travel import Point
from indicators.units import Unit, is_ratio, ratio, total_of


class Aggregation(StrEnum):
    """How the figures of an indicator make a total."""

    SUM = "sum"
    LATEST = "latest"
    POOLED_RATIO = "pooled_ratio"
    NONE = "none"


@dataclass(frozen=True)
class Total:
    """A total in the indicator's unit, with the sums behind it.

    `missing` counts the expected figures that could not be used; `complete` says whether the total stands for all of
    it. An incomplete sum or ratio is the value of what is there, and must be shown as such.
    """

    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    complete: bool
    missing: int


def total(points: Sequence[Point], aggregation: Aggregation, unit: Unit, expected: int) -> Total:
    """The total of the points, of which `expected` should be there.

    Of a printed limit (<5) only the latest can be the total, and then there is no number. Shares and rates have no
    sum, and a ratio cannot be pooled from a value without its counts. An empty cohort (0 of 0) is a figure: a sum
    counts it as 0, a ratio leaves it out, and as the latest it is a total without a value.
    """
    if aggregation is Aggregation.SUM:
        return _sum(points, unit, expected)
    if aggregation is Aggregation.LATEST:
        return _latest(points, expected)
    if aggregation is Aggregation.POOLED_RATIO:
        return _pooled(points, unit, expected)
    return Total(None, None, None, complete=False, missing=_missing(len(_with_number(points)), expected))


def is_empty_cohort(point: Point) -> bool:
    """Whether there was nobody to count: 0 of 0, which has no value and is not missing."""
    return point.value is None and point.numerator == 0 and point.denominator == 0


def _with_number(points: Sequence[Point]) -> list[Point]:
    """The points with a number that can be added: no symbol, no limit, nothing that is not a number."""
    return [p for p in points if p.value is not None and p.value.is_finite() and p.qualifier not in ("<", ">")]


def _missing(used: int, expected: int) -> int:
    return max(0, expected - used)


def _sum(points: Sequence[Point], unit: Unit, expected: int) -> Total:
    used = [*_with_number(points), *filter(is_empty_cohort, points)]
    missing = _missing(len(used), expected)
    if is_ratio(unit) or not used:
        return Total(None, None, None, complete=False, missing=missing)
    value = total_of(p.value for p in used if p.value is not None)
    numerators = [Decimal(p.numerator) for p in used if p.numerator is not None]
    denominators = [Decimal(p.denominator) for p in used if p.denominator is not None]
    return Total(
        value,
        total_of(numerators) if len(numerators) == len(used) else None,
        total_of(denominators) if len(denominators) == len(used) else None,
        complete=missing == 0,
        missing=missing,
    )


def _latest(points: Sequence[Point], expected: int) -> Total:
    """The last figure there is; complete when no later one is still to come."""
    empty = [p for p in points if is_empty_cohort(p)]
    missing = _missing(len(_with_number(points)) + len(empty), expected)
    held = sorted([*empty, *(p for p in points if p.value is not None and p.value.is_finite())], key=lambda p: p.end_on)
    if not held or held[-1].qualifier in ("<", ">"):
        return Total(None, None, None, complete=False, missing=missing)
    last = held[-1]
    complete = len(points) >= expected and last.end_on == max(p.end_on for p in points)
    return Total(
        last.value,
        None if last.numerator is None else Decimal(last.numerator),
        None if last.denominator is None else Decimal(last.denominator),
        complete=complete,
        missing=missing,
    )


def _pooled(points: Sequence[Point], unit: Unit, expected: int) -> Total:
    """From the sums of the counts; an empty cohort adds nothing."""
    pairs = [pair for pair in map(_counts, points) if pair is not None]
    missing = _missing(len(pairs), expected)
    if not pairs:
        return Total(None, None, None, complete=False, missing=missing)
    numerator, denominator = total_of(n for n, _ in pairs), total_of(d for _, d in pairs)
    value = ratio(numerator, denominator, unit) if denominator else None
    return Total(value, numerator, denominator, complete=missing == 0, missing=missing)


def _counts(point: Point) -> tuple[Decimal, Decimal] | None:
    if point.numerator is None or point.denominator is None:
        return None
    pair = Decimal(point.numerator), Decimal(point.denominator)
    return pair if all(number.is_finite() for number in pair) else None
