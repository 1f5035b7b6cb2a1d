"""Where a band and the amounts beside it lie on a line of 1,000 steps: lengths for a drawing, and nothing else."""

from dataclasses import dataclass
from decimal import Decimal

from finance.simulation import Band

STEPS = 1_000
_MARGIN = 60


@dataclass(frozen=True)
class BandMarks:
    """The ends and the middle of a band, the projection, and the budget (None: there is none), from 0 to STEPS."""

    low: int
    middle: int
    high: int
    expected: int
    budget: int | None

    @property
    def width(self) -> int:
        """How wide the band is, at least two steps."""
        return max(2, self.high - self.low)


def band_marks(band: Band, expected: Decimal, budget: Decimal | None = None) -> BandMarks:
    """The marks of a band; the line begins and ends a little beyond what stands on it, and not at zero."""
    amounts = [band.p10, band.p50, band.p90, expected, *([] if budget is None else [budget])]
    low, high = min(amounts), max(amounts)
    at = [_place(amount, low, high) for amount in amounts]
    return BandMarks(at[0], at[1], at[2], at[3], None if budget is None else at[4])


def _place(amount: Decimal, low: Decimal, high: Decimal) -> int:
    if high == low:
        return STEPS // 2
    return _MARGIN + int((amount - low) * (STEPS - 2 * _MARGIN) / (high - low))
