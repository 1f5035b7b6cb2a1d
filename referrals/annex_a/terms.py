"""What a measure may ask of a row of Annex A: each question with its words, so that a council can read it.

The answer of a term is True (the row stays), False (the row is not meant) or a reason (the row is meant, but cannot be
judged, so it is left out and counted with that reason). Nothing here reads the clock: the days are given.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from indicators.working_days import ENGLAND, OutsideCalendar, WorkingCalendar, add_months, working_days_between
from referrals.annex_a.spec import Row
from referrals.clocks import Clock, clock
from referrals.timescales import due_on, is_in_time

Answer = bool | str

UNKNOWN_HOLIDAYS = "a day for which no bank holidays are known"


@dataclass(frozen=True)
class Window:
    """The days a file is looked at with: stocks are as at `reference_date`, events are dated in the period, both its
    days included. `care_leavers`: the identifiers in list 9."""

    reference_date: date
    period_start: date
    period_end: date
    care_leavers: frozenset[str] = frozenset()
    calendar: WorkingCalendar = ENGLAND


@dataclass(frozen=True)
class Column:
    """A column by its key, with the words a reader knows it by."""

    key: str
    words: str

    def day(self, row: Row) -> date | None:
        """The date in the row; None where there is none."""
        value = row.get(self.key)
        return value if isinstance(value, date) else None

    def number(self, row: Row) -> int | None:
        """The whole number in the row; None where there is none."""
        value = row.get(self.key)
        return value if isinstance(value, int) else None

    def text(self, row: Row) -> str:
        """The code or text in the row; "" where there is none."""
        value = row.get(self.key)
        return value if isinstance(value, str) else ""


@dataclass(frozen=True)
class Term:
    """One condition: its words, the columns it reads, the other lists it needs, and the question itself."""

    words: str
    columns: tuple[Column, ...]
    test: Callable[[Row, Window], Answer]
    lists: tuple[int, ...] = ()


@dataclass(frozen=True)
class Span:
    """The days from one date to another, or to the reference date. The first day is day 0; `with_last_day` counts both
    ends, so that one day is 1; an end before the start is 0 days with `is_none_before`, and an error otherwise.
    Working days leave out Saturdays, Sundays and bank holidays of England."""

    start: Column
    end: Column | None = None
    is_working: bool = False
    with_last_day: bool = False
    is_none_before: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that are read."""
        return (self.start,) if self.end is None else (self.start, self.end)

    @property
    def words(self) -> str:
        """As in "working days from the start date to the date of authorisation"."""
        end = "the reference date" if self.end is None else f"the {self.end.words}"
        kind = "working days" if self.is_working else "days"
        counted = "both days counted" if self.with_last_day else f"the {self.start.words} is day 0"
        return f"{kind} from the {self.start.words} to {end} ({counted})"

    def days(self, row: Row, window: Window) -> int | str:
        """The days of one row, or why there are none."""
        start = self.start.day(row)
        if start is None:
            return f"no {self.start.words}"
        end = window.reference_date if self.end is None else self.end.day(row)
        if end is None:
            return f"no {self.end.words if self.end else 'reference date'}"
        if end < start and self.is_none_before:
            return 0
        if end < start:
            last = "reference date" if self.end is None else self.end.words
            return f"{last} before {self.start.words}"
        if not self.is_working:
            return (end - start).days + self.with_last_day
        try:
            return working_days_between(start, end, window.calendar)
        except OutsideCalendar:
            return UNKNOWN_HOLIDAYS


# Dates


def dated(column: Column) -> Term:
    """The event has its date in the period; a row without the date is left out."""

    def test(row: Row, window: Window) -> Answer:
        day = column.day(row)
        return f"no {column.words}" if day is None else window.period_start <= day <= window.period_end

    return Term(f"the {column.words} is in the period", (column,), test)


def ended(column: Column) -> Term:
    """It ended in the period; a row without the date has not ended."""

    def test(row: Row, window: Window) -> Answer:
        day = column.day(row)
        return day is not None and window.period_start <= day <= window.period_end

    return Term(f"the {column.words} is in the period", (column,), test)


