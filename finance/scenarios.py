"""What if: steps that are tried on a plan, and what they would change this year and next, with what they assume.

Trying a scenario gives another plan; the plan itself never changes. Effects are differences of projections, and the
effects of the steps add up to that of the scenario. Everything here is light enough for a view.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from finance.nights import PriceChange
from finance.plan import (
    MOST_BEDS,
    BadNumber,
    ChangePrice,
    DelayHome,
    EndBeforeStart,
    HomeTwice,
    Made,
    MoveChildren,
    OpenHome,
    Plan,
    Step,
    UnknownHome,
    UnknownRung,
    carried_out,
    check_day,
    check_rungs,
    outlook_of,
    price_of,
)
from finance.projection import year_totals
from indicators.quarters import FinancialYear
from indicators.units import Unit, round_half_up, total_of, written
from indicators.working_days import day_words

_PENCE = 2


@dataclass(frozen=True)
class Scenario:
    """Steps under a name, tried in the order given."""

    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class StepEffect:
    """What one step changes, beside those before it, in pounds; less is a saving."""

    words: str
    this_year: Decimal
    next_year: Decimal


@dataclass(frozen=True)
class Effect:
    """What a scenario changes in this financial year and the next, in pounds, step by step, and what it assumes."""

    scenario: str
    year: FinancialYear
    this_year: Decimal
    next_year: Decimal
    steps: tuple[StepEffect, ...]
    assumptions: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The effect in words, its sign too."""
        this, following = _side(self.this_year), _side(self.next_year)
        return f"“{self.scenario}” costs {this} in {self.year.label} and {following} in {self.year.next().label}."


def apply(plan: Plan, scenario: Scenario) -> Plan:
    """The plan as it would be; `plan` stays as it is. Raises one of the ScenarioErrors, PriceBelowZero."""
    for step in scenario.steps:
        plan = _with_step(plan, step)
    return plan


def effect(plan: Plan, scenario: Scenario) -> Effect:
    """What a scenario changes. Raises one of the ScenarioErrors, PriceBelowZero."""
    before = year_totals(outlook_of(plan))
    steps: list[StepEffect] = []
    assumptions: list[str] = []
    for step in scenario.steps:
        changed = _with_step(plan, step)
        after = year_totals(outlook_of(changed))
        words = describe(step, plan)
        steps.append(StepEffect(words, after[0] - before[0], after[1] - before[1]))
        assumptions += _assumptions(step, plan, changed)
        plan, before = changed, after
    assumptions += _general_assumptions(plan)
    return Effect(
        scenario.name,
        plan.year,
        total_of(step.this_year for step in steps),
        total_of(step.next_year for step in steps),
        tuple(steps),
        tuple(dict.fromkeys(assumptions)),
    )


@dataclass(frozen=True)
class Comparison:
    """Two scenarios on one plan; differences are the second less the first, in pounds."""

    first: Effect
    second: Effect

    @property
    def this_year(self) -> Decimal:
        """In this financial year."""
        return self.second.this_year - self.first.this_year

    @property
    def next_year(self) -> Decimal:
        """In the next one."""
        return self.second.next_year - self.first.next_year

    @property
    def sentence(self) -> str:
        """The comparison in words."""
        return (
            f"“{self.second.scenario}” costs {_side(self.this_year)} than “{self.first.scenario}” in "
            f"{self.first.year.label} and {_side(self.next_year)} in {self.first.year.next().label}."
        )


def compare(plan: Plan, first: Scenario, second: Scenario) -> Comparison:
    """Both tried on the same plan. Raises one of the ScenarioErrors, PriceBelowZero."""
    return Comparison(effect(plan, first), effect(plan, second))


# One step


def _with_step(plan: Plan, step: Step) -> Plan:
    match step:
        case MoveChildren():
            return _with_move(plan, step)
        case ChangePrice():
            return _with_price(plan, step)
        case OpenHome():
            return _with_home(plan, step)
        case DelayHome():
            return _with_delay(plan, step)


def _with_move(plan: Plan, step: MoveChildren) -> Plan:
    if step.number < 1:
        raise BadNumber(f"{step.number} children cannot be moved. Give 1 or more.")
    check_rungs(plan, step.from_rung, step.to_rung)
    if step.from_rung == step.to_rung:
        raise UnknownRung("The children would stay on the same rung. Choose another one.")
    check_day(plan, step.on)
    price_of(plan, step.to_rung, step.weekly)
    changed = replace(plan, moves=(*plan.moves, step))
    carried_out(changed)
    return changed


def _with_price(plan: Plan, step: ChangePrice) -> Plan:
    check_rungs(plan, step.rung)
    check_day(plan, step.on)
    if not step.percent and not step.pounds:
        raise BadNumber("Say by how much the price changes: in per cent, or in pounds a week.")
    if step.percent and step.pounds:
        raise BadNumber("Change the price either in per cent or in pounds a week, not both in one step.")
    change = PriceChange(step.on, step.percent, step.pounds, (step.rung,))
    outlook = replace(plan.outlook, price_changes=(*plan.outlook.price_changes, change))
    return replace(plan, outlook=outlook)


