"""Ages of children in care by real birthdays, in the bands that the published demand model uses.

A band reaches from one birthday to the day before another. A child born on 29 February has the birthday on 1 March in
other years.
"""

from dataclasses import dataclass
from datetime import date

LAST_BIRTHDAY = 18  # care ends on it: that night does not count


@dataclass(frozen=True)
class AgeBand:
    """Children from one age in whole years to below another."""

    code: str
    name: str
    from_years: int
    to_years: int


AGE_BANDS = (
    AgeBand("under-1", "Under 1", 0, 1),
    AgeBand("1-to-4", "1 to 4", 1, 5),
    AgeBand("5-to-9", "5 to 9", 5, 10),
    AgeBand("10-to-15", "10 to 15", 10, 16),
    AgeBand("16-to-17", "16 to 17", 16, LAST_BIRTHDAY),
)


def birthday(birth: date, years: int) -> date:
    """The day on which somebody born on `birth` becomes so many years old."""
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return date(birth.year + years, 3, 1)


def youngest_of(day: date, years: int) -> date:
    """The latest day of birth of those who are at least so many years old on a day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


def band_on(birth: date, day: date) -> AgeBand | None:
    """The band on a day; None before birth and from the 18th birthday on."""
    for band in AGE_BANDS:
        if birthday(birth, band.from_years) <= day < birthday(birth, band.to_years):
            return band
    return None
