"""Which stages of the pathway reconcile in a period: the number at the start, with what came in and went out, against
the number at the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from indicators.balance import Amount, BalanceOutcome, BalanceResult, balance
from referrals.stages import STAGES, Stage

Figures = Mapping[str, Amount | None]


@dataclass(frozen=True)
class StageBalance:
    """A stage that has a stock, with what its figures make."""

    stage: Stage
    result: BalanceResult


@dataclass(frozen=True)
class StockFlow:
    """Every stage with a stock, in the order of the pathway."""

    stages: tuple[StageBalance, ...]

    def with_outcome(self, *outcomes: BalanceOutcome) -> tuple[StageBalance, ...]:
        """The stages that came out so."""
        return tuple(one for one in self.stages if one.result.outcome in outcomes)

    @property
    def reconcile(self) -> tuple[StageBalance, ...]:
        """The stages whose flows explain the stock."""
        return self.with_outcome(BalanceOutcome.BALANCES)

    @property
    def do_not_reconcile(self) -> tuple[StageBalance, ...]:
        """The stages whose flows do not."""
        return self.with_outcome(BalanceOutcome.DOES_NOT_BALANCE)

    @property
    def not_checked(self) -> tuple[StageBalance, ...]:
        """The stages for which a number is missing or the series breaks."""
        return self.with_outcome(BalanceOutcome.MISSING, BalanceOutcome.SERIES_BREAK)

    def sentence(self) -> str:
        """How many stages reconcile, which do not, and how many cannot be checked."""
        yes, no, unknown = len(self.reconcile), self.do_not_reconcile, len(self.not_checked)
        names = ", ".join(one.stage.name for one in no)
        return (
            f"Of {_stages(len(self.stages))}, {yes} reconcile{'s' if yes == 1 else ''}, "
            f"{len(no)} do{'es' if len(no) == 1 else ''} not{f' ({names})' if no else ''}, "
            f"and {unknown} cannot be checked."
        )


def _stages(number: int) -> str:
    return f"{number} stage{'' if number == 1 else 's'} with a stock"


def stock_flow(
    opening: Figures,
    period: Figures,
    breaks: Mapping[str, date] | None = None,
    names: Mapping[str, str] | None = None,
    stages: Sequence[Stage] = STAGES,
) -> StockFlow:
    """The stages that have a stock, checked for one period.

    `opening` holds the stocks at the end of the period before, `period` the flows and the stocks at the end, both by
    indicator; absent is missing. `breaks` gives for a stock the day on which its way of counting changed since the
    opening (`indicators.balance.break_between`), `names` the names of indicators for the sentences. A stage without
    an inflow or an outflow of its own cannot be checked. Never raises for data.
    """
    breaks, names = breaks or {}, names or {}

    def flows(code: str) -> dict[str, Amount | None]:
        return {names.get(code, code): period.get(code)} if code else {}

    return StockFlow(
        tuple(
            StageBalance(
                one,
                balance(
                    opening.get(one.stock),
                    flows(one.inflow),
                    flows(one.outflow),
                    period.get(one.stock),
                    break_on=breaks.get(one.stock),
                ),
            )
            for one in stages
            if one.stock
        )
    )
