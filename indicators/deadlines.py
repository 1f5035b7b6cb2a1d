"""When returns are due, whether they came in time, how many are in, what a lock says, and who is reminded.

A return is due on a working day counted from the end of its period (see `working_days`). It is on time as long as no
working day has passed since: what is due on a Friday may come in on the Sunday. Days are dates in London, and "until"
always includes the day it names. Nothing here reads the clock: the day is given, so the same questions can be asked as
at a day in the past.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from indicators.units import ordinal
from indicators.working_days import (
    ENGLAND,
    OutsideCalendar,
    WorkingCalendar,
    add_working_days,
    day_words,
    is_working_day,
    late_by,
    working_days_between,
)

MOST_WORKING_DAYS = 250  # about a year
REMIND_BEFORE = (5, 1)
REMIND_OVERDUE_EVERY = 5


class DeadlineError(ValueError):
    """A rule, lock or exception that does not say what it must; the message is a sentence."""


# Due dates


@dataclass(frozen=True)
class DueRule:
    """Returns of a scorecard are due on the n-th working day after their period ends, by the authority named.

    Raises DeadlineError for fewer than 1 or more than 250 working days, or without an authority.
    """

    working_days: int
    authority: str

    def __post_init__(self) -> None:
        if not 1 <= self.working_days <= MOST_WORKING_DAYS:
            raise DeadlineError(f"Returns are due 1 to {MOST_WORKING_DAYS} working days after a period ends.")
        if not self.authority.strip():
            raise DeadlineError("Say who decided when returns are due, for example the contract or a meeting.")

    def due_on(self, period_end: date, calendar: WorkingCalendar = ENGLAND) -> date:
        """The day a return is due whose period ends on `period_end`. Raises OutsideCalendar."""
        return add_working_days(period_end, self.working_days, calendar)

    def words(self) -> str:
        """The rule as a clause: "due on the 15th working day after the period ends (authority)"."""
        return f"due on the {ordinal(self.working_days)} working day after the period ends ({self.authority.strip()})"


# Timeliness


class TimelinessKind(StrEnum):
    """How a return stands against the day it is due."""

    NOT_YET_DUE = "not_yet_due"
    ON_TIME = "on_time"
    LATE = "late"
    OVERDUE = "overdue"
    NO_DUE_DATE = "no_due_date"
    DAY_NOT_GIVEN = "day_not_given"


@dataclass(frozen=True)
class ExpectedReturn:
    """A return that somebody owes.

    `key` names it, `partner` who owes it. `due_on` None: no due date given. `returned_on` is the London day on which it
    came in, None while it has not; `is_loaded`: it is in by way of a published paper, which gives no such day.
    """

    key: str
    partner: str
    due_on: date | None
    returned_on: date | None = None
    is_loaded: bool = False

    def is_in(self, today: date) -> bool:
        """Whether it was in by the end of the day; what came in later was not in yet."""
        return self.is_loaded if self.returned_on is None else self.returned_on <= today


@dataclass(frozen=True)
class Timeliness:
    """How a return stands on a day.

    `working_days` is by how many it is late or overdue, or how many are left while it is not yet due; None for the
    other kinds, and where they cannot be counted because bank holidays are not known.
    """

    kind: TimelinessKind
    due_on: date | None = None
    working_days: int | None = None

    def words(self) -> str:
        """The state as the page says it: "late by 2 working days", "due in 5 working days, on 22 April 2022"."""
        due = day_words(self.due_on) if self.due_on else ""
        counted = _working_days_words(self.working_days) if self.working_days else ""
        match self.kind:
            case TimelinessKind.NO_DUE_DATE:
                return "no due date given"
            case TimelinessKind.DAY_NOT_GIVEN:
                return f"in, on a day that is not given (due on {due})"
            case TimelinessKind.ON_TIME:
                return "on time"
            case TimelinessKind.NOT_YET_DUE:
                return f"due in {counted}, on {due}" if counted else f"due on {due}"
            case TimelinessKind.LATE:
                return f"late by {counted}" if counted else f"late (due on {due}; {_NOT_COUNTED})"
            case TimelinessKind.OVERDUE:
                return f"overdue by {counted}" if counted else f"overdue (due on {due}; {_NOT_COUNTED})"

    def beside_date(self) -> str:
        """The state where the day it is due stands beside it: "due in 5 working days"; empty when that day says all."""
        counted = _working_days_words(self.working_days) if self.working_days else ""
        match self.kind:
            case TimelinessKind.DAY_NOT_GIVEN:
                return "in, on a day that is not given"
            case TimelinessKind.NOT_YET_DUE:
                return f"due in {counted}" if counted else ""
            case TimelinessKind.LATE | TimelinessKind.OVERDUE if not counted:
                return f"{self.kind.value} ({_NOT_COUNTED})"
        return self.words()


_NOT_COUNTED = "working days are not counted, as bank holidays are not known"


def timeliness(expected: ExpectedReturn, today: date, calendar: WorkingCalendar = ENGLAND) -> Timeliness:
    """How a return stands at the end of `today`. One that came in after that day is not in yet."""
    due, is_in = expected.due_on, expected.is_in(today)
    if due is None:
        return Timeliness(TimelinessKind.NO_DUE_DATE)
    if is_in and expected.returned_on is None:
        return Timeliness(TimelinessKind.DAY_NOT_GIVEN, due)
    until = expected.returned_on if is_in and expected.returned_on else today
    passed = _counted(due, until, calendar)
    if passed == 0:
        if is_in:
            return Timeliness(TimelinessKind.ON_TIME, due)
        return Timeliness(TimelinessKind.NOT_YET_DUE, due, _counted(today, due, calendar))
    return Timeliness(TimelinessKind.LATE if is_in else TimelinessKind.OVERDUE, due, passed)


def _counted(start: date, end: date, calendar: WorkingCalendar) -> int | None:
    """The working days after the start up to the end, 0 when that comes first; None where they cannot be counted."""
    try:
        return late_by(start, end, calendar)
    except OutsideCalendar:
        return None


# Completeness


@dataclass(frozen=True)
class Completeness:
    """How many returns of how many are in, and how they stand; the counts by kind add up to `expected`."""

    expected: int
    received: int
    by_kind: dict[TimelinessKind, int]

    def words(self) -> str:
        """The count as a clause: "3 of 4 returns are in, 1 late; 1 is overdue"."""
        if self.expected == 0:
            return "no returns are expected"
        noun = "return" if self.expected == 1 else "returns"
        verb = "is" if 1 in (self.received, self.expected) else "are"
        late, overdue = self.by_kind[TimelinessKind.LATE], self.by_kind[TimelinessKind.OVERDUE]
        text = f"{self.received} of {self.expected} {noun} {verb} in"
        if late:
            text += f", {late} late"
        if overdue:
            text += f"; {overdue} {'is' if overdue == 1 else 'are'} overdue"
        return text


def completeness(returns: Iterable[ExpectedReturn], today: date, calendar: WorkingCalendar = ENGLAND) -> Completeness:
    """How many of the returns are in at the end of `today`, and how many stand in each kind of timeliness."""
    rows = list(returns)
    by_kind = dict.fromkeys(TimelinessKind, 0)
    for row in rows:
        by_kind[timeliness(row, today, calendar).kind] += 1
    return Completeness(len(rows), sum(row.is_in(today) for row in rows), by_kind)


def completeness_by_partner(
    returns: Iterable[ExpectedReturn], today: date, calendar: WorkingCalendar = ENGLAND
) -> dict[str, Completeness]:
    """The same for each partner that owes a return, by name in alphabetical order."""
    rows = list(returns)
    return {
        partner: completeness((row for row in rows if row.partner == partner), today, calendar)
        for partner in sorted({row.partner for row in rows})
    }


# Locks and exceptions


def holds_on(day: date, until_on: date | None, from_on: date | None = None) -> bool:
    """Whether a waiver or exception holds on a day: from `from_on` to `until_on`, both included; None sets no limit."""
    return (from_on is None or from_on <= day) and (until_on is None or day <= until_on)


def lock_words(period: str, since: date, approved_by: str, ask: str, reason: str = "") -> str:
    """Why a round takes no more figures, and who can change that, as a clause.

    `period` as its label, `since` the London day, `approved_by` and `ask` in words ("the council's approver"), `reason`
    a text of its own or empty. "closed for 2021/22 Q4 since 22 April 2022, approved by …; ask … to reopen". Raises
    DeadlineError when nobody is named who can reopen it.
    """
    if not ask.strip():
        raise DeadlineError("Say who can reopen what is closed.")
    text = f"closed for {period} since {day_words(since)}"
    if approved_by.strip():
        text += f", approved by {approved_by.strip()}"
    if reason.strip():
        text += f" ({reason.strip().rstrip('.')})"
    return f"{text}; ask {ask.strip()} to reopen"


def exception_words(who: str, until_on: date) -> str:
    """For whom a closed round is open still: "open for the performance analyst until 28 April 2022 (inclusive)".

    Raises DeadlineError when it does not say for whom.
    """
    if not who.strip():
        raise DeadlineError("Say for whom the round stays open.")
    return f"open for {who.strip()} until {day_words(until_on)} (inclusive)"


# Reminders


class ReminderKind(StrEnum):
    """Why somebody is reminded of a return."""

    DUE_IN_5 = "due_in_5"
    DUE_IN_1 = "due_in_1"
    OVERDUE = "overdue"


_KIND_BEFORE = dict(zip(REMIND_BEFORE, (ReminderKind.DUE_IN_5, ReminderKind.DUE_IN_1), strict=True))


def reminders(
    returns: Iterable[ExpectedReturn], day: date, calendar: WorkingCalendar = ENGLAND
) -> list[tuple[str, ReminderKind]]:
    """Which returns get which reminder on a day, by their keys in the order given.

    5 working days and 1 working day before a return is due, and on every 5th working day that it is overdue; nothing on
    days that are not worked, nothing for a return that is in, none without a due date. Raises OutsideCalendar where
    that cannot be told.
    """
    if not is_working_day(day, calendar):
        return []
    found = []
    for row in returns:
        kind = _reminder(row, day, calendar)
        if kind is not None:
            found.append((row.key, kind))
    return found


def _reminder(row: ExpectedReturn, day: date, calendar: WorkingCalendar) -> ReminderKind | None:
    if row.due_on is None or row.is_in(day):
        return None
    if row.due_on < day:
        passed = working_days_between(row.due_on, day, calendar)
        return ReminderKind.OVERDUE if passed % REMIND_OVERDUE_EVERY == 0 else None
    if row.due_on > calendar.last and working_days_between(day, calendar.last, calendar) > max(REMIND_BEFORE):
        return None
    return _KIND_BEFORE.get(working_days_between(day, row.due_on, calendar))


def _working_days_words(number: int) -> str:
    return "1 working day" if number == 1 else f"{number} working days"
