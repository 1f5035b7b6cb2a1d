"""Clocks a second way: dates by pandas' own offsets, quartiles by numpy, in-time by listing every day."""

from datetime import timedelta
from fractions import Fraction

import numpy
import pandas

from tests.reference.working_days_reference import add_by_numpy, between


def add_months(start, months):
    """The same day of a later month, or its last, by pandas."""
    return (pandas.Timestamp(start) + pandas.DateOffset(months=months)).date()


def due_on(limit, unit, start, holidays, first_day=0):
    """The last day in time."""
    if unit == "working_days":
        return add_by_numpy(start, limit, holidays)
    if unit == "months":
        return add_months(start, limit)
    return (pandas.Timestamp(start) + pandas.Timedelta(days=limit * (7 if unit == "weeks" else 1) - first_day)).date()


def in_time_by_walking(limit, unit, start, end, holidays, first_day=0):
    """Whether the end is one of the days in time, by looking at each of them."""
    if unit == "working_days":
        return between(start, end, holidays) <= limit
    last, day = due_on(limit, unit, start, holidays, first_day), start
    while day <= last:
        if day == end:
            return True
        day += timedelta(days=1)
    return False


def quartiles(values):
    """By numpy's inverted distribution function, which is the nearest rank."""
    return tuple(int(q) for q in numpy.quantile(list(values), [0.25, 0.5, 0.75], method="inverted_cdf"))


def histogram(values, last):
    """Counts per band by pandas.cut, from the last duration of each band."""
    edges = [-1, *last, 10**9]
    cut = pandas.cut(pandas.Series(list(values), dtype="int64"), edges)
    return [int(n) for n in cut.value_counts(sort=False)]


def per_working_day(number, start, end, holidays):
    """A volume over the working days from start to end, each looked at."""
    days = sum(
        1
        for n in range((end - start).days + 1)
        if (day := start + timedelta(days=n)).weekday() < 5 and day not in holidays
    )
    return Fraction(number, days)
