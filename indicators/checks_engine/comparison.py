"""What the parts of a printed number give, and how the print stands to it. Worked exactly, with fractions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from indicators.checks_engine.prints import (
    HALF,
    CannotBeChecked,
    Span,
    coefficients,
    cut_off,
    half_up,
    is_linear,
    number_of,
    range_of,
    side_value,
    span_of,
    tolerance,
)
from indicators.report_statements import Check, Side, Statement

WHOLE = Fraction(100)

ByCode = Mapping[str, Statement]


class Outcome(StrEnum):
    """How a statement stands; the words of the golden file and of the pages."""

    AGREES = "agrees"
    WITHIN_ROUNDING = "agrees within rounding"
    TRUNCATED = "truncated"
    CONTRADICTS = "contradicts"
    CANNOT_BE_CHECKED = "cannot be checked"


@dataclass(frozen=True)
class Worked:
    """What the parts give: as printed, and every value that their rounding leaves possible."""

    as_printed: Fraction
    span: Span


def compare(statement: Statement, worked: Worked) -> Outcome:
    """How the printed number stands to what its parts give.

    It agrees when they give it exactly, or when they are exact and round to it, a half going up; within rounding when
    some value that their own rounding leaves possible does. It is truncated only when none does and cutting off would.
    """
    number, value, span = number_of(statement), worked.as_printed, worked.span
    if statement.qualifier == "~":
        near = tolerance(statement)
        return _either(abs(value - number) <= near, span.meets(Span(number - near, number + near)))
    if statement.qualifier == "<":
        return _either(value < number, span.low < number)
    if statement.qualifier == ">":
        return _either(value > number, span.high > number)
    if value == number:
        return Outcome.AGREES
    if not statement.quantum:
        return _either(False, not span.is_exact and span.low <= number <= span.high)
    unit = Fraction(statement.quantum)
    if span.is_exact:
        if half_up(value, unit) == number:
            return Outcome.AGREES
        return Outcome.TRUNCATED if cut_off(value, unit) == number else Outcome.CONTRADICTS
    if span.meets(Span(number - unit * HALF, number + unit * HALF)):
        return Outcome.WITHIN_ROUNDING
    return Outcome.TRUNCATED if _could_be_cut_to(number, unit, span) else Outcome.CONTRADICTS


def _either(agrees: bool, could: bool) -> Outcome:
    if agrees:
        return Outcome.AGREES
    return Outcome.WITHIN_ROUNDING if could else Outcome.CONTRADICTS


def _could_be_cut_to(number: Fraction, unit: Fraction, span: Span) -> bool:
    """Whether a possible value gives the number when everything below the unit is left out."""
    above = number >= 0 and span.high >= number and span.low < number + unit
    below = number <= 0 and span.low <= number and span.high > number - unit
    return above or below


def work_out(statement: Statement, by_code: ByCode) -> Worked:
    """What the parts of a share, ratio, product, change, difference, sum, stock or repeated number give.

    Raises CannotBeChecked where a part has no number or a divisor may be 0.
    """
    parts = {code: part_of(code, by_code) for code in statement.part_codes}
    spans = {code: span_of(part) for code, part in parts.items()}
    printed = {code: number_of(part) for code, part in parts.items()}
    sides = statement.sides
    if statement.check is Check.DIFFERENCE:
        sides = (difference_side(sides),)
    if statement.check not in _QUOTIENTS:
        if is_linear(sides):
            of, added = coefficients(sides[0])
            span = Span(added, added)
            for code, factor in of.items():
                span += spans[code].times(factor)
        else:
            span = range_of(lambda values: side_value(sides[0], values), spans)
        value = side_value(sides[0], printed)
        return Worked(value, span)
    divisor = sides[0] if statement.check is Check.CHANGE else sides[1]
    if range_of(lambda values: side_value(divisor, values), spans).meets(Span(Fraction(0), Fraction(0))):
        raise CannotBeChecked("The number to divide by may be 0.")
    formula = _QUOTIENTS[statement.check]
    value = formula(sides, printed)
    return Worked(value, range_of(lambda values: formula(sides, values), spans))


def part_of(code: str, by_code: ByCode) -> Statement:
    """The statement that a part names. Raises CannotBeChecked where there is none."""
    if code not in by_code:
        raise CannotBeChecked(f"There is no statement {code}.")
    return by_code[code]


Formula = Callable[[tuple[Side, ...], Mapping[str, Fraction]], Fraction]


def _quotient(sides: tuple[Side, ...], values: Mapping[str, Fraction]) -> Fraction:
    return side_value(sides[0], values) / side_value(sides[1], values)


_QUOTIENTS: dict[Check, Formula] = {
    Check.SHARE: lambda sides, values: WHOLE * _quotient(sides, values),
    Check.RATIO: _quotient,
    Check.CHANGE: lambda sides, values: WHOLE * (_quotient((sides[1], sides[0]), values) - 1),
}


def difference_side(sides: tuple[Side, ...]) -> Side:
    """B − A as one sum, from the sides of `A -> B`."""
    taken = tuple(type(term)(-term.sign, term.factors) for term in sides[0])
    return sides[1] + taken
