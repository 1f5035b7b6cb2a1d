"""The calendar of a body's meetings, and the clocks that law and constitution set on them.

Notice: five clear days at least between publishing agenda and papers and the meeting (Local Government Act 1972,
sections 100A(6) and 100B(3)); a clear day is a working day, and neither the day of publication nor that of the meeting
counts. Response: the executive answers a scrutiny committee within two months of being given its report (Local
Government Act 2000, section 9FE). Key decisions: notice 28 clear days before (Local Authorities (Executive
Arrangements) (Meetings and Access to Information) (England) Regulations 2012, regulation 9).
"""

import calendar as months
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from indicators.working_days import (
    ENGLAND,
    OutsideCalendar,
    WorkingCalendar,
    add_months,
    day_words,
    is_working_day,
    working_days_between,
)

DAY = "day"
MONTH = "month"
CLEAR_DAYS = 5
KEY_DECISION_DAYS = 28
RESPONSE_MONTHS = 2
MOST_MEETINGS = 60
MOST_STATEMENTS = 5
MINUTES_OF_STATEMENTS = 20
LONGEST_NAME_DAYS = 90


def day_or_month(on: date, precision: str) -> str:
    """The day of a meeting, or its month where no day is stated, without saying so."""
    return f"{on:%B %Y}" if precision == MONTH else day_words(on)


def on_words(on: date, precision: str) -> str:
    """The day of a meeting, or its month, saying that no day is stated."""
    return day_or_month(on, precision) + (", day not stated" if precision == MONTH else "")


def time_words(at: time | None) -> str:
    """The time as 10am, 2.30pm, noon or midnight; empty for none."""
    if at is None:
        return ""
    if (at.hour, at.minute) in {(0, 0), (12, 0)}:
        return "noon" if at.hour else "midnight"
    hour = at.hour % 12 or 12
    return f"{hour}{f'.{at.minute:02}' if at.minute else ''}{'am' if at.hour < 12 else 'pm'}"


class Frequency(StrEnum):
    """How often a body meets, as its versions say it."""

    WEEKLY = "weekly"
    FOUR_WEEKLY = "four_weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    ANNUAL = "annual"


class Rule(StrEnum):
    """Which day of its month a meeting keeps, where a body meets by months."""

    SAME_DAY = "same_day"
    SAME_WEEKDAY = "same_weekday"


class Closed(StrEnum):
    """What becomes of a meeting that falls on a day that is not worked."""

    AFTER = "after"
    BEFORE = "before"
    LEFT_OUT = "left_out"


_WEEKS = {Frequency.WEEKLY: 1, Frequency.FOUR_WEEKLY: 4}
_MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.HALF_YEARLY: 6, Frequency.ANNUAL: 12}


class NoCalendar(ValueError):
    """Days cannot be planned as asked; the message is a sentence for the person."""


@dataclass(frozen=True)
class Planned:
    """A day of a calendar: the day itself, and the day that it was moved from, if it was."""

    on: date
    moved_from: date | None = None


def planned_days(
    first: date,
    until: date,
    frequency: str,
    *,
    rule: Rule = Rule.SAME_WEEKDAY,
    closed: Closed = Closed.AFTER,
    calendar: WorkingCalendar = ENGLAND,
) -> tuple[Planned, ...]:
    """The days of a body's meetings from the first to `until`, both included, in order and each once.

    By weeks they keep the weekday. By months they keep the day of the month (the last where a month is shorter), or the
    weekday and its place: the second Thursday; the fifth is the last. A day that is not worked is moved to the next or
    the previous worked day of the calendar, or left out. Raises NoCalendar for a frequency without days, an end before
    the first day, more than 60 meetings, and days beyond the known bank holidays.
    """
    if until < first:
        raise NoCalendar("The last day must not be before the first meeting.")
    found: dict[date, Planned] = {}
    for day in _days(first, until, frequency, rule):
        try:
            one = _worked(day, closed, calendar)
        except OutsideCalendar as error:
            raise NoCalendar(f"{error} Plan up to there.") from error
        if one is not None and first <= one.on <= until:
            found.setdefault(one.on, one)
        if len(found) > MOST_MEETINGS:
            raise NoCalendar(f"That is more than {MOST_MEETINGS} meetings. Choose an earlier last day.")
    return tuple(found[day] for day in sorted(found))


def _days(first: date, until: date, frequency: str, rule: Rule) -> Iterator[date]:
    if frequency in _WEEKS:
        step = timedelta(weeks=_WEEKS[Frequency(frequency)])
        day = first
        while day <= until:
            yield day
            day += step
        return
    if frequency not in _MONTHS:
        raise NoCalendar("How often this body meets is not stated, so its days cannot be worked out. Plan one by one.")
    step_months, number = _MONTHS[Frequency(frequency)], 0
    while (day := _in_month(first, number * step_months, rule)) <= until:
        yield day
        number += 1


