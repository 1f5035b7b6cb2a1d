"""A step of a scenario as it is typed: what is odd about it, the step that it makes, and what steps change together."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from finance.plan import ChangePrice, DelayHome, MoveChildren, OpenHome, Plan, Step
from finance.scenarios import Effect, Scenario, effect
from finance.unit_costs import Per, doubt_about_price, doubt_about_size
from indicators.units import WIDE, round_half_up

MOVE, PRICE, OPEN, DELAY = "move", "price", "open", "delay"
KINDS = {
    MOVE: "Move children from rung to rung", PRICE: "Change a price", OPEN: "Open a home", DELAY: "Delay a home",
}  # fmt: skip


@dataclass(frozen=True)
class StepDetails:
    """What is typed of a step. `number`: children, or beds; `from_rung` is also the rung whose price changes; `home` is
    the code of a home on the register; `words` say why, and where the numbers are from."""

    kind: str
    on: date
    words: str
    number: int | None = None
    from_rung: str = ""
    to_rung: str = ""
    weekly: Decimal | None = None
    percent: Decimal | None = None
    pounds: Decimal | None = None
    home: str = ""
    home_name: str = ""
    a_month: int | None = None
    standing: Decimal | None = None

    def step(self) -> Step:
        """The step to try on a plan."""
        match self.kind:
            case "move":
                return MoveChildren(self.number or 0, self.from_rung, self.to_rung, self.on, self.weekly)
            case "price":
                return ChangePrice(self.from_rung, self.on, self.percent or Decimal(0), self.pounds or Decimal(0))
            case "open":
                return OpenHome(
                    self.home_name, self.number or 0, self.to_rung, self.on, self.a_month or 0, (self.from_rung,),
                    self.weekly, self.standing or Decimal(0),
                )  # fmt: skip
        return DelayHome(self.home_name, self.on)


def doubts(details: StepDetails, plan: Plan) -> list[str]:
    """Weekly prices that look like yearly ones, and absurd ones: as typed, and as a change would make them."""
    usual = plan.prices.get(details.to_rung)
    judged = [(details.weekly, usual), (details.standing, None)]
    if details.kind == PRICE:
        now = plan.prices.get(details.from_rung)
        judged.append((_changed(now, details), now))
    return [said for price, beside in judged if price is not None and (said := _doubt(price, beside))]


def _changed(now: Decimal | None, details: StepDetails) -> Decimal | None:
    """What a place costs after a change of price; the change alone where nothing says what it costs now."""
    pounds, percent = details.pounds or Decimal(0), details.percent or Decimal(0)
    if now is None:
        return abs(pounds)
    return round_half_up(WIDE.multiply(now, WIDE.divide(WIDE.add(100, percent), Decimal(100))) + pounds, 2)


def _doubt(price: Decimal, usual: Decimal | None) -> str:
    doubt = doubt_about_price(price, Per.WEEK, usual)
    return doubt.message if doubt is not None else doubt_about_size(price, usual)


def effect_of(name: str, plan: Plan, steps: tuple[StepDetails, ...]) -> Effect:
    """What the steps change together. Raises one of the ScenarioErrors (`finance.plan`), PriceError, OutlookError."""
    return effect(plan, Scenario(name, tuple(step.step() for step in steps)))
