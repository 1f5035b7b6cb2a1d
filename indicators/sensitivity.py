"""How few whole cases, days or pounds more or fewer would have given a figure another rating.

A rating changes only at the ends of its ranges, so the first step that changes it is the one that reaches an end or the
one that passes it; both are tried, in both directions, and nothing else need be.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from indicators.rag import Number, Rating, Standard, judge
from indicators.units import WIDE, Unit, factor, is_ratio, is_share, ratio

_BEST_FIRST = (Rating.BETTER, Rating.WITHIN, Rating.OUTSIDE, Rating.NOT_JUDGED)


@dataclass(frozen=True)
class Step:
    """So many more (or fewer) would have given this rating; one less would not."""

    number: int
    is_more: bool
    rating: Rating


def steps_in_cases(numerator: int, denominator: int, standard: Standard, unit: Unit) -> tuple[Step, ...]:
    """The nearest change of rating in each direction, by cases in the numerator of a share or rate; best first.

    The denominator stays; a share has no more cases than it, and nothing fewer than none. Raises ValueError for a unit
    without cases, a denominator of 0 or less, or a numerator below 0.
    """
    if not is_ratio(unit) or denominator <= 0 or numerator < 0:
        raise ValueError("Only cases out of a cohort or a population are counted.")

    def rated(cases: Decimal) -> Rating:
        return judge(Number(ratio(cases, denominator, unit)), standard).rating

    per_unit = WIDE.divide(Decimal(denominator), Decimal(factor(unit)))
    ends = [WIDE.multiply(end, per_unit) for end in _ends(standard)]
    highest = Decimal(denominator) if is_share(unit) else None
    return _steps(Decimal(numerator), rated, ends, lowest=Decimal(0), highest=highest)


def steps_in_units(value: Decimal, standard: Standard, unit: Unit) -> tuple[Step, ...]:
    """The same by whole units of the value itself: days, cases or pounds. Only money falls below 0."""

    def rated(moved: Decimal) -> Rating:
        return judge(Number(moved), standard).rating

    lowest = None if unit is Unit.POUNDS else Decimal(0)
    return _steps(value, rated, _ends(standard), lowest=lowest, highest=None)


def _ends(standard: Standard) -> list[Decimal]:
    """The ends of the ranges of better and of within."""
    return [end for end in (*standard.better_range, *standard.allowed_range) if end is not None]


def _steps(
    value: Decimal,
    rated: Callable[[Decimal], Rating],
    ends: Iterable[Decimal],
    *,
    lowest: Decimal | None,
    highest: Decimal | None,
) -> tuple[Step, ...]:
    now, marks = rated(value), list(ends)
    found = []
    for is_more in (True, False):
        sign = Decimal(1 if is_more else -1)
        distances = [WIDE.multiply(WIDE.subtract(mark, value), sign) for mark in marks]
        tried = {
            int(number)
            for distance in distances
            for number in (
                distance.to_integral_value(ROUND_CEILING, WIDE),
                distance.to_integral_value(ROUND_FLOOR, WIDE) + 1,
            )
            if number >= 1
        }
        for number in sorted(tried):
            moved = WIDE.add(value, sign * number)
            if (lowest is not None and moved < lowest) or (highest is not None and moved > highest):
                break
            if rated(moved) is not now:
                found.append(Step(number, is_more, rated(moved)))
                break
    return tuple(sorted(found, key=lambda step: _BEST_FIRST.index(step.rating)))
