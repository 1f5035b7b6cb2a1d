"""Homes that are to open: when, how far that has moved since it was first said, and how many beds they bring."""

import re
from calendar import month_name, monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from indicators.working_days import day_words

DAY, MONTH, SEASON, YEAR = "day", "month", "season", "year"
# Up to so many days a move is told in days, beyond that in months.
FEW_DAYS = 45
_MONTHS_IN = {MONTH: 1, SEASON: 3}
# The first month of what is said in words. Winter is left out: nobody knows in which of two years it is meant.
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9}
OPEN, GIVEN_UP = "Open", "Given up"


@dataclass(frozen=True)
class Expected:
    """A day that was expected, and on which day that was known; `precision` is day, month, season or year."""

    known_on: date
    on: date | None = None
    precision: str = ""
    said: str = ""

    @property
    def words(self) -> str:
        """ "August 2022", "autumn 2022" as the paper says it; "no day given"."""
        if self.said:
            return self.said
        if self.on is None:
            return "no day given"
        if self.precision == YEAR:
            return str(self.on.year)
        return day_words(self.on) if self.precision == DAY else f"{self.on:%B %Y}"

    @property
    def last_day(self) -> date | None:
        """The last day that is still in time: of "August 2022" the 31st, of a season the end of its third month."""
        return last_day(self.on, self.precision)


def last_day(on: date | None, precision: str) -> date | None:
    """The last day of what is only known to the month, the season (three months) or the year; None without a day."""
    if on is None or precision in ("", DAY):
        return on
    if precision == YEAR:
        return date(on.year, 12, 31)
    months = on.year * 12 + on.month - 1 + _MONTHS_IN[precision] - 1
    year, month = divmod(months, 12)
    return date(year, month + 1, monthrange(year, month + 1)[1])


def in_days(one: Expected) -> Expected:
    """The same with its first day where only words were said, and these are a season, month or year: "autumn 2022" is
    the season from 1 September 2022. As it was where words say nothing of the kind."""
    found = re.fullmatch(r"(?:([a-z]+) )?([12][0-9]{3})", one.said.strip().casefold())
    if one.on is not None or found is None:
        return one
    name, year = found[1], int(found[2])
    if name is None:
        return replace(one, on=date(year, 1, 1), precision=YEAR)
    if name in _SEASONS:
        return replace(one, on=date(year, _SEASONS[name], 1), precision=SEASON)
    month = next((number for number in range(1, 13) if month_name[number].casefold() == name), None)
    return one if month is None else replace(one, on=date(year, month, 1), precision=MONTH)


def is_later(before: Expected, now: Expected) -> bool | None:
    """Whether the last day in time has moved back, or is no longer given; None where words do not let it be told."""
    known, then = in_days(before), in_days(now)
    if known.last_day is None:
        return None if known.said and known.said != then.said else False
    if then.last_day is None:
        return None if then.said else True
    return then.last_day > known.last_day


def moved_words(first: Expected, now: Expected) -> str:
    """How far a day has moved since it was first said: "2 months later than said on 7 July 2022"; empty where only one
    was ever said. Where one of the two is no day, what was said first."""
    said = f"said on {day_words(first.known_on)}"
    if first == now or (first.words == now.words and first.on is None):
        return ""
    first, now = in_days(first), in_days(now)
    known_to = {first.precision, now.precision}
    if first.on and now.on and SEASON in known_to and known_to != {SEASON} and YEAR not in known_to:
        return _beside_a_season(first, now)
    if first.on is None:
        return f"{first.words} was {said}" if first.said else f"no date was {said}"
    if now.on is None:
        return f"{'' if now.said else 'no date any more; '}{first.words} was {said}"
    size, unit = _difference(first, now)
    if not size:
        return f"as {said}"
    unit = unit if abs(size) == 1 else f"{unit}s"
    return f"{abs(size)} {unit} {'later' if size > 0 else 'earlier'} than {said}"


def _beside_a_season(first: Expected, now: Expected) -> str:
    """A move of which one end is known to the season alone: so many months at least, between the two ends that are
    nearest to each other."""
    assert first.on is not None  # noqa: S101
    assert now.on is not None  # noqa: S101
    said = f"{first.words}, said on {day_words(first.known_on)}"
    ends = {"later": (first.last_day or first.on, now.on), "earlier": (now.last_day or now.on, first.on)}
    for side, (earlier, later) in ends.items():
        months = (later.year - earlier.year) * 12 + later.month - earlier.month
        if months > 0:
            return f"about {months} month{'' if months == 1 else 's'} {side} at least than {said}"
    return f"as said on {day_words(first.known_on)}"


def _difference(first: Expected, now: Expected) -> tuple[int, str]:
    """By how many days, months or years; never finer than the coarser of the two is known."""
    assert first.on is not None  # noqa: S101
    assert now.on is not None  # noqa: S101
    if YEAR in (first.precision, now.precision):
        return now.on.year - first.on.year, "year"
    days = (now.on - first.on).days
    if first.precision == now.precision == DAY and abs(days) <= FEW_DAYS:
        return days, "day"
    months = (now.on.year - first.on.year) * 12 + now.on.month - first.on.month
    if first.precision == now.precision == DAY and now.on.day < first.on.day and months > 0:
        months -= 1
    return months, "month"


# Beds


@dataclass(frozen=True)
class Beds:
    """How many beds a home brings, at least and at most; None where nothing is stated."""

    name: str
    least: int | None
    most: int | None


def range_words(least: int | None, most: int | None) -> str:
    """ "4", "14–16", "not stated"."""
    if least is None:
        return "not stated"
    return str(least) if most in (None, least) else f"{least}–{most}"


def beds_sentences(homes: Sequence[Beds]) -> list[str]:
    """What the homes listed bring in all, and which of them have no number."""
    known, without = _known(homes), [h.name for h in homes if h.least is None]
    told = []
    if known:
        number = "The 1 home whose number is stated brings" if len(known) == 1 else f"{len(known)} homes bring"
        told.append(f"{number} {_in_all(known)} beds.")
    if without:
        number = "For 1 home" if len(without) == 1 else f"For {len(without)} homes"
        told.append(f"{number} no number is stated: {'; '.join(without)}.")
    return told


def stated_sentence(stated: Beds, homes: Sequence[Beds], cited: str) -> str:
    """What a paper states for some homes together against what those homes bring: "14–16 beds are stated …"."""
    if stated.least is None:
        return ""
    top, known = stated.most or stated.least, _known(homes)
    least, most = (sum(numbers) for numbers in zip(*known, strict=True)) if known else (0, 0)
    said = f"{range_words(stated.least, top)} beds are stated in all ({cited}) for {stated.name}"
    if least > top or (len(known) == len(homes) and most < stated.least):
        return f"{said}, which is not what they bring: {range_words(least, most)}."
    if len(known) == len(homes):
        return f"{said}, which agrees."
    names = "; ".join(h.name for h in homes if h.least is None)
    return f"{said}, so {range_words(max(stated.least - most, 0), top - least)} are left for those without: {names}."


def _known(homes: Sequence[Beds]) -> list[tuple[int, int]]:
    return [(h.least, h.most or h.least) for h in homes if h.least is not None]


def _in_all(known: Sequence[tuple[int, int]]) -> str:
    return range_words(sum(low for low, _ in known), sum(high for _, high in known))
