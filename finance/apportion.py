"""An amount in parts that add up to it, to the penny or the whole child: the largest remainder.

Every part is first rounded down to the unit; the units that are then missing go, one each, to the parts that lost most,
and among equals to the earlier one. So no part is a whole unit away from its exact value, and nothing is lost.
"""

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from indicators.units import WIDE

PENNY = Decimal("0.01")
Number = Decimal | Fraction | int
Name = TypeVar("Name", bound=Hashable)


class ApportionError(ValueError):
    """An amount that cannot be split as asked; the message is a sentence."""


def as_decimal(value: Fraction, unit: Decimal) -> Decimal:
    """The value at the unit, a half going away from zero: the exponent of the unit is kept (260714.29)."""
    steps = abs(value) / Fraction(unit) + Fraction(1, 2)
    size = WIDE.multiply(Decimal(steps.numerator // steps.denominator), unit)
    return size.copy_negate() if value < 0 and size else size


def round_together(exact: Sequence[Number], total: Decimal, unit: Decimal = PENNY) -> tuple[Decimal, ...]:
    """The exact numbers at the unit, so that they add up to `total`, which is their sum rounded to the unit.

    Raises ApportionError when there is nothing to round, or when the total is not in whole units.
    """
    if not exact:
        raise ApportionError("There is no part to give an amount to.")
    step = Fraction(unit)
    goal = Fraction(total) / step
    if goal.denominator != 1:
        raise ApportionError(f"{total} is not in whole units of {unit}.")
    steps = [Fraction(number) / step for number in exact]
    whole = [number.numerator // number.denominator for number in steps]
    for_each, more = divmod(goal.numerator - sum(whole), len(whole))
    first = sorted(range(len(whole)), key=lambda place: (whole[place] - steps[place], place))[:more]
    given = [number + for_each + (place in first) for place, number in enumerate(whole)]
    return tuple(WIDE.multiply(Decimal(number), unit) for number in given)


def apportion(total: Decimal, weights: Sequence[Number], unit: Decimal = PENNY) -> tuple[Decimal, ...]:
    """`total` in proportion to the weights, in whole units that add up to it; what is owed is split as what is had.

    Raises ApportionError for no weights, weights below 0 or all 0, and a total that is not in whole units.
    """
    shares = [Fraction(weight) for weight in weights]
    if any(share < 0 for share in shares):
        raise ApportionError("A weight below 0 gives no share.")
    whole = sum(shares, Fraction(0))
    if not whole:
        raise ApportionError("There is nothing to split by: every weight is 0.")
    size = abs(Fraction(total))
    parts = round_together([size * share / whole for share in shares], total.copy_abs(), unit)
    return tuple(part.copy_negate() if total < 0 and part else part for part in parts)


def apportion_among(total: Decimal, weights: Mapping[Name, Number], unit: Decimal = PENNY) -> dict[Name, Decimal]:
    """As `apportion`, by name: an amount over reasons, funds or rungs."""
    return dict(zip(weights, apportion(total, tuple(weights.values()), unit), strict=True))


def evenly(total: Decimal, parts: int, unit: Decimal = PENNY) -> tuple[Decimal, ...]:
    """`total` in so many parts that differ by at most one unit, the larger ones first."""
    return apportion(total, [1] * parts, unit)
