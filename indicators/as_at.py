"""What was known as at a day: everything up to the end of that day in London, whatever the clocks do.

A moment is an aware datetime. A day in London is 23 hours long when summer time begins and 25 when it ends; from March
to October it begins at 23:00 UTC on the day before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from indicators.quarters import FIRST_YEAR, LAST_YEAR

LONDON = ZoneInfo("Europe/London")


class DayOutOfRange(ValueError):
    """A day so far off that nothing can be asked of it; the message is a sentence."""


def london_day(moment: datetime) -> date:
    """The date in London at that moment: 23:30 UTC on 31 March 2022 is 1 April. Raises ValueError without a zone."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("A moment without a time zone has no day in London.")
    return moment.astimezone(LONDON).date()


def moment_after(day: date) -> datetime:
    """The first moment, in UTC, that is no longer that day in London; what was recorded before it was known that day.

    Raises DayOutOfRange for a year that no period can have.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DayOutOfRange(f"Choose a day in the years {FIRST_YEAR} to {LAST_YEAR}.")
    return datetime.combine(day + timedelta(days=1), time.min, LONDON).astimezone(UTC)


class Known(Protocol):
    """What the choice of a revision needs to know of each."""

    @property
    def revision(self) -> int: ...
    @property
    def known_on(self) -> date: ...
    @property
    def approved_at(self) -> datetime | None: ...
    @property
    def from_paper(self) -> bool: ...


@dataclass(frozen=True)
class KnownRevision:
    """One revision of a figure: its number, the day it became known, and the moment it was approved (None: not yet).

    `known_on` is the London date it was recorded on or, `from_paper`, the date of the published paper: a paper's figure
    was approved when the paper was published, however much later it was loaded here.
    """

    revision: int
    known_on: date
    approved_at: datetime | None
    from_paper: bool = False


K = TypeVar("K", bound=Known)


def approved_on(row: Known) -> date | None:
    """The London day from which everybody could read a revision; None when it is not approved."""
    if row.approved_at is None:
        return None
    return row.known_on if row.from_paper else london_day(row.approved_at)


def in_force(rows: Iterable[K], day: date) -> K | None:
    """Of the revisions of one figure, in any order, the latest that was approved by the end of that London day.

    Of two approved on one day it is the later revision. None when none was approved by then.
    """
    known = [row for row in rows if (on := approved_on(row)) is not None and on <= day]
    return max(known, key=lambda row: row.revision, default=None)
