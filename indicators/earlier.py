"""What was approved for a line in the periods before, and which of it a new figure can be held against."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from indicators import quarters
from indicators.checks_engine.entry_rules import EarlierFigure
from indicators.direction_of_travel import Point, Window, crosses_break, reach_start
from indicators.measurement import Measured
from indicators.units import Unit

# Eight quarters are the least that tell a usual change from an unusual one; the pages show the last four.
PERIODS_READ = 8
PERIODS_SHOWN = 4


@dataclass(frozen=True)
class Earlier:
    """The approved figure of an earlier period, `back` periods ago; `is_before_break`: it cannot be compared with this
    one."""

    label: str
    start_on: date
    end_on: date
    measured: Measured
    back: int = 1
    is_before_break: bool = False


@dataclass(frozen=True)
class Past:
    """The figures of the periods before, latest first, and the days from which a series is counted anew."""

    figures: tuple[Earlier, ...] = ()
    breaks: tuple[date, ...] = ()

    @property
    def shown(self) -> tuple[Earlier, ...]:
        """Those that stand beside a figure on a page."""
        return tuple(figure for figure in self.figures if figure.back <= PERIODS_SHOWN)

    def comparable(self, unit: Unit, window: Window) -> tuple[EarlierFigure, ...]:
        """Those that a figure in this unit can be held against, latest first: none before a break in the series, no
        limit (< or >), nothing without a number, and of years to date only the same point of an earlier year."""
        found = []
        for figure in self.figures:
            number = figure.measured.number(unit)
            is_other_point = window is Window.YEAR_TO_DATE and figure.back % _A_YEAR[_kind(figure)]
            if number is None or figure.is_before_break or figure.measured.qualifier in ("<", ">") or is_other_point:
                continue
            parts = figure.measured.numerator, figure.measured.denominator
            found.append(EarlierFigure(figure.label, number, *parts))
        return tuple(found)


NO_PAST = Past()