def open_at_end(start: Column, end: Column, *, start_may_be_unknown: bool = False) -> Term:
    """It had begun by the reference date and had not ended by then; what ended on that day had ended."""

    def test(row: Row, window: Window) -> Answer:
        begun, over = start.day(row), end.day(row)
        if over is not None and over <= window.reference_date:
            return False
        if begun is None:
            return True if start_may_be_unknown else f"no {start.words}"
        return begun <= window.reference_date

    unknown = " or is not known" if start_may_be_unknown else ""
    words = f"the {start.words} is not after the reference date{unknown}, and there is no {end.words} up to that day"
    return Term(words, (start, end), test)


def had(column: Column) -> Term:
    """The date is there and not after the reference date."""

    def test(row: Row, window: Window) -> Answer:
        day = column.day(row)
        return day is not None and day <= window.reference_date

    return Term(f"there is a {column.words} up to the reference date", (column,), test)


def had_not(column: Column) -> Term:
    """There is no such date, or it is after the reference date."""

    def test(row: Row, window: Window) -> Answer:
        day = column.day(row)
        return day is None or day > window.reference_date

    return Term(f"there is no {column.words} up to the reference date", (column,), test)


def within_months(column: Column, months: int) -> Term:
    """The date is there and at most so many months before the reference date; a row without one is not."""

    def test(row: Row, window: Window) -> Answer:
        day = column.day(row)
        return day is not None and day <= window.reference_date <= add_months(day, months)

    return Term(f"the {column.words} is at most {months} months before the reference date", (column,), test)


def older_than_months(column: Column, months: int) -> Term:
    """The date is more than so many months before the reference date; a row without one is left out."""

    def test(row: Row, window: Window) -> Answer:
        day = column.day(row)
        if day is None or day > window.reference_date:
            return f"no {column.words}"
        return window.reference_date > add_months(day, months)

    return Term(f"the {column.words} is more than {months} months before the reference date", (column,), test)


