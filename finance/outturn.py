"""The outturn by budget head: variances in words, by reason, since the quarter before, and what demands commentary.

Variance = budget − outturn: below 0 is an overspend, and on a page the sign is always in words. Net = gross + income,
income being below 0. Amounts are pounds as printed, each with its rounding. A line stands within a head without being
a share of it: the lines of a head need not make it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from finance.money import finest, in_words, money_words, negative, sum_of
from indicators.balance import Amount
from indicators.phrases import capital, listed
from indicators.units import WIDE, Unit, written

THRESHOLD = Decimal(250_000)
Amounts = Mapping[str, Amount | None]


class Side(StrEnum):
    """What was planned and what was spent."""

    BUDGET = "budget"
    OUTTURN = "outturn"


class Measure(StrEnum):
    """Spending, income (below 0), and both together."""

    GROSS = "gross"
    INCOME = "income"
    NET = "net"


# Words


def variance_words(value: Decimal, quantum: Decimal | None = None) -> str:
    """The variance with its sign in words: "£4.64m overspend", "£0.02m underspend", "on budget"."""
    if not value:
        return "on budget"
    return f"{money_words(value.copy_abs(), quantum)} {'overspend' if value < 0 else 'underspend'}"


def change_words(value: Decimal, quantum: Decimal | None = None) -> str:
    """The change of a variance since the quarter before: "£0.71m worse", "£0.06m better", "no change"."""
    if not value:
        return "no change"
    return f"{money_words(value.copy_abs(), quantum)} {'worse' if value < 0 else 'better'}"


def variance_of(budget: Amount, outturn: Amount) -> Amount:
    """Budget − outturn, with the rounding of both."""
    return sum_of((budget, negative(outturn)))


def net_of(gross: Amount, income: Amount) -> Amount:
    """Gross + income, with the rounding of both."""
    return sum_of((gross, income))


def can_be_added(*amounts: Amount | None) -> bool:
    """Whether all of them are known, and none only as more, less or about so much."""
    return all(amount is not None and not amount.qualifier for amount in amounts)


# The figures of a head, by their keys


def _slice(**parts: str) -> str:
    """The canonical slice of what is given, dimensions in the order of the alphabet."""
    return "|".join(f"{name.replace('_', '-')}={code}" for name, code in sorted(parts.items()) if code)


def spend_key(measure: Measure, side: Side, head: str = "") -> str:
    """The figure "spend-net/head=cla|side=budget"; without a head the grand total."""
    return f"spend-{measure}/{_slice(head=head, side=side)}"


def variance_key(measure: Measure = Measure.NET, head: str = "", line: str = "", reason: str = "") -> str:
    """The figure "variance-net/head=cla|line=ooa|variance-reason=covid"; without any of them "variance-net"."""
    return _key(f"variance-{measure}", _slice(head=head, line=line, variance_reason=reason))


def change_key(head: str = "", line: str = "", reason: str = "") -> str:
    """The figure of the change since the quarter before: "variance-net-change/head=cla|variance-reason=covid"."""
    return _key("variance-net-change", _slice(head=head, line=line, variance_reason=reason))


def _key(indicator: str, slice_: str) -> str:
    return f"{indicator}/{slice_}" if slice_ else indicator


# Rows


@dataclass(frozen=True)
class Head:
    """A budget head, or a line within one where `parent` is its head."""

    code: str
    name: str
    parent: str = ""


@dataclass(frozen=True)
class Cell:
    """An amount of the table; `is_worked_out` where it is not reported and follows from what is."""

    amount: Amount | None
    is_worked_out: bool = False


@dataclass(frozen=True)
class Row:
    """One head, one line, or with the code "" the grand total, with everything that is reported of it."""

    head: Head
    spend: Mapping[tuple[Side, Measure], Cell]
    variance: Mapping[Measure, Cell]
    by_reason: Mapping[str, Amount | None]
    change: Mapping[str, Amount | None]
    lines: tuple["Row", ...] = ()
    change_reported: Amount | None = None

    @property
    def net(self) -> Amount | None:
        """The net variance, reported or worked out."""
        return self.variance[Measure.NET].amount

    @property
    def words(self) -> str:
        """The net variance in words; "not reported" without one."""
        return "not reported" if self.net is None else variance_words(self.net.value, self.net.quantum)

    @property
    def changed(self) -> Amount | None:
        """The change since the quarter before for all reasons together: their sum, else what is reported as a whole;
        None when neither is there."""
        known = [amount for amount in self.change.values() if can_be_added(amount)]
        if known and len(known) == len(self.change):
            return sum_of(amount for amount in known if amount is not None)
        return self.change_reported

    @property
    def has_numbers(self) -> bool:
        """Whether anything at all is known of it."""
        cells = [*self.spend.values(), *self.variance.values()]
        amounts = [*(cell.amount for cell in cells), *self.by_reason.values(), *self.change.values()]
        return any(amount is not None for amount in (*amounts, self.change_reported))

    def rest(self) -> Amount | None:
        """What of the net variance stands in none of its lines; None without lines or without a number."""
        known = [line.net for line in self.lines if line.net is not None and can_be_added(line.net)]
        if self.net is None or not known or len(known) < len(self.lines) or not can_be_added(self.net):
            return None
        return sum_of((self.net, *(negative(amount) for amount in known)))


@dataclass(frozen=True)
class Table:
    """The heads in order, each with its lines, and the grand total."""

    heads: tuple[Row, ...]
    total: Row

    def row(self, code: str) -> Row:
        """The head or line of that code; raises KeyError."""
        for one in self.heads:
            for row in (one, *one.lines):
                if row.head.code == code:
                    return row
        raise KeyError(code)


def table_of(heads: Sequence[Head], figures: Amounts, reasons: Sequence[str]) -> Table:
    """The table of a period from its figures by key ("spend-net/head=cla|side=budget"); absent is not reported.

    What is not reported and follows from reported numbers is worked out and says so: net from gross and income,
    variance from budget and outturn, the grand total from all its heads. Raises ValueError for a line whose head is
    not there.
    """
    top = [head for head in heads if not head.parent]
    lost = [head.name for head in heads if head.parent and head.parent not in {one.code for one in top}]
    if lost:
        raise ValueError(f"The head of {', '.join(lost)} is not there.")
    rows = []
    for head in top:
        lines = tuple(_row(line, figures, reasons) for line in heads if line.parent == head.code)
        rows.append(_row(head, figures, reasons, lines))
    return Table(tuple(rows), _total(_row(Head("", "Total"), figures, reasons), rows))


def _total(total: Row, heads: Sequence[Row]) -> Row:
    """The grand total, where a cell of it is not there from the heads; net before variance."""
    spend = {key: _summed(cell, [row.spend[key] for row in heads]) for key, cell in total.spend.items()}
    variance = {key: _summed(cell, [row.variance[key] for row in heads]) for key, cell in total.variance.items()}
    return replace(total, spend=spend, variance=variance)


def _summed(cell: Cell, parts: Sequence[Cell]) -> Cell:
    amounts = [part.amount for part in parts]
    if cell.amount is not None or not amounts or not can_be_added(*amounts):
        return cell
    return Cell(sum_of(amount for amount in amounts if amount is not None), is_worked_out=True)


def _row(head: Head, figures: Amounts, reasons: Sequence[str], lines: tuple[Row, ...] = ()) -> Row:
    top, line = (head.parent, head.code) if head.parent else (head.code, "")
    spend = {} if line else _spend(top, figures)
    variance = {measure: _variance(measure, top, line, spend, figures) for measure in Measure}
    return Row(
        head,
        spend,
        variance,
        {reason: figures.get(variance_key(Measure.NET, top, line, reason)) for reason in reasons},
        {reason: figures.get(change_key(top, line, reason)) for reason in reasons},
        lines,
        figures.get(change_key(top, line)),
    )


def _spend(head: str, figures: Amounts) -> dict[tuple[Side, Measure], Cell]:
    found = {(s, m): Cell(figures.get(spend_key(m, s, head))) for s in Side for m in Measure}
    for side in Side:
        gross, income = found[side, Measure.GROSS].amount, found[side, Measure.INCOME].amount
        if found[side, Measure.NET].amount is None and gross and income and can_be_added(gross, income):
            found[side, Measure.NET] = Cell(net_of(gross, income), is_worked_out=True)
    return found


def _variance(
    measure: Measure, head: str, line: str, spend: Mapping[tuple[Side, Measure], Cell], figures: Amounts
) -> Cell:
    reported = figures.get(variance_key(measure, head, line))
    if reported is not None or not spend:
        return Cell(reported)
    budget, outturn = spend[Side.BUDGET, measure].amount, spend[Side.OUTTURN, measure].amount
    if budget is None or outturn is None or not can_be_added(budget, outturn):
        return Cell(None)
    return Cell(variance_of(budget, outturn), is_worked_out=True)


# What demands commentary


def is_significant(variance: Amount | None, threshold: Decimal = THRESHOLD) -> bool:
    """Whether a variance is so much over or under, or more: one of exactly the threshold is. Judged as printed."""
    return variance is not None and variance.value.copy_abs() >= threshold


def demands_commentary(rows: Sequence[Row], threshold: Decimal = THRESHOLD) -> tuple[Row, ...]:
    """The rows whose net variance passes the threshold, the largest first."""
    found = [row for row in rows if is_significant(row.net, threshold)]
    return tuple(sorted(found, key=lambda row: -row.net.value.copy_abs() if row.net else Decimal(0)))


def commentary_sentence(rows: Sequence[Row], commented: Collection[str] = (), threshold: Decimal = THRESHOLD) -> str:
    """How many heads pass the threshold, which, and which of them nobody has explained (`commented`: codes)."""
    found, limit = demands_commentary(rows, threshold), written(threshold, Unit.POUNDS)
    if not found:
        return f"No heading is over or under budget by {limit} or more."
    names = listed([f"{row.head.name} ({row.words})" for row in found])
    verb = "is" if len(found) == 1 else "are"
    told = f"{len(found)} of {len(rows)} headings {verb} over or under budget by {limit} or more: {names}."
    silent = [row.head.name for row in found if row.head.code not in commented]
    if not silent:
        return told
    return f"{told} Commentary is missing for {listed(silent)}."


# Funds


@dataclass(frozen=True)
class Contribution:
    """What another fund gives to a head, above 0, beyond what was budgeted: so much more it must bear itself.

    `budget` and `outturn` are what that fund was to give and gave, where they are stated.
    """

    fund: str
    fund_name: str
    amount: Amount
    budget: Amount | None = None
    outturn: Amount | None = None

    @property
    def worked_out(self) -> Amount | None:
        """Outturn less budget; None where one is not stated."""
        if self.budget is None or self.outturn is None:
            return None
        return sum_of((self.outturn, negative(self.budget)))

    @property
    def agrees(self) -> bool:
        """Whether what is stated and what follows from outturn and budget are the same within rounding."""
        made = self.worked_out
        if made is None:
            return True
        room = WIDE.divide(WIDE.add(made.quantum or Decimal(0), self.amount.quantum or Decimal(0)), Decimal(2))
        return WIDE.subtract(made.value, self.amount.value).copy_abs() <= room

    @property
    def sentence(self) -> str:
        """What it takes off this head and puts on the other fund."""
        words = in_words(self.amount)
        told = f"{words} from the {self.fund_name}, where it is a pressure of {words}"
        if self.budget is None or self.outturn is None or self.worked_out is None:
            return f"{told}."
        told = f"{told} ({in_words(self.outturn)} against {in_words(self.budget)} budgeted)"
        if self.agrees:
            return f"{told}."
        return f"{told}; those two differ by {money_words(self.worked_out.value, self.amount.quantum)}."


@dataclass(frozen=True)
class Funded:
    """A variance before and after what other funds give, and each fund's side of it.

    `transfers` gives what every fund gains or bears, the head's own under `to_fund`; together they make 0.
    """

    before: Amount
    after: Amount
    contributions: tuple[Contribution, ...]
    transfers: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Before and after in one sentence, then one for each contribution."""
        amounts = [c.amount for c in self.contributions]
        at = finest([*amounts, self.before])
        before = variance_words(self.before.value, at)
        if not self.contributions:
            return (f"{capital(before)}; no other fund contributes.",)
        first = f"{capital(before)} before contributions, {variance_words(self.after.value, at)} after."
        return (first, *(contribution.sentence for contribution in self.contributions))


def funded(before: Amount, contributions: Sequence[Contribution], to_fund: str = "general-fund") -> Funded:
    """A variance with what other funds give: after = before + contributions. Raises ValueError for a contribution of
    0 or less, and for one of the fund that receives it."""
    for one in contributions:
        if one.amount.value <= 0:
            raise ValueError(f"What the {one.fund_name} gives is above 0.")
        if one.fund == to_fund:
            raise ValueError(f"The {one.fund_name} cannot contribute to itself.")
    after = sum_of((before, *(one.amount for one in contributions)))
    sides: dict[str, Decimal] = {to_fund: Decimal(0)}
    for one in contributions:
        sides[one.fund] = WIDE.subtract(sides.get(one.fund, Decimal(0)), one.amount.value)
        sides[to_fund] = WIDE.add(sides[to_fund], one.amount.value)
    return Funded(before, after, tuple(contributions), sides)


def funded_from_after(after: Amount, contributions: Sequence[Contribution], to_fund: str = "general-fund") -> Funded:
    """As `funded`, where the variance after contributions is what is reported."""
    before = sum_of((after, *(negative(one.amount) for one in contributions)))
    found = funded(before, contributions, to_fund)
    return Funded(before, after, found.contributions, found.transfers)
