"""The cells of a published file: numbers, and the symbols that stand where there is none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.typed_text import quoted
from indicators.units import EmptyCohort, Unit, ratio, round_half_up, total_of

# What the Department writes in place of a number, and in older files. Where a sum has several, the first counts.
SYMBOL_WORDS = {
    "c": "confidential: suppressed",
    "x": "not available",
    "u": "low reliability",
    "z": "not applicable",
    "low": "rounds to 0, but is not 0",
    "k": "rounds to 0, but is not 0",
}
_OLDER = {":": "x", "~": "low"}
STORED_PLACES = 4
MOST = Decimal(10) ** 10
_CELL = re.compile(r"(?P<number>-?[0-9]{1,9}(?:\.[0-9]{1,12})?)? ?(?P<symbol>[a-z]{1,3}|[:~])?")


class NoNumber(ValueError):
    """The cell is neither a number nor a symbol; the message is a sentence."""


@dataclass(frozen=True)
class Cell:
    """A number, a symbol in its place, or a number of low reliability with its symbol "u"."""

    value: Decimal | None
    symbol: str = ""


def read_cell(text: str) -> Cell:
    """What a numeric cell says. The older symbols ":" and "~" are read as "x" and "low", which replaced them.

    Raises NoNumber for an empty cell, a text, a number below 0 or one of more than 9 digits.
    """
    plain = text.strip()
    match = _CELL.fullmatch(plain.casefold())
    if not plain:
        raise NoNumber("the cell is empty: a number or one of the symbols c, z, x, k, low and u is expected.")
    symbol = _OLDER.get(match["symbol"], match["symbol"]) if match and match["symbol"] else ""
    if match is None or (symbol and symbol not in SYMBOL_WORDS):
        raise NoNumber(f"{quoted(text)} is neither a number nor one of the symbols c, z, x, k, low and u.")
    if match["number"] is None:
        return Cell(None, symbol)
    if symbol not in ("", "u"):
        raise NoNumber(f"{quoted(text)} has a number and the symbol “{symbol}”; only u may stand with a number.")
    value = Decimal(match["number"])
    if value < 0:
        raise NoNumber(f"{quoted(text)} is below 0.")
    return Cell(round_half_up(value, STORED_PLACES).normalize() + 0, symbol)


def sum_of(cells: Sequence[Cell]) -> Cell:
    """The sum; a symbol where any part has no number."""
    symbols = {cell.symbol for cell in cells if cell.symbol and cell.value is None}
    if symbols:
        return Cell(None, next(symbol for symbol in SYMBOL_WORDS if symbol in symbols))
    return Cell(total_of(c.value for c in cells if c.value is not None), "u" if any(c.symbol for c in cells) else "")


def share_of(numerator: Cell, denominator: Cell, unit: Unit) -> Cell:
    """The value that two parts give, at four places; a symbol where one has no number, "z" where it is 0 of 0."""
    if numerator.value is None or denominator.value is None:
        missing = [cell for cell in (numerator, denominator) if cell.value is None]
        return sum_of(missing)
    try:
        value = round_half_up(ratio(numerator.value, denominator.value, unit), STORED_PLACES)
    except EmptyCohort:
        return Cell(None, "z")
    return Cell(value, "u" if numerator.symbol or denominator.symbol else "")


def may_be(value: Decimal, places: int, numerator: Decimal, denominator: Decimal, unit: Unit, rounded: Decimal) -> bool:
    """Whether a printed value can come from its parts, which are rounded to `rounded` (0: not at all)."""
    half = rounded / 2
    low, high = max(numerator - half, Decimal(0)), numerator + half
    small, large = max(denominator - half, Decimal(0)), denominator + half
    room = Decimal(1).scaleb(-places) / 2
    if large == 0:
        return True
    return ratio(low, large, unit) - room <= value and (small == 0 or value <= ratio(high, small, unit) + room)
