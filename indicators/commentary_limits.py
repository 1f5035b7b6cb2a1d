"""From which size on a figure asks for commentary, whether or not it has a target."""

from decimal import Decimal

from indicators.measurement import Measured
from indicators.units import Unit, written


def limit_passed(measured: Measured | None, unit: Unit, commentary_from: Decimal | None) -> str:
    """In words the size from which a figure asks for commentary, where it is that large, above or below 0; else
    nothing. One of exactly that size asks."""
    number = measured.number(unit) if measured else None
    if number is None or commentary_from is None or number.copy_abs() < commentary_from:
        return ""
    return written(commentary_from, unit)


def large_words(limit: str) -> str:
    """What is said of a figure of that size that nobody has explained."""
    return f"It is {limit} or more, above or below 0: say why, and what is being done."
