"""The lines of the page of the care ladder: what each table holds, and where every number of it is from."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from finance.care_ladder import Count
from finance.ladder_rows import RowKind
from finance.waterfall import Step
from indicators.balance import Amount
from indicators.units import WIDE, total_of

_LIMITS = frozenset({"<", ">"})


@dataclass(frozen=True)
class Fact:
    """A number of the page, or why there is none.

    `figure` is the figure it is ("placements-at-end/rung=x") or rests on, of the period `period`, called `label`.
    `worked_out` says how it comes about where no source prints it. `as_at` is the day it is for, where one is given.
    """

    value: Decimal | None = None
    quantum: Decimal | None = None
    qualifier: str = ""
    worked_out: str = ""
    missing: str = ""
    figure: str = ""
    period: str = ""
    label: str = ""
    as_at: date | None = None
    source: str = ""
    queries: int = 0

    @property
    def count(self) -> Count | None:
        """A number of children or placements; None for none, and for what is only known as more or less than that."""
        if self.value is None or self.qualifier in _LIMITS or self.value != self.value.to_integral_value():
            return None
        return Count(int(self.value), self.worked_out)

    @property
    def amount(self) -> Amount | None:
        """The number with its rounding; None for none."""
        return None if self.value is None else Amount(self.value, self.quantum, self.qualifier)

    @property
    def is_there(self) -> bool:
        """Whether there is a number, or a reason why there is none."""
        return self.value is not None or bool(self.missing)


NOTHING = Fact()


def counted(count: Count | None, fact: Fact) -> Fact:
    """The fact where it is a number, else what was worked out in its place; it keeps the figure it rests on."""
    if count is None or fact.value is not None:
        return fact
    return replace(fact, value=Decimal(count.number), worked_out=count.worked_out, missing="")


def together(facts: Iterable[Fact], worked_out: str) -> Fact:
    """The sum of several numbers; nothing where one of them is none, or is only known as more or less than that."""
    parts = list(facts)
    amounts = [part.amount for part in parts if part.amount is not None and not part.qualifier]
    if not parts or len(amounts) < len(parts):
        return NOTHING
    quanta = [a.quantum for a in amounts]
    quantum = min(q for q in quanta if q is not None) if all(q is not None for q in quanta) else None
    sources = {part.source for part in parts}
    return Fact(
        total_of(a.value for a in amounts), quantum, worked_out=worked_out,
        source=sources.pop() if len(sources) == 1 else "",
    )  # fmt: skip


def less(one: Fact, other: Fact, worked_out: str) -> Fact:
    """The one without the other; nothing where one of them is none."""
    return together((one, replace(other, value=other.value.copy_negate())), worked_out) if other.value else NOTHING


# The ladder


@dataclass(frozen=True)
class RungLine:
    """A rung, group, gap or whole in a period: how many, the plan, what one costs, and its line of the outturn.

    `lowest` and `highest` are what packages on it cost a week, `packages` how many of them there are. `variance` is
    budget less outturn. `part_of` is the code of the group whose row counts it already.
    """

    period: str
    kind: RowKind
    code: str
    name: str
    note: str = ""
    part_of: str = ""
    end_on: date | None = None
    start: Fact = NOTHING
    end: Fact = NOTHING
    planned: Fact = NOTHING
    price: Fact = NOTHING
    planned_price: Fact = NOTHING
    packages: Fact = NOTHING
    lowest: Fact = NOTHING
    highest: Fact = NOTHING
    variance: Fact = NOTHING
    covid: Fact = NOTHING
    budget: str = ""

    @property
    def over(self) -> Decimal | None:
        """How many more at the end than planned."""
        end, planned = self.end.count, self.planned.count
        return None if end is None or planned is None else Decimal(end.number - planned.number)

    @property
    def over_price(self) -> Decimal | None:
        """By how many pounds a year a place costs more than planned."""
        now, then = self.price.value, self.planned_price.value
        return None if now is None or then is None else WIDE.subtract(now, then)


# Movement


class Way(StrEnum):
    """Whether somebody came to a rung or went from it."""

    CAME = "came"
    WENT = "went"


@dataclass(frozen=True)
class FlowLine:
    """A rung or group with who was there, came, went and is there; `holds` None: it cannot be checked."""

    period: str
    code: str
    name: str
    start: Fact
    began: Fact
    ended: Fact
    end: Fact
    holds: bool | None
    sentence: str


@dataclass(frozen=True)
class MoveLine:
    """How many came to a rung or group from somewhere, or went somewhere from it; of `whole` in all.

    `other` is empty for those of whom it is not told.
    """

    period: str
    code: str
    name: str
    way: Way
    other: str
    other_name: str
    number: Fact
    whole: Fact


# Money


@dataclass(frozen=True)
class CostLine:
    """What a rung or group costs: nights, prices of a placement for a year, and what was spent against the budget.

    `of_year` is the average over the year, `budgeted` what it was budgeted at, `planned` the price of the year that
    begins after the period; `per_night` is spend over nights.
    """

    period: str
    kind: str
    code: str
    name: str
    children: Fact = NOTHING
    nights: Fact = NOTHING
    per_night: Fact = NOTHING
    at_end: Fact = NOTHING
    of_year: Fact = NOTHING
    budgeted: Fact = NOTHING
    planned: Fact = NOTHING
    planned_number: Fact = NOTHING
    spent: Fact = NOTHING
    budget: Fact = NOTHING

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Its numbers, the planned number of placements left out."""
        return (
            self.children, self.nights, self.at_end, self.of_year, self.budgeted, self.planned, self.spent, self.budget
        )  # fmt: skip


