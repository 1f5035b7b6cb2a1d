"""What must add up: a stock with what came in and went out, and a whole with its parts.

A printed number stands for every value that its print leaves possible: half a unit of print to either side, and what is
called approximate for one unit of print or 5% of it, whichever is more (see `checks_engine.prints`). A sum is only
called wrong when no such values make it right. What is missing is named and never taken as 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from indicators.checks_engine.prints import APPROXIMATE
from indicators.measurement import Basis, Measured
from indicators.phrases import listed
from indicators.units import WIDE, Unit, difference_written, ratio, total_of, written

# What the categories of a dimension are to their whole.
PARTITION, OVERLAPPING, COMPARISON = "partition", "overlapping", "comparison"
NOT_ADDED_UP = {
    OVERLAPPING: "One case may stand in several categories, so they are not added up.",
    COMPARISON: "These stand beside each other; they are not added up.",
}
# A share that is worked out from counts is next to exact.
_WORKED_OUT = Decimal("0.000001")


class NoEnd(ValueError):
    """An amount printed as more than a number, which has no upper end."""


@dataclass(frozen=True)
class Amount:
    """A number as printed: rounded to `quantum` (None: exact); qualifier "~", "<", ">" or "".

    Raises ValueError for what is not a number, a quantum that is not above 0, and an unknown qualifier.
    """

    value: Decimal
    quantum: Decimal | None = None
    qualifier: str = ""

    def __post_init__(self) -> None:
        if not self.value.is_finite() or (self.quantum is not None and not self.quantum > 0):
            raise ValueError("An amount is a number, rounded to a unit above 0 or to none.")
        if self.qualifier not in ("", "<", ">", "~"):
            raise ValueError(f"“{self.qualifier}” is not a qualifier.")

    @property
    def is_exact(self) -> bool:
        """Whether only one value is possible."""
        return not self.qualifier and self.quantum is None

    def span(self) -> tuple[Decimal, Decimal]:
        """The least and the greatest value it can stand for; raises NoEnd for "more than"."""
        if self.qualifier == ">":
            raise NoEnd("a number is only given as more than a limit")
        if self.qualifier == "<":
            return Decimal(0), self.value
        reach = WIDE.divide(self.quantum or Decimal(0), Decimal(2))
        if self.qualifier == "~":
            share = WIDE.divide(Decimal(APPROXIMATE.numerator), Decimal(APPROXIMATE.denominator))
            reach = max(self._unit_of_print(), WIDE.multiply(self.value.copy_abs(), share))
        return WIDE.subtract(self.value, reach), WIDE.add(self.value, reach)

    def _unit_of_print(self) -> Decimal:
        if self.quantum is not None:
            return self.quantum
        return Decimal(1).scaleb(min(int(self.value.as_tuple().exponent), 0))

    def words(self, unit: Unit) -> str:
        """As it stands in a sentence: "1,257", "approx. 51%"."""
        return written(self.value, unit, qualifier=self.qualifier)


def exact(number: int | Decimal) -> Amount:
    """A count, which is what it says."""
    return Amount(Decimal(number))


def amount_of(measured: Measured | None, unit: Unit) -> Amount | None:
    """The number of a figure as printed; None where there is none."""
    number = measured.number(unit) if measured else None
    return None if measured is None or number is None else Amount(number, measured.quantum, measured.qualifier)


def share_amount(measured: Measured | None) -> Amount | None:
    """A share in per cent with its rounding: as printed, else that of its last digit; next to none if worked out from
    counts. None where there is no number."""
    amount = amount_of(measured, Unit.PERCENT)
    if amount is None or measured is None or amount.quantum is not None:
        return amount
    last = Decimal(1).scaleb(min(int(amount.value.normalize().as_tuple().exponent), 0))
    return Amount(amount.value, _WORKED_OUT if measured.basis is Basis.DERIVED else last, amount.qualifier)


Amounts = Mapping[str, Amount | None]


def _span_of(amounts: Iterable[Amount]) -> tuple[Decimal, Decimal]:
    spans = [amount.span() for amount in amounts]
    return total_of(low for low, _ in spans), total_of(high for _, high in spans)


# A figure that others make


@dataclass(frozen=True)
class SumResult:
    """Whether a figure is what others make of it; `holds` is None where a number is missing."""

    holds: bool | None
    sentence: str


def added_up(whole: Amount | None, plus: Amounts, minus: Amounts, unit: Unit) -> SumResult:
    """Whether whole = plus − minus, as far as rounding allows; parts by the name that a sentence can use."""
    names = [f"“{name}”" for name, amount in (*plus.items(), *minus.items()) if amount is None]
    if whole is None or names:
        missing = names if whole else ["the figure itself", *names]
        return SumResult(None, f"Cannot be checked: {_no_number(missing)}.")
    more, less = [a for a in plus.values() if a], [a for a in minus.values() if a]
    made = WIDE.subtract(total_of(a.value for a in more), total_of(a.value for a in less))
    try:
        (low, high), (out_low, out_high) = _span_of(more), _span_of(less)
        end_low, end_high = whole.span()
    except NoEnd as error:
        return SumResult(None, f"Cannot be checked: {error}.")
    told = listed([a.words(unit) for a in more])
    told += f" less {listed([a.words(unit) for a in less])}" if less else ""
    said = f"{told} {'make' if len(more) + len(less) > 1 else 'is'} {written(made, unit)}"
    if WIDE.subtract(low, out_high) <= end_high and end_low <= WIDE.subtract(high, out_low):
        how = "as it stands" if made == whole.value else f"and {whole.words(unit)} stands: as rounding allows"
        return SumResult(True, f"{said}, {how}.")
    difference = WIDE.subtract(whole.value, made)
    side = "more" if difference > 0 else "less"
    return SumResult(False, f"{said}, but {whole.words(unit)} stands: {difference_written(difference, unit)} {side}.")


# A stock and its flows


class BalanceOutcome(StrEnum):
    """Whether a stock is explained by its flows; SERIES_BREAK and MISSING are not checked."""

    BALANCES = "balances"
    DOES_NOT_BALANCE = "does_not_balance"
    MISSING = "missing"
    SERIES_BREAK = "series_break"


@dataclass(frozen=True)
class BalanceResult:
    """How opening + in − out stands to closing.

    `difference` is closing less what opening + in − out make, as printed; None where not checked. `sentence` is what a
    page prints.
    """

    outcome: BalanceOutcome
    sentence: str
    difference: Decimal | None = None

    @property
    def is_checked(self) -> bool:
        """Whether the sum could be made."""
        return self.outcome in {BalanceOutcome.BALANCES, BalanceOutcome.DOES_NOT_BALANCE}


def break_between(opening_on: date, closing_on: date, breaks: Iterable[date]) -> date | None:
    """The first day of a new way of counting after the opening day and not after the closing day; None without one."""
    return min((day for day in breaks if opening_on < day <= closing_on), default=None)


def balance(
    opening: Amount | None,
    inflows: Amounts,
    outflows: Amounts,
    closing: Amount | None,
    unit: Unit = Unit.COUNT,
    break_on: date | None = None,
) -> BalanceResult:
    """Whether opening + inflows − outflows = closing; flows by the name that a sentence can use.

    `break_on` is the day of a break between opening and closing (see `break_between`): then nothing is checked. A stock
    without a single inflow or outflow cannot be checked either. Never raises for data.
    """
    if break_on is not None:
        return BalanceResult(
            BalanceOutcome.SERIES_BREAK,
            f"Not checked: since {break_on:%B %Y} it is counted in another way, so the number at the start and "
            "the number at the end do not belong together.",
        )
    missing = _missing(opening, inflows, outflows, closing)
    if missing or opening is None or closing is None:
        return BalanceResult(BalanceOutcome.MISSING, f"Cannot be checked: {_no_number(missing)}.")
    came, went = [a for a in inflows.values() if a], [a for a in outflows.values() if a]
    explained = WIDE.subtract(WIDE.add(opening.value, total_of(a.value for a in came)), total_of(a.value for a in went))
    difference = WIDE.subtract(closing.value, explained)
    try:
        (low, high), (out_low, out_high) = _span_of([opening, *came]), _span_of(went)
        end_low, end_high = closing.span()
    except NoEnd as error:
        return BalanceResult(BalanceOutcome.MISSING, f"Cannot be checked: {error}.")
    low, high = WIDE.subtract(low, out_high), WIDE.subtract(high, out_low)
    made = f"{opening.words(unit)} at the start, {_flow(came, 'in', unit)}, {_flow(went, 'out', unit)} make "
    made += written(explained, unit)
    if low <= end_high and end_low <= high:
        how = "as reported" if difference == 0 else f"and {closing.words(unit)} is reported: as rounding allows"
        sentence = f"{made}, {how}." if difference == 0 else f"{made} {how}."
        return BalanceResult(BalanceOutcome.BALANCES, sentence, difference)
    size = difference_written(difference, unit)
    side = "more" if difference > 0 else "fewer" if unit is Unit.COUNT else "less"
    return BalanceResult(
        BalanceOutcome.DOES_NOT_BALANCE,
        f"{made}; {closing.words(unit)} is reported: {size} {side} than the flows explain.",
        difference,
    )


def _flow(amounts: Sequence[Amount], way: str, unit: Unit) -> str:
    """ "46 in"; of several "20 and 26 in"."""
    return f"{listed([amount.words(unit) for amount in amounts])} {way}"


def _missing(opening: Amount | None, inflows: Amounts, outflows: Amounts, closing: Amount | None) -> tuple[str, ...]:
    names = ["the number at the start"] if opening is None else []
    names += [f"“{name}”" for name, amount in inflows.items() if amount is None] if inflows else ["an inflow"]
    names += [f"“{name}”" for name, amount in outflows.items() if amount is None] if outflows else ["an outflow"]
    return (*names, "the number at the end") if closing is None else tuple(names)


def _no_number(missing: Sequence[str]) -> str:
    return f"{listed(missing)} {'is' if len(missing) == 1 else 'are'} missing"


# A whole and its parts


class BreakdownOutcome(StrEnum):
    """How categories stand to their whole. OVERLAPS is not summed, because one case may stand in several."""

    ADDS_UP = "adds_up"
    NOT_STATED = "not_stated"
    CONTRADICTS = "contradicts"
    MISSING = "missing"
    OVERLAPS = "overlaps"


@dataclass(frozen=True)
class BreakdownResult:
    """How the categories stand to the whole; `sentence` is what a page prints."""

    outcome: BreakdownOutcome
    sentence: str


def breakdown(
    whole: Amount | None,
    parts: Amounts,
    not_stated: Amount | None = None,
    unit: Unit = Unit.COUNT,
    overlaps: bool = False,
) -> BreakdownResult:
    """How the parts of a whole add up; parts by the name of their category.

    `not_stated` is the number that the source itself gives as not stated, and is one of the parts. With `overlaps` a
    case may stand in several categories: then only a category above the whole is wrong. Never raises for data.
    """
    there = [amount for amount in parts.values() if amount is not None]
    if not_stated is not None:
        there.append(not_stated)
    missing = tuple(name for name, amount in parts.items() if amount is None)
    if whole is None or not there:
        names = ("the whole",) if whole is None else tuple(f"“{name}”" for name in missing) or ("every category",)
        return BreakdownResult(BreakdownOutcome.MISSING, f"Cannot be checked: {_no_number(names)}.")
    total = total_of(amount.value for amount in there)
    try:
        whole_low, whole_high = whole.span()
        spans = {name: amount.span() for name, amount in parts.items() if amount is not None}
        low, high = _span_of(there)
    except NoEnd as error:
        return BreakdownResult(BreakdownOutcome.MISSING, f"Cannot be checked: {error}.")
    if overlaps:
        return _overlapping(whole, {name: low for name, (low, _) in spans.items()}, whole_high, unit)
    made, of = f"The categories make {written(total, unit)}", whole.words(unit)
    if low > whole_high:
        excess = WIDE.subtract(total, whole.value)
        rounding = WIDE.add(WIDE.subtract(total, low), WIDE.subtract(whole_high, whole.value))
        sentence = f"{made}, {difference_written(excess, unit)} more than the whole of {of}"
        sentence += f"; rounding explains {difference_written(rounding, unit)} at most." if rounding else "."
        return BreakdownResult(BreakdownOutcome.CONTRADICTS, sentence)
    if missing:
        names = tuple(f"“{name}”" for name in missing)
        sentence = f"Cannot be checked: {_no_number(names)}. The others make {written(total, unit)} of {of}."
        return BreakdownResult(BreakdownOutcome.MISSING, sentence)
    if high < whole_low:
        less = WIDE.subtract(whole.value, total)
        also = " besides" if not_stated is not None else ""
        sentence = f"{made} of {of}: {difference_written(less, unit)} {_is_are(less)} not stated{also}."
        return BreakdownResult(BreakdownOutcome.NOT_STATED, sentence)
    stated = f", {not_stated.words(unit)} of them not stated" if not_stated is not None and not_stated.value else ""
    how = "which is the whole" if total == whole.value else f"and the whole is {of}: as rounding allows"
    return BreakdownResult(BreakdownOutcome.ADDS_UP, f"{made}{stated}, {how}.")


def _is_are(number: Decimal) -> str:
    return "is" if number == 1 else "are"


def _overlapping(whole: Amount, least: Mapping[str, Decimal], most: Decimal, unit: Unit) -> BreakdownResult:
    above = [name for name, low in least.items() if low > most]
    if above:
        names = listed([f"“{name}”" for name in above])
        verb = "is" if len(above) == 1 else "are"
        return BreakdownResult(
            BreakdownOutcome.CONTRADICTS, f"{names} {verb} more than the whole of {whole.words(unit)}."
        )
    return BreakdownResult(BreakdownOutcome.OVERLAPS, NOT_ADDED_UP[OVERLAPPING])


def shares(parts: Amounts, not_stated: Amount | None = None) -> BreakdownResult:
    """Whether shares in per cent can make 100 as printed; 43.9, 32.4, 18.7, 3.7 and 3.4, which make 102.1, cannot."""
    return breakdown(exact(100), parts, not_stated, Unit.PERCENT)


def share_of(part: Decimal | None, whole: Decimal | None, unit: Unit, kind: str) -> Decimal | None:
    """Per cent of the whole; None where the two are not counts of one partition, and where a part is more than the
    whole, which no share can be."""
    if kind != PARTITION or unit is not Unit.COUNT or not whole or part is None or part > whole:
        return None
    return ratio(part, whole, Unit.PERCENT)
