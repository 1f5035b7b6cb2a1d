"""What a year comes to at the pace of its periods so far, and what the rest of it needs for a target.

Shares are projected by numerator and denominator, never by averaging percentages. A rolling year changes by the quarter
that comes less the quarter that leaves, so part of its next movement is known already.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from indicators.share_charts import Parts
from indicators.units import WIDE

# Years in whose course a profile is seen.
FEWEST_YEARS = 2


@dataclass(frozen=True)
class Needed:
    """What the rest of a year needs so that the year meets its target: a share (0 to 1) of so many, or a number."""

    share: Decimal
    of: Decimal

    @property
    def is_out_of_reach(self) -> bool:
        """Whether no share of the rest could do it."""
        return self.share > 1

    @property
    def is_safe(self) -> bool:
        """Whether the target is met whatever the rest brings."""
        return self.share <= 0


def flat(so_far: Decimal, periods: int, in_year: int) -> Decimal:
    """The count of a year at the pace of its periods so far. Raises ValueError where no period, or more than the year
    has, are there."""
    if not 0 < periods <= in_year:
        raise ValueError("A year at this pace needs at least one period, and no more than the year has.")
    return WIDE.divide(so_far * in_year, Decimal(periods))


def profiled(so_far: Decimal, periods: int, years: Sequence[Sequence[Decimal]]) -> Decimal | None:
    """The count of a year by the share of earlier years that was reached after as many periods; None of fewer than two
    whole years, or where nothing was reached by then."""
    if len(years) < FEWEST_YEARS:
        return None
    with localcontext(WIDE):
        reached = sum((sum(year[:periods], Decimal(0)) for year in years), Decimal(0))
        whole = sum((sum(year, Decimal(0)) for year in years), Decimal(0))
        return so_far * whole / reached if reached else None


def projected(so_far: Parts, periods: int, in_year: int) -> Parts:
    """Numerator and denominator of a year at the pace of its periods so far; raises as `flat`."""
    return Parts(flat(so_far.numerator, periods, in_year), flat(so_far.denominator, periods, in_year))


def needed(so_far: Parts, periods: int, in_year: int, target: Decimal) -> Needed | None:
    """What share the rest of the year needs for the year to come to the target (0 to 1), if as many come as until now;
    None once the year is over. Raises as `flat`."""
    year = projected(so_far, periods, in_year)
    rest = year.denominator - so_far.denominator
    if rest <= 0:
        return None
    with localcontext(WIDE):
        return Needed((target * year.denominator - so_far.numerator) / rest, rest)


def already_fixed(rolling: Sequence[Decimal], periods: int) -> Decimal:
    """How much of the next change of a rolling count is known: what leaves, below 0. `rolling` are the periods that it
    holds, the oldest first; `periods` of them leave next."""
    return -sum(rolling[:periods], Decimal(0))
