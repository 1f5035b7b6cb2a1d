"""A care ladder as a finance officer types it for a quarter, without papers: five rungs, plans, prices, nights."""

from decimal import Decimal
from typing import Any

from finance.models import Rung
from indicators.models import Category, Dimension, Partnership, Series
from indicators.operations.slices import add_dimension
from indicators.quarters import FinancialYear, Period, Quarter
from indicators.rag import Polarity
from indicators.units import Unit
from tests import builders as b
from tests.finance.money_world import the_rungs
from tests.referrals.front_door_world import a_part

QUARTER, BEFORE, YEAR = Quarter(2022, 1), Quarter(2021, 4), FinancialYear(2022)
COUNTS = (
    "care-at-end", "placements-at-end", "placements-started", "placements-ended", "placements-planned", "care-nights",
)  # fmt: skip
POUNDS = ("placement-cost-at-end", "placement-cost-a-year", "placement-spend", "variance-net", "fund-contribution")
SHARES = ("ifa-share-of-foster", "ifa-share-planned")
# The rungs in care: at the start, began, ended, at the end, planned, price in place and price planned.
RUNGS = {
    "out-of-authority": (10, 2, 1, 11, 9, 260_000, 250_000), "parent-and-child": (2, 1, 1, 2, 2, 150_000, 150_000),
    "independent-fostering": (60, 5, 3, 62, 55, 45_000, 44_000),
    "in-house-fostering": (90, 4, 6, 88, 95, 20_000, 20_000),
}  # fmt: skip


class World:
    """Series by indicator; `put` records an approved figure as a person entered it."""

    def __init__(self) -> None:
        self.place: Partnership = b.a_partnership()
        the_rungs(self.place)
        for code, names in (("side", ("budget", "outturn")), ("came-from", ("new-to-care",)), ("fund", ("other",))):
            add_dimension(code=code, name=code, kind="comparison", categories=[(n, n.capitalize()) for n in names])
        self.scorecard = b.a_scorecard(code="care-ladder")
        units = dict.fromkeys(COUNTS, Unit.COUNT) | dict.fromkeys(POUNDS, Unit.POUNDS)
        units |= dict.fromkeys(SHARES, Unit.PERCENT)
        self.series: dict[str, Series] = {
            code: b.an_indicator(code, unit=unit, polarity=Polarity.NONE, scorecard=self.scorecard).series
            for code, unit in units.items()
        }

    def put(self, code: str, value: Any, key: str = "", period: Period = QUARTER, **more: Any) -> None:
        """One figure."""
        series = a_part(self.series[code], key) if key else self.series[code]
        b.a_paper_figure(series, period, Decimal(value), quantum=None, source=b.a_source("003"), **more)

    def put_the_ladder(self, **ends: int) -> None:
        """Everything of the four rungs in care, and the children in care; `ends` are other numbers at the end."""
        for code, (start, began, ended, usual_end, planned, price, budget) in RUNGS.items():
            key, end = f"rung={code}", ends.get(code.replace("-", "_"), usual_end)
            self.put("placements-at-end", start, key, BEFORE)
            for indicator, value in (
                ("placements-started", began), ("placements-ended", ended), ("placements-at-end", end),
                ("placements-planned", planned), ("placement-cost-at-end", price), ("care-nights", 91 * end),
            ):  # fmt: skip
                self.put(indicator, value, key)
            self.put("placement-cost-a-year", budget, f"{key}|side=budget", YEAR)
            self.put("placement-spend", 1_000 * end, f"{key}|side=outturn")
            self.put("placement-spend", 900 * end, f"{key}|side=budget")
        self.put("care-at-end", 163)

    def add_rungs(self, number: int) -> None:
        """Many more rungs, each with a number and a plan."""
        source, dimension = b.a_source(), Dimension.objects.get(code="rung")
        for place in range(number):
            names = {"code": f"more-{place}", "name": f"More {place}", "order": 20 + place}
            category = Category.objects.create(dimension=dimension, **names)
            Rung.objects.create(
                partnership=self.place, category=category, order=20 + place, source=source, paragraph="89",
                standing=Rung.Standing.IN_CARE,
            )  # fmt: skip
            self.put("placements-at-end", place, f"rung=more-{place}")
            self.put("placements-planned", 3, f"rung=more-{place}")