def _with_home(plan: Plan, step: OpenHome) -> Plan:
    if not 1 <= step.beds <= MOST_BEDS or step.a_month < 1:
        raise BadNumber(f"A home has 1 to {MOST_BEDS} beds, and 1 child or more moves in each month.")
    if step.standing < 0:
        raise BadNumber("A home cannot cost less than nothing.")
    if any(home.name == step.name for home in plan.homes):
        raise HomeTwice(f"“{step.name}” opens already. Give the other home another name, or delay this one.")
    if not step.from_rungs or step.rung in step.from_rungs:
        raise UnknownRung("Say from which other rungs the children come.")
    check_rungs(plan, step.rung, *step.from_rungs)
    check_day(plan, step.on)
    price_of(plan, step.rung, step.weekly)
    changed = replace(plan, homes=(*plan.homes, step))
    carried_out(changed)
    return changed


def _with_delay(plan: Plan, step: DelayHome) -> Plan:
    found = next((home for home in plan.homes if home.name == step.name), None)
    if found is None:
        raise UnknownHome(f"No home “{step.name}” is to open. Open it in an earlier step, or choose one of the plan.")
    if step.to <= found.on:
        raise EndBeforeStart(
            f"“{step.name}” opens on {day_words(found.on)}; {day_words(step.to)} is no delay. Choose a later day."
        )
    check_day(plan, step.to)
    homes = tuple(replace(home, on=step.to) if home is found else home for home in plan.homes)
    changed = replace(plan, homes=homes)
    carried_out(changed)
    return changed


# In words


def describe(step: Step, plan: Plan) -> str:
    """A step in words, such as "Move 3 children from Out of authority to In-house fostering from 1 June 2022"."""
    match step:
        case MoveChildren():
            return (
                f"Move {_children(step.number)} from {plan.rungs[step.from_rung]} to {plan.rungs[step.to_rung]} from "
                f"{day_words(step.on)}"
            )
        case ChangePrice():
            amount = step.percent or step.pounds
            by = f"{abs(amount)}%" if step.percent else f"{_pounds(abs(amount))} a week"
            side = "Raise" if amount > 0 else "Lower"
            return f"{side} the price of {plan.rungs[step.rung]} by {by} from {day_words(step.on)}"
        case OpenHome():
            beds = f"{step.beds} {'bed' if step.beds == 1 else 'beds'}"
            return f"Open “{step.name}” with {beds} ({plan.rungs[step.rung]}) on {day_words(step.on)}"
        case DelayHome():
            return f"Delay “{step.name}” to {day_words(step.to)}"


def _assumptions(step: Step, plan: Plan, changed: Plan) -> Iterator[str]:
    made = [row for row in carried_out(changed)[1] if row.asked == step]
    match step:
        case MoveChildren():
            price = price_of(plan, step.to_rung, step.weekly)
            for row in made:
                yield (f"{_who(row, plan)} Each then costs {_pounds(price)} a week on {plan.rungs[step.to_rung]}.")
        case ChangePrice():
            yield (
                f"The change of price holds for every child on {plan.rungs[step.rung]} and everybody who comes, from "
                f"{day_words(step.on)}, after the changes already planned."
            )
        case OpenHome():
            price = price_of(plan, step.rung, step.weekly)
            costs = f", and the home {_pounds(step.standing)} a week from the day it opens" if step.standing else ""
            yield (
                f"“{step.name}” fills by {_children(step.a_month)} a month from {day_words(step.on)}; each costs "
                f"{_pounds(price)} a week there{costs}."
            )
            for row in made:
                yield _who(row, plan)
        case DelayHome():
            yield f"Until “{step.name}” opens, its children stay where they are and its own costs do not begin."


def _who(row: Made, plan: Plan) -> str:
    return (
        f"{_children(row.number).capitalize()} of the {row.of} who may be moved from {plan.rungs[row.from_rung]} "
        f"{'is' if row.number == 1 else 'are'} moved, those nearest its middle price: {_pounds(row.weekly)} a week "
        "on average."
    )


def _general_assumptions(plan: Plan) -> Iterator[str]:
    outlook = plan.outlook
    yield f"Prices are those in force on {day_words(outlook.as_of)}, with the changes of price from their dates."
    yield "A place that becomes free costs nothing and is not filled again; no notice period is paid."
    if any(row.per_night for row in outlook.leaving):
        yield "Children may leave unplanned before and after they are moved, at the rates of the projection."
    if outlook.contingency.percent:
        yield f"The contingency of {outlook.contingency.percent}% rises and falls with the cost."


def _children(number: int) -> str:
    return "1 child" if number == 1 else f"{number} children"


def _pounds(amount: Decimal) -> str:
    return written(round_half_up(amount, _PENCE), Unit.POUNDS)


def _side(amount: Decimal) -> str:
    if amount == 0:
        return "neither more nor less"
    return f"{_pounds(abs(amount))} {'more' if amount > 0 else 'less'}"
