"""Reads what comes on a working day in the quarters up to a period."""

from indicators import quarters
from indicators.balance import break_between
from indicators.direction_of_travel import Window
from indicators.selectors.books import Book
from indicators.units import Unit
from indicators.working_days import OutsideCalendar
from referrals.daily_table import DailyRow
from referrals.selectors.standing import breaks_of, row_in
from referrals.volumes import Volume, per_working_day, working_days_in

QUARTERS = 8


def daily_rows(book: Book, code: str, period: quarters.Period) -> list[DailyRow]:
    """The eight quarters up to the one in which the period ends, oldest first; none for what counts nothing that
    happens in a period, and where fewer than two have a number. No query."""
    version = book.latest_version(code)
    if version is None or Unit(version.unit) is not Unit.COUNT or version.window != Window.PERIOD.value:
        return []
    found = [quarters.quarter_of(period.end_on)]
    while len(found) < QUARTERS:
        found.append(found[-1].previous())
    rows = [_row(book, code, quarter, period) for quarter in reversed(found)]
    return rows if sum(row.per_day is not None for row in rows) > 1 else []


def _row(book: Book, code: str, quarter: quarters.Quarter, period: quarters.Period) -> DailyRow:
    row = row_in(book, code, quarter)
    held = row.held if row else None
    number = row.number if row else None
    qualifier = held.measured.qualifier if held else ""
    until, breaks = quarters.quarter_of(period.end_on).end_on, breaks_of(book, code)
    return DailyRow(
        period=quarter.slug,
        label=quarter.label,
        indicator=code,
        indicator_name=row.line.name if row else "",
        number=number,
        days=_days(quarter),
        per_day=per_working_day(Volume(quarter.start_on, quarter.end_on, number, qualifier)),
        qualifier=qualifier,
        is_summed=held is not None and held.figure_id is None,
        is_this=quarter.slug == period.slug,
        break_on=break_between(quarter.start_on, until, breaks),
        holds_break=break_between(quarter.start_on, quarter.end_on, breaks) is not None,
    )


def _days(quarter: quarters.Quarter) -> int | None:
    try:
        return working_days_in(quarter.start_on, quarter.end_on)
    except OutsideCalendar:
        return None
