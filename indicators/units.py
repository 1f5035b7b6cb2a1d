"""Units of measurement: how a number is worked out, rounded, written and read.

Every number is a Decimal. Rounding happens only when a number is written, never before it is compared.
"""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum

from indicators.typed_text import OTHER_DIGITS, has_other_digits, quoted

# Wide enough that no sum, product or quantised quotient of stored numbers (15 digits) loses a digit.
WIDE = Context(prec=60, rounding=ROUND_HALF_UP)

_MINUS = "−"


class EmptyCohort(ValueError):
    """A share or an average of nobody: 0 of 0 is no number."""


class NumberTextError(ValueError):
    """A text that is not a number; the message is one sentence that says what to type instead."""


class Unit(StrEnum):
    """What a value counts; shares are percentages from 0 to 100, never proportions."""

    PERCENT = "percent"
    COUNT = "count"
    DAYS = "days"
    PER_10000 = "per_10000"
    PER_100000 = "per_100000"
    POUNDS = "pounds"


_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(21))
_FACTORS = {Unit.PERCENT: 100, Unit.PER_10000: 10_000, Unit.PER_100000: 100_000}
_RATES = {Unit.PER_10000: "per 10,000", Unit.PER_100000: "per 100,000"}


def factor(unit: Unit) -> int:
    """What numerator / denominator is multiplied by to give the value in the unit."""
    return _FACTORS.get(unit, 1)


def is_share(unit: Unit) -> bool:
    """Whether the numerator is a part of the denominator, and so may not exceed it."""
    return unit is Unit.PERCENT


def is_ratio(unit: Unit) -> bool:
    """Whether a value is cases out of a cohort or a population: a share or a rate."""
    return unit in _FACTORS


def total_of(numbers: Iterable[Decimal]) -> Decimal:
    """The exact sum; 0 for none."""
    total = Decimal(0)
    for number in numbers:
        total = WIDE.add(total, number)
    return total


def ratio(numerator: Decimal | int, denominator: Decimal | int, unit: Unit) -> Decimal:
    """numerator / denominator × factor at full precision (60 digits); raises EmptyCohort when the denominator is 0."""
    top, bottom = _finite(numerator), _finite(denominator)
    if bottom == 0:
        raise EmptyCohort("Nobody is in the cohort, so there is no value.")
    return WIDE.divide(WIDE.multiply(top, factor(unit)), bottom)


def round_half_up(value: Decimal, places: int) -> Decimal:
    """The value at so many decimal places, a half going away from zero: the one rounding rule (2.5 → 3, −2.5 → −3)."""
    step = _STEPS[places] if 0 <= places < len(_STEPS) else Decimal(1).scaleb(-places)
    rounded = _finite(value).quantize(step, context=WIDE)
    return rounded or rounded.copy_abs()


def written(value: Decimal, unit: Unit, places: int | None = None, qualifier: str = "") -> str:
    """The value as it stands in a sentence: "22.3%", "1,266", "463 days", "124 per 100,000", "−£4,638".

    `places` None shows as many decimals as the value has, at most 2. Qualifier "<" gives "<1%", ">" gives ">5%" and
    "~" gives "approx. 8%". Raises ValueError for what is not a number (NaN, infinity).
    """
    text = _with_sign_of_unit(value, unit, places)
    if unit is Unit.DAYS:
        text += " day" if text in ("1", f"{_MINUS}1") else " days"
    elif unit in _RATES:
        text += f" {_RATES[unit]}"
    return _qualified(text, qualifier)


def written_plain(value: Decimal, unit: Unit, places: int | None = None, qualifier: str = "") -> str:
    """As `written`, without "days" and "per 100,000": for a column whose head names the unit."""
    return _qualified(_with_sign_of_unit(value, unit, places), qualifier)


def difference_written(value: Decimal, unit: Unit, places: int | None = None) -> str:
    """The size of a difference, without its sign: "8.8 points", "3 days", "12", "70 per 100,000"."""
    size = _finite(value).copy_abs()
    if unit is not Unit.PERCENT:
        return written(size, unit, places)
    text = _digits(size, unit, places)
    return f"{text} point" if text == "1" else f"{text} points"


def written_exactly(value: Decimal, unit: Unit) -> str:
    """As `written`, with every decimal that the value has: for a target, which must not look rounded."""
    exponent = _finite(value).normalize(WIDE).as_tuple().exponent
    return written(value, unit, max(0, -int(exponent)))


