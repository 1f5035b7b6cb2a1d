"""A plan that scenarios are tried on: an outlook, the rungs and their prices, homes to open and children to move.

Homes are filled and children moved in the order of the dates, each by a planned move that is certain, so that children
are moved and never made: on every night as many are in care as before, except for those whom the rates let leave. Who
moves is chosen by a rule that is told: without plans of their own first, then those nearest the rung's middle price.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from finance.outlook import Outlook, Placement, PlannedMove, StandingCost
from indicators.phrases import listed
from indicators.quarters import FinancialYear, month_of
from indicators.units import WIDE, total_of
from indicators.working_days import day_words

MOST_BEDS = 100


class ScenarioError(ValueError):
    """A step that cannot be taken; the message is a sentence for the person."""


class TooFewChildren(ScenarioError):
    """More children than are there for certain."""


class DateOutside(ScenarioError):
    """A day before the plan, or after the two financial years that it reaches."""


class UnknownRung(ScenarioError):
    """A rung that the plan does not have."""


class EndBeforeStart(ScenarioError):
    """Something that would end, or be delayed to, before it starts."""


class BadNumber(ScenarioError):
    """A number of children, beds or pounds that cannot be."""


class NoPrice(ScenarioError):
    """Nothing says what a place on the rung costs."""


class UnknownHome(ScenarioError):
    """A home that neither the plan nor the scenario opens."""


class HomeTwice(ScenarioError):
    """Two homes of one name."""


# Steps and plan


@dataclass(frozen=True)
class MoveChildren:
    """Move `number` children from one rung to another from the night of `on`. `weekly`: the price there; None: the
    plan's. Whoever has no planned move goes first, then those whose price is nearest the middle of the rung's."""

    number: int
    from_rung: str
    to_rung: str
    on: date
    weekly: Decimal | None = None


@dataclass(frozen=True)
class ChangePrice:
    """Change the price of a rung from the night of `on`, by per cent or by pounds a week."""

    rung: str
    on: date
    percent: Decimal = Decimal(0)
    pounds: Decimal = Decimal(0)


@dataclass(frozen=True)
class OpenHome:
    """Open a home of `beds` beds of a rung on a day.

    From then on `a_month` children move in on that day of each month, from the first of `from_rungs` that has one,
    until it is full. Each costs `weekly` there (None: the plan's price of the rung), and the home itself `standing`
    pounds a week from the day it opens, whoever is there.
    """

    name: str
    beds: int
    rung: str
    on: date
    a_month: int
    from_rungs: tuple[str, ...]
    weekly: Decimal | None = None
    standing: Decimal = Decimal(0)


@dataclass(frozen=True)
class DelayHome:
    """Let a home, of the plan or of an earlier step, open on a later day."""

    name: str
    to: date


Step = MoveChildren | ChangePrice | OpenHome | DelayHome


@dataclass(frozen=True)
class Plan:
    """What a scenario is tried on. `rungs`: code to name, in the order of the ladder; `prices`: what a place costs a
    week where nothing else is said; `homes` and `moves` are carried out in the order of their dates."""

    outlook: Outlook
    rungs: Mapping[str, str]
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    homes: tuple[OpenHome, ...] = ()
    moves: tuple[MoveChildren, ...] = ()

    @property
    def year(self) -> FinancialYear:
        """The financial year of the plan; the next one comes along."""
        return self.outlook.year


def plan_of_counts(
    as_of: date, counts: Mapping[str, tuple[int, Decimal]], rungs: Mapping[str, str] | None = None
) -> Plan:
    """A plan from so many children on each rung at an average weekly price, all of them staying. Raises BadNumber,
    and the OutlookErrors (`finance.outlook`)."""
    if any(number < 0 for number, _ in counts.values()):
        raise BadNumber("There cannot be fewer than no children on a rung.")
    placements = tuple(Placement(rung, weekly, as_of, number=n) for rung, (n, weekly) in counts.items() if n)
    prices = {rung: weekly for rung, (_, weekly) in counts.items()}
    return Plan(Outlook(as_of, placements, cost_to_date=Decimal(0)), dict(rungs or {r: r for r in counts}), prices)


def check_rungs(plan: Plan, *rungs: str) -> None:
    for rung in rungs:
        if rung not in plan.rungs:
            raise UnknownRung(f"“{rung}” is not a rung of the ladder.")


def check_day(plan: Plan, day: date) -> None:
    outlook = plan.outlook
    if not outlook.as_of <= day < outlook.until:
        raise DateOutside(
            f"{day_words(day)} is outside what is projected: {day_words(outlook.as_of)} to "
            f"{day_words(outlook.year.next().end_on)}."
        )


def price_of(plan: Plan, rung: str, weekly: Decimal | None) -> Decimal:
    price = plan.prices.get(rung) if weekly is None else weekly
    if price is None:
        raise NoPrice(f"Nothing says what a place costs: {plan.rungs[rung]}. Give its price in pounds a week.")
    if price < 0:
        raise BadNumber("A price cannot be less than nothing.")
    return price


# Homes and moves carried out


@dataclass(frozen=True)
class Made:
    """A move as it was made: why, from which rung, how many of how many, and at what price they were on average."""

    asked: MoveChildren | OpenHome
    from_rung: str
    number: int
    of: int
    weekly: Decimal


@dataclass(frozen=True)
class _Eligible:
    """Children of a placement who are on a rung for certain on a day, and may be moved."""

    place: int
    number: int
    weekly: Decimal
    has_plans: bool


def carried_out(plan: Plan) -> tuple[Outlook, tuple[Made, ...]]:
    """The outlook with every home filled and every move made, in the order of their dates."""
    placements, made = plan.outlook.placements, []
    for day, _, asked, number in sorted(_events(plan), key=lambda event: event[:2]):
        sources = (asked.from_rung,) if isinstance(asked, MoveChildren) else asked.from_rungs
        to_rung = asked.to_rung if isinstance(asked, MoveChildren) else asked.rung
        move = PlannedMove(day, to_rung, price_of(plan, to_rung, asked.weekly))
        missing = number
        for rung in sources:
            there = _eligible(placements, rung, day)
            chosen = _chosen(there, missing)
            if chosen:
                placements = _moved(placements, chosen, move)
                made.append(_made(asked, rung, there, chosen))
                missing -= sum(chosen.values())
        if missing:
            found = number - missing
            raise TooFewChildren(
                f"Only {found} {'child is' if found == 1 else 'children are'} certain to be in "
                f"{listed([plan.rungs[rung] for rung in sources])} on {day_words(day)}; {number} cannot be moved."
            )
    standing = [StandingCost(h.name, h.standing, h.on) for h in plan.homes if h.standing]
    return replace(plan.outlook, placements=placements, standing=(*plan.outlook.standing, *standing)), tuple(made)


def outlook_of(plan: Plan) -> Outlook:
    """The outlook of a plan with its homes opened and its moves made, for projection and simulation.

    Raises TooFewChildren where there are not as many children.
    """
    return carried_out(plan)[0]


def _events(plan: Plan) -> Iterator[tuple[date, int, MoveChildren | OpenHome, int]]:
    """Each day on which children move: the day, the order among those of one day, why, and how many."""
    for order, home in enumerate(plan.homes):
        for day, number in _fillings(home):
            if day < plan.outlook.until:
                yield day, order, home, number
    for order, move in enumerate(plan.moves, start=len(plan.homes)):
        yield move.on, order, move, move.number


def _fillings(home: OpenHome) -> Iterator[tuple[date, int]]:
    month, left = month_of(home.on), home.beds
    while left > 0:
        yield month.start_on.replace(day=min(home.on.day, month.end_on.day)), min(left, home.a_month)
        left -= home.a_month
        month = month.next()


def _eligible(placements: Sequence[Placement], rung: str, day: date) -> list[_Eligible]:
    found = []
    for place, placement in enumerate(placements):
        where = _where(placement, day)
        if where is not None and where[0] == rung:
            has_plans = any(move.on > day and move.probability for move in placement.moves)
            found.append(_Eligible(place, placement.number, where[1], has_plans))
    return found


def _where(placement: Placement, day: date) -> tuple[str, Decimal] | None:
    """The rung and the price of a placement on a night, where they are certain."""
    if not placement.is_in_place(day):
        return None
    rung, weekly = placement.rung, placement.weekly
    for move in placement.moves:
        if move.on > day or not move.probability:
            continue
        if move.probability < 1 or move.to_rung is None:
            return None
        rung, weekly = move.to_rung, move.weekly
    return rung, weekly


def _chosen(there: Sequence[_Eligible], number: int) -> dict[int, int]:
    """How many of each placement move: those without plans first, then by how near their price is to the middle."""
    prices = sorted(price for row in there for price in [row.weekly] * row.number)
    if not prices:
        return {}
    middle = prices[len(prices) // 2]
    chosen: dict[int, int] = {}
    for row in sorted(there, key=lambda row: (row.has_plans, abs(row.weekly - middle), row.weekly, row.place)):
        take = min(row.number, number - sum(chosen.values()))
        if take:
            chosen[row.place] = take
    return chosen


def _moved(placements: Sequence[Placement], chosen: Mapping[int, int], move: PlannedMove) -> tuple[Placement, ...]:
    found = []
    for place, placement in enumerate(placements):
        take = chosen.get(place, 0)
        if take < placement.number:
            found.append(replace(placement, number=placement.number - take))
        if take:
            before = tuple(m for m in placement.moves if m.on <= move.on)
            after = tuple(m for m in placement.moves if m.on > move.on)
            found.append(replace(placement, number=take, moves=(*before, move, *after)))
    return tuple(found)


def _made(asked: MoveChildren | OpenHome, rung: str, there: Sequence[_Eligible], chosen: Mapping[int, int]) -> Made:
    number = sum(chosen.values())
    total = total_of(row.weekly * chosen.get(row.place, 0) for row in there)
    return Made(asked, rung, number, sum(row.number for row in there), WIDE.divide(total, Decimal(number)))
