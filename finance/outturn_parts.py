"""What stands behind the outturn: a heading's lines and what they leave over, the change between two quarters, what
Covid cost and who paid for it, and what other funds paid."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from finance.money import Held, finest, hold_against, money_words, negative, sum_of
from finance.outturn import (
    Amounts,
    Contribution,
    Funded,
    Row,
    Side,
    Table,
    can_be_added,
    funded,
    funded_from_after,
    variance_key,
    variance_words,
)
from indicators.balance import Amount
from indicators.phrases import listed, lowered
from indicators.units import WIDE

# Lines whose Covid cost is given by their parts (003 §88, §113).
PARTS_OF = {"fostering": ("independent-fostering", "in-house-fostering")}
# Whose overspend a fund relieves (a line, or "" for the total), and whether that is reported before what the fund pays.
RELIEVES = {"high-needs-block": ("ooa", True), "covid": ("", False)}


def coarsest(amounts: Sequence[Amount]) -> Decimal | None:
    """The largest quantum among them: what is worked out of them is known no better."""
    return max((a.quantum for a in amounts if a.quantum is not None), default=None)


# A heading and its lines


@dataclass(frozen=True)
class Item:
    """A step from the lines of a heading to its variance: a line, what no line says, or a sum on the way."""

    head: str
    name: str
    amount: Amount
    running: Decimal
    rounding: Decimal | None
    is_rest: bool = False
    is_sum: bool = False


@dataclass(frozen=True)
class Itemised:
    """A heading with its lines, those over budget first, and the rest that no line says."""

    row: Row
    items: tuple[Item, ...]
    sentence: str


def itemised(row: Row) -> Itemised | None:
    """How the lines of a heading stand to its net variance; None without lines. What the paper does not itemise is
    worked out here. Where a line has no number the sentence names it, and there are no steps."""
    if not row.lines:
        return None
    silent = [line.head.name for line in row.lines if not can_be_added(line.net)]
    silent += [] if can_be_added(row.net) else [row.head.name]
    rest = row.rest()
    if silent or rest is None or row.net is None:
        said = f"{listed(silent)} {'is' if len(silent) == 1 else 'are'} not reported as a number, so that"
        return Itemised(row, (), f"{said} the lines of {row.head.name} cannot be held against it.")
    lines = sorted(row.lines, key=lambda line: line.net is not None and line.net.value >= 0)
    known = [(line.head.name, line.net) for line in lines if line.net is not None]
    at = coarsest([amount for _, amount in known])
    items, running = [], Decimal(0)
    for name, amount in known:
        running = WIDE.add(running, amount.value)
        items.append(Item(row.head.code, name, amount, running, at))
    rest_shown = Amount(rest.value, at)
    items.append(Item(row.head.code, "In no line", rest_shown, row.net.value, at, is_rest=True))
    items.append(Item(row.head.code, row.head.name, row.net, row.net.value, row.net.quantum, is_sum=True))
    return Itemised(row, tuple(items), _itemised_words(row, known, rest, at))


def _itemised_words(row: Row, known: Sequence[tuple[str, Amount]], rest: Amount, at: Decimal | None) -> str:
    over = sum_of(amount for _, amount in known if amount.value < 0).value
    under = [(name, amount) for name, amount in known if amount.value > 0]
    said = f"The lines make {variance_words(over, at)}" if over else "No line is over budget"
    for name, amount in under:
        said += f", less {money_words(amount.value, at)} ({lowered(name)})"
    net = row.net.value if row.net else Decimal(0)
    if rest.value:
        step = "less" if rest.value > 0 else "and"
        said += f", {step} {money_words(rest.value.copy_abs(), at)} that stands in no line"
    said += f": {variance_words(net, at)} of {row.head.name}."
    if rest.value:
        room = WIDE.divide(rest.quantum or Decimal(0), Decimal(2))
        said += " What stands in no line is not itemised by the report; it is worked out here"
        said += f", to within {money_words(room)}." if room else "."
    return said


# Between two quarters


class ChangeVerdict(StrEnum):
    """How a change that is reported stands to the one that two quarters make."""

    AGREES = "agrees"
    WITHIN_ROUNDING = "within_rounding"
    DOES_NOT = "does_not"
    NOT_REPORTED = "not_reported"


@dataclass(frozen=True)
class ChangeRow:
    """The variance of a heading or line, or the part of one reason, in two quarters; the change worked out from them,
    and the one that is reported, held against it."""

    head: str
    line: str
    name: str
    reason: str
    reason_name: str
    period: str
    previous: str
    now: Amount
    before: Amount
    reported: Amount | None

    @property
    def worked_out(self) -> Amount:
        """The variance now less the one before."""
        return sum_of((self.now, negative(self.before)))

    @property
    def held(self) -> Held | None:
        """The reported change against it; None where none is reported."""
        if self.reported is None or not can_be_added(self.reported):
            return None
        return hold_against(self.reported, (self.now, negative(self.before)), "the two quarters")

    @property
    def verdict(self) -> ChangeVerdict:
        """Whether the two agree."""
        if self.held is None:
            return ChangeVerdict.NOT_REPORTED
        if not self.held.difference:
            return ChangeVerdict.AGREES
        return ChangeVerdict.WITHIN_ROUNDING if self.held.agrees else ChangeVerdict.DOES_NOT


def changes(now: Table, before: Table, reasons: Mapping[str, str], period: str, previous: str) -> tuple[ChangeRow, ...]:
    """The change of every heading, line and the total that two quarters have a number of, as a whole and by reason."""
    then = {_place(row): row for row in _rows(before)}
    found = []
    for row in _rows(now):
        earlier = then.get(_place(row))
        if earlier is None:
            continue
        head, line = _place(row)
        pairs = [("", "", row.net, earlier.net, row.changed)]
        pairs += [
            (code, name, row.by_reason.get(code), earlier.by_reason.get(code), row.change.get(code))
            for code, name in reasons.items()
        ]
        for code, name, amount, was, reported in pairs:
            if amount is not None and was is not None and can_be_added(amount, was):
                found.append(ChangeRow(head, line, row.head.name, code, name, period, previous, amount, was, reported))
    return tuple(found)


def _rows(table: Table) -> list[Row]:
    return [*(row for head in table.heads for row in (head, *head.lines)), table.total]


def _place(row: Row) -> tuple[str, str]:
    return (row.head.parent, row.head.code) if row.head.parent else (row.head.code, "")


@dataclass(frozen=True)
class QuarterCell:
    """The net variance of a heading, line or the total in one of several quarters that stand beside each other."""

    head: str
    line: str
    name: str
    period: str
    label: str
    net: Amount | None
    is_worked_out: bool


# Covid


@dataclass(frozen=True)
class CovidRow:
    """What Covid cost on a line, what the council gave for it by source, and what is left; `reported` is the pressure
    that the report puts down to Covid, above 0."""

    code: str
    name: str
    cost: Amount | None
    by_fund: Mapping[str, Amount | None]
    funding: Amount | None
    reported: Amount | None
    is_cost_summed: bool = False
    is_whole: bool = False
    parts: tuple[Amount, ...] = ()

    @property
    def net(self) -> Amount | None:
        """Cost less funding; None where one is not known."""
        if self.cost is None or self.funding is None or not can_be_added(self.cost, self.funding):
            return None
        return sum_of((self.cost, negative(self.funding)))

    @property
    def finding(self) -> str:
        """How it stands to what is reported."""
        if self.cost is None or self.funding is None or self.net is None:
            lacking = [w for w, a in (("The cost", self.cost), ("Its own funding", self.funding)) if a is None]
            return f"Not checked: {lowered(listed(lacking))} {'is' if len(lacking) == 1 else 'are'} not reported."
        if self.reported is None or not can_be_added(self.reported):
            return "No pressure is reported to hold it against."
        return hold_against(self.reported, self.parts, "cost and funding").sentence


def covid_rows(
    figures: Amounts, lines: Sequence[tuple[str, str, str]], heads: Sequence[tuple[str, str]], funds: Sequence[str]
) -> tuple[CovidRow, ...]:
    """Each line (head, code, name) with a Covid cost or funding of its own, then each heading (code, name) with funding
    as a whole, whose cost is that of all lines."""
    found = []
    for head, code, name in lines:
        costs = _costs(figures, code)
        by_fund = {fund: figures.get(f"covid-funding/covid-fund={fund}|line={code}") for fund in funds}
        given = _known(figures.get(f"covid-funding/line={code}")) or _known(*by_fund.values())
        if costs or given:
            reported = figures.get(variance_key(head=head, line=code, reason="covid"))
            found.append(_covid_row(code, name, costs, by_fund, given, reported))
    every = _known(*(amount for key, amount in figures.items() if key.startswith("covid-cost/line=")))
    for code, name in heads:
        given = _known(figures.get(f"covid-funding/head={code}"))
        if given:
            by_fund = {fund: figures.get(f"covid-funding/covid-fund={fund}|head={code}") for fund in funds}
            costs = _known(figures.get(f"covid-cost/head={code}")) or every
            reported = figures.get(variance_key(head=code, reason="covid"))
            found.append(replace(_covid_row(code, name, costs, by_fund, given, reported), is_whole=True))
    return tuple(found)


def _covid_row(
    code: str,
    name: str,
    costs: Sequence[Amount],
    by_fund: Mapping[str, Amount | None],
    given: Sequence[Amount],
    reported: Amount | None,
) -> CovidRow:
    cost, funding = (sum_of(amounts) if amounts and can_be_added(*amounts) else None for amounts in (costs, given))
    parts = (*costs, *map(negative, given))
    return CovidRow(code, name, cost, by_fund, funding, _pressure(reported), len(costs) > 1, parts=parts)


def _known(*amounts: Amount | None) -> tuple[Amount, ...]:
    return tuple(amount for amount in amounts if amount is not None)


def _costs(figures: Amounts, line: str) -> tuple[Amount, ...]:
    """The cost of a line, or those of all its parts."""
    own = _known(figures.get(f"covid-cost/line={line}"))
    parts = _known(*(figures.get(f"covid-cost/line={part}") for part in PARTS_OF.get(line, ())))
    return own or (parts if len(parts) == len(PARTS_OF.get(line, ())) else ())


def _pressure(variance: Amount | None) -> Amount | None:
    return None if variance is None else negative(variance)


# Other funds


@dataclass(frozen=True)
class FundRow:
    """What another fund paid beyond its budget: off whose overspend it is, and how that stands before and after."""

    contribution: Contribution
    relieved: str
    funded: Funded | None

    @property
    def written_to(self) -> Decimal | None:
        """Pounds to which its amounts are written."""
        amounts = [self.contribution.amount]
        return finest([*amounts, self.funded.before] if self.funded else amounts)


def fund_rows(figures: Amounts, table: Table, funds: Mapping[str, str]) -> tuple[FundRow, ...]:
    """The funds (code to name) that paid something beyond the budget.

    The High Needs Block relieves the line of out-of-area placements, whose variance is reported before it (003 §108,
    §109); Covid funding relieves the total, which is reported after it (003 §81). Of any other fund nobody says what it
    relieves, so it has neither before nor after.
    """
    found = []
    for code, name in funds.items():
        amount = figures.get(f"fund-contribution/fund={code}")
        if amount is None or amount.value <= 0 or not can_be_added(amount):
            continue
        sides = [figures.get(f"{code}-funding/side={side}") for side in (Side.BUDGET, Side.OUTTURN)]
        budget, outturn = (side if can_be_added(side) else None for side in sides)
        given = Contribution(code, name, amount, budget, outturn)
        relieved, is_before = RELIEVES.get(code, ("", True))
        row = table.total if code in RELIEVES and not relieved else _line(table, relieved)
        name = "" if row is None else "All headings" if row is table.total else row.head.name
        net = row.net if row is not None and can_be_added(row.net) else None
        both = None
        if net is not None:
            both = funded(net, [given]) if is_before else funded_from_after(net, [given])
        found.append(FundRow(given, name, both))
    return tuple(found)


def _line(table: Table, code: str) -> Row | None:
    rows = (line for head in table.heads for line in head.lines)
    return next((line for line in rows if line.head.code == code), None)


def covid_total(figures: Amounts, table: Table) -> Held | None:
    """What the further Covid costs, less what the council gave, make, against the Covid part of the variance (003 §81);
    None where one of them is missing."""
    cost, given = figures.get("covid-pressure"), figures.get("fund-contribution/fund=covid")
    reported = _pressure(table.total.by_reason.get("covid"))
    if cost is None or given is None or reported is None or not can_be_added(cost, given, reported):
        return None
    return hold_against(reported, (cost, negative(given)), "further Covid costs and the council’s funding")


def quarter_cells(table: Table, period: str, label: str) -> list[QuarterCell]:
    """The net variances of a quarter, headings with their lines in order, the total last."""
    return [
        QuarterCell(*_place(row), row.head.name, period, label, row.net, _is_worked_out(row)) for row in _rows(table)
    ]


def _is_worked_out(row: Row) -> bool:
    return next((cell.is_worked_out for measure, cell in row.variance.items() if measure == "net"), False)