def written_apart(
    value: Decimal, edges: Iterable[Decimal], unit: Unit, places: int | None = None, qualifier: str = ""
) -> str:
    """As `written`, with as many more decimals as it takes for the printed value to stand on the same side of every
    edge as the value itself: 89.96% is not written as 90.0% beside a target of 90%."""
    held_against = tuple(edges)
    for more in range(60):
        shown = (2 if places is None else places) + more
        printed = round_half_up(value, shown)
        if all((printed > edge, printed < edge) == (value > edge, value < edge) for edge in held_against):
            return written(value, unit, places if more == 0 else shown, qualifier)
    return written(value, unit, places, qualifier)


def _with_sign_of_unit(value: Decimal, unit: Unit, places: int | None) -> str:
    digits = _digits(value, unit, places)
    sign = _MINUS if digits.startswith("-") else ""
    digits = digits.removeprefix("-")
    if unit is Unit.POUNDS:
        return f"{sign}£{digits}"
    return f"{sign}{digits}%" if unit is Unit.PERCENT else f"{sign}{digits}"


def _digits(value: Decimal, unit: Unit, places: int | None) -> str:
    """Digits with thousands commas; pounds have no pence or two digits of them, never one."""
    if places is not None:
        return f"{round_half_up(value, places):,f}"
    text = f"{round_half_up(value, 2):,f}"
    if unit is Unit.POUNDS:
        return text.removesuffix(".00")
    return text.rstrip("0").rstrip(".")


def _qualified(text: str, qualifier: str) -> str:
    if qualifier == "~":
        return f"approx. {text}"
    if qualifier not in ("", "<", ">"):
        raise ValueError(f"“{qualifier}” is not a qualifier.")
    return f"{qualifier}{text}"


def _finite(value: Decimal | int) -> Decimal:
    number = value if isinstance(value, Decimal) else Decimal(value)
    if not number.is_finite():
        raise ValueError(f"{number} is not a number.")
    return number


_SAID_UNIT = {
    Unit.PERCENT: re.compile(r"\s*(?:%|per ?cent)$", re.IGNORECASE),
    Unit.DAYS: re.compile(r"\s*days?$", re.IGNORECASE),
    Unit.PER_10000: re.compile(r"\s*per\s+10,?000$", re.IGNORECASE),
    Unit.PER_100000: re.compile(r"\s*per\s+100,?000$", re.IGNORECASE),
}
_ASKED = {
    Unit.PERCENT: "a share in per cent from 0 to 100, for example 66 or 66%",
    Unit.COUNT: "a number, for example 1,266",
    Unit.DAYS: "a number of days, for example 12",
    Unit.PER_10000: "a rate per 10,000, for example 124",
    Unit.PER_100000: "a rate per 100,000, for example 124",
    Unit.POUNDS: "an amount in pounds, for example 1,266 or £1,266",
}


def unit_asked(unit: Unit) -> str:
    """What a box of that unit asks for: "a share in per cent from 0 to 100, for example 66 or 66%"."""
    return _ASKED[unit]


def out_of_bounds(value: Decimal, unit: Unit) -> str:
    """Why a value cannot be one of that unit, as a sentence; empty where it can. Only money may be below 0."""
    if value < 0 and unit is not Unit.POUNDS:
        return f"{written(value, unit)} is below 0: type {unit_asked(unit)}."
    if is_share(unit) and value > 100:
        return f"{written(value, unit)} is more than the whole: type {unit_asked(unit)}."
    return ""


def parse_value(text: str, unit: Unit) -> Decimal:
    """A value as people write it in its unit, with the unit's own sign or words behind it or without: "66", "66%" and
    "66 per cent" for a share, "12 days", "£1,200". Raises NumberTextError, also for the sign of another unit and for
    what a value of that unit cannot be."""
    cell = text.strip()
    said = _SAID_UNIT.get(unit)
    bare = said.sub("", cell) if said else cell
    if ("%" in bare) or ("£" in bare and unit is not Unit.POUNDS):
        raise NumberTextError(f"{quoted(cell, _QUOTED)} is in another unit: type {unit_asked(unit)}.")
    number = parse_number(bare)
    if problem := out_of_bounds(number, unit):
        raise NumberTextError(problem)
    return number


_PLAIN = re.compile(
    r"(?P<minus>-)?\s*(?:(?P<pound>£)\s*(?P<inner>-)?)?\s*"
    r"(?P<whole>[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.(?P<decimals>[0-9]+))?\s*(?P<percent>%)?"
)
_IN_BRACKETS = re.compile(r"(?P<pound>£\s*)?\(\s*(?P<minus>[-−]\s*)?(?P<inside>[^()]*?)\s*\)")
# What official statistics write where there is no figure, or none that may be shown or relied on.
_SHORTHANDS = frozenset({"[c]", "[k]", "[low]", "[u]", "[w]", "[x]", "[z]", "[..]", "[:]"})
_MOST_DIGITS = 11
_MOST_DECIMALS = 4
_QUOTED = 20


