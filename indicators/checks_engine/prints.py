"""What a printed number can stand for: every value that its print leaves possible, worked with exactly.

A number printed to a unit stands for all values within half of that unit; an exact one for itself. "About" reaches one
unit of print or 5% of the number to either side, whichever is more. Nothing here is rounded: values are fractions.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import floor

from indicators.report_statements import PrintedUnit, Side, Statement

HALF = Fraction(1, 2)
# A number called "about" may be off by this share of itself.
APPROXIMATE = Fraction(5, 100)
# With more rounded parts than this the corners of the box are too many to try.
MOST_ROUNDED_PARTS = 12


class CannotBeChecked(ValueError):
    """The parts do not say enough to work the number out; the message says what is missing."""


@dataclass(frozen=True)
class Span:
    """All values from `low` to `high`, both included; in the unit of the number."""

    low: Fraction
    high: Fraction

    @property
    def is_exact(self) -> bool:
        """Whether only one value is possible."""
        return self.low == self.high

    def meets(self, other: "Span") -> bool:
        """Whether the two have a value in common."""
        return self.low <= other.high and other.low <= self.high

    def __add__(self, other: "Span") -> "Span":
        return Span(self.low + other.low, self.high + other.high)

    def times(self, factor: Fraction) -> "Span":
        """Every value multiplied by the factor."""
        ends = self.low * factor, self.high * factor
        return Span(min(ends), max(ends))


def number_of(statement: Statement) -> Fraction:
    """The number as printed. Raises CannotBeChecked where none is."""
    if statement.number is None:
        raise CannotBeChecked(f"No number is printed for {statement.code}.")
    return Fraction(statement.number)


def reach(statement: Statement) -> Fraction:
    """How far the value may lie from the number: half a unit of print, or more where it is called approximate."""
    quantum = Fraction(statement.quantum) if statement.quantum else Fraction(0)
    return tolerance(statement) if statement.qualifier == "~" else quantum * HALF


def tolerance(statement: Statement) -> Fraction:
    """How far off a number called approximate may be: one unit of print or 5% of it, whichever is more."""
    return max(unit_of_print(statement), abs(number_of(statement)) * APPROXIMATE)


def unit_of_print(statement: Statement) -> Fraction:
    """One in the last printed digit; of an exact number that is one in its own last digit."""
    if statement.quantum:
        return Fraction(statement.quantum)
    exponent = statement.number.as_tuple().exponent if statement.number is not None else 0
    return Fraction(Decimal(1).scaleb(min(int(exponent), 0)))


def span_of(statement: Statement) -> Span:
    """The values that a number used as a part can stand for. Raises CannotBeChecked where there is no end to them."""
    number = number_of(statement)
    if statement.qualifier == ">":
        raise CannotBeChecked(f"{statement.code} is printed as more than {statement.printed}, which has no upper end.")
    if statement.qualifier == "<":
        if number < 0 or statement.unit is PrintedUnit.POUNDS:
            raise CannotBeChecked(f"{statement.code} is printed as less than {statement.printed}, without a lower end.")
        return Span(Fraction(0), number)
    return Span(number - reach(statement), number + reach(statement))


def half_up(value: Fraction, unit: Fraction) -> Fraction:
    """The value rounded to the unit, a half going away from zero: 12.5 to 13, −12.5 to −13."""
    rounded = floor(abs(value) / unit + HALF) * unit
    return rounded if value >= 0 else -rounded


def cut_off(value: Fraction, unit: Fraction) -> Fraction:
    """The value with everything below the unit left out: 12.9 to 12, −12.9 to −12."""
    cut = floor(abs(value) / unit) * unit
    return cut if value >= 0 else -cut


def side_value(side: Side, values: Mapping[str, Fraction]) -> Fraction:
    """The sum of the terms of one side, with the values of its codes."""
    total = Fraction(0)
    for term in side:
        amount = Fraction(term.sign)
        for factor in term.factors:
            amount *= values[factor.code] if factor.code else Fraction(factor.constant or 0)
        total += amount
    return total


def is_linear(sides: Sequence[Side]) -> bool:
    """Whether the parts are a plain sum: one side, no term with two codes in it."""
    return len(sides) == 1 and all(sum(1 for f in term.factors if f.code) <= 1 for term in sides[0])


def coefficients(side: Side) -> tuple[dict[str, Fraction], Fraction]:
    """A plain sum as what each code is multiplied by, and what is added."""
    of: dict[str, Fraction] = {}
    added = Fraction(0)
    for term in side:
        code = next((f.code for f in term.factors if f.code), "")
        amount = Fraction(term.sign)
        for factor in term.factors:
            if not factor.code:
                amount *= Fraction(factor.constant or 0)
        if code:
            of[code] = of.get(code, Fraction(0)) + amount
        else:
            added += amount
    return of, added


def range_of(formula: Callable[[Mapping[str, Fraction]], Fraction], spans: Mapping[str, Span]) -> Span:
    """The least and the greatest value of a formula that rises or falls steadily in each of its parts.

    Sums, products and quotients of different parts do, so their ends lie on the corners. The caller sees to it that no
    divisor can be 0. Raises CannotBeChecked where the corners are too many.
    """
    rounded = [code for code, span in spans.items() if not span.is_exact]
    if len(rounded) > MOST_ROUNDED_PARTS:
        raise CannotBeChecked(f"More than {MOST_ROUNDED_PARTS} rounded parts go into this number.")
    values = {code: span.low for code, span in spans.items()}
    found = []
    for corner in product(*((spans[code].low, spans[code].high) for code in rounded)):
        found.append(formula(values | dict(zip(rounded, corner, strict=True))))
    return Span(min(found), max(found))
