"""The fixed moment of every test, the periods most of them use, and breaking things on purpose."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connections

from indicators import quarters, triggers

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2022, 7, 7, 10, 0, tzinfo=LONDON)
TODAY = date(2022, 7, 7)
LONG_AGO = date(2010, 4, 1)
Q4 = quarters.Quarter(2021, 4)
Q3 = Q4.previous()
FIRST_QUARTER = quarters.Quarter(2021, 1)
FIRST_PERIOD = quarters.Quarter(1999, 1)
PASSWORD = "correct horse battery staple"
AUTHORITY = "Minutes of the board"

numbers = itertools.count(1)


def moment(day: date, hour: int = 10) -> datetime:
    """That hour of that day in London."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=LONDON)


@contextmanager
def unprotected() -> Iterator[None]:
    """Without the protecting triggers of every database, as only cleaning up and breaking things on purpose may be."""
    for alias in connections:
        if connections[alias].in_atomic_block:
            connections[alias].check_constraints()  # PostgreSQL alters no table that has checks waiting
        triggers.remove(connections[alias])
    try:
        yield
    finally:
        for alias in connections:
            triggers.reinstall(connections[alias])
