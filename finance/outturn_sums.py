"""The sums that an outturn table must keep, as data: for a page, each by itself; for the checks engine, all together.

A page says with `screen` which sums hold within rounding, one at a time and without a solver. Whether all of them can
hold at once is decided by the linear programme of `indicators.checks_engine.sums`: `system_of` is what it takes, and
`prove`, which loads scipy, belongs in a command or a child process and never in a web process.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from finance.apportion import PENNY, as_decimal
from finance.money import money_words
from finance.outturn import Amounts, Head, Measure, Side, change_key, spend_key, variance_key
from indicators.balance import Amount
from indicators.checks_engine.prints import HALF
from indicators.checks_engine.sums import Cell, Identity, System, conflicts

_ONE = Fraction(1)


@dataclass(frozen=True)
class TableSum:
    """One sum of the table: figures by key, each times its factor, make 0. `name` says which: "Net budget of …"."""

    name: str
    identity: Identity

    @property
    def keys(self) -> tuple[str, ...]:
        """The figures that it is about; the first is the one that the others make."""
        return tuple(key for key, _ in self.identity.factors)


def _sum(name: str, whole: str, plus: Sequence[str], minus: Sequence[str] = ()) -> TableSum:
    factors = ((whole, -_ONE), *((key, _ONE) for key in plus), *((key, -_ONE) for key in minus))
    return TableSum(name, Identity(whole + " = " + " ".join([*plus, *minus]), factors, Fraction(0)))


def sums_of_table(heads: Sequence[Head], reasons: Sequence[str], has_change: bool = True) -> tuple[TableSum, ...]:
    """Every sum that the outturn of these heads must keep.

    For each head and the grand total: net = gross + income, variance = budget − outturn, the net variance of gross and
    income, and of the reasons. For each column: the heads make the grand total. Of a line: its reasons make it. Lines
    make no head.
    """
    top = [head for head in heads if not head.parent]
    found: list[TableSum] = []
    for head in (*top, Head("", "Total")):
        found += _of_head(head, reasons)
    for line in heads:
        if line.parent:
            parts = [variance_key(Measure.NET, line.parent, line.code, reason) for reason in reasons]
            found.append(_sum(f"{line.name}: by reason", variance_key(Measure.NET, line.parent, line.code), parts))
    return (*found, *_of_columns(top, reasons, has_change))


def _of_head(head: Head, reasons: Sequence[str]) -> list[TableSum]:
    code, found = head.code, []
    for side in Side:
        gross, income = (spend_key(m, side, code) for m in (Measure.GROSS, Measure.INCOME))
        found.append(_sum(f"{head.name}: net {side}", spend_key(Measure.NET, side, code), (gross, income)))
    for measure in Measure:
        budget, outturn = (spend_key(measure, side, code) for side in (Side.BUDGET, Side.OUTTURN))
        found.append(_sum(f"{head.name}: {measure} variance", variance_key(measure, code), (budget,), (outturn,)))
    net = variance_key(Measure.NET, code)
    gross, income = (variance_key(m, code) for m in (Measure.GROSS, Measure.INCOME))
    found.append(_sum(f"{head.name}: net variance of gross and income", net, (gross, income)))
    if reasons:
        parts = [variance_key(Measure.NET, code, reason=reason) for reason in reasons]
        found.append(_sum(f"{head.name}: net variance by reason", net, parts))
    return found


def _of_columns(top: Sequence[Head], reasons: Sequence[str], has_change: bool) -> list[TableSum]:
    codes = [head.code for head in top]
    found = [
        _sum(
            f"Total: {measure} {side} of the headings",
            spend_key(measure, side),
            [spend_key(measure, side, code) for code in codes],
        )
        for side in Side
        for measure in Measure
    ]
    for measure in Measure:
        parts = [variance_key(measure, code) for code in codes]
        found.append(_sum(f"Total: {measure} variance of the headings", variance_key(measure), parts))
    for reason in reasons:
        parts = [variance_key(Measure.NET, code, reason=reason) for code in codes]
        found.append(_sum(f"Total: {reason} variance", variance_key(reason=reason), parts))
        if has_change:
            parts = [change_key(code, reason=reason) for code in codes]
            found.append(_sum(f"Total: {reason} change", change_key(reason=reason), parts))
    return found


class SumOutcome(StrEnum):
    """How a sum stands when it is looked at by itself."""

    AGREES = "agrees"
    WITHIN_ROUNDING = "within_rounding"
    DOES_NOT = "does_not"
    MISSING = "missing"


@dataclass(frozen=True)
class SumResult:
    """One sum with how it stands; `off` is by how much it fails as printed, `room` how much rounding explains."""

    of: TableSum
    outcome: SumOutcome
    sentence: str
    off: Decimal | None = None
    room: Decimal | None = None


def cells_of(figures: Amounts) -> dict[str, Cell]:
    """The figures as cells of the engine; left out is what is missing and what is only known as more or less."""
    found = {}
    for key, amount in figures.items():
        if amount is not None and amount.qualifier not in ("<", ">"):
            found[key] = Cell(Fraction(amount.value), _reach(amount))
    return found


def _reach(amount: Amount) -> Fraction:
    low, high = amount.span()
    return (Fraction(high) - Fraction(low)) * HALF


def screen(sums: Sequence[TableSum], figures: Amounts) -> tuple[SumResult, ...]:
    """How each sum stands by itself, every cell within half a unit of its print. Standard library only."""
    cells = cells_of(figures)
    return tuple(_screened(one, cells) for one in sums)


def _screened(one: TableSum, cells: Mapping[str, Cell]) -> SumResult:
    missing = [key for key in one.keys if key not in cells]
    if missing:
        number = f"{len(missing)} number{' is' if len(missing) == 1 else 's are'} missing"
        return SumResult(one, SumOutcome.MISSING, f"{one.name}: cannot be checked, {number}.")
    off, room = one.identity.off(cells), one.identity.room(cells)
    shown_off, shown_room = as_decimal(off, PENNY), as_decimal(room, PENNY)
    if not off:
        return SumResult(one, SumOutcome.AGREES, f"{one.name}: adds up.", shown_off, shown_room)
    size = money_words(shown_off.copy_abs())
    if one.identity.holds_alone(cells):
        said = f"{one.name}: adds up within rounding ({size} as printed)."
        return SumResult(one, SumOutcome.WITHIN_ROUNDING, said, shown_off, shown_room)
    side = "more" if off > 0 else "less"
    said = f"{one.name}: the parts make {size} {side} than is "
    said += f"printed, and rounding explains {money_words(shown_room)} at most." if room else "stated, and are exact."
    return SumResult(one, SumOutcome.DOES_NOT, said, shown_off, shown_room)


def table_sentence(results: Sequence[SumResult]) -> str:
    """How the sums of a table stand: how many add up as printed, how many within rounding, which do not, and how many
    cannot be checked."""
    by: dict[SumOutcome, list[SumResult]] = {outcome: [] for outcome in SumOutcome}
    for result in results:
        by[result.outcome].append(result)
    wrong, missing = by[SumOutcome.DOES_NOT], len(by[SumOutcome.MISSING])
    checked = len(results) - missing
    tail = f" {missing} cannot be checked, because a number is missing." if missing else ""
    if not checked:
        return "No sum of the table can be checked, because numbers are missing."
    exact, rounded = len(by[SumOutcome.AGREES]), len(by[SumOutcome.WITHIN_ROUNDING])
    if not wrong and not any(result.room for result in results):
        return f"The table adds up. {_all(checked)} exactly.{tail}"
    if not wrong:
        how = f": {exact} as printed, {rounded} as rounding allows" if rounded else " as printed"
        return f"The table adds up within rounding. {_all(checked)}{how}.{tail}"
    verb = "does not" if len(wrong) == 1 else "do not"
    said = " ".join(result.sentence for result in wrong)
    how = " within rounding" if any(result.room for result in results) else ""
    return f"Of {checked} sums {checked - len(wrong)} hold{how} and {len(wrong)} {verb}. {said}{tail}"


def _all(checked: int) -> str:
    return "The only sum holds" if checked == 1 else f"All {checked} sums hold"


def system_of(sums: Sequence[TableSum], figures: Amounts) -> System:
    """The sums whose figures are all there, as the engine's linear programme takes them."""
    cells = cells_of(figures)
    return System(tuple(one.identity for one in sums if all(key in cells for key in one.keys)), cells)


def prove(sums: Sequence[TableSum], figures: Amounts) -> tuple[tuple[str, ...], ...]:
    """The sums that cannot hold with any rounding, by name: several together where each could hold alone but not all
    at once. Empty is the proof that the table adds up within rounding. Loads scipy: never in a web process."""
    names = {one.identity.code: one.name for one in sums}
    return tuple(tuple(names[code] for code in together) for together in conflicts(system_of(sums, figures)))