def _in_month(first: date, later: int, rule: Rule) -> date:
    """The day that keeps the place of the first in the month so many months later."""
    year, month = divmod(first.year * 12 + first.month - 1 + later, 12)
    length = months.monthrange(year, month + 1)[1]
    if rule == Rule.SAME_DAY:
        return date(year, month + 1, min(first.day, length))
    place = (first.day - 1) // 7
    start = date(year, month + 1, 1)
    day = start + timedelta(days=(first.weekday() - start.weekday()) % 7 + 7 * place)
    return day if day.month == month + 1 else day - timedelta(weeks=1)


def _worked(day: date, closed: Closed, calendar: WorkingCalendar) -> Planned | None:
    if is_working_day(day, calendar):
        return Planned(day)
    if closed == Closed.LEFT_OUT:
        return None
    step = timedelta(days=1 if closed == Closed.AFTER else -1)
    moved = day + step
    while not is_working_day(moved, calendar):
        moved += step
    return Planned(moved, moved_from=day)


# Notice


def clear_days(published: date, meets: date, calendar: WorkingCalendar = ENGLAND) -> int:
    """The clear working days between publishing and meeting; neither of the two days counts. Raises OutsideCalendar.

    24 June to 2 July 2015: five (25, 26, 29, 30 June, 1 July). 29 June to 7 July 2022: five.
    """
    if meets <= published:
        return 0
    return working_days_between(published, meets - timedelta(days=1), calendar)


def last_day_to_publish(meets: date, calendar: WorkingCalendar = ENGLAND, days: int = CLEAR_DAYS) -> date:
    """The last day on which publishing gives so many clear working days. Raises OutsideCalendar."""
    day = meets - timedelta(days=days + 1)
    while clear_days(day, meets, calendar) < days:
        day -= timedelta(days=1)
    return day


def is_notice_short(
    published: date, meets: date, *, in_public: bool | None, calendar: WorkingCalendar = ENGLAND
) -> bool:  # fmt: skip
    """Whether what is published on that day comes too late for the meeting: with fewer than five clear working days.

    The rule holds for meetings in public alone; where that is not stated (None) nothing is asked. Where bank holidays
    are not known, notice is short if not even five days of any kind lie between the two: nobody can say more.
    """
    if not in_public:
        return False
    try:
        return clear_days(published, meets, calendar) < CLEAR_DAYS
    except OutsideCalendar:
        return (meets - published).days - 1 < CLEAR_DAYS


def notice_words(
    published: date, meets: date, *, in_public: bool | None, calendar: WorkingCalendar = ENGLAND
) -> str:  # fmt: skip
    """How much notice was given, as a sentence: "Published on 24 June 2015: 5 clear working days before the meeting; 5
    are required". What is required is told of meetings in public alone."""
    try:
        number = clear_days(published, meets, calendar)
    except OutsideCalendar as error:
        return f"Published on {day_words(published)}. {error}"
    days = f"{number} clear working {'day' if number == 1 else 'days'}"
    if not in_public:
        return f"Published on {day_words(published)}: {days} before the meeting."
    if is_notice_short(published, meets, in_public=in_public, calendar=calendar):
        return f"Published on {day_words(published)}: only {days} before the meeting, where {CLEAR_DAYS} are required."
    return f"Published on {day_words(published)}: {days} before the meeting; {CLEAR_DAYS} are required."


def day_off_words(on: date, calendar: WorkingCalendar = ENGLAND) -> str:
    """ "16 July 2022 is a Saturday."; that it is a bank holiday; empty for a day that is worked or not known."""
    if on.weekday() >= 5:
        return f"{day_words(on)} is a {on:%A}."
    return f"{day_words(on)} is a bank holiday." if on in calendar.holidays else ""


def remarks(
    on: date, today: date, *, in_public: bool | None, is_published: bool, calendar: WorkingCalendar = ENGLAND
) -> tuple[str, ...]:
    """What to know of the day of a meeting to come: that it is not worked, and of one in public whose agenda is not
    published that the last day to publish it with five clear working days has passed."""
    told = [day_off_words(on, calendar)]
    if in_public and not is_published and today <= on and is_notice_short(today, on, in_public=in_public):
        try:
            last = f"was {day_words(last_day_to_publish(on, calendar))} and has passed"
        except OutsideCalendar:
            last = "has passed"
        told.append(
            f"The last day to publish its agenda with {CLEAR_DAYS} clear working days {last}: publishing it will need "
            "the chair’s reason for urgency."
        )
    return tuple(filter(None, told))


# Months and days


def response_due(given: date) -> date:
    """The day by which the executive answers a recommendation that was given on that day."""
    return add_months(given, RESPONSE_MONTHS)


def key_decision_notice(decides: date) -> date:
    """The last day for the notice of a key decision: 28 clear days, whatever days they are, lie between the two."""
    return decides - timedelta(days=KEY_DECISION_DAYS + 1)