@dataclass(frozen=True)
class FundLine:
    """What a fund gives to a line of the outturn: `cost` put down to its purpose, what it was to give and gave.

    `beyond` is what it gave beyond that, a pressure of its own; `left` what of the cost nobody funded. `made_of` names
    the parts of what was given.
    """

    period: str
    line: str
    line_name: str
    fund: str
    fund_name: str
    cost: Fact = NOTHING
    budgeted: Fact = NOTHING
    given: Fact = NOTHING
    left: Fact = NOTHING
    beyond: Fact = NOTHING
    made_of: str = ""
    note: str = ""


@dataclass(frozen=True)
class PackageLine:
    """Dear packages: those of a weekly band, or those on a rung with the lowest and the highest price a week.

    `low_year` and `high_year` are the same for the nights of the financial year.
    """

    period: str
    code: str
    name: str
    number: Fact = NOTHING
    lowest: Fact = NOTHING
    highest: Fact = NOTHING
    low_year: Decimal | None = None
    high_year: Decimal | None = None


class ShareKind(StrEnum):
    """What a share of independent placements is."""

    ACTUAL = "actual"
    PLAN = "plan"
    AMBITION = "ambition"
    OTHERS = "others"


@dataclass(frozen=True)
class ShareLine:
    """One share of independent placements: the actual one, or what it is held against; `number` is how many it makes.

    `words` is what a paper says of it, where nothing else names it.
    """

    period: str
    kind: ShareKind
    code: str
    name: str
    share: Fact
    whole: Fact = NOTHING
    number: Fact = NOTHING
    points: Decimal | None = None
    sentence: str = ""
    words: str = ""


@dataclass(frozen=True)
class StepLine:
    """One step from the planned cost to the cost in place; the last is the difference of the two."""

    period: str
    subject: str
    step: Step
    is_difference: bool = False


@dataclass(frozen=True)
class PartsLine:
    """The variance of one rung of several, or with the code "" of all of them."""

    period: str
    code: str
    name: str
    number_before: Decimal
    price_before: Decimal | None
    number_after: Decimal
    price_after: Decimal | None
    volume: Decimal
    mix: Decimal
    price: Decimal
    total: Decimal
