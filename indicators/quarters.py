"""Months, quarters, financial years, and spans of days between them: the calendar that figures are reported by.

The financial year runs from 1 April to 31 March and is written "2021/22"; its fourth quarter is January to March.
A snapshot at 31 March therefore belongs to the year that ends on that day.
"""

import re
from calendar import month_name, monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import ClassVar

from indicators.typed_text import quoted
from indicators.working_days import day_words

FIRST_YEAR = 1900
LAST_YEAR = 2199


class PeriodTextError(ValueError):
    """A text that names no period, or more than one; the message is a sentence for the person who typed it."""


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"The year {year} is outside {FIRST_YEAR} to {LAST_YEAR}.")


def _year_text(start_year: int) -> str:
    return f"{start_year}/{(start_year + 1) % 100:02d}"


def _is_shared_slug(start_year: int) -> bool:
    """Whether "2011-12" could be read as a month too: so in this century for the years 2000/01 to 2011/12 only."""
    return 1 <= (start_year + 1) % 100 <= 12


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month; `number` is 1 for January."""

    kind: ClassVar[str] = "month"
    year: int
    number: int

    def __post_init__(self) -> None:
        _check_year(self.year)
        if not 1 <= self.number <= 12:
            raise ValueError(f"There is no month {self.number}.")

    @property
    def start_on(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def end_on(self) -> date:
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    @cached_property
    def slug(self) -> str:
        """As in an address: "2022-03". December 2011 is "2011-12-month", because "2011-12" is also how the financial
        year is written (so for one month in each year from 2000 to 2011)."""
        text = f"{self.year}-{self.number:02d}"
        shared = _is_shared_slug(self.year) and (self.year + 1) % 100 == self.number
        return f"{text}-month" if shared else text

    @property
    def label(self) -> str:
        return f"{month_name[self.number]} {self.year}"

    @property
    def long_label(self) -> str:
        return self.label

    def previous(self) -> "Month":
        return Month(self.year - 1, 12) if self.number == 1 else Month(self.year, self.number - 1)

    def next(self) -> "Month":
        return Month(self.year + 1, 1) if self.number == 12 else Month(self.year, self.number + 1)

    def same_period_last_year(self) -> "Month":
        return Month(self.year - 1, self.number)


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of the financial year that starts in April of `start_year`; `number` 4 is January to March."""

    kind: ClassVar[str] = "quarter"
    start_year: int
    number: int

    def __post_init__(self) -> None:
        _check_year(self.start_year)
        if not 1 <= self.number <= 4:
            raise ValueError(f"A financial year has quarters 1 to 4, so there is no quarter {self.number}.")

    def months(self) -> tuple[Month, Month, Month]:
        """Its three months in order."""
        year = self.start_year + (self.number == 4)
        first = 1 if self.number == 4 else 3 * self.number + 1
        return Month(year, first), Month(year, first + 1), Month(year, first + 2)

    @property
    def start_on(self) -> date:
        return date(self.start_year + 1, 1, 1) if self.number == 4 else date(self.start_year, 3 * self.number + 1, 1)

    @property
    def end_on(self) -> date:
        return self.months()[2].end_on

    @cached_property
    def slug(self) -> str:
        return f"{self.start_year}-{(self.start_year + 1) % 100:02d}-q{self.number}"

    @property
    def label(self) -> str:
        return f"{_year_text(self.start_year)} Q{self.number}"

    @property
    def long_label(self) -> str:
        first, _, last = self.months()
        span = f"{month_name[first.number]} to {month_name[last.number]} {last.year}"
        return f"{_year_text(self.start_year)} Quarter {self.number}, {span}"

    def previous(self) -> "Quarter":
        return Quarter(self.start_year - 1, 4) if self.number == 1 else Quarter(self.start_year, self.number - 1)

    def next(self) -> "Quarter":
        return Quarter(self.start_year + 1, 1) if self.number == 4 else Quarter(self.start_year, self.number + 1)

    def same_period_last_year(self) -> "Quarter":
        return Quarter(self.start_year - 1, self.number)


