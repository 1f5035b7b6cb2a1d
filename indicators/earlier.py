"""What was approved for a line in the periods before, and which of it a new figure can be held against."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from indicators import quarters
from indicators.checks_engine.entry_rules import EarlierFigure
from indicators.direction_of_travel import Point, Window, crosses_break, reach_start
from indicators.measurement import Measured
from indicators.units import Unit

# What is usual can be told from eight periods; the pages show the last four.
PERIODS_READ = 8
PERIODS_SHOWN = 4


@dataclass(frozen=True)
class Earlier:
    """The approved figure of an earlier period; `is_before_break`: it cannot be compared with this one.

    `back` is how many periods ago it was: 1 is the period before.
    """

    label: str
    start_on: date
    end_on: date
    measured: Measured
    back: int = 1
    is_before_break: bool = False


@dataclass(frozen=True)
class Past:
    """The figures of the periods before, latest first, and the days from which the series is counted anew."""

    figures: tuple[Earlier, ...] = ()
    breaks: tuple[date, ...] = ()

    @property
    def shown(self) -> tuple[Earlier, ...]:
        """Those that stand beside a figure on a page."""
        return tuple(figure for figure in self.figures if figure.back <= PERIODS_SHOWN)


NO_PAST = Past()


def slugs_before(period: quarters.Period) -> list[str]:
    """The periods of the same kind that are read, the latest first."""
    slugs = []
    for _ in range(PERIODS_READ):
        period = period.previous()
        slugs.append(period.slug)
    return slugs


def past_of(
    figures: Iterable[Earlier], breaks: Sequence[date], *, start_on: date, end_on: date, window: Window
) -> Past:
    """The figures before a period of these dates, each with whether the series breaks between, the whole window of a
    rolling one counted."""
    now = Point(start_on, end_on, None)

    def is_broken(figure: Earlier) -> bool:
        begins = reach_start(figure.start_on, figure.end_on, window)
        return crosses_break(Point(begins, figure.end_on, None), now, breaks)

    return Past(tuple(replace(figure, is_before_break=is_broken(figure)) for figure in figures), tuple(breaks))


def comparable(past: Past, *, end_on: date, unit: Unit, window: Window) -> tuple[EarlierFigure, ...]:
    """Those that a figure in this unit, of the period that ends on that day, can be held against, latest first.

    None before a break in the series, no limit (< or >), none without a number; of years to date only the same point
    of an earlier year.
    """
    found = []
    for figure in past.figures:
        measured, number = figure.measured, figure.measured.number(unit)
        is_other_point = window is Window.YEAR_TO_DATE and figure.end_on.month != end_on.month
        if number is None or figure.is_before_break or measured.qualifier in ("<", ">") or is_other_point:
            continue
        found.append(EarlierFigure(figure.label, number, measured.numerator, measured.denominator))
    return tuple(found)