def age_in_years(born: date, day: date) -> int:
    """Whole years on the day; −1 for who is born after it. Born on 29 February: a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) if born <= day else -1


def age_of(born: Column, age: Column, row: Row, window: Window) -> int | None:
    """The age in years at the reference date by the date of birth, else as the file gives it; None without both."""
    day = born.day(row)
    return age.number(row) if day is None else age_in_years(day, window.reference_date)


def aged(born: Column, age: Column, least: int, most: int) -> Term:
    """From `least` to `most` years old at the reference date; who has neither date of birth nor age is left out."""

    def test(row: Row, window: Window) -> Answer:
        years = age_of(born, age, row, window)
        return f"no {born.words} and no {age.words}" if years is None else least <= years <= most

    return Term(f"the age at the reference date is {least} to {most}", (born,), test)


# Codes and numbers


def _unstated(column: Column) -> str:
    """The reason for leaving out a row that does not state the value."""
    return f"not stated {column.words}" if column.words.startswith("whether ") else f"{column.words} not stated"


def listed(column: Column, words: str) -> Term:
    """Every row."""
    return Term(words, (column,), lambda row, window: True)


def not_known_because(column: Column, why: Column, codes: tuple[str, ...]) -> Term:
    """The value is stated, or `why` holds one of the codes for which nobody can know it; else the row is left out."""

    def test(row: Row, _: Window) -> Answer:
        return True if column.text(row) or why.text(row) in codes else _unstated(column)

    return Term(f"the {column.words} is stated, or cannot be known", (column, why), test)


def stated(column: Column) -> Term:
    """A code is there; a row without one is left out."""

    def test(row: Row, _: Window) -> Answer:
        return True if column.text(row) else _unstated(column)

    words = column.words if column.words.startswith("whether ") else f"the {column.words}"
    return Term(f"{words} is stated", (column,), test)


def one_of(column: Column, words: str, *codes: str) -> Term:
    """The code is one of these; a row without a code is not."""

    def test(row: Row, _: Window) -> Answer:
        return column.text(row) in codes

    return Term(words, (column,), test)


def none_of(column: Column, words: str, *codes: str) -> Term:
    """The code is none of these; a row without a code stays."""

    def test(row: Row, _: Window) -> Answer:
        return column.text(row) not in codes

    return Term(words, (column,), test)


def left_out_when(column: Column, reason: str, *codes: str) -> Term:
    """A row with one of these codes is left out for the reason."""

    def test(row: Row, _: Window) -> Answer:
        return reason if column.text(row) in codes else True

    return Term(f"(left out: {reason})", (column,), test)


def yes(column: Column, words: str) -> Term:
    """The answer is yes; an answer that is not stated leaves the row out."""

    def test(row: Row, _: Window) -> Answer:
        value = column.text(row)
        return _unstated(column) if value not in ("yes", "no") else value == "yes"

    return Term(words, (column,), test)


def at_least(column: Column, least: int) -> Term:
    """The number is at least so many; a row without a number is left out."""

    def test(row: Row, _: Window) -> Answer:
        value = column.number(row)
        return _unstated(column) if value is None else value >= least

    return Term(f"the {column.words} is {least} or more", (column,), test)


# Durations


def limit_of(code: str) -> int:
    """The limit of a clock in its own unit. Raises ValueError for a clock that has none."""
    limit = clock(code).limit
    if limit is None:
        raise ValueError(f"The clock {code} has no limit.")
    return limit


def lasting(span: Span, least: int = 0, most: int | None = None, words: str = "") -> Term:
    """The span is at least and at most so many days; a row whose span cannot be counted is left out."""

    def test(row: Row, window: Window) -> Answer:
        days = span.days(row, window)
        return days if isinstance(days, str) else days >= least and (most is None or days <= most)

    limit = f"at least {least}" if most is None else f"at most {most}" if least == 0 else f"{least} to {most}"
    return Term(words or f"{limit} {span.words}", span.columns, test)


def either(words: str, *terms: Term) -> Term:
    """One of the terms holds. A row is left out when none holds and one cannot be judged, for that reason."""

    def test(row: Row, window: Window) -> Answer:
        answers = [term.test(row, window) for term in terms]
        if True in answers:
            return True
        return next((answer for answer in answers if isinstance(answer, str)), False)

    return Term(words, tuple(column for term in terms for column in term.columns), test)


@dataclass(frozen=True)
class Recurring:
    """Something that is due again and again: first counted from `start` by the clock `first`, later from the `last`
    time by the clock `later`. `last` after the reference date has not happened yet."""

    words: str
    first: Clock
    start: Column
    later: Clock
    last: Column

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that are read."""
        return (self.start, self.last)

    def state(self, row: Row, window: Window) -> Answer:
        """True: done in time; False: overdue; otherwise the reason why neither can be said."""
        done = self.last.day(row)
        is_done = done is not None and done <= window.reference_date
        due_by, since = (self.later, done) if is_done else (self.first, self.start.day(row))
        if since is None:
            return f"no {self.start.words} and no {self.last.words}"
        try:
            in_time = since > window.reference_date or is_in_time(due_by, since, window.reference_date, window.calendar)
        except OutsideCalendar:
            return UNKNOWN_HOLIDAYS
        return in_time if is_done or not in_time else f"first {self.words} not due yet"

    def done_in_time(self) -> Term:
        """The last one is within its clock at the reference date; where the first is not due yet, the row is left
        out."""
        words = (
            f"the latest {self.words} was at most {self.later.limit_words()} before the reference date (where there "
            f"was none: the first is due {self.first.limit_words()} after the {self.start.words})"
        )
        return Term(words, self.columns, self.state)

    def is_overdue(self) -> Term:
        """The clock has run out by the reference date; where the first is not due yet, it has not."""

        def test(row: Row, window: Window) -> Answer:
            answer = self.state(row, window)
            return False if answer is True or answer == f"first {self.words} not due yet" else answer or True

        words = (
            f"the next {self.words} was due before the reference date: {self.later.limit_words()} after the latest, or "
            f"{self.first.limit_words()} after the {self.start.words} where there was none"
        )
        return Term(words, self.columns, test)


def before_due(limit: Clock, start: Column, end: Column) -> Term:
    """It was done, or the reference date is reached, before the day on which the clock runs out: “less than”."""

    def test(row: Row, window: Window) -> Answer:
        begun, done = start.day(row), end.day(row)
        if begun is None:
            return f"no {start.words}"
        until = window.reference_date if done is None or done > window.reference_date else done
        if until < begun:
            return f"{end.words} before {start.words}"
        return until < due_on(limit, begun, window.calendar)

    words = (
        f"less than {limit.limit_words()} lie between the {start.words} and the {end.words}, or the reference date "
        "where that has not come"
    )
    return Term(words, (start, end), test)


def no_care_leaver(child: Column) -> Term:
    """Takes out whom list 9 holds."""

    def test(row: Row, window: Window) -> Answer:
        return child.text(row) not in window.care_leavers

    return Term("the child is not in list 9 (care leavers)", (child,), test, lists=(9,))
