"""What a control chart says of one figure of a scorecard, as a row carries it; or why there is none."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from indicators.share_charts import Method
from indicators.spc import Assurance, Cause, Rules, Variation


class Why(StrEnum):
    """Why there is no control chart."""

    OVERLAPPING = "overlapping"
    READ_ONCE = "read_once"
    TOO_FEW = "too_few"
    NO_FIGURE = "no_figure"


@dataclass(frozen=True)
class Verdict:
    """The variation of the period's latest figure, and whether the process will meet its target (None: no target, or
    neither way is better). Where nothing is charted `why` says so, and the rest is None.

    `figures`: how many in a row the latest limits are of, or would be; `first`: slug of the period of the first.
    """

    variation: Variation | None = None
    cause: Cause | None = None
    assurance: Assurance | None = None
    why: Why | None = None
    figures: int = 0
    first: str = ""
    method: Method | None = None
    rules: Rules | None = None

    @property
    def chance(self) -> Decimal | None:
        """How often chance alone marks the latest figure of such a chart, 0 to 1; None without a chart."""
        return None if self.rules is None else BY_CHANCE[self.rules]


# Of charts of independent figures of which nothing has changed between 1 and 2 in 100 mark the latest one, whichever of
# the two rules for two of three points holds (simulated for 13 to 40 figures: tests/indicators/test_variation.py).
BY_CHANCE = dict.fromkeys(Rules, Decimal("0.015"))