@dataclass(frozen=True, order=True)
class FinancialYear:
    """1 April of `start_year` to 31 March of the next year."""

    kind: ClassVar[str] = "financial_year"
    start_year: int

    def __post_init__(self) -> None:
        _check_year(self.start_year)

    def quarters(self) -> tuple[Quarter, Quarter, Quarter, Quarter]:
        """Its four quarters in order."""
        year = self.start_year
        return Quarter(year, 1), Quarter(year, 2), Quarter(year, 3), Quarter(year, 4)

    @property
    def start_on(self) -> date:
        return date(self.start_year, 4, 1)

    @property
    def end_on(self) -> date:
        return date(self.start_year + 1, 3, 31)

    @cached_property
    def slug(self) -> str:
        """As in an address: "2021-22"; for 2000/01 to 2011/12 "2011-12-year", because "2011-12" is also a month."""
        text = f"{self.start_year}-{(self.start_year + 1) % 100:02d}"
        return f"{text}-year" if _is_shared_slug(self.start_year) else text

    @property
    def label(self) -> str:
        return _year_text(self.start_year)

    @property
    def long_label(self) -> str:
        return f"April {self.start_year} to March {self.start_year + 1}"

    def previous(self) -> "FinancialYear":
        return FinancialYear(self.start_year - 1)

    def next(self) -> "FinancialYear":
        return FinancialYear(self.start_year + 1)

    def same_period_last_year(self) -> "FinancialYear":
        return self.previous()


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of days that is no month, quarter or financial year, such as "between February and July"."""

    kind: ClassVar[str] = "span"
    start_on: date
    end_on: date

    def __post_init__(self) -> None:
        _check_year(self.start_on.year)
        _check_year(self.end_on.year)
        if self.end_on < self.start_on:
            raise ValueError(f"It ends on {self.end_on}, before it starts on {self.start_on}.")

    @property
    def whole_months(self) -> int:
        """How many calendar months it is made of; 0 when it does not begin and end with one."""
        if self.start_on.day != 1 or self.end_on != month_of(self.end_on).end_on:
            return 0
        return 12 * (self.end_on.year - self.start_on.year) + self.end_on.month - self.start_on.month + 1

    @cached_property
    def slug(self) -> str:
        return f"{self.start_on}--{self.end_on}"

    @property
    def label(self) -> str:
        if self.whole_months:
            first, last = self.start_on, self.end_on
            year = "" if first.year == last.year else f" {first.year}"
            return f"{month_name[first.month]}{year} to {month_name[last.month]} {last.year}"
        return f"{day_words(self.start_on)} to {day_words(self.end_on)}"

    @property
    def long_label(self) -> str:
        return self.label

    def previous(self) -> "Span":
        """As many whole months, or as many days, that end on the day before."""
        last = self.start_on - timedelta(days=1)
        if self.whole_months:
            first = month_of(self.start_on)
            for _ in range(self.whole_months):
                first = first.previous()
            return Span(first.start_on, last)
        return Span(last - (self.end_on - self.start_on), last)

    def next(self) -> "Span":
        """As many whole months, or as many days, that begin on the day after."""
        first = self.end_on + timedelta(days=1)
        if self.whole_months:
            last = month_of(self.end_on)
            for _ in range(self.whole_months):
                last = last.next()
            return Span(first, last.end_on)
        return Span(first, first + (self.end_on - self.start_on))

    def same_period_last_year(self) -> "Span":
        return Span(a_year_earlier(self.start_on), a_year_earlier(self.end_on))


Period = Month | Quarter | FinancialYear | Span


def month_of(day: date) -> Month:
    """The calendar month that holds the day."""
    return Month(day.year, day.month)


def quarter_of(day: date) -> Quarter:
    """The quarter that holds the day: 31 March 2022 is in 2021/22 Q4, 1 April 2022 in 2022/23 Q1."""
    return Quarter(day.year - (day.month < 4), (day.month - 4) % 12 // 3 + 1)


def financial_year_of(day: date) -> FinancialYear:
    """The financial year that holds the day."""
    return FinancialYear(day.year - (day.month < 4))


def from_dates(kind: str, start_on: date, end_on: date) -> Period:
    """The period of that kind with exactly these two dates; ValueError when there is none."""
    period: Period
    if kind == Month.kind:
        period = month_of(start_on)
    elif kind == Quarter.kind:
        period = quarter_of(start_on)
    elif kind == FinancialYear.kind:
        period = financial_year_of(start_on)
    elif kind == Span.kind:
        period = Span(start_on, end_on)
    else:
        raise ValueError(f"“{kind}” is not month, quarter, financial_year or span.")
    if (period.start_on, period.end_on) != (start_on, end_on):
        raise ValueError(f"{start_on} to {end_on} is not a {kind.replace('_', ' ')}.")
    return period


def a_year_earlier(day: date) -> date:
    """The same day of the year before; the end of February stays the end of February."""
    is_month_end = (day + timedelta(days=1)).day == 1
    last = monthrange(day.year - 1, day.month)[1]
    return date(day.year - 1, day.month, last if is_month_end else min(day.day, last))


_LONGEST = 60
_EXAMPLES = "for example Q4 2021/22, 2021/22 or March 2022"
_YEARS = r"(?P<first>[0-9]{4}|[0-9]{2})\s*[/-]\s*(?P<second>[0-9]{4}|[0-9]{2})"
_QUARTER = r"(?:q|qtr|quarter)\s*(?P<quarter>[0-9]+?)"
_QUARTER_FIRST = re.compile(rf"{_QUARTER}\s*,?\s*(?:of\s+)?{_YEARS}")
_QUARTER_LAST = re.compile(rf"{_YEARS}[\s,-]*{_QUARTER}")
_QUARTER_ONE_YEAR = re.compile(rf"{_QUARTER}\s*,?\s*(?:of\s+)?(?P<year>[0-9]{{4}}|[0-9]{{2}})")
_ONE_YEAR_QUARTER = re.compile(rf"(?P<year>[0-9]{{4}}|[0-9]{{2}})[\s,-]*{_QUARTER}")
_YEAR = re.compile(rf"{_YEARS}(?P<suffix>-year)?")
_ISO_MONTH = re.compile(r"(?P<year>[0-9]{4})-(?P<number>[0-9]{2})(?P<suffix>-month)?")
_NAMED_MONTH = re.compile(r"(?P<name>[a-z]+)\s*(?P<year>[0-9]{4})")
_SPAN = re.compile(r"(?P<from>[0-9]{4}-[0-9]{2}-[0-9]{2})--(?P<to>[0-9]{4}-[0-9]{2}-[0-9]{2})")
_MONTHS = {name.lower(): number for number, name in enumerate(month_name) if name}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}


def parse(text: str) -> Period:
    """The period that a person or an address names.

    Reads "Q4 2021/22", "Q4 21/22", "Quarter 4 of 2021-22", "2021-22-q4", "2021/22 Q4", "2021/22", "2021-22",
    "2022-03", "March 2022" and "2021-02-01--2021-07-31" in any case and spacing, and every slug. Raises
    PeriodTextError, with the reason, for anything else, above all for what could mean two periods: "Q4 2022", or
    "2011-12" (a month and a year).
    """
    shown = quoted(text)
    plain = " ".join(text.lower().replace("–", "-").split())
    try:
        period = _parse_plain(plain, shown) if len(plain) <= _LONGEST else None
    except PeriodTextError:
        raise
    except ValueError as error:
        raise PeriodTextError(f"{shown} is not a period: {error}") from error
    if period is None:
        raise PeriodTextError(f"{shown} is not a period. Write the quarter, the year or the month, {_EXAMPLES}.")
    return period


def _parse_plain(plain: str, shown: str) -> Period | None:
    if match := _QUARTER_FIRST.fullmatch(plain) or _QUARTER_LAST.fullmatch(plain):
        number = int(match["quarter"])
        return Quarter(_start_year(match["first"], match["second"], shown), number)
    if match := _QUARTER_ONE_YEAR.fullmatch(plain) or _ONE_YEAR_QUARTER.fullmatch(plain):
        raise _one_year_error(shown, match["year"], int(match["quarter"]))
    if match := _SPAN.fullmatch(plain):
        return _span(date.fromisoformat(match["from"]), date.fromisoformat(match["to"]))
    if (match := _ISO_MONTH.fullmatch(plain)) and (month := _iso_month(match, shown)):
        return month
    if match := _YEAR.fullmatch(plain):
        if len(match["first"]) == 2:
            raise PeriodTextError(f"{shown} could be a month or a year. Write the year in full, {_EXAMPLES}.")
        return FinancialYear(_start_year(match["first"], match["second"], shown))
    if (match := _NAMED_MONTH.fullmatch(plain)) and match["name"] in _MONTHS:
        return Month(int(match["year"]), _MONTHS[match["name"]])
    return None


def _span(start_on: date, end_on: date) -> Span:
    """The span of the two days. Raises ValueError when they make a month, quarter or year, which has a name."""
    for named in (month_of(start_on), quarter_of(start_on), financial_year_of(start_on)):
        if (named.start_on, named.end_on) == (start_on, end_on):
            raise ValueError(f"these days are {named.label}, written {named.slug}.")
    return Span(start_on, end_on)


def _start_year(first: str, second: str, shown: str) -> int:
    """The first of two years that follow each other; two digits mean 1970 to 2069."""
    year = int(first)
    if len(first) == 2:
        year += 1900 if year >= 70 else 2000
    following = year + 1 if len(second) == 4 else (year + 1) % 100
    if int(second) != following:
        raise PeriodTextError(
            f"{shown} is not one financial year: the second year must follow the first, as in {_year_text(year)}."
        )
    return year


def _iso_month(match: re.Match[str], shown: str) -> Month | None:
    """The month of "2022-03"; None when it can only be a financial year ("2021-22", "1999-00")."""
    year, number = int(match["year"]), int(match["number"])
    if match["suffix"]:
        return Month(year, number)
    if not 1 <= number <= 12:
        return None
    if _is_shared_slug(year) and (year + 1) % 100 == number:
        raise PeriodTextError(
            f"{shown} could be {month_name[number]} {year} or the financial year {_year_text(year)}. "
            f"Write {month_name[number]} {year} or {_year_text(year)}."
        )
    return Month(year, number)


def _one_year_error(shown: str, year_text: str, number: int) -> PeriodTextError:
    if not 1 <= number <= 4:
        return PeriodTextError(
            f"{shown} is not a quarter: a financial year has quarters 1 to 4. Write for example Q4 2021/22."
        )
    year = int(year_text) + (2000 if len(year_text) == 2 else 0)
    if not FIRST_YEAR < year < LAST_YEAR:
        return PeriodTextError(f"{shown} is not a period: the year {year} is outside {FIRST_YEAR} to {LAST_YEAR}.")
    first, second = Quarter(year - 1, number), Quarter(year, number)
    return PeriodTextError(
        f"{shown} could be {first.long_label}, or {second.long_label}. "
        f"Write both years: Q{number} {_year_text(year - 1)} or Q{number} {_year_text(year)}."
    )
