"""Verdicts on printed numbers in sentences: the parts as printed, what they give, and what is printed."""

import re
from decimal import Decimal
from fractions import Fraction

from indicators.checks_engine.comparison import ByCode, Outcome, Worked
from indicators.checks_engine.prints import half_up, number_of
from indicators.report_statements import Check, PrintedUnit, Side, Statement
from indicators.units import WIDE, round_half_up

MOST_DECIMALS_SHOWN = 6


def as_decimal(value: Fraction) -> Decimal:
    """The fraction with 60 digits."""
    return WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))


def amount(value: Fraction, statement: Statement) -> str:
    """A value in the words of a statement's unit, one decimal finer than its print, never rounded across it."""
    unit = Fraction(statement.quantum) if statement.quantum else Fraction(1)
    decimals = next(n for n in range(MOST_DECIMALS_SHOWN + 1) if unit * 10**n >= 1 or n == MOST_DECIMALS_SHOWN)
    exact = as_decimal(value)
    for places in range(decimals + (statement.unit is not PrintedUnit.POUNDS), MOST_DECIMALS_SHOWN + 1):
        shown = round_half_up(exact, places)
        if half_up(Fraction(shown), unit) == half_up(value, unit):
            break
    text = f"{abs(shown):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    sign = "−" if shown < 0 else ""
    if statement.unit is PrintedUnit.POUNDS:
        return f"{sign}£{text}"
    return f"{sign}{text}{_UNIT_WORDS.get(statement.unit, '')}"


_UNIT_WORDS = {
    PrintedUnit.PERCENT: "%",
    PrintedUnit.POINTS: " points",
    PrintedUnit.DAYS: " days",
    PrintedUnit.WEEKS: " weeks",
    PrintedUnit.MONTHS: " months",
    PrintedUnit.YEARS: " years",
}


def printed_words(statement: Statement) -> str:
    """The number as printed; worked out from the row where it is not printed by itself."""
    if statement.printed or statement.number is None:
        return statement.printed or statement.code
    return amount(Fraction(statement.number), statement)


def part_words(statement: Statement) -> str:
    """A part as printed; an amount of a table in thousands with its pounds, so that amounts compare."""
    bare = statement.unit is PrintedUnit.POUNDS and not re.search("[£a-z]", statement.printed)
    if bare and statement.number is not None:
        return amount(Fraction(statement.number), statement)
    return printed_words(statement)


def side_words(side: Side, by_code: ByCode) -> str:
    """One side of the parts with its numbers, as in "42,673 + (−5,415)"."""
    words: list[str] = []
    terms = [term for term in side if any(f.code or f.constant for f in term.factors)]
    for place, term in enumerate(terms):
        factors = [part_words(by_code[f.code]) if f.code else f"{f.constant:f}" for f in term.factors]
        signed = bool(place) or term.sign < 0
        if signed:
            words.append("+" if term.sign > 0 else "−")
        words.append(" × ".join(f"({f})" if signed and f.startswith(("-", "−")) else f for f in factors))
    return " ".join(words)


def phrase_of(statement: Statement, value: Fraction, by_code: ByCode) -> str:
    """What the parts give, as the first half of a sentence."""
    sides = [side_words(side, by_code) for side in statement.sides]
    shown = amount(value, statement)
    if statement.check is Check.SHARE:
        return f"{sides[0]} of {sides[1]} is {shown}"
    if statement.check is Check.RATIO:
        return f"{sides[0]} divided by {sides[1]} is {shown}"
    if statement.check is Check.CHANGE:
        way = "an increase of" if value >= 0 else "a decrease of"
        return f"From {sides[0]} to {sides[1]} is {way} {amount(abs(value), statement)}"
    if statement.check is Check.DIFFERENCE:
        return f"From {sides[0]} to {sides[1]} is {shown}"
    if statement.check is Check.STOCK:
        return f"{sides[0]} leaves {shown} at the end"
    if statement.check is Check.SAME:
        return f"The other place has {sides[0]}"
    return f"{sides[0]} is {shown}"


def sentence_of(outcome: Outcome, statement: Statement, worked: Worked, phrase: str) -> str:
    """The verdict in one sentence, from what the parts give (`phrase`)."""
    printed = printed_words(statement)
    if outcome is Outcome.AGREES:
        if statement.qualifier:
            return f"{phrase}, which is {_QUALIFIER_WORDS[statement.qualifier]} the printed {printed}."
        return f"{phrase}; {printed} is printed."
    if outcome is Outcome.WITHIN_ROUNDING:
        unit = Fraction(statement.quantum) if statement.quantum else None
        if unit and half_up(worked.as_printed, unit) == number_of(statement):
            too = "" if statement.check is Check.SAME else "; what it is worked out from is rounded too"
            return f"{phrase}, which rounds to the printed {printed}{too}."
        return f"{phrase} from the figures as printed; their rounding leaves room for the printed {printed}."
    if outcome is Outcome.TRUNCATED:
        rounded = amount(half_up(worked.as_printed, Fraction(statement.quantum or 1)), statement)
        return f"{phrase}. That is {rounded} when rounded; the printed {printed} is cut off."
    return f"{phrase}, but {printed} is printed."


_QUALIFIER_WORDS = {"<": "less than", ">": "more than", "~": "near"}