def parse_number(text: str, *, brackets_negative: bool = False) -> Decimal:
    """A typed or pasted cell as a number, exactly as written: "1,266", " 85 % ", "£5,832,000", "−4,638".

    Thousands commas may stand where they belong, at most 4 decimals and 11 digits before the point. With
    `brackets_negative`, for money alone, brackets mean below 0 as in accounts: "(1,234)", "£(1,234)". Raises
    NumberTextError for everything else; it never guesses.
    """
    cell = text.strip()
    shown = quoted(cell, _QUOTED)
    if brackets_negative and (inside := _IN_BRACKETS.fullmatch(cell)):
        if inside["minus"]:
            raise NumberTextError(f"{shown} has brackets and a minus sign: leave one of them out.")
        if inside["inside"].startswith("£") and inside["pound"]:
            raise NumberTextError(f"{shown} has two £ signs: leave one of them out.")
        return _negated(_not_negative(_number_in(f"{inside['pound'] or ''}{inside['inside']}", shown), shown))
    return _number_in(cell, shown)


def _negated(number: Decimal) -> Decimal:
    return number.copy_negate() if number else number


def _not_negative(number: Decimal, shown: str) -> Decimal:
    if number < 0:
        raise NumberTextError(f"{shown} has brackets and a minus sign: leave one of them out.")
    return number


def _number_in(cell: str, shown: str) -> Decimal:
    match = _PLAIN.fullmatch(cell.replace(_MINUS, "-"))
    if match is None:
        raise NumberTextError(_advice(cell, shown))
    if match["minus"] and match["inner"]:
        raise NumberTextError(f"{shown} has two minus signs: leave one of them out.")
    if match["pound"] and match["percent"]:
        raise NumberTextError(f"{shown} has both £ and %: leave one of them out.")
    whole = match["whole"].replace(",", "")
    decimals = match["decimals"] or ""
    if len(whole) > _MOST_DIGITS:
        raise NumberTextError(f"{shown} is too long: type at most {_MOST_DIGITS} digits before the point.")
    if len(decimals) > _MOST_DECIMALS:
        raise NumberTextError(f"{shown} has too many decimals: type at most {_MOST_DECIMALS}.")
    number = Decimal(f"{whole}.{decimals}" if decimals else whole)
    return _negated(number) if match["minus"] or match["inner"] else number


def _advice(cell: str, shown: str) -> str:
    """What to type instead of a cell that is not a number."""
    if not cell:
        return "Type a number, for example 85 or 1,266."
    if cell in ("-", _MINUS, "–", "—"):
        return f"{shown} is not a number: type 0 if there were none, or leave the box empty and give the reason."
    if cell.startswith("(") and cell.endswith(")") and cell.count("(") == cell.count(")") == 1:
        return f"{shown} is in brackets: type a negative number with a minus sign, for example -1,234."
    if cell.lower() in _SHORTHANDS:
        return f"{shown} is a shorthand for a missing figure: leave the box empty and choose the reason instead."
    if any(bracket in cell for bracket in "()[]{}"):
        return f"{shown} has a bracket that does not belong: for less than 0 put a minus sign in front, as in -1,234."
    if cell[0] in "–—":
        return f"{shown} begins with a dash: type a minus sign, as in -1,234."
    if cell[-1] in f"-{_MINUS}" and any(character.isdigit() for character in cell):
        return f"{shown} has its minus sign behind: put it in front, as in -1,234."
    if has_other_digits(cell):
        return f"{shown} {OTHER_DIGITS}"
    if cell.lower().lstrip("+-−") in ("nan", "inf", "infinity"):
        return f"{shown} is not a number: leave the box empty and give the reason if there is no figure."
    if any(character.isalpha() for character in cell):
        return f"{shown} has letters in it: type the number alone, for example 85 or 1,266."
    if cell.count(".") > 1:
        return f"{shown} has more than one point: type one point, before the decimals."
    if "," in cell:
        return f"{shown} has a comma in the wrong place: type 1,234 or 1234, and a point before decimals."
    return f"{shown} is not a number: type digits, for example 85, 1,266 or 22.3."


def ordinal(number: int) -> str:
    """ "1st", "2nd", "11th"."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
